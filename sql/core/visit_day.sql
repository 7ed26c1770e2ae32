/*---
table: core.visit_day
grain: one row per patient, service date, billing NPI, discipline and payer with a therapy line that was not denied
reads: [core.claim_line, core.visit, core.visit_service, core.payer]
columns:
  day_id: {type: BIGINT, is: "joins only, never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP; empty text when unknown"}
  payer_id: {type: VARCHAR, is: "payer"}
  provider_npi: {type: VARCHAR, is: "rendering NPI with most units, ties the lowest NPI"}
  rendering_npis: {type: "VARCHAR[]", is: "all rendering NPIs, sorted"}
  units_method: {type: VARCHAR, is: "cms, cpt or unknown"}
  has_date_span: {type: BOOLEAN, is: "a line covers more than one day"}
  has_odd_units: {type: BOOLEAN, is: "a line has units that are not a positive whole number"}
  minutes_shared: {type: BOOLEAN, is: "a rendering NPI stands under two billing NPIs that day"}
  timed_units: {type: "DECIMAL(18,3)", is: "units of timed codes billed"}
  timed_codes: {type: INTEGER, is: "number of timed codes billed"}
  lines: {type: "STRUCT(line_id BIGINT, procedure_code VARCHAR, allocation_code VARCHAR, unit_type VARCHAR, units DECIMAL(12,3), amount DECIMAL(12,2), amount_basis VARCHAR, rendering_npi VARCHAR)[]", is: "the day's therapy lines, in no order"}
  note_recorded: {type: BOOLEAN, is: "a visit note of one of the rendering NPIs exists"}
  note_timed_minutes: {type: INTEGER, is: "timed minutes by the notes; null when one does not say"}
  note_total_minutes: {type: INTEGER, is: "total minutes by the notes; null when one does not say"}
  code_minutes_total: {type: INTEGER, is: "sum of the minutes by timed code; null when none is recorded or one is blank"}
  timed_minutes: {type: INTEGER, is: "T: by the notes, else by code; null when not recorded"}
  codes: {type: "STRUCT(code VARCHAR, units DECIMAL(18,3), minutes INTEGER, assistant_minutes INTEGER)[]", is: "timed codes billed or with minutes, sorted by code"}
  lowest_unit_amount: {type: "DECIMAL(18,6)", is: "lowest amount per unit among the timed lines; null when one is unknown"}
  lowest_unit_basis: {type: VARCHAR, is: "basis of that amount"}
---
The unit in which time is judged (rulings 2, 17, 18 and 31). Each payer's lines are judged against all minutes of the day: minutes are not
shared out. Minutes of a code are the therapist's and the assistant's together. 97129 with 97130, and 90912 with 90913, are one code.
*/
with line as (
  select line_id, patient_id, service_date, billing_npi, coalesce(discipline, '') as discipline, payer_id, rendering_npi, procedure_code,
    allocation_code, unit_type, units, amount, amount_basis, date_span
  from core.claim_line where is_therapy and not is_denied
),
-- one pass over the lines, first by code, then by day
code_of_day as (
  select patient_id, service_date, billing_npi, discipline, payer_id, allocation_code, unit_type = 'timed15' as is_timed,
    sum(units) as units, min(rendering_npi) as first_npi, max(rendering_npi) as last_npi, bool_or(date_span) as date_span,
    bool_or(units <= 0 or units <> floor(units)) as odd_units,
    min(case when units > 0 then cast(amount / units as decimal(18, 6)) end) as lowest,
    arg_min(amount_basis, case when units > 0 then amount / units end) as lowest_basis,
    bool_or(amount is null) as amount_unknown,
    list({line_id: line_id, procedure_code: procedure_code, allocation_code: allocation_code, unit_type: unit_type, units: units, amount: amount,
      amount_basis: amount_basis, rendering_npi: rendering_npi}) as lines
  from line
  group by all
),
day as (
  select row_number() over () as day_id, *
  from (
    select patient_id, service_date, billing_npi, discipline, payer_id,
      min(first_npi) as first_npi, max(last_npi) as last_npi, bool_or(date_span) as has_date_span, bool_or(odd_units) as has_odd_units,
      coalesce(sum(units) filter (is_timed), 0) as timed_units, count(*) filter (is_timed) as timed_codes,
      min(lowest) filter (is_timed) as lowest, arg_min(lowest_basis, lowest) filter (is_timed) as lowest_basis,
      coalesce(bool_or(amount_unknown) filter (is_timed), false) as amount_unknown,
      flatten(list(lines)) as lines,
      list({code: allocation_code, units: units}) filter (is_timed) as timed
    from code_of_day
    group by all
  )
),
-- days on which several providers treated: who has most units
several as (
  select day_id, arg_min(npi, (-units, npi)) as provider_npi, list_sort(list(npi)) as npis
  from (
    select day_id, line.rendering_npi as npi, sum(line.units) as units
    from (select day_id, unnest(lines) as line from day where first_npi <> last_npi)
    group by day_id, npi
  )
  group by day_id
),
-- who treated whom on which day, whatever the payer
treated as (
  select distinct patient_id, service_date, discipline, billing_npi, npi from (
    select patient_id, service_date, discipline, billing_npi, first_npi as npi from day where first_npi = last_npi
    union all
    select patient_id, service_date, discipline, billing_npi, unnest(npis) from day join several using (day_id)
  )
),
shared as (
  select patient_id, service_date, discipline, npi from treated
  group by patient_id, service_date, discipline, npi having count(*) > 1
),
shared_day as (
  select distinct patient_id, service_date, discipline, billing_npi
  from treated join shared using (patient_id, service_date, discipline, npi)
),
note as (
  select t.patient_id, t.service_date, t.discipline, t.billing_npi,
    case when count(v.timed_minutes) = count(*) then sum(v.timed_minutes) end as timed_minutes,
    case when count(v.total_minutes) = count(*) then sum(v.total_minutes) end as total_minutes
  from core.visit v
  join treated t on t.patient_id = v.patient_id and t.service_date = v.service_date and t.npi = v.rendering_npi and t.discipline = v.discipline
  group by t.patient_id, t.service_date, t.discipline, t.billing_npi
),
service as (
  select t.patient_id, t.service_date, t.discipline, t.billing_npi, v.allocation_code as code,
    case when count(v.minutes) = count(*) then sum(v.minutes + coalesce(v.assistant_minutes, 0)) end as minutes,
    sum(coalesce(v.assistant_minutes, 0)) as assistant_minutes
  from core.visit_service v
  join treated t on t.patient_id = v.patient_id and t.service_date = v.service_date and t.npi = v.rendering_npi
  where v.unit_type = 'timed15'
  group by all
),
timed as (
  select day_id, list_sort(list({code: code, units: units, minutes: minutes, assistant_minutes: assistant_minutes})) as codes,
    case when count(minutes) filter (has_minutes) = count(*) filter (has_minutes) then sum(minutes) end as code_minutes_total
  from (
    select day_id, code, sum(units) as units, max(minutes) as minutes, max(assistant_minutes) as assistant_minutes, bool_or(has_minutes) as has_minutes
    from (
      select day_id, t.code, t.units, null as minutes, null as assistant_minutes, false as has_minutes
      from (select day_id, unnest(timed) as t from day)
      union all
      select d.day_id, s.code, 0, s.minutes, s.assistant_minutes, true
      from service s join day d using (patient_id, service_date, discipline, billing_npi)
    )
    group by day_id, code
  )
  group by day_id
)
select d.day_id, d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id,
  coalesce(m.provider_npi, d.first_npi) as provider_npi, coalesce(m.npis, [d.first_npi]) as rendering_npis, p.units_method,
  d.has_date_span, d.has_odd_units, h.billing_npi is not null as minutes_shared, d.timed_units, d.timed_codes, d.lines,
  n.patient_id is not null as note_recorded, n.timed_minutes as note_timed_minutes, n.total_minutes as note_total_minutes,
  t.code_minutes_total, coalesce(n.timed_minutes, t.code_minutes_total) as timed_minutes, t.codes,
  case when not d.amount_unknown then d.lowest end as lowest_unit_amount,
  case when d.amount_unknown then 'none' else d.lowest_basis end as lowest_unit_basis
from day d
join core.payer p on p.payer_id = d.payer_id
left join several m using (day_id)
left join shared_day h using (patient_id, service_date, discipline, billing_npi)
left join note n using (patient_id, service_date, discipline, billing_npi)
left join timed t using (day_id)
