/*---
code: MOD113
name: rehabilitative-modifier-missing
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: requires_rehabilitative_modifier
direction: none
reads: [core.claim_line, core.modifier_set, core.payer]
denial_codes:
  - {carc: "4", note: "unconfirmed pairing"}
references:
  - {title: "Payer rules under the Affordable Care Act's benefit of habilitative services", section: "modifiers 96 and 97 from 2018"}
message: "{procedure_code} carries neither 96 (habilitative) nor 97 (rehabilitative), which this payer asks for."
fix: "Add 97 for restoring a function that was lost or 96 for one that was never acquired; the therapist attests to which."
---
## What it checks
Lines of always-therapy codes with service dates from 2018-01-01, denied ones too, for payers set to ask for 96 or 97. A line with neither is a finding
without an amount. Payers for whom the switch is blank are not known to ask: `payer-rule-unknown`.

## Why it matters
Such a payer counts habilitative and rehabilitative visits apart and denies lines that say neither.

## Known limits
Whether a payer asks is a matter of its contract: the switch is the user's, no class of payers has a default.

## How to answer it
Show the plan of care, which says whether a function is restored or acquired.
*/
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when p.requires_rehabilitative_modifier is null then 'cannot_tell' when m.is_rehabilitative then 'pass' else 'finding' end as verdict,
  case when p.requires_rehabilitative_modifier is null then 'payer-rule-unknown' end as reason,
  case when p.requires_rehabilitative_modifier and not m.is_rehabilitative then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when p.requires_rehabilitative_modifier and not m.is_rehabilitative then {
    procedure_code: l.procedure_code,
    modifiers: m.shown
  } end as evidence
from core.claim_line l
join core.payer p on p.payer_id = l.payer_id
join (select modifier_set, shown, list_has_any(modifiers, ['96', '97']) as is_rehabilitative from core.modifier_set) m on m.modifier_set = l.modifier_set
where l.therapy_status = 'always' and l.service_date >= date '2018-01-01' and coalesce(p.requires_rehabilitative_modifier, true)
