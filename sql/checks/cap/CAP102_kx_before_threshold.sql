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
reads: [core.threshold_line, core.threshold_period, core.kx_above]
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
with judged as (
  select t.line_id, t.provider_npi, p.payer_id, t.service_date, t.procedure_code, p.year, p.bucket, p.order_basis, t.running_before,
    t.running_after, t.spending_elsewhere, p.threshold, p.citation,
    case when p.uses_therapy_threshold is null then 'payer-rule-unknown'
      when not t.has_kx then 'no-kx'
      when p.threshold is null then 'no-reference-for-date'
      when t.running_after > p.threshold or a.total > p.threshold then 'above'
      when a.line_id is not null then 'spending-elsewhere-undated'
      when t.allowed_amount is null then 'allowed-amount-missing'
      else 'early' end as outcome
  from core.threshold_line t
  join core.threshold_period p using (period_id)
  left join core.kx_above a using (line_id)
  where not t.denied_119 and t.is_judged
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
