/*---
code: MOD101
name: discipline-modifier-missing
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: requires_discipline_modifier
direction: over
reads: [core.claim_line, core.modifier_set, core.payer, core.provider]
denial_codes:
  - {carc: "4", note: "claim returned as unprocessable; group CO"}
references:
  - {title: "CMS Change Request 10176", section: "GN, GO or GP on every line of an always-therapy code, from 2018-01-01"}
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 5", section: "therapists in private practice (read in copies)"}
  - {title: "UnitedHealthcare procedure-to-modifier list", section: "the always-therapy codes, after the CMS list"}
message: "The line of {procedure_code} ({therapy_status} therapy) has none of GP, GO and GN."
fix: "Add the modifier of the plan of care that the service belongs to ({hint}); the therapist attests to which."
---
## What it checks
Lines with a service date from 2018-01-01 for payers that want a discipline modifier: every line of an always-therapy code, and
lines of sometimes-therapy codes whose rendering provider is a therapist in private practice (specialty 65, 67 or 15, else the
therapist taxonomies). A line with none of GP, GO and GN is a finding, and the whole line is at risk.

## Why it matters
The payer returns the claim as unprocessable, so that the service is not paid, and the amount counts toward no annual total.

## Known limits
A sometimes-therapy code of anyone else needs the modifier only under a therapy plan of care, which the claim does not show: such
lines are not examined. For some codes the sometimes status is unconfirmed; the reference table names them. That specialty 15 is
held to the same rule as 65 and 67, and the match by taxonomy, are from memory and unconfirmed. A line with CQ or CO and no
discipline modifier is reported by MOD107 alone. Medicare Advantage and commercial plans differ: set the payer's switch.

## How to answer it
Show the plan of care for the date and resubmit the line with its modifier, or show that the payer does not want one.
*/
with judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.amount, l.amount_basis, l.procedure_code, l.therapy_status,
    m.shown as modifiers, r.discipline,
    case when p.requires_discipline_modifier is null then 'cannot_tell'
      when l.discipline_modifiers = 0 and not l.by_assistant then 'finding'
      else 'pass' end as verdict
  from core.claim_line l
  join core.modifier_set m on m.modifier_set = l.modifier_set
  join core.payer p on p.payer_id = l.payer_id
  join core.provider r on r.npi = l.rendering_npi
  where l.service_date >= date '2018-01-01' and coalesce(p.requires_discipline_modifier, true)
    and (l.therapy_status = 'always' or (l.therapy_status = 'sometimes' and r.private_practice_therapist))
)
select line_id, provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'payer-rule-unknown' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    therapy_status: therapy_status,
    hint: case discipline when 'PT' then 'the rendering provider''s discipline suggests GP'
      when 'OT' then 'the rendering provider''s discipline suggests GO'
      when 'SLP' then 'the rendering provider''s discipline suggests GN'
      else 'the rendering provider''s discipline is not known' end,
    modifiers: modifiers
  } end as evidence
from judged
