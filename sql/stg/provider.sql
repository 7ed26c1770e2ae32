/*---
table: stg.provider
grain: one provider
reads: [raw.providers]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  npi: {type: VARCHAR, is: "NPI"}
  provider_name: {type: VARCHAR, is: "name"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  specialty_code: {type: VARCHAR, is: "Medicare specialty code"}
  taxonomy_code: {type: VARCHAR, is: "taxonomy code"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  role: {type: VARCHAR, is: "role"}
  active_from: {type: DATE, is: "first active day"}
  active_to: {type: DATE, is: "last active day"}
---
Strict casts of raw.providers: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(npi) as npi,
  blank(provider_name) as provider_name,
  blank(discipline) as discipline,
  blank(specialty_code) as specialty_code,
  blank(taxonomy_code) as taxonomy_code,
  blank(clinic_id) as clinic_id,
  blank(role) as role,
  strict_date(active_from) as active_from,
  strict_date(active_to) as active_to,
  (case when blank(npi) is null then 1 else 0 end)
    + (case when blank(discipline) not in ('PT', 'OT', 'SLP') then 2 else 0 end)
    + (case when blank(active_from) is not null and strict_date(active_from) is null then 4 else 0 end)
    + (case when blank(active_to) is not null and strict_date(active_to) is null then 8 else 0 end) as problem_mask
from raw.providers
