/*---
code: MOD105
name: assistant-modifier-missing
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: requires_assistant_modifier
direction: over
reads: [core.assistant_units, core.claim_line]
references:
  - {title: "Social Security Act 1834(v); CMS Therapy Services page", section: "CQ and CO from 2020, 85 percent of the payment from 2022"}
  - {title: "CMS page: billing examples using CQ/CO modifiers", section: "units of therapist and assistant (read in copies)"}
message: "{units_short} of {units_billed} units of {procedure_code} are billed without {modifier}; by the record {therapist_minutes} of its minutes are the therapist's, {assistant_minutes} the assistant's alone, which makes {units_required} the assistant's."
fix: "Bill {units_required} units of {procedure_code} with {modifier} on a line of its own, unless the therapist attests from the record to having been present."
---
## What it checks
Lines of timed 15-minute codes and of codes billed by the session from 2020-01-01 that were not denied, for payers that want the assistant's modifier. The minutes
of a code are split into the therapist's, those together with the assistant included, and the assistant's alone. From these follows how many of its units are the
assistant's:

- timed codes: whole 15 minutes of either are their own unit first. One unit left is the therapist's from 8 minutes of the therapist on, else the assistant's
  from 8 minutes of the assistant on, else the assistant's if the share is above a tenth. Two units left with 23 to 28 minutes are one each;
- codes by the session: the assistant's as a whole if the share is above a tenth: a tenth of all minutes, rounded, and one more.

In 2020 and 2021 only the share decides on a unit left over; such a finding is for information and without an amount. A code is judged when its billed units are among its
valid allotments by the payer's method; ties leave several. Fewer units with CQ or CO than each allotment asks for is a finding, once per day and code, on the lines
without the modifier. The amount is 15 percent of what was paid for the units short, else 12 percent of what was allowed, placed from the last line to the first.

Nothing can be said where minutes by code are missing (`minutes-not-recorded`, `minutes-per-code-not-recorded`) or do not add up (`note-minutes-inconsistent`), where
the units are no valid allotment (`units-do-not-match-minutes`), where the two published ways to reckon a tenth differ (`assistant-methods-disagree`: 7 minutes of the therapist
and 1 of the assistant), where two units are left and the rule does not reach them (`two-units-left`), where equal remainders decide (`allotment-tied`), and for
`date-span`, `units-not-billable`, `minutes-shared` and `payer-rule-unknown`.

## Why it matters
Services of assistants are paid at 85 percent. Without the modifier the rest was paid too much, and the record of minutes shows it.

## Known limits
Evaluations (MOD108), speech-language pathology, codes without a therapy modifier, and codes with another time base, by area or by period are not judged; among them are
remote monitoring devices, which take no modifier, and monitoring by calendar month, which may. Blank minutes of an assistant count as none: a record that does not
part the two looks as if the therapist had done all. The text of the manual on the two ways to reckon was not read. Which unit is whose where codes tie is open. Critical access hospitals do not use
the modifiers: set the payer's switch.

## How to answer it
Show who treated in which minutes. Minutes with the therapist present are the therapist's.
*/
with judged as (
  select day_id, code, modifier, therapist_minutes, assistant_minutes, units, units_with, fewest, paid_share, allowed_share,
    case when requires_assistant_modifier is null then 'payer-rule-unknown'
      when untold in ('date-span', 'units-not-billable', 'minutes-shared', 'minutes-not-recorded', 'minutes-per-code-not-recorded',
        'note-minutes-inconsistent', 'units-do-not-match-minutes') then untold
      when units_with < fewest_any then 'short'
      when units_with < fewest then 'allotment-tied'
      when units_with < most then case when is_two_left then 'two-units-left' else 'assistant-methods-disagree' end
      else 'enough' end as outcome
  from core.assistant_units
),
-- the lines without the modifier where units are short, the last one first
short as (
  select j.modifier, j.therapist_minutes, j.assistant_minutes, j.units, j.units_with, j.fewest, j.paid_share, j.allowed_share, j.code, l.line_id,
    least(l.units, greatest(j.fewest - j.units_with - coalesce(sum(l.units) over (partition by j.day_id, j.code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_here
  from core.claim_line l
  join judged j on j.day_id = l.day_id and j.code = l.allocation_code and j.outcome = 'short'
  where l.unit_type in ('timed15', 'untimed') and not l.is_denied and not l.by_assistant
)
select l.line_id,
  case when s.line_id is not null then concat_ws('|', l.patient_id, l.service_date, l.billing_npi, l.discipline, l.payer_id, s.code) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when j.outcome = 'payer-rule-unknown' then 'cannot_tell' when l.by_assistant or j.outcome = 'enough' then 'pass' when j.outcome = 'short' then 'finding' else 'cannot_tell' end as verdict,
  case when j.outcome = 'payer-rule-unknown' or (not l.by_assistant and j.outcome not in ('enough', 'short')) then j.outcome end as reason,
  case when s.line_id is not null then case when s.paid_share > 0 then 'error' else 'info' end end as severity,
  cast(round(cast(s.units_here * case when l.paid_amount is not null then s.paid_share * greatest(l.paid_amount, 0) else s.allowed_share * l.amount end / l.units as decimal(18, 6)), 2)
    as decimal(12, 2)) as amount_at_risk,
  case when l.paid_amount is not null then 'paid' else l.amount_basis end as amount_basis,
  case when s.line_id is not null then {
    procedure_code: l.procedure_code,
    modifier: s.modifier,
    therapist_minutes: s.therapist_minutes,
    assistant_minutes: s.assistant_minutes,
    units_billed: s.units,
    units_with: s.units_with,
    units_required: s.fewest,
    units_short: s.fewest - s.units_with
  } end as evidence
from core.claim_line l
join judged j on j.day_id = l.day_id and j.code = l.allocation_code
left join short s on s.line_id = l.line_id
where l.unit_type in ('timed15', 'untimed') and not l.is_denied
