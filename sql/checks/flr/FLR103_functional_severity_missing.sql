/*---
code: FLR103
name: functional-severity-missing
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.claim_line, ref.functional_code, ref.modifier]
denial_codes:
  - {carc: "16", rarc: "N572", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.4, severity and therapy modifiers on functional codes"}
message: "The functional reporting code {procedure_code} carries {missing}."
fix: "Add the severity that the record shows on that day (CH to CN) and the modifier of the discipline; the therapist attests to the severity."
---
## What it checks
Lines of the 42 functional reporting codes that were not denied, for Medicare Part B, from 2013-07-01 to 2018-12-31. A line with none of the severity modifiers CH to CN, or
with none of GP, GO and GN, is a finding. The line is at risk; it carries no more than a cent.

## Why it matters
A code without its severity reports nothing, and the claim was returned.

## Known limits
Whether the severity is the right one is not in the data. Several disciplines on one line are MOD102's.

## How to answer it
Show the claim as it was sent, or the severity in the record.
*/
with severity as (
  select list(modifier) as modifiers from ref.modifier where kind = 'functional_severity'
),
told as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis,
    list_has_any(l.modifiers, s.modifiers) as has_severity, l.discipline_modifiers > 0 as has_discipline
  from core.claim_line l
  join ref.functional_code f on f.procedure_code = l.procedure_code and f.valid_from <= l.service_date and l.service_date < f.valid_to
  cross join severity s
  where l.payer_class = 'medicare_b' and not l.is_denied
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when has_severity and has_discipline then 'pass' else 'finding' end as verdict,
  null as reason,
  case when not (has_severity and has_discipline) then amount end as amount_at_risk,
  amount_basis,
  case when not (has_severity and has_discipline) then {
    procedure_code: procedure_code,
    missing: concat_ws(' and ', case when not has_severity then 'no severity modifier' end, case when not has_discipline then 'no discipline modifier' end)
  } end as evidence
from told
