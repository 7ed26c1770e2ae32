/*---
code: BIL105
name: npi-check-digit
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: none
payers: all
direction: none
reads: [core.claim_line, core.provider]
references:
  - {title: "CMS: requirements for National Provider Identifier check digit", section: "Luhn formula over 80840 and the ten digits"}
message: "NPI {npis}: not ten digits, or the check digit does not fit."
fix: "Look the provider up in the national registry and correct the number."
---
## What it checks
The billing and the rendering NPI of every line: ten digits whose last one is the Luhn check digit over 80840 and the number. The
lines of one claim on which the same number, or the same two numbers, fail are one finding.

## Why it matters
The claim is rejected before it is judged. In the data a mistyped number splits one provider in two, or joins two.

## Known limits
A number that passes may still belong to someone else. Made-up numbers in test data fail in great numbers. Two claims of one
patient and payer that begin on the same day and have the same wrong number are reported together. No money is put in question: the
error is one of form and can be corrected.

## How to answer it
Correct the number in the billing system; if only the export is wrong, correct the export.
*/
with wrong as (
  -- the form is tested first: the digits of what has no digits cannot be added
  select npi from core.provider where not case when regexp_full_match(npi, '[0-9]{10}') then npi_is_valid(npi) else false end
),
line as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.rendering_npi, l.service_date, b.npi as billing, r.npi as rendering,
    case when b.npi is null or b.npi = r.npi then r.npi when r.npi is null then b.npi
      else least(b.npi, r.npi) || ' and ' || greatest(b.npi, r.npi) end as npis
  from core.claim_line l
  left join wrong b on b.npi = l.billing_npi
  left join wrong r on r.npi = l.rendering_npi
),
claim as (
  select claim_id, patient_id, payer_id, npis, min(service_date) as first_date from line where npis is not null group by all
)
select l.line_id,
  case when c.npis is not null then concat_ws('|', c.npis, l.patient_id, l.payer_id, c.first_date) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when c.npis is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when c.npis is not null then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when c.npis is not null then {
    npis: c.npis,
    first_service_date: c.first_date,
    role: concat_ws(' and ', case when l.billing is not null then 'billing' end, case when l.rendering is not null then 'rendering' end)
  } end as evidence
from line l
left join claim c on c.claim_id = l.claim_id and c.patient_id = l.patient_id and c.payer_id = l.payer_id and c.npis = l.npis
