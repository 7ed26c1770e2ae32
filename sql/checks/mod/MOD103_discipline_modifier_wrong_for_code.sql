/*---
code: MOD103
name: discipline-modifier-wrong-for-code
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, ref.procedure]
denial_codes:
  - {carc: "4", note: "claim returned as unprocessable; group CO"}
references:
  - {title: "CMS Change Request 10176", section: "codes accepted with one discipline modifier only, from 2018-01-01"}
message: "{procedure_code} is accepted with {locked_modifier} only, and the line has {discipline_modifier}."
fix: "Correct the modifier to {locked_modifier}, or bill the code of the discipline that gave the service; the therapist attests to which."
---
## What it checks
Lines of codes that belong to one discipline on their date: the physical therapy evaluations (GP), the occupational therapy
evaluations (GO) and the codes of speech-language pathology (GN). A line with exactly one of GP, GO and GN that is another one is
a finding, and the whole line is at risk.

## Why it matters
The payer returns the claim, and the amount counts toward the wrong annual total.

## Known limits
Either the code or the modifier may be the wrong one; the claim does not say which. A line with several of the modifiers belongs
to MOD102, one with none to MOD101. Before the first day of a code's lock in the reference table its lines are not examined.

## How to answer it
Show which discipline did the service (note, plan of care) and correct the code or the modifier.
*/
with judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.amount, l.amount_basis, l.procedure_code, l.modifiers,
    c.locked_modifier, l.discipline_modifiers = 1 and not list_contains(l.modifiers, c.locked_modifier) as found
  from core.claim_line l
  join ref.procedure c on c.procedure_code = l.procedure_code and c.valid_from <= l.service_date
    and (c.valid_to is null or l.service_date < c.valid_to)
  where c.locked_modifier is not null and l.service_date >= c.locked_from
)
select line_id, provider_npi, payer_id, service_date,
  case when found then 'finding' else 'pass' end as verdict,
  null as reason,
  case when found then amount end as amount_at_risk,
  amount_basis,
  case when found then {
    procedure_code: procedure_code,
    locked_modifier: locked_modifier,
    discipline_modifier: list_filter(modifiers, lambda m: m in ('GP', 'GO', 'GN'))[1],
    modifiers: array_to_string(modifiers, ' ')
  } end as evidence
from judged
