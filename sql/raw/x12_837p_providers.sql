/*---
table: raw.x12_837p_providers
grain: one billing or rendering provider of professional claims in X12, as text
reads: [raw.x12_837p_party]
columns: raw.providers
---
Name and taxonomy as first written; the taxonomy is that of the billing or the rendering loop.
*/
select file_id,
  min(record_number) as record_number,
  trim(number) as npi,
  arg_min(blank(name), record_number) as provider_name,
  cast(null as varchar) as discipline,
  cast(null as varchar) as specialty_code,
  arg_min(blank(code), record_number) as taxonomy_code,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as role,
  cast(null as varchar) as active_from,
  cast(null as varchar) as active_to
from raw.x12_837p_party
where role = 'provider' and blank(number) is not null
group by file_id, trim(number)
