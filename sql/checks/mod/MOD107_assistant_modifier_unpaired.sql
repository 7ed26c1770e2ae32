/*---
code: MOD107
name: assistant-modifier-unpaired
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line]
denial_codes:
  - {carc: "4", note: "claim returned as unprocessable; group CO"}
references:
  - title: "CMS page: billing examples using CQ/CO modifiers"
    section: "CQ stands with GP, CO with GO"
message: "{procedure_code} has {assistant_modifiers} and, of GP, GO and GN, {discipline_modifiers}; CQ goes with GP alone and CO with GO alone."
fix: "Correct the pair to CQ with GP or CO with GO; the supervising therapist attests to whose assistant gave the service."
---
## What it checks
Every line of a therapy code, and any other line with CQ or CO. CQ (physical therapist assistant) on a line whose discipline modifiers are not exactly GP, CO
(occupational therapy assistant) on a line whose discipline modifiers are not exactly GO, and CQ and CO together are findings; the
whole line is at risk.

## Why it matters
The payer returns the claim, because the assistant's modifier and the discipline contradict each other.

## Known limits
Which of the modifiers is wrong is not in the claim. Payers other than Medicare may not want CQ and CO at all. A line with CQ or CO
and no discipline modifier is reported here and not by MOD101; one with several discipline modifiers also by MOD102.

## How to answer it
Show who gave the service and under which plan of care, and correct the modifiers.
*/
with judged as (
  select line_id, rendering_npi as provider_npi, payer_id, service_date, amount, amount_basis, procedure_code, modifiers,
    list_contains(modifiers, 'CQ') and (discipline_modifiers <> 1 or not list_contains(modifiers, 'GP'))
      or list_contains(modifiers, 'CO') and (discipline_modifiers <> 1 or not list_contains(modifiers, 'GO')) as found
  from core.claim_line
  where is_therapy or by_assistant
)
select line_id, provider_npi, payer_id, service_date,
  case when found then 'finding' else 'pass' end as verdict,
  null as reason,
  case when found then amount end as amount_at_risk,
  amount_basis,
  case when found then {
    procedure_code: procedure_code,
    assistant_modifiers: array_to_string(list_filter(modifiers, lambda m: m in ('CQ', 'CO')), ', '),
    discipline_modifiers: coalesce(nullif(array_to_string(list_filter(modifiers, lambda m: m in ('GP', 'GO', 'GN')), ', '), ''), 'none'),
    modifiers: array_to_string(modifiers, ' ')
  } end as evidence
from judged
