/*---
code: CAP104
name: review-threshold-exposure
status: stable
since: 0.1.0
severity: info
subject: claim_line
partition_by: patient_id
payers: uses_therapy_threshold
direction: none
needs: [allowed_amount]
reads: [core.threshold_line, core.threshold_period]
references:
  - {title: "CMS Therapy Services page", section: "targeted medical review threshold, 3,000 until 2028"}
  - {title: "NGS Medicare article 10703808", section: "not every claim above it is reviewed"}
message: "With this line the patient's known {bucket_name} total of {year} is {running_after}, above the targeted review amount of {review_amount}."
fix: "Nothing to correct; have the notes ready that show why the services were necessary."
---
## What it checks
Lines that accrue to the annual therapy threshold, on dates with a targeted review amount (from 2012-10-01; known to the end of 2027, also where
the year's threshold is not). The first line of the patient, payer, year and bucket whose running total is above that amount is noted, once; later lines
pass. A date without a review amount is not examined.

## Why it matters
Above this amount claims can be chosen for review before or after payment. Nothing changes in how they are billed.

## Known limits
Not all such claims are reviewed, and how they are chosen is not known from the claims. Other providers' services count too and are
mostly not in the data. A line without an allowed amount, and one that only undated spending elsewhere would lift above the amount, cannot be
told; both add nothing, so that the true total may have passed the amount earlier. The amounts before 2018 come from trade associations.

## How to answer it
No answer is needed. If records are asked for, send plan of care, progress reports and treatment notes of the year.
*/
with crossing as (
  select arg_min(line_id, position) as line_id
  from core.threshold_line join core.threshold_period using (period_id)
  where is_judged and not denied_119 and allowed_amount is not null and running_after > review_amount
  group by total_id
),
judged as (
  select t.line_id, p.patient_id, t.provider_npi, p.payer_id, t.service_date, t.procedure_code, p.year, p.bucket, p.order_basis, t.running_before,
    t.running_after, t.spending_elsewhere, p.threshold, p.review_amount, p.citation,
    case when p.uses_therapy_threshold is null then 'payer-rule-unknown'
      when t.allowed_amount is null then 'allowed-amount-missing'
      when c.line_id is not null then 'first-above'
      when t.running_after <= p.review_amount and t.running_after + p.spending_undated > p.review_amount then 'spending-elsewhere-undated'
      else 'below-or-later' end as outcome
  from core.threshold_line t
  join core.threshold_period p using (period_id)
  left join crossing c on c.line_id = t.line_id
  where t.is_judged and not t.denied_119 and p.review_amount is not null
)
select line_id,
  -- once for a patient and year: which line is the first above may change with every line before it
  case when outcome = 'first-above' then concat_ws('|', patient_id, payer_id, year, bucket) end as subject_key,
  provider_npi, payer_id, service_date,
  case outcome when 'first-above' then 'finding' when 'below-or-later' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('first-above', 'below-or-later') then outcome end as reason,
  case when outcome = 'first-above' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'first-above' then {
    procedure_code: procedure_code,
    year: year,
    bucket: bucket,
    bucket_name: case bucket when 'OT' then 'occupational therapy' else 'physical therapy with speech-language pathology' end,
    threshold: threshold,
    review_amount: review_amount,
    running_before: running_before,
    running_after: running_after,
    excess: running_after - review_amount,
    spending_elsewhere: spending_elsewhere,
    order_basis: order_basis,
    citation: citation
  } end as evidence
from judged
