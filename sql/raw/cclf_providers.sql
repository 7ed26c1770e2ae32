/*---
table: raw.cclf_providers
grain: one rendering provider of CCLF Part B, as text
reads: [raw.cclf_part_b]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  npi: {type: VARCHAR, is: "NPI"}
  provider_name: {type: VARCHAR, is: "name"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  specialty_code: {type: VARCHAR, is: "Medicare specialty code"}
  taxonomy_code: {type: VARCHAR, is: "taxonomy code"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  role: {type: VARCHAR, is: "role"}
  active_from: {type: VARCHAR, is: "first active day"}
  active_to: {type: VARCHAR, is: "last active day"}
---
The rendering NPIs with their Medicare specialty; with several, the lowest code.
*/
select min(file_id) as file_id,
  min(record_number) as record_number,
  trim(RNDRG_PRVDR_NPI_NUM) as npi,
  cast(null as varchar) as provider_name,
  cast(null as varchar) as discipline,
  min(nullif(blank(CLM_PRVDR_SPCLTY_CD), '~')) as specialty_code,
  cast(null as varchar) as taxonomy_code,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as role,
  cast(null as varchar) as active_from,
  cast(null as varchar) as active_to
from raw.cclf_part_b
where nullif(blank(RNDRG_PRVDR_NPI_NUM), '~') is not null
group by trim(RNDRG_PRVDR_NPI_NUM)
