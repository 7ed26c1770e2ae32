/*---
code: UNT108
name: untimed-code-multiple-units
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.repeated_line, core.payer, ref.unit_limit]
denial_codes:
  - {carc: "151", rarc: "N362", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 5", section: "20.2, untimed codes: one unit"}
message: "{procedure_code} is billed by the session and stands with {units_day} units on the day."
fix: "Bill one unit; where the record shows a second session, its line takes the modifier of a repeated or distinct service, to which the therapist attests."
---
## What it checks
Lines of therapy codes that are billed by the session, whatever their duration, and were not denied. More than one unit is a
finding; the units above one are at risk. Several lines of the code on one visit day (patient, date, billing NPI, discipline, payer) and
rendering NPI are counted together where a unit limit of 1 a day is in force and the payer applies unit limits: then the last lines lose their
units first. Lines with 76, 77, 59, XE, XP, XS or XU are left out. Not judged: codes with another unit (area, section,
hours, months), drugs, needle insertion and chemodenervation (20xxx, 64xxx), once-per-episode and unlisted codes. A line over several
days is `date-span`; units that are not a positive whole number are `units-not-billable`.

## Why it matters
The payer allows one unit a session, so the others are paid in error or denied.

## Known limits
Several lines of one unit each, where no limit of 1 is known to bind the payer on that date (another limit, no limit, limits not
yet published, or unknown whether the payer applies them), pass here: MOD114 asks for the modifier of a repeated
service. The denial codes are from memory.

## How to answer it
Show that the code counts something else than sessions for this payer, or that two sessions took place and the modifier was left out.
*/
with line as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, coalesce(discipline, '') as discipline, procedure_code, units,
    amount, amount_basis, date_span
  from core.claim_line
  where unit_type = 'untimed' and is_therapy and not is_denied and left(procedure_code, 2) not in ('20', '64')
    and not list_has_any(modifiers, ['76', '77', '59', 'XE', 'XP', 'XS', 'XU'])
),
counted as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, discipline, procedure_code, units, amount, amount_basis,
    units as units_day, 1 as lines_day, date_span, units <= 0 or units <> floor(units) as odd_units, false as together, 0 as units_later
  from line
  anti join core.repeated_line using (line_id)
  union all
  select l.line_id, l.patient_id, l.rendering_npi, l.billing_npi, l.payer_id, l.service_date, l.discipline, l.procedure_code, l.units, l.amount,
    l.amount_basis, sum(l.units) over g, count(*) over g, bool_or(l.date_span) over g, bool_or(l.units <= 0 or l.units <> floor(l.units)) over g,
    coalesce(p.uses_ncci and u.unit_limit = 1, false),
    coalesce(sum(l.units) over (g order by r.line_order rows between 1 following and unbounded following), 0)
  from line l
  join core.repeated_line r on r.line_id = l.line_id
  join core.payer p on p.payer_id = l.payer_id
  left join ref.unit_limit u on u.procedure_code = l.procedure_code and u.setting = p.ncci_setting and u.adjudication in (2, 3)
    and u.valid_from <= l.service_date and (u.valid_to is null or l.service_date < u.valid_to)
  window g as (partition by r.group_id, l.discipline)
),
judged as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, discipline, procedure_code, units, amount, amount_basis,
    units_day, lines_day,
    -- units of this line above one: of the day where the lines count together, else of the line
    case when together then least(units, greatest(units_day - 1 - units_later, 0)) else units - 1 end as lost,
    case when date_span or odd_units then 'cannot_tell' when case when together then units_day else units end > 1 then 'finding' else 'pass' end as verdict,
    case when date_span then 'date-span' when odd_units then 'units-not-billable' end as reason
  from counted
)
select line_id, case when verdict = 'finding' then concat_ws('|', patient_id, service_date, billing_npi, discipline, payer_id, rendering_npi, procedure_code) end
    as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict, reason,
  case when verdict = 'finding' then cents(amount * cast(lost as integer) / units) end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    units_day: cast(units_day as integer),
    lines_day: lines_day
  } end as evidence
from judged
