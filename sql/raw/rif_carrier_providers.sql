/*---
table: raw.rif_carrier_providers
grain: one performing provider of CMS carrier claims, as text
reads: [raw.rif_carrier]
columns: raw.providers
---
The performing NPIs with their Medicare specialty; with several, the lowest code.
*/
select min(file_id) as file_id,
  min(record_number) as record_number,
  trim(PRF_PHYSN_NPI) as npi,
  cast(null as varchar) as provider_name,
  cast(null as varchar) as discipline,
  min(blank(PRVDR_SPCLTY)) as specialty_code,
  cast(null as varchar) as taxonomy_code,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as role,
  cast(null as varchar) as active_from,
  cast(null as varchar) as active_to
from raw.rif_carrier
where blank(PRF_PHYSN_NPI) is not null
group by trim(PRF_PHYSN_NPI)
