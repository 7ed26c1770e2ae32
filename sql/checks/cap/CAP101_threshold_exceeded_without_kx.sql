/*---
code: CAP101
name: threshold-exceeded-without-kx
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: uses_therapy_threshold
direction: over
needs: [allowed_amount]
reads: [core.threshold_line, core.threshold_period, core.claim_line]
denial_codes:
  - {carc: "119", note: "maximum reached; group CO (provider liability) unless a valid notice to the patient (GA) is on file"}
references:
  - {title: "CMS Therapy Services page", section: "KX modifier thresholds; provider liability; CMS Change Request 14252 for 2026"}
  - {title: "Noridian: per-beneficiary KX modifier thresholds", section: "amounts by year"}
  - {title: "NGS Medicare article 10703808", section: "the allowed amount accrues, deductible and coinsurance included"}
message: "KX is not on this line of {procedure_code}: {circumstance} ({bucket_name}, {year}; threshold {threshold}, known total {running_after})."
fix: "If the services are necessary, skilled and documented, the provider attests to it with KX on every {bucket_name} line of the claim; else leave it off."
---
## What it checks
Lines that accrue to the annual therapy threshold (per patient, payer and calendar year; physical therapy and speech-language
pathology together, occupational therapy by itself) and lines denied with CARC 119. The running total is the allowed amounts
over all providers in the data, in the order of processing (else receipt, else service), plus known spending elsewhere. A line
that brings the total above the year's amount, or adds to a total above it, and has no KX is a finding for review; the line is
at risk. A line that the payer denied with 119 and that has no KX is an error without money, as nothing was paid.

## Why it matters
Above the threshold a line without KX is denied. Where KX was needed and left off, the provider is liable (group CO), not the patient.

## Known limits
Other providers' services count too and are usually not in the data: the total is a lower bound. Lines with GX, GY or GZ, with
GA unless paid, and with none or several of GP, GO and GN do not accrue, and no line with GA is judged; amounts of 
always-therapy lines that count nowhere for lack of one modifier are in the evidence. A line that exceeds the amount only in part is at
risk in whole; the excess is the lower bound, and whether a payer pays the rest is unconfirmed. Unconfirmed too: that the total
moves strictly by processing order, that the reduction for assistants leaves the accrued amount alone, and that KX goes on all
lines of the bucket on a professional claim once one needs it (sourced for other claims only): lines below the amount are never
a finding here. Several yearly amounts come from secondary pages.

## How to answer it
Show the documentation of necessity and ask the payer to reopen the claim with KX, or the notice to the patient and GA.
*/
with told as (
  select line_id, provider_npi, patient_id, payer_id, service_date, procedure_code, year, bucket, denied_119, order_basis, running_before,
    running_after, spending_elsewhere, allowed_amount, threshold, citation,
    case when uses_therapy_threshold is null then 'payer-rule-unknown'
      when threshold is null then 'no-reference-for-date'
      when has_kx then 'kx'
      when denied_119 then 'denied'
      when allowed_amount is null then 'allowed-amount-missing'
      when running_after > threshold then 'above'
      when running_after + spending_undated > threshold then 'spending-elsewhere-undated'
      else 'below' end as outcome
  from core.threshold_line join core.threshold_period using (period_id)
  where is_judged
),
not_accruing as (
  select l.patient_id, l.payer_id, year(l.service_date) as year, sum(l.allowed_amount) as allowed_amount
  from core.claim_line l
  semi join (select patient_id from core.threshold_line join core.threshold_period using (period_id) where not has_kx and (denied_119 or running_after > threshold)) f
    on f.patient_id = l.patient_id
  where not l.is_denied and (l.discipline_modifiers > 1 or (l.discipline_modifiers = 0 and l.therapy_status = 'always'))
  group by l.patient_id, l.payer_id, year(l.service_date)
)
select t.line_id, t.provider_npi, t.payer_id, t.service_date,
  case when t.outcome in ('denied', 'above') then 'finding' when t.outcome in ('kx', 'below') then 'pass' else 'cannot_tell' end as verdict,
  case when t.outcome not in ('denied', 'above', 'kx', 'below') then t.outcome end as reason,
  case t.outcome when 'denied' then 'error' when 'above' then 'review' end as severity,
  case t.outcome when 'above' then greatest(t.allowed_amount, 0) when 'denied' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  case when t.outcome = 'above' then 'allowed' else 'none' end as amount_basis,
  case when t.outcome in ('denied', 'above') then {
    procedure_code: t.procedure_code,
    year: t.year,
    bucket: t.bucket,
    bucket_name: case t.bucket when 'OT' then 'occupational therapy' else 'physical therapy with speech-language pathology' end,
    circumstance: case when t.denied_119 then 'the payer denied it because the annual maximum was reached'
      else 'the known total with it is above the annual threshold' end,
    threshold: t.threshold,
    running_before: t.running_before,
    running_after: t.running_after,
    excess: case when t.denied_119 then cast(0 as decimal(18, 2)) else greatest(least(t.running_after - t.threshold, t.allowed_amount), 0) end,
    spending_elsewhere: t.spending_elsewhere,
    not_accruing: coalesce(n.allowed_amount, 0),
    order_basis: t.order_basis,
    group_code: 'CO',
    citation: t.citation
  } end as evidence
from told t
left join not_accruing n on n.patient_id = t.patient_id and n.payer_id = t.payer_id and n.year = t.year
