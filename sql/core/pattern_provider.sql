/*---
table: core.pattern_provider
grain: one row per rendering NPI with a therapy line of the pattern period that was not denied
reads: [core.provider_patient, core.provider]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  discipline: {type: VARCHAR, is: "the provider's, else (where neither specialty nor taxonomy is known) the only one of its lines; null = unknown"}
  patients: {type: BIGINT, is: "patients"}
  last_date: {type: DATE, is: "last day of the period with a therapy line"}
---
The providers that are compared, and who is a peer of whom.
*/
select s.provider_npi,
  coalesce(p.discipline,
    case when p.specialty_code is null and p.taxonomy_code is null and s.first_discipline = s.last_discipline then s.first_discipline end) as discipline,
  s.patients, s.last_date
from (
  select provider_npi, min(first_discipline) as first_discipline, max(last_discipline) as last_discipline, count(*) as patients, max(last_date) as last_date
  from core.provider_patient
  group by provider_npi
) s
join core.provider p on p.npi = s.provider_npi
