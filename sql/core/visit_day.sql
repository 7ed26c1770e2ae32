/*---
table: core.visit_day
grain: one row per patient, service date, billing NPI, discipline and payer with a therapy line that was not denied
reads: [core.claim_line, core.account, core.day_code, core.visit, core.visit_service, core.note_staff, core.payer, core.provider, ref.procedure]
columns:
  day_id: {type: BIGINT, is: "the same as on its lines; joins only, never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: "ENUM('', 'OT', 'PT', 'SLP')", is: "PT, OT, SLP; empty text when unknown"}
  payer_id: {type: VARCHAR, is: "payer"}
  provider_npi: {type: VARCHAR, is: "rendering NPI with most units, ties the lowest NPI"}
  rendering_npis: {type: "VARCHAR[]", is: "all rendering NPIs, sorted; null where there is one"}
  units_method: {type: "ENUM('cms', 'cpt', 'unknown')", is: "cms, cpt or unknown"}
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
  has_code_without_minutes: {type: BOOLEAN, is: "a timed code, billed or recorded, has no minutes (core.day_code)"}
  units_alone: {type: BIGINT, is: "sum of the units that the minutes of each timed code earn by themselves; null like code_minutes_total"}
  codes_plain: {type: BOOLEAN, is: "each timed code has the units that its own minutes earn"}
  lowest_unit_amount: {type: "DECIMAL(18,6)", is: "lowest amount per unit among the timed lines whose amount is known"}
  lowest_unit_basis: {type: "ENUM('allowed', 'fee-schedule', 'none', 'paid')", is: "basis of that amount"}
---
The unit in which time is judged (rulings 2, 17, 18 and 31). Each payer's lines are judged against all minutes of the day: minutes are not
shared out. The notes of everyone seen on lines of that billing NPI and discipline count, whoever the line names. Its timed codes are in core.day_code.
*/
with line as not materialized (
  select line_id, day_id, rendering_npi, procedure_code, allocation_code, unit_type, units, amount_basis, date_span,
    case when unit_type = 'timed15' and units > 0 then cast(amount / units as decimal(18, 6)) end as unit_amount
  from core.claim_line where is_therapy and not is_denied
),
billed as (
  select day_id, min(rendering_npi) as first_npi, bool_or(date_span) as has_date_span,
    bool_or(units <= 0 or units <> floor(units)) as has_odd_units,
    coalesce(sum(units) filter (unit_type = 'timed15'), 0) as timed_units,
    min(unit_amount) as lowest, min(unit_amount) filter (amount_basis = 'allowed') as lowest_allowed,
    min(unit_amount) filter (amount_basis = 'fee-schedule') as lowest_fee, min(unit_amount) filter (amount_basis = 'paid') as lowest_paid,
    list(procedure_code) filter (unit_type = 'untimed' and procedure_code not in ('97010', '97014', 'G0283')) as untimed_codes,
    list(line_id) as lines
  from line
  group by day_id
),
-- what notes are found by; patient_day: the patient and the date, whoever billed
day as materialized (
  select d.day_id, a.patient_no * 4194304 + (d.day_id & 4194303) as patient_day, p.practice_no, a.billing_npi, d.first_npi, d.last_npi
  from (select day_id, min(rendering_npi) as first_npi, max(rendering_npi) as last_npi from line group by day_id) d
  join core.account a on a.account_no = account_of_day(d.day_id)
  join (select distinct billing_npi, discipline, practice_no from core.note_staff) p
    on p.billing_npi = a.billing_npi and p.discipline = discipline_of_day(d.day_id)
),
patient as materialized (select distinct patient_id, patient_no from core.account),
-- days on which several providers treated: who has most units
several as (
  select day_id, arg_min(npi, (-units, npi)) as provider_npi, list_sort(list(npi)) as npis
  from (
    select day_id, rendering_npi as npi, sum(units) as units
    from line semi join (select day_id from day where first_npi <> last_npi) using (day_id)
    group by day_id, rendering_npi
  )
  group by day_id
),
-- who wrote a note has few practices, and a practice has many days: each is written down, so that one is joined before the other
visit as materialized (
  select n.patient_no * 4194304 + 800000 + (v.service_date - date '1970-01-01') as patient_day, s.practice_no, v.rendering_npi as npi, v.timed_minutes,
    v.total_minutes
  from core.visit v
  join patient n on n.patient_id = v.patient_id
  join core.note_staff s on s.staff_npi = v.rendering_npi and (s.discipline = v.discipline or s.discipline = '' or v.discipline = '')
),
visit_of_day as materialized (
  select d.day_id, v.npi, v.timed_minutes, v.total_minutes
  from visit v join day d on d.patient_day = v.patient_day and d.practice_no = v.practice_no
),
service as not materialized (
  select n.patient_no * 4194304 + 800000 + (v.service_date - date '1970-01-01') as patient_day, v.service_date, v.rendering_npi as npi, r.discipline,
    v.procedure_code
  from core.visit_service v
  join patient n on n.patient_id = v.patient_id
  join core.provider r on r.npi = v.rendering_npi
),
-- patients whose day stands under several billing NPIs: a provider of one day who is on a line of the other
split_day as materialized (
  select day_id, patient_day, practice_no, billing_npi, first_npi, last_npi
  from day
  semi join (select patient_day from day group by patient_day having min(billing_npi) <> max(billing_npi)) using (patient_day)
),
split_service as materialized (
  select distinct v.patient_day, s.practice_no, v.npi
  from service v
  join core.note_staff s on s.staff_npi = v.npi and (s.discipline = v.discipline or s.discipline = '' or v.discipline is null)
  where v.patient_day in (select patient_day from split_day)
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
    select d.day_id, v.npi from split_service v join split_day d on d.patient_day = v.patient_day and d.practice_no = v.practice_no
  ) p using (day_id)
  join split_day o on o.patient_day = e.patient_day and o.billing_npi <> e.billing_npi
  join on_line l on l.day_id = o.day_id and l.npi = p.npi
),
note as (
  select day_id, case when count(timed_minutes) = count(*) then sum(timed_minutes) end as timed_minutes,
    case when count(total_minutes) = count(*) then sum(total_minutes) end as total_minutes
  from visit_of_day
  group by day_id
),
-- minutes that are not of a timed code are not counted, and show that the day was noted
other_service as materialized (
  select distinct v.patient_day, s.practice_no
  from (
    select patient_day, discipline, npi from service v
    anti join ref.procedure c on c.procedure_code = v.procedure_code and c.unit_type = 'timed15' and c.valid_from <= v.service_date
      and (c.valid_to is null or v.service_date < c.valid_to)
  ) v
  join core.note_staff s on s.staff_npi = v.npi and (s.discipline = v.discipline or s.discipline = '' or v.discipline is null)
),
noted as (
  select distinct d.day_id from other_service v join day d on d.patient_day = v.patient_day and d.practice_no = v.practice_no
),
timed as (
  select day_id, count(units) as timed_codes, bool_or(is_noted) as is_noted, bool_or(coalesce(minutes <= 0, true)) as has_code_without_minutes,
    case when not bool_or(is_noted and minutes is null) then sum(minutes) end as code_minutes_total,
    case when not bool_or(is_noted and minutes is null) then sum(units_of_minutes(minutes)) end as units_alone,
    bool_and(coalesce(units, 0) = coalesce(units_of_minutes(minutes), 0)) as codes_plain
  from core.day_code
  group by day_id
)
select d.day_id, a.patient_id, date_of_day(d.day_id) as service_date, a.billing_npi, discipline_of_day(d.day_id) as discipline, a.payer_id,
  coalesce(m.provider_npi, d.first_npi) as provider_npi, m.npis as rendering_npis, p.units_method,
  d.has_date_span, d.has_odd_units, h.day_id is not null as minutes_shared, d.timed_units, coalesce(t.timed_codes, 0) as timed_codes,
  list_sort(list_distinct(d.untimed_codes)) as untimed_codes, d.lines,
  n.day_id is not null or o.day_id is not null or coalesce(t.is_noted, false) as note_recorded, n.timed_minutes as note_timed_minutes, n.total_minutes as note_total_minutes,
  t.code_minutes_total, coalesce(n.timed_minutes, t.code_minutes_total) as timed_minutes, t.has_code_without_minutes, t.units_alone, t.codes_plain,
  d.lowest as lowest_unit_amount,
  case d.lowest when d.lowest_allowed then 'allowed' when d.lowest_fee then 'fee-schedule' when d.lowest_paid then 'paid' else 'none' end as lowest_unit_basis
from billed d
join core.account a on a.account_no = account_of_day(d.day_id)
join core.payer p on p.payer_id = a.payer_id
left join several m using (day_id)
left join shared h using (day_id)
left join note n using (day_id)
left join noted o using (day_id)
left join timed t using (day_id)
