/*---
code: CAP105
name: kx-without-threshold
status: stable
since: 0.1.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.modifier_set, core.payer]
references:
  - {title: "CMS Therapy Services page", section: "KX states that the Medicare threshold is passed and the service is necessary"}
message: "KX is on this line of {procedure_code}, and {payer_name} is set up as a payer without an annual therapy threshold."
fix: "Leave KX off for this payer unless its contract asks for it."
---
## What it checks
Lines with GP, GO or GN that were not denied, of payers without an annual therapy threshold. KX on such a line is for review.

## Why it matters
KX says that an annual amount is passed and attests to necessity. For a payer without such an amount it says something that does
not apply, often because it was put on every line.

## Known limits
The check rests on the payer's switch. Medicare Advantage plans may choose to have the threshold (secondary source), and a plan may
ask for KX for its own reasons; where nothing is known about the payer the verdict is that it cannot be told.

## How to answer it
Show the payer's instruction that asks for KX, or set the payer's switch.
*/
with judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.procedure_code, m.shown as modifiers, p.payer_name,
    case when p.uses_therapy_threshold is null then 'cannot_tell' when m.has_kx then 'finding' else 'pass' end as verdict
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  join (select modifier_set, shown, list_contains(modifiers, 'KX') as has_kx from core.modifier_set) m on m.modifier_set = l.modifier_set
  where not coalesce(p.uses_therapy_threshold, false) and not l.is_denied and l.discipline_modifiers > 0
)
select line_id, provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'payer-rule-unknown' end as reason,
  case when verdict = 'finding' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    payer_name: payer_name,
    modifiers: modifiers
  } end as evidence
from judged
