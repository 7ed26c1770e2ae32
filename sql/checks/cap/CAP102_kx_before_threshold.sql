/*---
code: CAP102
name: kx-before-threshold
status: stable
since: 0.1.0
severity: review
subject: claim_line
partition_by: patient_id
payers: uses_therapy_threshold
direction: none
needs: [allowed_amount]
reads: [core.threshold_line, core.threshold_period, core.claim_line]
references:
  - {title: "Palmetto GBA: KX modifier page", section: "KX states that the threshold is already met"}
  - {title: "CMS MLN Matters SE0637", section: "KX on all lines of the discipline on a claim, or on none (claims to intermediaries, 2006)"}
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 5, section 10.3", section: "routine use of KX (read in copies)"}
message: "KX is on this line of {procedure_code}; the known total with it is {running_after}, and no line of its claim is above the threshold of {threshold} ({year})."
fix: "If other providers' services had used up the rest, note where that was checked; otherwise leave KX off until the threshold is passed."
---
## What it checks
Lines that accrue to the annual therapy threshold and carry KX. KX while the known total, this line included, is at or below the
year's amount is for review, unless another line of the same claim and bucket is above it: KX then stands on all lines of that
bucket on the claim. A line with GA as well is MOD109's.

## Why it matters
KX attests that the threshold is passed and that the services are necessary. A pattern of KX from the first visit on stands out
in a payer's data.

## Known limits
Other providers may have used part of the amount: spending that the data do not hold makes KX right, and the total is a lower bound
also where earlier lines have no allowed amount. The rule for all lines of a bucket on one claim is sourced for claims to
intermediaries in 2006; for professional claims it is from memory, so that it can only clear a line here, never accuse one.

## How to answer it
Show the eligibility inquiry or the patient's history at other providers. Nothing needs repayment for KX alone.
*/
with line as not materialized (
  select t.line_id, t.provider_npi, t.service_date, t.procedure_code, t.has_kx, t.is_judged, t.allowed_amount, t.running_before, t.running_after,
    t.spending_elsewhere, p.total_id, p.payer_id, p.year, p.bucket, p.order_basis, p.uses_therapy_threshold, p.threshold, p.spending_undated, p.citation
  from core.threshold_line t join core.threshold_period p using (period_id)
  where not t.denied_119
),
-- lines above the amount, or that would be with spending elsewhere of no known date, and the lines with KX below it: what stands on one claim
of_claim as (
  select l.line_id, t.running_after, t.has_kx and t.running_after <= t.threshold as is_early,
    max(t.running_after) filter (t.running_after + t.spending_undated > t.threshold) over (partition by t.total_id, l.claim_id) as total
  from core.claim_line l
  join (
    select line_id, total_id, has_kx, running_after, threshold, spending_undated from line
    where (has_kx and running_after <= threshold) or running_after + spending_undated > threshold
  ) t using (line_id)
),
above as (select line_id, total from of_claim where is_early and total is not null),
judged as (
  select t.line_id, t.provider_npi, t.payer_id, t.service_date, t.procedure_code, t.year, t.bucket, t.order_basis, t.running_before,
    t.running_after, t.spending_elsewhere, t.threshold, t.citation,
    case when t.uses_therapy_threshold is null then 'payer-rule-unknown'
      when not t.has_kx then 'no-kx'
      when t.threshold is null then 'no-reference-for-date'
      when t.running_after > t.threshold or a.total > t.threshold then 'above'
      when a.line_id is not null then 'spending-elsewhere-undated'
      when t.allowed_amount is null then 'allowed-amount-missing'
      else 'early' end as outcome
  from line t
  left join above a using (line_id)
  where t.is_judged
)
select line_id, provider_npi, payer_id, service_date,
  case when outcome = 'early' then 'finding' when outcome in ('no-kx', 'above') then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('early', 'no-kx', 'above') then outcome end as reason,
  case when outcome = 'early' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'early' then {
    procedure_code: procedure_code,
    year: year,
    bucket: bucket,
    threshold: threshold,
    running_before: running_before,
    running_after: running_after,
    excess: cast(0 as decimal(18, 2)),
    spending_elsewhere: spending_elsewhere,
    order_basis: order_basis,
    citation: citation
  } end as evidence
from judged
