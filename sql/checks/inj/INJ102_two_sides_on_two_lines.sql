/*---
code: INJ102
name: two-sides-on-two-lines
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.injection_line, core.payer]
denial_codes:
  - {carc: "4", note: "unconfirmed pairing"}
references:
  - {title: "CMS MLN SE1422", section: "both sides on one line with modifier 50 and one unit"}
  - {title: "CMS Physician Fee Schedule relative value files", section: "bilateral indicator 1"}
message: "{procedure_code} stands on two lines of one day, {first_side} and {side}; the payer wants both sides on one line with modifier 50."
fix: "Bill {procedure_code} once, with modifier 50 and one unit, if the provider attests that both sides were treated; else take off the line of the side that was not."
---
## What it checks
Lines of chemodenervation codes with bilateral indicator 1 on the date that were not denied, for payers that want both sides on one line (payer switch
`bilateral_form`: `one_line_50`, the default of Medicare Part B). Where the same patient, payer, date, rendering NPI and code has lines with RT and lines
with LT, on any claim, those of the side that does not come first (by received date, claim, line) are a finding and at risk in whole. A payer of
another form is not examined; an unknown form is `payer-rule-unknown`.

## Why it matters
The unit limit of these codes is one: of two lines the payer denies one or both. Both sides together are worth one and a half times one side, not twice.

## Known limits
A line with 50, or with both RT and LT, says both sides by itself and is not compared. Codes other than chemodenervation are not judged. What is at risk is the
line as it stands; half of it would have been payable on one line.

## How to answer it
Show the payer's own rule that asks for two lines (and load it as its `bilateral_form`), or send the corrected claim.
*/
with line as (
  select l.line_id, l.patient_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, l.claim_id,
    l.line_number, l.line_order, p.bilateral_form,
    case when list_contains(l.modifiers, '50') then null
      when list_contains(l.modifiers, 'RT') and not list_contains(l.modifiers, 'LT') then 'RT'
      when list_contains(l.modifiers, 'LT') and not list_contains(l.modifiers, 'RT') then 'LT' end as side
  from core.injection_line l
  join core.payer p on p.payer_id = l.payer_id
  where l.bilateral = '1' and not l.is_denied and coalesce(p.bilateral_form = 'one_line_50', true)
),
opening as (
  select patient_id, payer_id, service_date, rendering_npi, procedure_code,
    first(side order by line_order) as side,
    first(claim_id order by line_order) as claim_id,
    first(line_number order by line_order) as line_number
  from line
  where side is not null
  group by patient_id, payer_id, service_date, rendering_npi, procedure_code
),
judged as (
  select l.line_id, l.patient_id, l.line_order, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, l.side, f.side as first_side,
    f.claim_id as first_claim_id, f.line_number as first_line_number,
    case when l.bilateral_form is null then 'cannot_tell' when l.side <> f.side then 'finding' else 'pass' end as verdict
  from line l
  left join opening f using (patient_id, payer_id, service_date, rendering_npi, procedure_code)
)
select line_id,
  -- the nth line of the other side: which side comes first may change with the claim numbers
  case when verdict = 'finding' then concat_ws('|', patient_id, payer_id, rendering_npi, service_date, procedure_code,
    row_number() over (partition by patient_id, payer_id, rendering_npi, service_date, procedure_code, verdict order by line_order)) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'payer-rule-unknown' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    side: side,
    first_side: first_side,
    first_claim_id: first_claim_id,
    first_line_number: first_line_number
  } end as evidence
from judged
