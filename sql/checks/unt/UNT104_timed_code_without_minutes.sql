/*---
code: UNT104
name: timed-code-without-minutes
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.visit_day, core.day_code, core.claim_line]
references:
  - {title: "Medicare Claims Processing Manual, chapter 5", section: "20.2, timed and untimed codes"}
  - {title: "Medicare Benefit Policy Manual, chapter 15", section: "220.3, treatment note"}
message: "{units_billed} units of {procedure_code} are billed; the record gives minutes for the day's other timed codes and none for it."
fix: "Remove the line, unless the therapist can attest to minutes of {procedure_code} from the record of that day."
---
## What it checks
Every timed 15-minute line that was not denied, on days whose minutes are recorded by code. A line whose code has no minutes, or 0,
is a finding; the whole line is at risk. First and additional codes that share their minutes (97129 with
97130, 90912 with 90913) count as one code.

A code with minutes passes. Where the minutes of a code of the day are left blank, or none are recorded by code, it is
`minutes-per-code-not-recorded`; where the minutes by code do not add up to the note's timed minutes, `note-minutes-inconsistent`: the missing
minutes may be this code's.

## Why it matters
A timed service with no time in the record was not shown to have been given.

## Known limits
Minutes by code are voluntary for Medicare; a record that gives the day's timed minutes alone is complete, and nothing is concluded from
it here.

## How to answer it
Show where the note describes the service and its minutes. A late entry needs the therapist's own attestation and its date.
*/
with day as (
  select day_id, timed_minutes, has_code_without_minutes,
    case when has_date_span then 'date-span' when minutes_shared then 'minutes-shared' end as unusable,
    case when timed_minutes is null then 'minutes-not-recorded'
      when code_minutes_total is null then 'minutes-per-code-not-recorded'
      when note_timed_minutes <> code_minutes_total then 'note-minutes-inconsistent' end as untold
  from core.visit_day where timed_codes > 0
),
-- the codes of days on which one has no minutes
coded as (
  select day_id, list({code: code, minutes: minutes, units: cast(coalesce(units, 0) as integer)} order by code) as codes,
    list(code) filter (coalesce(minutes <= 0, true)) as without_minutes
  from core.day_code semi join (select day_id from day where has_code_without_minutes and unusable is null) using (day_id)
  group by day_id
),
line as (
  select l.line_id, l.service_date, l.payer_id, l.rendering_npi, l.procedure_code, l.units, l.amount, l.amount_basis, d.timed_minutes, d.unusable, d.untold,
    c.codes, coalesce(list_contains(c.without_minutes, l.allocation_code), false) as bare
  from core.claim_line l
  join day d on d.day_id = l.day_id
  left join coded c on c.day_id = l.day_id
  where l.unit_type = 'timed15' and not l.is_denied
),
judged as (
  select *, case when unusable is not null then unusable when bare then untold end as reason, reason is null and bare as is_finding
  from line
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when reason is not null then 'cannot_tell' when is_finding then 'finding' else 'pass' end as verdict,
  reason,
  case when is_finding then amount end as amount_at_risk,
  case when amount is null then 'none' else amount_basis end as amount_basis,
  case when is_finding then {
    procedure_code: procedure_code,
    units_billed: rtrim(rtrim(cast(units as varchar), '0'), '.'),
    timed_minutes: timed_minutes,
    codes: codes
  } end as evidence
from judged
