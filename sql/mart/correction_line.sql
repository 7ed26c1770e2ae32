/*---
table: mart.correction_line
grain: one row per claim line of a visit whose correction is searched
reads: [mart.correction_visit, core.claim_line, core.provider, core.plan_of_care]
columns:
  visit_id: {type: BIGINT, is: "joins mart.correction_visit"}
  line_id: {type: BIGINT, is: "joins core.claim_line"}
  rank: {type: INTEGER, is: "order of the lines of the visit: received, claim, line"}
  claim_id: {type: VARCHAR, is: "claim"}
  line_number: {type: INTEGER, is: "line of the claim"}
  procedure_code: {type: VARCHAR, is: "code billed"}
  units: {type: "DECIMAL(12,3)", is: "units billed"}
  modifiers: {type: "VARCHAR[]", is: "modifiers in order"}
  amount: {type: "DECIMAL(12,2)", is: "allowed, else paid, else national fee; null when unknown"}
  is_denied: {type: BOOLEAN, is: "the payer denied the line"}
  is_timed: {type: BOOLEAN, is: "a code counted in 15-minute units"}
  minutes_code: {type: VARCHAR, is: "code under which its minutes are counted"}
  provider_discipline: {type: VARCHAR, is: "discipline of the rendering provider; null = unknown"}
  settled_discipline: {type: VARCHAR, is: "the one discipline that the line can be of; null where provider and plans of care leave it open"}
---
The plans of care in force on the date and the provider's discipline settle the discipline of a line where they name one: the provider's, unless plans are in force
and none is of that discipline; of a provider whose discipline is unknown, that of the only plan.
*/
with line as (
  select v.visit_id, l.line_id, l.claim_id, l.line_number, l.procedure_code, l.units, l.modifiers, l.amount, l.is_denied,
    coalesce(l.unit_type = 'timed15', false) as is_timed, l.allocation_code as minutes_code, r.discipline as provider_discipline,
    l.patient_id, l.billing_npi, l.service_date,
    row_number() over (partition by v.visit_id order by l.received_date nulls first, l.claim_id, l.line_number, l.line_id) as rank
  from core.claim_line l
  join mart.correction_visit v on v.visit_id = account_day(l.day_id)
  join core.provider r on r.npi = l.rendering_npi
),
planned as (
  select d.visit_id, list(distinct p.discipline order by p.discipline) as disciplines
  from core.plan_of_care p
  join (select distinct visit_id, patient_id, billing_npi, service_date from line) d on d.patient_id = p.patient_id
    and coalesce(p.billing_npi, d.billing_npi) = d.billing_npi and d.service_date between p.evaluation_date and p.plan_to
  group by d.visit_id
)
select l.visit_id, l.line_id, l.rank, l.claim_id, l.line_number, l.procedure_code, l.units, l.modifiers, l.amount, l.is_denied, l.is_timed, l.minutes_code,
  l.provider_discipline,
  case when p.visit_id is null or list_contains(p.disciplines, cast(l.provider_discipline as varchar)) then l.provider_discipline
    when l.provider_discipline is null and len(p.disciplines) = 1 then p.disciplines[1] end as settled_discipline
from line l
left join planned p on p.visit_id = l.visit_id
