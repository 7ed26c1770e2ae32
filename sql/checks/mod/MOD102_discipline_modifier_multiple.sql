/*---
code: MOD102
name: discipline-modifier-multiple
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line]
denial_codes:
  - {carc: "4", note: "claim returned as unprocessable"}
references:
  - {title: "CMS Change Request 10176", section: "one and only one of GN, GO, GP"}
message: "Modifiers {discipline_modifiers} stand on one line of {procedure_code}; a line belongs to one discipline."
fix: "Keep the modifier of the discipline whose plan of care the service belongs to; the therapist attests to which."
---
## What it checks
Every line of a therapy code. A line that carries more than one of GP (physical therapy), GO (occupational therapy) and GN
(speech-language pathology) is a finding; the whole line is at risk.

## Why it matters
The payer returns the claim. Until it is corrected, the line counts toward neither of the patient's annual totals (CAP101).

## Known limits
Which of the modifiers is right is not in the claim; the discipline of the rendering provider is shown as a hint.

## How to answer it
Show the plan of care under which the service was given and correct the line to its one modifier.
*/
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when discipline_modifiers > 1 then 'finding' else 'pass' end as verdict,
  null as reason,
  case when discipline_modifiers > 1 then amount end as amount_at_risk,
  amount_basis,
  case when discipline_modifiers > 1 then {
    procedure_code: procedure_code,
    discipline_modifiers: array_to_string(list_filter(modifiers, lambda m: m in ('GP', 'GO', 'GN')), ', '),
    provider_discipline: discipline,
    modifiers: array_to_string(modifiers, ' ')
  } end as evidence
from core.claim_line
where is_therapy
