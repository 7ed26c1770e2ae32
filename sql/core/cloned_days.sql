/*---
table: core.cloned_days
grain: one row per rendering NPI and patient with as many visit days as are compared
reads: [core.provider_visit, core.claim_line, core.visit, core.visit_service, core.pattern_period]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  patient_id: {type: VARCHAR, is: "patient"}
  days: {type: BIGINT, is: "visit days in the period"}
  same_days: {type: BIGINT, is: "most days that are alike in codes, units and recorded minutes"}
  is_alike: {type: BOOLEAN, is: "they reach the share of the rules"}
  possible_days: {type: BIGINT, is: "most days that could be alike, if days without minutes were like the others of their codes and units"}
  is_possible: {type: BOOLEAN, is: "these reach it"}
---
How much the visit days of one patient resemble each other. A day is its therapy codes with their units, and the minutes that the
provider's notes give: the timed and total minutes, and the minutes of each service. A day without any recorded minutes is unknown.
*/
with long as (
  select v.provider_npi, v.patient_id, count(*) as days
  from core.provider_visit v cross join core.pattern_period p
  group by v.provider_npi, v.patient_id
  having count(*) >= min(p.clone_days)
),
billed as (
  select l.rendering_npi as provider_npi, l.patient_id, l.service_date,
    list_sort(list(l.procedure_code || ' ' || l.units)) as services
  from core.claim_line l
  join core.pattern_period p on l.service_date between p.period_from and p.period_to
  semi join long g on g.provider_npi = l.rendering_npi and g.patient_id = l.patient_id
  where l.is_therapy and not l.is_denied and not l.date_span
  group by l.rendering_npi, l.patient_id, l.service_date
),
noted as (
  select provider_npi, patient_id, service_date, list_sort(list(minutes)) as minutes
  from (
    select rendering_npi as provider_npi, patient_id, service_date,
      'day ' || coalesce(cast(timed_minutes as varchar), '?') || ' ' || coalesce(cast(total_minutes as varchar), '?') as minutes
    from core.visit where timed_minutes is not null or total_minutes is not null
    union all
    select rendering_npi, patient_id, service_date,
      procedure_code || ' ' || coalesce(cast(minutes as varchar), '?') || ' ' || coalesce(cast(assistant_minutes as varchar), '?')
    from core.visit_service where minutes is not null or assistant_minutes is not null
  )
  semi join long using (provider_npi, patient_id)
  group by provider_npi, patient_id, service_date
),
alike as (
  select provider_npi, patient_id, services, minutes, count(*) as days
  from billed left join noted using (provider_npi, patient_id, service_date)
  group by provider_npi, patient_id, services, minutes
),
by_services as (
  select provider_npi, patient_id, services, coalesce(max(days) filter (minutes is not null), 0) as known, coalesce(sum(days) filter (minutes is null), 0) as unknown
  from alike
  group by provider_npi, patient_id, services
)
select m.*, m.same_days >= p.clone_share * m.days as is_alike, m.possible_days >= p.clone_share * m.days as is_possible
from (
  select g.provider_npi, g.patient_id, g.days, max(b.known) as same_days, cast(max(b.known + b.unknown) as bigint) as possible_days
  from long g join by_services b using (provider_npi, patient_id)
  group by g.provider_npi, g.patient_id, g.days
) m
cross join core.pattern_period p
