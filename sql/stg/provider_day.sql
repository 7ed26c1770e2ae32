/*---
table: stg.provider_day
grain: one NPI and day
reads: [raw.provider_days]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  npi: {type: VARCHAR, is: "NPI"}
  date: {type: DATE, is: "day"}
  clinicians: {type: INTEGER, is: "staffed clinicians billing under the NPI"}
---
Strict casts of raw.provider_days: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(npi) as npi,
  strict_date(date) as date,
  strict_small_integer(clinicians) as clinicians,
  (case when blank(npi) is null then 1 else 0 end)
    + (case when blank(date) is null then 2 else 0 end)
    + (case when blank(date) is not null and strict_date(date) is null then 4 else 0 end)
    + (case when blank(clinicians) is not null and strict_small_integer(clinicians) is null then 8 else 0 end) as problem_mask
from raw.provider_days
