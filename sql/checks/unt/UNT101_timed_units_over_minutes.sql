/*---
code: UNT101
name: timed-units-over-minutes
status: stable
since: 0.1.0
severity: error
subject: visit_day
partition_by: patient_id
payers: all
direction: over
reads: [core.visit_day, core.day_code, core.claim_line]
references:
  - {title: "Medicare Claims Processing Manual, chapter 5", section: "20.2 C, counting minutes for timed codes"}
  - {title: "CPT convention for timed codes", section: "a unit is earned when its midpoint is passed"}
message: "{units_billed} timed units are billed; the record of the day, {timed_minutes} timed minutes, supports at most {units_supported}."
fix: "Correct the timed units to {units_supported}, unless the therapist can attest to further timed minutes from the record of that day."
---
## What it checks
Every visit day (patient, date, billing NPI, discipline, payer) with a timed 15-minute code that was not denied. The timed units billed
are compared with what the timed minutes support by the payer's method:

- day's minutes together (`cms`): one unit from 8 minutes, two from 23, three from 38, and so on: the whole part of (T + 7) / 15;
- each code alone (`cpt`): the sum over the codes of the whole part of (minutes + 7) / 15.

T is the note's timed minutes, else the sum of the minutes by code. Where the two are known and differ, units must be above both to be
a finding; everything else is `note-minutes-inconsistent` (ruling 17). Where the method counts by code and only T is known, units above
(T + 7 x timed codes billed) / 15 fit no split of the minutes and are a finding; otherwise `minutes-per-code-not-recorded`. Where the
payer's method is unknown, units must be above both methods; between the two it is `units-method-unknown`.

The amount is the units over, times the lowest amount per unit among the day's timed lines, rounded once; it is placed on the timed
lines from the last to the first (received, claim, line).

## Why it matters
Units above the minutes are what a payer's reviewer counts first: the note itself disproves them.

## Known limits
Each payer's lines are judged against all minutes of the day; minutes are not shared out between payers. Which method a commercial
payer follows is its contract's matter: most are unconfirmed and stay unknown until set. Seven minutes and thirty seconds is the
strict midpoint; the record holds whole minutes.

## How to answer it
Show the signed note with its timed minutes. Where more time was treated than the note says, the therapist must attest to it; else
return the units.
*/
with day as (
  select * exclude (lines),
    coalesce(note_timed_minutes <> code_minutes_total, false) as minutes_differ,
    units_method <> 'cms' and code_minutes_total is null as needs_codes,
    case when units_method <> 'cpt' then units_of_minutes(timed_minutes) end as together,
    case when units_method <> 'cpt' then units_of_minutes(code_minutes_total) end as together_by_code,
    case when units_method <> 'cms' then units_alone end as alone,
    -- the most that any split of T among the codes billed could earn
    case when units_method <> 'cms' and (code_minutes_total is null or note_timed_minutes <> code_minutes_total) then
      (timed_minutes + 7 * timed_codes) // 15 end as alone_at_most
  from core.visit_day where timed_codes > 0
),
supported as (
  -- greatest and least leave out what is null
  select *, greatest(together, together_by_code, alone, alone_at_most) as most,
    least(together, together_by_code, alone, alone_at_most) as fewest
  from day
),
judged as (
  select *,
    case when has_date_span then 'date-span' when has_odd_units then 'units-not-billable' when minutes_shared then 'minutes-shared'
      when timed_minutes is null then 'minutes-not-recorded'
      when timed_units > most then null
      when needs_codes then 'minutes-per-code-not-recorded'
      when minutes_differ then 'note-minutes-inconsistent'
      when timed_units <= fewest then null
      else 'units-method-unknown' end as reason,
    case when reason is null and timed_units > most then timed_units - most end as units_over
  from supported
),
-- the timed lines of the findings, the last one first
line as (
  select d.day_id, l.line_id, l.units, d.units_over, d.lowest_unit_amount,
    sum(l.units) over (partition by d.day_id order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows unbounded preceding) as units_so_far
  from core.claim_line l
  join (
    select v.day_id, j.units_over, v.lowest_unit_amount, unnest(v.lines) as line_id
    from core.visit_day v join judged j on j.day_id = v.day_id and j.units_over is not null
  ) d on d.line_id = l.line_id
  where l.unit_type = 'timed15'
),
share as (
  select day_id, list({line_id: line_id, amount: cast(round(least(units_over, units_so_far) * lowest_unit_amount, 2)
    - round(least(units_over, units_so_far - units) * lowest_unit_amount, 2) as decimal(12, 2))} order by units_so_far) as line_shares
  from line
  group by day_id
),
coded as (
  select c.day_id, list({code: c.code, minutes: c.minutes, units: cast(coalesce(c.units, 0) as integer),
    supported: case when j.units_method = 'cpt' then units_of_minutes(c.minutes) end} order by c.code) as codes
  from core.day_code c join judged j on j.day_id = c.day_id and j.units_over is not null
  group by c.day_id
)
select j.patient_id, j.service_date, j.billing_npi, j.discipline, j.payer_id, j.provider_npi,
  case when j.reason is not null then 'cannot_tell' when j.units_over is not null then 'finding' else 'pass' end as verdict,
  j.reason,
  cast(round(j.units_over * j.lowest_unit_amount, 2) as decimal(12, 2)) as amount_at_risk,
  case when j.lowest_unit_amount is null then 'none' else j.lowest_unit_basis end as amount_basis,
  s.line_shares,
  case when j.units_over is not null then {
    timed_minutes: j.timed_minutes,
    units_billed: cast(j.timed_units as integer),
    units_supported: cast(j.most as integer),
    method: j.units_method,
    codes: c.codes,
    note_timed_minutes: case when j.minutes_differ then j.note_timed_minutes end,
    code_minutes_total: case when j.minutes_differ then j.code_minutes_total end
  } end as evidence
from judged j
left join share s using (day_id)
left join coded c using (day_id)
