/*---
table: raw.rif_carrier_providers
grain: one performing provider of CMS carrier claims, as text
reads: [raw.rif_carrier]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
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
