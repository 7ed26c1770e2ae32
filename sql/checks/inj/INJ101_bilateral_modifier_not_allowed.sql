/*---
code: INJ101
name: bilateral-modifier-not-allowed
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: over
reads: [core.injection_line, ref.fee_schedule, ref.place_rule]
denial_codes:
  - {carc: "4", rarc: "N519", note: "unconfirmed pairing"}
references:
  - {title: "CMS Physician Fee Schedule relative value files", section: "bilateral indicator"}
  - {title: "CMS MLN SE1422", section: "both sides on one line with modifier 50"}
message: "{procedure_code} carries modifier 50, and {why} (bilateral indicator {bilateral})."
fix: "Take modifier 50 off {procedure_code}. If more was injected than one such line says, bill it with the codes and units that the record supports; the provider attests to them."
---
## What it checks
Every line of a chemodenervation code (64611 to 64653) for Medicare Part B that was not denied. Modifier 50 on a code whose bilateral indicator on the date is 0
(one side and both sides are paid alike, or the side is not counted) or 2 (the code is priced for both sides) is a finding. At risk is the half that
modifier 50 adds: the allowed amount less the national fee of one side for the date; where that fee is not known, or the place of service is a facility,
whose fee is another, a third of the allowed amount. Only a paid amount known: a third of it. Neither known: half of the fee.

## Why it matters
Where a payer takes the modifier at its word it pays one and a half times the fee.

## Known limits
Indicators were read for 2024 and 2025 and hold for every date on which the code exists, but for 64613 and 64614, whose indicator was 2 in the
last nine months of 2011. The fee is the national one, without geographic factor or reduction for several procedures, so the amount is an estimate; a line
that was allowed at no more than the fee of one side is a finding with amount 0.

## How to answer it
Show that the payer paid one side only, or send the corrected claim.
*/
with line as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, l.bilateral,
    list_contains(l.modifiers, '50') and l.bilateral in ('0', '2') as is_hit,
    case when p.place_of_service is null then l.units * round((f.work_rvu + f.pe_rvu_nonfacility + f.mp_rvu) * f.conversion_factor, 2) end as side_fee
  from core.injection_line l
  left join ref.place_rule p on p.rule = 'facility_fee' and p.place_of_service = l.place_of_service
  left join ref.fee_schedule f on f.procedure_code = l.procedure_code and f.valid_from <= l.service_date
    and (f.valid_to is null or l.service_date < f.valid_to)
  where l.payer_class = 'medicare_b' and l.role = 'chemodenervation' and not l.is_denied
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when is_hit then 'finding' else 'pass' end as verdict,
  null as reason,
  cast(case when not is_hit then null
    when amount_basis = 'allowed' and side_fee is not null then greatest(amount - side_fee, 0)
    when amount_basis = 'fee-schedule' then cast(amount * 0.5 as decimal(12, 2))
    else cents(amount / 3) end as decimal(12, 2)) as amount_at_risk,
  amount_basis,
  case when is_hit then {
    procedure_code: procedure_code,
    bilateral: bilateral,
    why: case bilateral when '2' then 'the code is priced for both sides already' else 'both sides are paid like one' end,
    fee_of_one_side: cast(side_fee as decimal(12, 2))
  } end as evidence
from line
