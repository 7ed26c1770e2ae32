/*---
code: MOD104
name: discipline-modifier-contradicts-provider
status: stable
since: 0.1.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.provider]
denial_codes:
  - {carc: "4", note: "modifier not consistent with the service"}
references:
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 5", section: "specialty 65 with GP, 67 with GO (older text, read in copies)"}
message: "The line has {discipline_modifier}; the rendering provider's discipline is {provider_discipline}."
fix: "Check who gave the service: correct the modifier or the rendering NPI; the therapist attests to which."
---
## What it checks
Lines of therapy codes with exactly one of GP, GO and GN. Where the rendering provider's discipline (as loaded, else by specialty,
else by taxonomy) is another one, a person should look.

## Why it matters
Either the wrong clinician is named as rendering or the modifier is wrong, and the amount counts toward the wrong annual total.

## Known limits
The discipline comes from the provider table, which may be out of date; a provider may hold two licences. The pairing of
specialty 15 with GN and the pairing by taxonomy are from memory and unconfirmed. A provider known to be no
therapist (a physician, who may give therapy under any plan of care) is not examined; one of whom nothing is known cannot be told.

## How to answer it
Show the note with its author and the plan of care; correct the provider table where it is wrong.
*/
with judged as (
  select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date, l.procedure_code, l.modifiers,
    r.discipline as provider_discipline,
    case when r.discipline is null then 'cannot_tell' when l.discipline <> r.discipline then 'finding' else 'pass' end as verdict
  from core.claim_line l
  join core.provider r on r.npi = l.rendering_npi
  where l.is_therapy and l.discipline_modifiers = 1
    and (r.discipline is not null or (r.specialty_code is null and r.taxonomy_code is null))
)
select line_id, provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'provider-discipline-unknown' end as reason,
  case when verdict = 'finding' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    discipline_modifier: list_filter(modifiers, lambda m: m in ('GP', 'GO', 'GN'))[1],
    provider_discipline: provider_discipline,
    modifiers: array_to_string(modifiers, ' ')
  } end as evidence
from judged
