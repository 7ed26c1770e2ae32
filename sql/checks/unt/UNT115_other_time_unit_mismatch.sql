/*---
code: UNT115
name: other-time-unit-mismatch
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.visit_day, core.code_minutes, core.visit_service, ref.time_threshold]
references:
  - {title: "CPT convention for timed codes", section: "a unit is earned when its midpoint is passed"}
  - {title: "RTM guides of 2026 quoting CMS CR 14250", section: "whole minutes of a calendar month"}
message: "{units_billed} units of {procedure_code} are billed; {recorded_minutes} minutes are recorded for the {counted_per}, which earn {units_supported}."
fix: "Correct {procedure_code} to {units_supported} units, unless the provider can attest to further minutes from the record."
---
## What it checks
Lines that were not denied of codes whose unit is not 15 minutes of the day: tests by the hour (96105, 96125, 92607 and 92608), work hardening (97545, 97546),
caregiver training (97550, 97551) and remote monitoring by calendar month (98979 to 98981). Each has its fewest minutes for the first unit and its step for more. The minutes of
97550 and 97551 count together, and so do the monitoring minutes of a patient's month, whoever recorded them. Units beyond what the recorded minutes earn are at risk, on
the lines of the code from the last to the first; several lines of one day or month are one finding.

Minutes of an assistant count. Without a record of the day, or of the month, it is `minutes-not-recorded`; with other minutes only, or a blank, it is
`minutes-per-code-not-recorded`. Further: `date-span`, `units-not-billable`, and `minutes-shared` where the provider, or the month, stands under two billing NPIs.

## Why it matters
These codes pay for much more than 15 minutes. A unit below its threshold was not earned.

## Known limits
The midpoints are from memory of the CPT convention; monitoring takes whole minutes by secondary guides. Interpretation and report writing, which count for tests, must be in the
recorded minutes. Additional codes 92608 and 97546 are judged by their own minutes. A month counts up to the as-of date. Codes without a known threshold
(92605, 92618, G0541, G0542) are not judged.

## How to answer it
Show the minutes in the record, for monitoring those of the whole month.
*/
with line as (
  select l.line_id, l.patient_id, l.service_date, l.billing_npi, coalesce(l.discipline, '') as discipline, l.payer_id, l.procedure_code, l.units, l.date_span,
    l.received_date, l.claim_id, l.line_number, t.counted_with, t.counted_per, t.first_minutes, t.step_minutes,
    case when t.counted_per = 'day' then l.service_date else cast(date_trunc('month', l.service_date) as date) end as period
  from core.claim_line l
  join ref.time_threshold t on t.procedure_code = l.procedure_code and t.valid_from <= l.service_date and (t.valid_to is null or l.service_date < t.valid_to)
  where not l.is_denied
),
-- the lines of one code, day or month, billing NPI and payer together
service as materialized (
  select patient_id, period, billing_npi, discipline, payer_id, procedure_code, counted_with, counted_per, first_minutes, step_minutes,
    sum(units) as units, bool_or(date_span) as date_span, bool_or(units <= 0 or units <> floor(units)) as odd_units
  from line
  group by all
),
-- first and additional codes whose minutes count together
minutes_of_day as (
  select m.day_id, t.counted_with, case when count(m.minutes) = count(*) then sum(m.minutes + m.assistant_minutes) end as minutes
  from core.code_minutes m
  join (select distinct procedure_code, counted_with from ref.time_threshold where counted_per = 'day') t on t.procedure_code = m.code
  group by m.day_id, t.counted_with
),
by_day as (
  select s.patient_id, s.period, s.billing_npi, s.discipline, s.payer_id, s.procedure_code, d.note_recorded, d.minutes_shared, m.minutes
  from core.visit_day d
  join service s on d.patient_id = s.patient_id and d.service_date = s.period and d.billing_npi = s.billing_npi and d.discipline = s.discipline
    and d.payer_id = s.payer_id
  left join minutes_of_day m on m.day_id = d.day_id and m.counted_with = s.counted_with
  where s.counted_per = 'day'
),
month as (
  select v.patient_id, cast(date_trunc('month', v.service_date) as date) as period,
    case when count(v.minutes) = count(*) then sum(v.minutes + coalesce(v.assistant_minutes, 0)) end as minutes
  from core.visit_service v
  semi join ref.time_threshold t on t.procedure_code = v.procedure_code and t.counted_per = 'month'
  group by all
),
by_month as (
  select s.patient_id, s.period, s.billing_npi, s.discipline, s.payer_id, s.procedure_code, m.patient_id is not null as note_recorded, m.minutes,
    min(s.billing_npi) over p <> max(s.billing_npi) over p as minutes_shared
  from service s
  left join month m on m.patient_id = s.patient_id and m.period = s.period
  where s.counted_per = 'month'
  window p as (partition by s.patient_id, s.period)
),
earned as (
  select s.patient_id, s.period, s.billing_npi, s.discipline, s.payer_id, s.procedure_code, s.counted_per, s.units, r.minutes,
    case when s.date_span then 'date-span' when s.odd_units then 'units-not-billable' when r.minutes_shared then 'minutes-shared'
      when not r.note_recorded then 'minutes-not-recorded' when r.minutes is null then 'minutes-per-code-not-recorded' end as reason,
    case when r.minutes < s.first_minutes then 0 else 1 + coalesce((r.minutes - s.first_minutes) // s.step_minutes, 0) end as supported
  from service s
  join (select * from by_day union all by name select * from by_month) r on r.patient_id = s.patient_id and r.period = s.period and r.billing_npi = s.billing_npi
    and r.discipline = s.discipline and r.payer_id = s.payer_id and r.procedure_code = s.procedure_code
),
placed as (
  select l.line_id, e.patient_id, e.period, e.billing_npi, e.discipline, e.payer_id, e.procedure_code, e.counted_per, e.reason, e.units, e.minutes, e.supported,
    e.reason is null and e.units > e.supported as is_finding,
    least(l.units, greatest(e.units - e.supported - coalesce(sum(l.units) over (partition by e.patient_id, e.period, e.billing_npi, e.discipline, e.payer_id, e.procedure_code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_here
  from earned e
  join line l on l.patient_id = e.patient_id and l.period = e.period and l.billing_npi = e.billing_npi and l.discipline = e.discipline
    and l.payer_id = e.payer_id and l.procedure_code = e.procedure_code
)
select p.line_id,
  case when p.is_finding then concat_ws('|', p.patient_id, p.period, p.billing_npi, p.discipline, p.payer_id, p.procedure_code) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when p.reason is not null then 'cannot_tell' when p.is_finding then 'finding' else 'pass' end as verdict,
  p.reason,
  case when p.is_finding then cents(p.units_here * l.amount / l.units) end as amount_at_risk,
  l.amount_basis,
  case when p.is_finding then {
    procedure_code: p.procedure_code,
    units_billed: cast(p.units as integer),
    units_supported: cast(p.supported as integer),
    recorded_minutes: cast(p.minutes as integer),
    counted_per: p.counted_per
  } end as evidence
from core.claim_line l
join placed p on l.line_id = p.line_id
