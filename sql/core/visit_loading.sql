/*---
table: core.visit_loading
grain: one row per rendering NPI and calendar month with therapy lines
reads: [core.claim_line, core.visit]
columns:
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  month: {type: DATE, is: "first day of the month"}
  therapy_days: {type: BIGINT, is: "patient-days with a therapy line that was not denied"}
  noted_days: {type: BIGINT, is: "of these, days with a visit note of this provider"}
  first_visit: {type: DATE, is: "first loaded visit of the provider, any month"}
  last_visit: {type: DATE, is: "last loaded visit of the provider, any month"}
  loaded: {type: BOOLEAN, is: "at least half of the month's therapy days have a note"}
---
Whether a missing note means anything (ruling 22): a provider's visits count as loaded between the first and the last loaded
visit, in months where at least half of the therapy days have one.
*/
with treated as (
  select distinct rendering_npi, patient_id, service_date from core.claim_line where is_therapy and not is_denied
),
noted as (select distinct rendering_npi, patient_id, service_date from core.visit),
span as (select rendering_npi, min(service_date) as first_visit, max(service_date) as last_visit from core.visit group by rendering_npi)
select t.rendering_npi, cast(date_trunc('month', t.service_date) as date) as month, count(*) as therapy_days, count(n.patient_id) as noted_days,
  any_value(s.first_visit) as first_visit, any_value(s.last_visit) as last_visit,
  any_value(s.first_visit) is not null and count(n.patient_id) * 2 >= count(*) as loaded
from treated t
left join noted n using (rendering_npi, patient_id, service_date)
left join span s using (rendering_npi)
group by t.rendering_npi, month
