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
-- what was done and for how long, each combination as one number: lists of numbers are compared faster than lists of texts
service as (select row_number() over () as service_no, procedure_code, units from (select distinct procedure_code, units from core.claim_line)),
billed as (
  select l.rendering_npi as provider_npi, l.patient_id, l.service_date, list_sort(list(s.service_no)) as services
  from core.claim_line l
  join core.pattern_period p on l.service_date between p.period_from and p.period_to
  join service s on s.procedure_code = l.procedure_code and s.units = l.units
  semi join long g on g.provider_npi = l.rendering_npi and g.patient_id = l.patient_id
  where l.is_therapy and not l.is_denied and not l.date_span
  group by l.rendering_npi, l.patient_id, l.service_date
),
recorded as (
  select rendering_npi as provider_npi, patient_id, service_date, '' as code, timed_minutes as one, total_minutes as other
  from core.visit where timed_minutes is not null or total_minutes is not null
  union all
  select rendering_npi, patient_id, service_date, procedure_code, minutes, assistant_minutes
  from core.visit_service where minutes is not null or assistant_minutes is not null
),
record as (select row_number() over () as record_no, code, one, other from (select distinct code, one, other from recorded)),
noted as (
  select provider_npi, patient_id, service_date, list_sort(list(record_no)) as minutes
  from recorded n
  join record r on r.code = n.code and r.one is not distinct from n.one and r.other is not distinct from n.other
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
