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
reads: [core.assistant_day, core.assistant_line, core.assistant_units]
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
with code as (
  select day_id, code, therapist_minutes, assistant_minutes, units, units_with, fewest,
    case when untold in ('minutes-per-code-not-recorded', 'units-do-not-match-minutes') then untold
      when units_with < fewest_any then 'short'
      when units_with < fewest then 'allotment-tied'
      when units_with < most then case when is_two_left then 'two-units-left' else 'assistant-methods-disagree' end
      else 'enough' end as outcome
  from core.assistant_units
),
judged as (
  select l.line_id, l.day_id, l.code, l.by_assistant, l.patient_id, l.payer_id, l.billing_npi, l.provider_npi, l.discipline, l.service_date, l.procedure_code,
    l.units, l.paid_amount, l.amount, l.amount_basis,
    d.modifier, d.paid_share, d.allowed_share, c.therapist_minutes, c.assistant_minutes, c.units as units_billed, c.units_with, c.fewest,
    case when d.requires_assistant_modifier is null then 'payer-rule-unknown'
      when d.untold in ('date-span', 'units-not-billable', 'minutes-shared', 'minutes-not-recorded') then d.untold
      when l.is_timed and d.untold_timed in ('minutes-per-code-not-recorded', 'note-minutes-inconsistent') then d.untold_timed
      else coalesce(c.outcome, 'enough') end as outcome
  from core.assistant_line l
  join core.assistant_day d on d.day_id = l.day_id
  left join code c on c.day_id = l.day_id and c.code = l.code
),
-- the lines without the modifier where units are short, the last one first
short as (
  select l.line_id, least(l.units, greatest(c.fewest - c.units_with - coalesce(sum(l.units) over (partition by l.day_id, l.code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_here
  from core.assistant_line l
  join code c on c.day_id = l.day_id and c.code = l.code and c.outcome = 'short'
  where not l.by_assistant
)
select j.line_id,
  case when s.line_id is not null then concat_ws('|', j.patient_id, j.service_date, j.billing_npi, j.discipline, j.payer_id, j.code) end as subject_key,
  j.provider_npi, j.payer_id, j.service_date,
  case when j.outcome = 'payer-rule-unknown' then 'cannot_tell' when j.by_assistant or j.outcome = 'enough' then 'pass' when j.outcome = 'short' then 'finding' else 'cannot_tell' end as verdict,
  case when j.outcome = 'payer-rule-unknown' or (not j.by_assistant and j.outcome not in ('enough', 'short')) then j.outcome end as reason,
  case when s.line_id is not null then case when j.paid_share > 0 then 'error' else 'info' end end as severity,
  cents(s.units_here * case when j.paid_amount is not null then j.paid_share * greatest(j.paid_amount, 0) else j.allowed_share * j.amount end / j.units) as amount_at_risk,
  case when j.paid_amount is not null then 'paid' else j.amount_basis end as amount_basis,
  case when s.line_id is not null then {
    procedure_code: j.procedure_code,
    modifier: j.modifier,
    therapist_minutes: j.therapist_minutes,
    assistant_minutes: j.assistant_minutes,
    units_billed: j.units_billed,
    units_with: j.units_with,
    units_required: j.fewest,
    units_short: j.fewest - j.units_with
  } end as evidence
from judged j
left join short s on s.line_id = j.line_id and j.outcome = 'short'
