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
  minutes_shared: {type: BOOLEAN, is: "a rendering NPI of the day also stands on a line of the patient under another billing NPI that day"}
  timed_units: {type: "DECIMAL(18,3)", is: "units of timed codes billed"}
  timed_codes: {type: INTEGER, is: "number of timed codes billed"}
  lines: {type: "STRUCT(line_id BIGINT, procedure_code VARCHAR, allocation_code VARCHAR, unit_type VARCHAR, units DECIMAL(12,3), amount DECIMAL(12,2), amount_basis VARCHAR, rendering_npi VARCHAR)[]", is: "the day's therapy lines, in no order"}
  note_recorded: {type: BOOLEAN, is: "a visit, or minutes of a service, is recorded for the day"}
  note_timed_minutes: {type: INTEGER, is: "timed minutes by the notes; null when one does not say"}
  note_total_minutes: {type: INTEGER, is: "total minutes by the notes; null when one does not say"}
  code_minutes_total: {type: INTEGER, is: "sum of the minutes by timed code; null when none is recorded or one is blank"}
  timed_minutes: {type: INTEGER, is: "T: by the notes, else by code; null when not recorded"}
  codes: {type: "STRUCT(code VARCHAR, units DECIMAL(18,3), minutes INTEGER, assistant_minutes INTEGER)[]", is: "timed codes billed or with minutes, sorted by code"}
  lowest_unit_amount: {type: "DECIMAL(18,6)", is: "lowest amount per unit among the timed lines whose amount is known"}
  lowest_unit_basis: {type: VARCHAR, is: "basis of that amount"}
---
The unit in which time is judged (rulings 2, 17, 18 and 31). Each payer's lines are judged against all minutes of the day: minutes are not
shared out. The notes of everyone seen on lines of that billing NPI and discipline count, whoever the line names. Minutes of a code are the therapist's and the assistant's together. 97129 with 97130, and 90912 with 90913, are one code.
*/
with line as (
  select line_id, patient_id, service_date, billing_npi, coalesce(discipline, '') as discipline, payer_id, rendering_npi, procedure_code,
    allocation_code, unit_type, units, amount, amount_basis, date_span,
    case when unit_type = 'timed15' and units > 0 then cast(amount / units as decimal(18, 6)) end as unit_amount
  from core.claim_line where is_therapy and not is_denied
),
day as materialized (
  select row_number() over () as day_id, *
  from (
    select patient_id, service_date, billing_npi, discipline, payer_id,
      min(rendering_npi) as first_npi, max(rendering_npi) as last_npi, bool_or(date_span) as has_date_span,
      bool_or(units <= 0 or units <> floor(units)) as has_odd_units,
      coalesce(sum(units) filter (unit_type = 'timed15'), 0) as timed_units,
      min(unit_amount) as lowest, arg_min(amount_basis, (unit_amount, amount_basis)) filter (unit_amount is not null) as lowest_basis,
      list({line_id: line_id, procedure_code: procedure_code, allocation_code: allocation_code, unit_type: unit_type, units: units, amount: amount,
        amount_basis: amount_basis, rendering_npi: rendering_npi}) as lines
    from line
    group by all
  )
),
day_line as materialized (
  select day_id, line.allocation_code as code, line.unit_type = 'timed15' as is_timed, line.units as units, line.rendering_npi as npi, several
  from (select day_id, first_npi <> last_npi as several, unnest(lines) as line from day)
),
-- days on which several providers treated: who has most units
several as (
  select day_id, arg_min(npi, (-units, npi)) as provider_npi, list_sort(list(npi)) as npis
  from (select day_id, npi, sum(units) as units from day_line where several group by day_id, npi)
  group by day_id
),
-- who may have written the note: everyone seen on a line of that billing NPI and discipline, on any day
staff as materialized (
  select distinct billing_npi, coalesce(discipline, '') as discipline, rendering_npi as npi from core.claim_line
),
on_day as materialized (
  select distinct day_id, patient_id, service_date, billing_npi, npi from (
    select day_id, patient_id, service_date, billing_npi, first_npi as npi from day where first_npi = last_npi
    union all
    select day_id, patient_id, service_date, billing_npi, unnest(npis) from day join several using (day_id)
  )
),
visit_of_day as materialized (
  select d.day_id, d.patient_id, d.service_date, d.billing_npi, v.rendering_npi as npi, v.timed_minutes, v.total_minutes
  from core.visit v
  join day d on d.patient_id = v.patient_id and d.service_date = v.service_date and (d.discipline = v.discipline or d.discipline = '' or v.discipline = '')
  semi join staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.npi = v.rendering_npi
),
service_of_day as materialized (
  select d.day_id, d.patient_id, d.service_date, d.billing_npi, v.rendering_npi as npi, v.unit_type, v.allocation_code as code, v.minutes, v.assistant_minutes
  from core.visit_service v
  join day d on d.patient_id = v.patient_id and d.service_date = v.service_date
    and (d.discipline = v.provider_discipline or d.discipline = '' or v.provider_discipline is null)
  semi join staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.npi = v.rendering_npi
),
-- patients whose day stands under several billing NPIs: a provider of one day who is on a line of the other
shared as (
  select distinct e.day_id
  from (select patient_id, service_date from day group by patient_id, service_date having min(billing_npi) <> max(billing_npi)) p
  join (
    select day_id, patient_id, service_date, billing_npi, npi from on_day
    union all select day_id, patient_id, service_date, billing_npi, npi from visit_of_day
    union all select day_id, patient_id, service_date, billing_npi, npi from service_of_day
  ) e using (patient_id, service_date)
  join on_day o on o.patient_id = e.patient_id and o.service_date = e.service_date and o.npi = e.npi and o.billing_npi <> e.billing_npi
),
note as (
  select day_id, case when count(timed_minutes) = count(*) then sum(timed_minutes) end as timed_minutes,
    case when count(total_minutes) = count(*) then sum(total_minutes) end as total_minutes
  from visit_of_day
  group by day_id
),
timed as (
  select day_id, list_sort(list({code: code, units: units, minutes: minutes, assistant_minutes: assistant_minutes})) as codes,
    count(*) filter (billed) as timed_codes,
    case when not coalesce(bool_or(blank), false) then sum(minutes) end as code_minutes_total
  from (
    select day_id, code, sum(units) as units, bool_or(billed) as billed, bool_or(blank) as blank,
      case when not coalesce(bool_or(blank), false) then sum(minutes) end as minutes, sum(assistant_minutes) as assistant_minutes
    from (
      select day_id, code, units, true as billed, null as blank, null as minutes, null as assistant_minutes from day_line where is_timed
      union all
      select day_id, code, 0, false, minutes is null, minutes + coalesce(assistant_minutes, 0), coalesce(assistant_minutes, 0)
      from service_of_day where unit_type = 'timed15'
    )
    group by day_id, code
  )
  group by day_id
)
select d.day_id, d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id,
  coalesce(m.provider_npi, d.first_npi) as provider_npi, coalesce(m.npis, [d.first_npi]) as rendering_npis, p.units_method,
  d.has_date_span, d.has_odd_units, h.day_id is not null as minutes_shared, d.timed_units, coalesce(t.timed_codes, 0) as timed_codes, d.lines,
  (n.day_id is not null or w.day_id is not null) as note_recorded, n.timed_minutes as note_timed_minutes, n.total_minutes as note_total_minutes,
  t.code_minutes_total, coalesce(n.timed_minutes, t.code_minutes_total) as timed_minutes, t.codes,
  d.lowest as lowest_unit_amount, coalesce(d.lowest_basis, 'none') as lowest_unit_basis
from day d
join core.payer p on p.payer_id = d.payer_id
left join several m using (day_id)
left join shared h using (day_id)
left join note n using (day_id)
left join (select distinct day_id from service_of_day) w using (day_id)
left join timed t using (day_id)
