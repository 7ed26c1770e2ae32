/*---
table: core.visit_day
grain: one row per patient, service date, billing NPI, discipline and payer with a therapy line that was not denied
reads: [core.claim_line, core.visit, core.visit_service, core.payer, core.provider, ref.procedure]
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
  untimed_codes: {type: "VARCHAR[]", is: "codes billed by the session that take time (97010, 97014 and G0283 left out); null for none"}
  lines: {type: "BIGINT[]", is: "line_id of the day's therapy lines, in no order"}
  note_recorded: {type: BOOLEAN, is: "a visit, or minutes of a service, is recorded for the day"}
  note_timed_minutes: {type: INTEGER, is: "timed minutes by the notes; null when one does not say"}
  note_total_minutes: {type: INTEGER, is: "total minutes by the notes; null when one does not say"}
  code_minutes_total: {type: INTEGER, is: "sum of the minutes by timed code; null when none is recorded or one is blank"}
  timed_minutes: {type: INTEGER, is: "T: by the notes, else by code; null when not recorded"}
  codes: {type: "STRUCT(code VARCHAR, units DECIMAL(18,3), minutes INTEGER)[]", is: "timed codes billed or with minutes, sorted by code"}
  units_alone: {type: BIGINT, is: "sum of the units that the minutes of each timed code earn by themselves; null like code_minutes_total"}
  codes_plain: {type: BOOLEAN, is: "each timed code has the units that its own minutes earn"}
  lowest_unit_amount: {type: "DECIMAL(18,6)", is: "lowest amount per unit among the timed lines whose amount is known"}
  lowest_unit_basis: {type: VARCHAR, is: "basis of that amount"}
---
The unit in which time is judged (rulings 2, 17, 18 and 31). Each payer's lines are judged against all minutes of the day: minutes are not
shared out. The notes of everyone seen on lines of that billing NPI and discipline count, whoever the line names. Minutes of a code are the therapist's and the assistant's together. 97129 with 97130, and 90912 with 90913, are one code.
*/
with line as (
  select line_id, patient_id, service_date, billing_npi, coalesce(discipline, '') as discipline, payer_id, rendering_npi, procedure_code,
    unit_type, units, amount_basis, date_span,
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
      min(unit_amount) as lowest, min(unit_amount) filter (amount_basis = 'allowed') as lowest_allowed,
      min(unit_amount) filter (amount_basis = 'fee-schedule') as lowest_fee, min(unit_amount) filter (amount_basis = 'paid') as lowest_paid,
      list(procedure_code) filter (unit_type = 'untimed' and procedure_code not in ('97010', '97014', 'G0283')) as untimed_codes,
      list(line_id) as lines
    from line
    group by all
  )
),
-- days on which several providers treated: who has most units
several as (
  select day_id, arg_min(npi, (-units, npi)) as provider_npi, list_sort(list(npi)) as npis
  from (
    select d.day_id, l.rendering_npi as npi, sum(l.units) as units
    from core.claim_line l join (select day_id, unnest(lines) as line_id from day where first_npi <> last_npi) d using (line_id)
    group by d.day_id, l.rendering_npi
  )
  group by day_id
),
-- who may have written the note: everyone seen on a line of that billing NPI and discipline, on any day
staff as materialized (
  select distinct billing_npi, coalesce(discipline, '') as discipline, rendering_npi as npi from core.claim_line
),
visit_of_day as materialized (
  select d.day_id, v.rendering_npi as npi, v.timed_minutes, v.total_minutes
  from core.visit v
  join day d on d.patient_id = v.patient_id and d.service_date = v.service_date and (d.discipline = v.discipline or d.discipline = '' or v.discipline = '')
  semi join staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.npi = v.rendering_npi
),
-- patients whose day stands under several billing NPIs: a provider of one day who is on a line of the other
split_day as materialized (
  select day_id, patient_id, service_date, billing_npi, discipline, first_npi, last_npi
  from day
  semi join (
    select patient_id, service_date from day group by patient_id, service_date having min(billing_npi) <> max(billing_npi)
  ) using (patient_id, service_date)
),
on_line as (
  select day_id, first_npi as npi from split_day where first_npi = last_npi
  union all
  select day_id, unnest(npis) from split_day join several using (day_id)
),
shared as (
  select distinct e.day_id
  from split_day e
  join (
    select day_id, npi from on_line
    union all select day_id, npi from visit_of_day semi join split_day using (day_id)
    union all
    select d.day_id, v.rendering_npi
    from core.visit_service v
    join core.provider r on r.npi = v.rendering_npi
    join split_day d on d.patient_id = v.patient_id and d.service_date = v.service_date
      and (d.discipline = r.discipline or d.discipline = '' or r.discipline is null)
    semi join staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.npi = v.rendering_npi
  ) p using (day_id)
  join split_day o on o.patient_id = e.patient_id and o.service_date = e.service_date and o.billing_npi <> e.billing_npi
  join on_line l on l.day_id = o.day_id and l.npi = p.npi
),
note as (
  select day_id, case when count(timed_minutes) = count(*) then sum(timed_minutes) end as timed_minutes,
    case when count(total_minutes) = count(*) then sum(total_minutes) end as total_minutes
  from visit_of_day
  group by day_id
),
-- a code without units was not billed; services that are not timed have no code here, and only show that the day was noted
coded as (
  select day_id, code, cast(sum(units) as decimal(18, 3)) as units, coalesce(bool_or(blank), false) as blank, bool_or(noted) as noted,
    cast(sum(minutes) as integer) as minutes
  from (
    select d.day_id, l.allocation_code as code, l.units, null as blank, null as noted, null as minutes
    from core.claim_line l join (select day_id, unnest(lines) as line_id from day) d using (line_id)
    where l.unit_type = 'timed15'
    union all
    select d.day_id, c.allocation_code, null, c.procedure_code is not null and v.minutes is null, true,
      case when c.procedure_code is not null then v.minutes + coalesce(v.assistant_minutes, 0) end
    from core.visit_service v
    join core.provider r on r.npi = v.rendering_npi
    left join ref.procedure c on c.procedure_code = v.procedure_code and c.unit_type = 'timed15' and c.valid_from <= v.service_date
      and (c.valid_to is null or v.service_date < c.valid_to)
    join day d on d.patient_id = v.patient_id and d.service_date = v.service_date
      and (d.discipline = r.discipline or d.discipline = '' or r.discipline is null)
    semi join staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.npi = v.rendering_npi
  )
  group by day_id, code
),
timed as (
  select day_id, list_sort(list({code: code, units: coalesce(units, 0), minutes: case when not blank then minutes end}) filter (code is not null)) as codes,
    count(units) as timed_codes, bool_or(noted) as noted,
    case when not bool_or(blank) then sum(minutes) end as code_minutes_total,
    case when not bool_or(blank) then sum(units_of_minutes(minutes)) end as units_alone,
    bool_and(coalesce(units, 0) = case when blank or minutes is null then 0 else units_of_minutes(minutes) end) as codes_plain
  from coded
  group by day_id
)
select d.day_id, d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id,
  coalesce(m.provider_npi, d.first_npi) as provider_npi, coalesce(m.npis, [d.first_npi]) as rendering_npis, p.units_method,
  d.has_date_span, d.has_odd_units, h.day_id is not null as minutes_shared, d.timed_units, coalesce(t.timed_codes, 0) as timed_codes,
  list_sort(list_distinct(d.untimed_codes)) as untimed_codes, d.lines,
  n.day_id is not null or coalesce(t.noted, false) as note_recorded, n.timed_minutes as note_timed_minutes, n.total_minutes as note_total_minutes,
  t.code_minutes_total, coalesce(n.timed_minutes, t.code_minutes_total) as timed_minutes, t.codes, t.units_alone, t.codes_plain,
  d.lowest as lowest_unit_amount,
  case d.lowest when d.lowest_allowed then 'allowed' when d.lowest_fee then 'fee-schedule' when d.lowest_paid then 'paid' else 'none' end as lowest_unit_basis
from day d
join core.payer p on p.payer_id = d.payer_id
left join several m using (day_id)
left join shared h using (day_id)
left join note n using (day_id)
left join timed t using (day_id)
