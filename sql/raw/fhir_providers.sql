/*---
table: raw.fhir_providers
grain: one rendering provider of the FHIR claims of a file, as text
reads: [raw.fhir_item]
columns: raw.providers
---
The rendering NPIs with their specialty or taxonomy; with several in the file, the lowest code.
*/
select file_id,
  min(record_number) as record_number,
  trim(rendering_npi) as npi,
  cast(null as varchar) as provider_name,
  cast(null as varchar) as discipline,
  min(specialty_code) as specialty_code,
  min(taxonomy_code) as taxonomy_code,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as role,
  cast(null as varchar) as active_from,
  cast(null as varchar) as active_to
from raw.fhir_item
where left_out is null and blank(rendering_npi) is not null
group by file_id, trim(rendering_npi)
