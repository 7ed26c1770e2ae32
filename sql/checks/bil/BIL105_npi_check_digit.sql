/*---
code: BIL105
name: npi-check-digit
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.provider]
references:
  - {title: "CMS: requirements for National Provider Identifier check digit", section: "Luhn formula over 80840 and the ten digits"}
message: "NPI {npi}: not ten digits, or the check digit does not fit."
fix: "Look the provider up in the national registry and correct the number."
---
## What it checks
The billing and the rendering NPI of every line: ten digits whose last one is the Luhn check digit over 80840 and the number. Each number that fails is one
finding for each claim, listed on the lines where it stands; a line with two wrong numbers is in two findings.

## Why it matters
The claim is rejected before it is judged. In the data a mistyped number splits one provider in two, or joins two.

## Known limits
A number that passes may still belong to someone else. Made-up numbers in test data fail in great numbers. No money is put in question: the
error is one of form and can be corrected.

## How to answer it
Correct the number in the billing system; if only the export is wrong, correct the export.
*/
with wrong as (
  -- the form is tested first: the digits of what has no digits cannot be added
  select npi from core.provider where not case when regexp_full_match(npi, '[0-9]{10}') then npi_is_valid(npi) else false end
),
hit as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.service_date, w.npi, true as is_billing, l.rendering_npi = w.npi as is_rendering
  from core.claim_line l join wrong w on w.npi = l.billing_npi
  union all
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.service_date, w.npi, false, true
  from core.claim_line l join wrong w on w.npi = l.rendering_npi and w.npi <> l.billing_npi
),
-- claims of one patient and payer that begin on one day and have the same wrong number are told apart by their order
claim as (
  select claim_id, patient_id, payer_id, npi, min(service_date) as first_date,
    row_number() over (partition by npi, patient_id, payer_id, min(service_date) order by claim_id) as ordinal
  from hit
  group by claim_id, patient_id, payer_id, npi
)
select l.line_id,
  case when h.npi is not null then concat_ws('|', h.npi, l.patient_id, l.payer_id, c.first_date, case when c.ordinal > 1 then c.ordinal end) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when h.npi is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when h.npi is not null then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when h.npi is not null then {
    npi: h.npi,
    first_service_date: c.first_date,
    role: concat_ws(' and ', case when h.is_billing then 'billing' end, case when h.is_rendering then 'rendering' end)
  } end as evidence
from core.claim_line l
left join hit h on h.line_id = l.line_id
left join claim c on c.claim_id = h.claim_id and c.patient_id = h.patient_id and c.payer_id = h.payer_id and c.npi = h.npi
