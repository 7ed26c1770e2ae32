/*---
table: core.provider_visit
grain: one row per rendering NPI, patient and day of the pattern period with a therapy line that was not denied
reads: [core.claim_line, core.pattern_period]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day"}
  timed_units: {type: "DECIMAL(18,3)", is: "units of timed codes; a service that stands for several payers counts once (ruling 2)"}
  lines: {type: BIGINT, is: "therapy lines, each payer's"}
  content: {type: HUGEINT, is: "sum over these lines of a number for the code with its units: equal where the same was billed"}
---
A visit as comparative billing reports count it: patient and date of service. Lines over several days are left out, because they do not
say how many visits they are; units that are not above zero are not counted.
*/
with service_number as (
  select procedure_code, units, md5_number_lower(procedure_code || ' ' || units) as number
  from (select distinct procedure_code, units from core.claim_line where is_therapy)
),
visit as (
  select l.rendering_npi as provider_npi, l.patient_id, l.service_date, count(*) as lines, sum(n.number) as content,
    coalesce(sum(l.units) filter (l.unit_type = 'timed15' and l.units > 0), 0) as timed_units, min(l.payer_id) <> max(l.payer_id) as has_payers
  from core.claim_line l
  join core.pattern_period p on l.service_date between p.period_from and p.period_to
  join service_number n on n.procedure_code = l.procedure_code and n.units = l.units
  where l.is_therapy and not l.is_denied and not l.date_span
  group by l.rendering_npi, l.patient_id, l.service_date
),
-- the few visits that stand for several payers: each service as often as the payer who has it most often
service as (
  select l.rendering_npi as provider_npi, l.patient_id, l.service_date, l.payer_id, l.procedure_code, l.units, list_sort(l.modifiers) as modifiers,
    count(*) as lines
  from core.claim_line l
  join visit v on v.provider_npi = l.rendering_npi and v.patient_id = l.patient_id and v.service_date = l.service_date
  where v.has_payers and not l.is_denied and not l.date_span and l.unit_type = 'timed15' and l.units > 0
  group by all
),
once as (
  select provider_npi, patient_id, service_date, sum(units * lines) as timed_units
  from (
    select provider_npi, patient_id, service_date, procedure_code, units, modifiers, max(lines) as lines
    from service
    group by all
  )
  group by provider_npi, patient_id, service_date
)
select v.provider_npi, v.patient_id, v.service_date, coalesce(o.timed_units, v.timed_units) as timed_units, v.lines, v.content
from visit v
left join once o using (provider_npi, patient_id, service_date)
