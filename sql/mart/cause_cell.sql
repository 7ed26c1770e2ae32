/*---
table: mart.cause_cell
grain: one row per unit, provider, payer, code, modifiers and month with audited lines
reads: [core.run, core.claim_line, core.modifier_set, core.visit_day, mart.provider]
columns:
  unit: {type: VARCHAR, is: "line, or day (visit days)"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  clinic_id: {type: VARCHAR, is: "clinic of the provider; empty text when unknown"}
  payer_id: {type: VARCHAR, is: "payer"}
  procedure_code: {type: VARCHAR, is: "code; empty text for days"}
  modifiers: {type: VARCHAR, is: "modifiers in alphabetical order; empty text for none and for days"}
  month: {type: DATE, is: "first day of the month of service"}
  subjects: {type: BIGINT, is: "lines or visit days"}
---
What the findings of mart.cause_finding are a part of.
*/
with counted as (
  select 'line' as unit, l.rendering_npi as provider_npi, l.payer_id, l.procedure_code, l.modifier_set,
    cast(date_trunc('month', l.service_date) as date) as month, count(*) as subjects
  from core.claim_line l cross join core.run r
  where l.service_date >= coalesce(r.window_from, l.service_date) and l.service_date <= coalesce(r.window_to, l.service_date)
  group by all
  union all
  select 'day', d.provider_npi, d.payer_id, '', null, cast(date_trunc('month', d.service_date) as date), count(*)
  from core.visit_day d cross join core.run r
  where d.service_date >= coalesce(r.window_from, d.service_date) and d.service_date <= coalesce(r.window_to, d.service_date)
  group by all
)
select c.unit, c.provider_npi, coalesce(p.clinic_id, '') as clinic_id, c.payer_id, c.procedure_code,
  coalesce(array_to_string(list_sort(list_distinct(m.modifiers)), ' '), '') as modifiers, c.month, cast(sum(c.subjects) as bigint) as subjects
from counted c
left join core.modifier_set m on m.modifier_set = c.modifier_set
left join mart.provider p on p.npi = c.provider_npi
group by all
