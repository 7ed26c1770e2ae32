/*---
code: UNT102
name: timed-units-under-minutes
status: stable
since: 0.1.0
severity: opportunity
subject: visit_day
partition_by: patient_id
payers: all
direction: under
reads: [core.visit_day, core.day_code, core.claim_line]
references:
  - {title: "Medicare Claims Processing Manual, chapter 5", section: "20.2 C, counting minutes for timed codes"}
  - {title: "CPT convention for timed codes", section: "a unit is earned when its midpoint is passed"}
message: "{units_billed} timed units are billed; the record of the day, {timed_minutes} timed minutes, supports {units_supported}."
fix: "Correct the timed units to {units_supported} where the payer's time limit still allows it, once the therapist has attested to the minutes."
---
## What it checks
Every visit day (patient, date, billing NPI, discipline, payer) with a timed 15-minute code that was not denied. The timed units billed
are compared with what the timed minutes support by the payer's method, as in UNT101: by the day's minutes together (`cms`), or by each
code alone (`cpt`).

Where the note's timed minutes and the sum of the minutes by code are both known and differ, units must be below both to be a finding;
everything else is `note-minutes-inconsistent`, and so is every such day counted by code (ruling 17). Where the method counts by code, or is unknown, and only the total is known,
nothing can be said (`minutes-per-code-not-recorded`): a split of the minutes may earn few units. Where the method is unknown, units must be
below both methods; below neither passes; between the two is `units-method-unknown`.

The amount is the units under, times the lowest amount per unit among the day's timed lines, rounded once; it stands on the last
timed line (received, claim, line). It is possibly underbilled and never netted against amounts at risk.

## Why it matters
Time that was treated and recorded was not billed; and a claim that does not agree with its note is wrong in either direction.

## Known limits
Minutes belong to the day and are not shared out: where two payers are billed for one day, each is judged against all of its minutes, and
units billed to the other payer look unbilled. Therapists may leave a service unbilled on purpose; all timed minutes are recorded even so.
Which method a commercial payer follows is its contract's matter and stays unknown until set.

## How to answer it
Check that the minutes are one-on-one treatment of timed codes. If so, a corrected claim within the payer's time limit brings the units; if not, correct
how minutes are recorded.
*/
with day as (
  select * exclude (lines),
    coalesce(note_timed_minutes <> code_minutes_total, false) as minutes_differ,
    units_method <> 'cms' and code_minutes_total is null as needs_codes,
    case when units_method <> 'cpt' then units_of_minutes(timed_minutes) end as together,
    case when units_method <> 'cpt' then units_of_minutes(code_minutes_total) end as together_by_code,
    case when units_method <> 'cms' then units_alone end as alone
  from core.visit_day where timed_codes > 0
),
supported as (
  -- greatest and least leave out what is null
  select *, greatest(together, together_by_code, alone) as most,
    least(together, together_by_code, alone) as fewest
  from day
),
judged as (
  select *,
    case when has_date_span then 'date-span' when has_odd_units then 'units-not-billable' when minutes_shared then 'minutes-shared'
      when timed_minutes is null then 'minutes-not-recorded'
      when needs_codes then 'minutes-per-code-not-recorded'
      -- counted by code, a contradicted note has no lower bound
      when minutes_differ and (units_method <> 'cms' or timed_units >= fewest) then 'note-minutes-inconsistent'
      when timed_units < fewest or timed_units >= most then null
      else 'units-method-unknown' end as reason,
    case when reason is null and timed_units < fewest then fewest - timed_units end as units_under
  from supported
),
-- the timed lines of the findings; the last one carries the amount
line as (
  select d.day_id, l.line_id, d.units_under * d.lowest_unit_amount as amount,
    row_number() over (partition by d.day_id order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc) as from_last
  from core.claim_line l
  join (
    select v.day_id, j.units_under, v.lowest_unit_amount, unnest(v.lines) as line_id
    from core.visit_day v join judged j on j.day_id = v.day_id and j.units_under is not null
  ) d on d.line_id = l.line_id
  where l.unit_type = 'timed15'
),
share as (
  select day_id, list({line_id: line_id, amount: cast(case when from_last = 1 then round(amount, 2) else 0 end as decimal(12, 2))}
    order by from_last) as line_shares
  from line
  group by day_id
),
coded as (
  select c.day_id, list({code: c.code, minutes: c.minutes, units: cast(coalesce(c.units, 0) as integer),
    supported: case when j.units_method = 'cpt' then units_of_minutes(c.minutes) end} order by c.code) as codes
  from core.day_code c join judged j on j.day_id = c.day_id and j.units_under is not null
  group by c.day_id
)
select j.patient_id, j.service_date, j.billing_npi, j.discipline, j.payer_id, j.provider_npi,
  case when j.reason is not null then 'cannot_tell' when j.units_under is not null then 'finding' else 'pass' end as verdict,
  j.reason,
  cast(round(j.units_under * j.lowest_unit_amount, 2) as decimal(12, 2)) as amount_at_risk,
  case when j.lowest_unit_amount is null then 'none' else j.lowest_unit_basis end as amount_basis,
  s.line_shares,
  case when j.units_under is not null then {
    timed_minutes: j.timed_minutes,
    units_billed: cast(j.timed_units as integer),
    units_supported: cast(j.fewest as integer),
    method: j.units_method,
    codes: c.codes,
    note_timed_minutes: case when j.minutes_differ then j.note_timed_minutes end,
    code_minutes_total: case when j.minutes_differ then j.code_minutes_total end
  } end as evidence
from judged j
left join share s using (day_id)
left join coded c using (day_id)
