/*---
code: MOD108
name: assistant-modifier-on-evaluation
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.claim_line, ref.procedure]
references:
  - {title: "UnitedHealthcare PT/OT policy page", section: "assistants do not evaluate (the Medicare wording is from memory)"}
message: "{procedure_code} ({evaluation}) has {assistant_modifiers}; evaluations are the therapist's own work."
fix: "Remove {assistant_modifiers} if the therapist did the {evaluation}; the therapist attests to it, and otherwise the line cannot stand."
---
## What it checks
Medicare Part B lines of the evaluations and re-evaluations of physical and occupational therapy (97161 to 97168). A line with CQ
or CO, the modifiers for services of an assistant, is a finding; the whole line is at risk.

## Why it matters
An assistant may take part in an evaluation but not carry it out, so that a line marked as the assistant's work is not payable.

## Known limits
That assistants may not carry out evaluations is read on a commercial payer's policy page; the Medicare wording itself is
unconfirmed. The modifier may simply have been copied from the treatment lines of the day.

## How to answer it
Show the evaluation signed by the therapist and correct the line.
*/
with judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.amount, l.amount_basis, l.procedure_code, l.modifiers,
    c.evaluation, l.by_assistant as found
  from core.claim_line l
  join ref.procedure c on c.procedure_code = l.procedure_code and c.valid_from <= l.service_date
    and (c.valid_to is null or l.service_date < c.valid_to)
  where l.payer_class = 'medicare_b' and c.procedure_code between '97161' and '97168'
)
select line_id, provider_npi, payer_id, service_date,
  case when found then 'finding' else 'pass' end as verdict,
  null as reason,
  case when found then amount end as amount_at_risk,
  amount_basis,
  case when found then {
    procedure_code: procedure_code,
    evaluation: evaluation,
    assistant_modifiers: array_to_string(list_filter(modifiers, lambda m: m in ('CQ', 'CO')), ', '),
    modifiers: array_to_string(modifiers, ' ')
  } end as evidence
from judged
