/*---
table: core.visit_loading
grain: one row per rendering NPI and calendar month with therapy lines
reads: [core.visit_day, core.visit]
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
with day as (
  select rendering_npi, service_date, bool_or(is_treated) as is_treated, bool_or(not is_treated) as is_noted
  from (
    select provider_npi as rendering_npi, patient_id, service_date, true as is_treated from core.visit_day where rendering_npis is null
    union all
    select unnest(rendering_npis), patient_id, service_date, true from core.visit_day where rendering_npis is not null
    union all
    select rendering_npi, patient_id, service_date, false from core.visit
  )
  group by rendering_npi, patient_id, service_date
)
select rendering_npi, month, therapy_days, noted_days, first_visit, last_visit, first_visit is not null and noted_days * 2 >= therapy_days as loaded
from (
  select rendering_npi, month, therapy_days, noted_days, min(first_visit) over npi as first_visit, max(last_visit) over npi as last_visit
  from (
    select rendering_npi, cast(date_trunc('month', service_date) as date) as month, count(*) filter (is_treated) as therapy_days,
      count(*) filter (is_treated and is_noted) as noted_days, min(service_date) filter (is_noted) as first_visit,
      max(service_date) filter (is_noted) as last_visit
    from day group by rendering_npi, month
  )
  window npi as (partition by rendering_npi)
)
where therapy_days > 0
