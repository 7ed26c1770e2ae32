/*---
code: MOD110
name: modifier-not-for-therapy-code
status: stable
since: 0.1.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.modifier_set, ref.modifier_not_for_therapy]
references:
  - {title: "CMS physician fee schedule relative value file", section: "therapy codes: PC/TC indicator 7, bilateral indicator 0"}
  - {title: "First Coast Service Options, therapy page 0508065", section: "one line per timed code and day"}
  - {title: "AAPC Eli's Rehab Report", section: "therapy evaluations and modifier 25"}
message: "Not expected on the therapy code {procedure_code}: {misplaced}."
fix: "Remove {misplaced} unless the payer asks for it in writing."
---
## What it checks
Lines of always-therapy codes with 22, 25, 26, 50, TC or AT, and lines of 15-minute codes, always or sometimes therapy, with 52 or 76.
A line with several of these is one finding that names all.

## Why it matters
Evaluations of therapists are not visits, therapy codes have no two components and no second side, and a timed code is repeated
or reduced by its units, on one line a day. A payer may deny the line or ask for records.

## Known limits
The rules for 22, 52 and AT on therapy codes are unconfirmed, that for 25 rests on a trade report (some payers once asked for 25), and
that for 76 follows from the one-line rule for timed codes. No money is put in question.

## How to answer it
Show the payer's instruction that asks for the modifier, or correct the line.
*/
with combination as (
  select modifier_set, modifiers from core.modifier_set where len(modifiers) > 0
),
statement as (
  select b.modifier_set, n.modifier, n.scope, n.valid_from, n.valid_to
  from combination b
  join ref.modifier_not_for_therapy n on list_contains(b.modifiers, n.modifier)
),
line as not materialized (
  select line_id, rendering_npi, payer_id, service_date, procedure_code, modifiers, modifier_set, therapy_status, unit_type
  from core.claim_line
  where therapy_status = 'always' or (therapy_status = 'sometimes' and unit_type = 'timed15')
),
misplaced as (
  select l.line_id, string_agg(s.modifier, ', ' order by s.modifier) as modifiers
  from line l
  join statement s on s.modifier_set = l.modifier_set and s.valid_from <= l.service_date and (s.valid_to is null or l.service_date < s.valid_to)
    and case s.scope when 'always' then l.therapy_status = 'always' when 'timed15' then l.unit_type = 'timed15' end
  group by l.line_id
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when m.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when m.line_id is not null then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when m.line_id is not null then {
    procedure_code: l.procedure_code,
    misplaced: m.modifiers,
    modifiers: array_to_string(l.modifiers, ' ')
  } end as evidence
from line l
left join misplaced m on m.line_id = l.line_id
