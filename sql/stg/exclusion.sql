/*---
table: stg.exclusion
grain: one exclusion of a provider
reads: [raw.exclusions]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  npi: {type: VARCHAR, is: "NPI"}
  from_date: {type: DATE, is: "first day"}
  to_date: {type: DATE, is: "last day"}
  source: {type: VARCHAR, is: "list"}
---
Strict casts of raw.exclusions: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(npi) as npi,
  strict_date(from_date) as from_date,
  strict_date(to_date) as to_date,
  blank(source) as source,
  (case when blank(npi) is null then 1 else 0 end)
    + (case when blank(from_date) is null then 2 else 0 end)
    + (case when blank(from_date) is not null and strict_date(from_date) is null then 4 else 0 end)
    + (case when blank(to_date) is not null and strict_date(to_date) is null then 8 else 0 end) as problem_mask
from raw.exclusions
