/*---
table: core.provider_patient
grain: one row per rendering NPI and patient with a therapy line of the pattern period that was not denied
reads: [core.claim_line, core.modifier_set, core.payer, core.pattern_period, core.provider_visit]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  patient_id: {type: VARCHAR, is: "patient"}
  first_discipline: {type: VARCHAR, is: "first discipline of the lines in the order of letters; null = unknown"}
  last_discipline: {type: VARCHAR, is: "last of them"}
  last_date: {type: DATE, is: "last day"}
  visits: {type: BIGINT, is: "days; lines over several days are left out"}
  minutes: {type: BIGINT, is: "15 minutes for each timed unit of these days"}
  lines: {type: BIGINT, is: "therapy lines"}
  distinct_lines: {type: BIGINT, is: "of these, with 59, XE, XP, XS or XU"}
  evaluations: {type: BIGINT, is: "lines of 97161 to 97163 and 97165 to 97167"}
  complex_evaluations: {type: BIGINT, is: "of these, 97163 and 97167"}
  threshold_lines: {type: BIGINT, is: "lines for a payer that has the annual threshold"}
  unknown_threshold_lines: {type: BIGINT, is: "lines for a payer of whom that is not known"}
  has_kx: {type: BOOLEAN, is: "KX on a line for a payer that has the threshold"}
  allowed_cents: {type: BIGINT, is: "allowed amount of all lines in cents; null when a line has none"}
---
What the measures of a provider are made of. The patient is the unit of every comparison, because the visits of one patient resemble each
other. Whole numbers only: their sums are the same in any order.
*/
with evaluation(procedure_code, is_complex) as (
  values ('97161', false), ('97162', false), ('97163', true), ('97165', false), ('97166', false), ('97167', true)
),
patient as (
  select l.rendering_npi as provider_npi, l.patient_id, min(l.discipline) as first_discipline, max(l.discipline) as last_discipline,
    max(l.service_date) as last_date, count(*) as lines,
    count(*) filter (m.is_distinct) as distinct_lines,
    count(e.is_complex) as evaluations, count(*) filter (e.is_complex) as complex_evaluations,
    count(*) filter (p.uses_therapy_threshold) as threshold_lines,
    count(*) filter (p.uses_therapy_threshold is null) as unknown_threshold_lines,
    coalesce(bool_or(p.uses_therapy_threshold and m.has_kx), false) as has_kx,
    case when count(l.allowed_amount) = count(*) then cast(100 * sum(l.allowed_amount) as bigint) end as allowed_cents
  from core.claim_line l
  join core.pattern_period s on l.service_date between s.period_from and s.period_to
  join core.payer p on p.payer_id = l.payer_id
  join (
    select modifier_set, list_has_any(modifiers, ['59', 'XE', 'XP', 'XS', 'XU']) as is_distinct, list_contains(modifiers, 'KX') as has_kx from core.modifier_set
  ) m on m.modifier_set = l.modifier_set
  left join evaluation e on e.procedure_code = l.procedure_code
  where l.is_therapy and not l.is_denied
  group by l.rendering_npi, l.patient_id
),
visited as (
  select provider_npi, patient_id, count(*) as visits, cast(15 * sum(timed_units) as bigint) as minutes
  from core.provider_visit
  group by provider_npi, patient_id
)
select p.*, coalesce(v.visits, 0) as visits, coalesce(v.minutes, 0) as minutes
from patient p
left join visited v using (provider_npi, patient_id)
