/*---
table: raw.cclf_providers
grain: one rendering provider of CCLF Part B, as text
reads: [raw.cclf_part_b]
columns: raw.providers
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
