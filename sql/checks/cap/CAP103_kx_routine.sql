/*---
code: CAP103
name: kx-routine
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: uses_therapy_threshold
direction: none
needs: [allowed_amount]
reads: [core.threshold_patient, ref.param]
params:
  share_of_patients: {default: 0.2, why: "share of patients above which a person looks; our choice, no published rule"}
  minimum_patients: {default: 20, why: "patients below which a share says little; our choice"}
references:
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 5, section 10.3", section: "routine use of KX (read in copies)"}
  - {title: "Palmetto GBA: KX modifier page", section: "KX states that the threshold is already met"}
message: "{patients_early} of {patients} patients of {year} have KX before the annual threshold ({percent} percent)."
fix: "Find out what sets KX; where other providers' services had used up the amount, note where that was checked, otherwise leave KX off until it is passed."
---
## What it checks
Billing NPIs by calendar year with lines that accrue to the annual therapy threshold. Patients with such a line are counted, and of these the ones with KX before the
threshold, as CAP102 finds it. A share above the limit is a finding, without an amount. Fewer patients than the minimum: `too-few-patients`. Where of
some patients it cannot be told whether KX was early and these decide, the answer is their reason: `no-reference-for-date`, `spending-elsewhere-undated` or
`allowed-amount-missing`. Payers of whom it is unknown whether they have the threshold take no part; where there is no other, `payer-rule-unknown`.

## Why it matters
KX attests that the threshold is passed and that the services are necessary. Set by habit it attests to nothing, and payers look for it.

## Known limits
Both limits are our own and can be set. Spending at other providers that the data do not hold makes KX right. The year is that of the service dates; a year that is
not over can still change.

## How to answer it
Show how the clinic decides on KX, and eligibility inquiries of patients in question.
*/
with counted as (
  select npi, year, max(last_day) as last_day, count(*) filter (uses_therapy_threshold) as patients, count(*) filter (has_early_kx) as patients_early,
    count(*) filter (not has_early_kx and untold is not null) as patients_untold, min(untold) filter (not has_early_kx) as untold
  from core.threshold_patient
  group by npi, year
),
parameter as (
  select c.last_day, max(q.value) filter (q.param = 'share_of_patients') as share_of_patients, min(q.value) filter (q.param = 'minimum_patients') as minimum_patients
  from (select distinct last_day from counted) c
  join ref.param q on q.check_code = 'CAP103' and q.valid_from <= c.last_day and (q.valid_to is null or c.last_day < q.valid_to)
  group by c.last_day
),
judged as (
  select c.npi, c.year, c.last_day, c.patients, c.patients_early,
    case when c.patients = 0 then 'payer-rule-unknown'
      when c.patients < q.minimum_patients then 'too-few-patients'
      when c.patients_early > q.share_of_patients * c.patients then 'above'
      when c.patients_early + c.patients_untold <= q.share_of_patients * c.patients then 'below'
      when c.untold in ('no-reference-for-date', 'spending-elsewhere-undated', 'allowed-amount-missing') then c.untold end as outcome
  from counted c
  join parameter q on q.last_day = c.last_day
)
select concat_ws('|', npi, year) as subject_key, npi as billing_npi, cast(null as varchar) as patient_id, npi as provider_npi,
  cast(null as varchar) as payer_id, last_day as service_date,
  case outcome when 'above' then 'finding' when 'below' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('above', 'below') then outcome end as reason,
  cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis, cast([] as struct(line_id bigint, amount decimal(12, 2))[]) as line_shares,
  case when outcome = 'above' then {
    year: year,
    patients: patients,
    patients_early: patients_early,
    percent: cast(round(100.0 * patients_early / patients) as integer)
  } end as evidence
from judged
