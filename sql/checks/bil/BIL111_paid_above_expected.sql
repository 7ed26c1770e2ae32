/*---
code: BIL111
name: paid-above-expected
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: none
needs: [allowed_amount, charge_amount]
reads: [core.claim_line, core.payer, ref.fee_schedule, ref.geographic_factor, ref.therapy_reduction, ref.param]
params:
  tolerance_share: {default: 0.05, why: "share of the expected fee that is tolerated above it; our choice, because locality and quarter are not on the claim"}
  tolerance_amount: {default: 0.05, why: "dollars tolerated above the expected fee where the share is less; our choice, rounding"}
  token_charge: {default: 0.01, why: "charge up to which a line only reports and is not judged"}
references:
  - {title: "CMS physician fee schedule", section: "allowed amount: the lower of the charge and the fee"}
  - {title: "CMS Therapy Services page", section: "multiple procedure payment reduction since 2013-04-01"}
message: "{amount} was {basis} for {units} of {procedure_code}, above {bound_is} of {bound}."
fix: "Compare the remittance with the payer's fee for the locality and the date, and with the other lines of the day; ask the payer to reprocess if it paid too much."
---
## What it checks
Lines for Medicare Part B that were not denied and have a charge above one cent. An allowed or paid amount above the charge is a finding. So is one above the fee by more than 5 percent and 5 cents:
the fee with the highest geographic factors of the line's state, and with the therapy reduction. Of the day's units of therapy codes for one patient, payer and billing NPI,
the one with the highest practice expense is paid whole; of equal ones, that on which most was paid. The other units lose a share of the practice expense. Nothing is put at risk.

## Why it matters
Money that the payer's own rules do not give is asked back, whoever made the error.

## Known limits
The fee is an upper bound: no state is paid more than its highest locality. The cut for CQ and CO is left out. The fee schedule holds therapy codes from 2024-03-09; other codes and
dates are compared with the charge alone. Where a date has no geographic factors the highest and the lowest of all loaded ones bound the fee:
above the highest is a finding, between the two `no-reference-for-date`. A line without a state likewise: `state-missing`. Lines over several days: `date-span`
unless no unit could be reduced to pay so much. Without a charge a line that shows nothing cannot be told: `charge-amount-missing`.

## How to answer it
Show the payer's fee for the locality and the date.
*/
with param as (
  select d.service_date, max(q.value) filter (q.param = 'tolerance_share') as tolerance_share,
    max(q.value) filter (q.param = 'tolerance_amount') as tolerance_amount, max(q.value) filter (q.param = 'token_charge') as token_charge
  from (select distinct service_date from core.claim_line) d
  join ref.param q on q.check_code = 'BIL111' and q.valid_from <= d.service_date and (q.valid_to is null or d.service_date < q.valid_to)
  group by d.service_date
),
-- the highest and the lowest factors of any state, for lines of which the state or the factors of the year are not known
edge as (
  select max(work) as high_work, max(practice_expense) as high_expense, max(malpractice) as high_malpractice,
    min(work) as low_work, min(practice_expense) as low_expense, min(malpractice) as low_malpractice
  from ref.geographic_factor
),
-- the line whose unit is paid whole that day
whole as (
  select arg_max(l.line_id, (f.pe_rvu_nonfacility, f.work_rvu + f.pe_rvu_nonfacility + f.mp_rvu,
    coalesce(greatest(l.allowed_amount, l.paid_amount), 0) / l.units, l.claim_id, l.line_number)) as line_id
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id and p.payer_class = 'medicare_b'
  join ref.fee_schedule f on f.procedure_code = l.procedure_code and f.multiple_procedure = '5' and f.work_rvu is not null
    and f.valid_from <= l.service_date and (f.valid_to is null or l.service_date < f.valid_to)
  join param q on q.service_date = l.service_date
  where not l.is_denied and not l.date_span and l.units > 0 and coalesce(l.charge_amount > q.token_charge, true)
  group by l.patient_id, l.service_date, l.billing_npi, l.payer_id
),
fee as (
  select row_number() over () as fee_no, procedure_code, valid_from, valid_to, work_rvu, pe_rvu_nonfacility, mp_rvu, conversion_factor, multiple_procedure, release
  from ref.fee_schedule
),
factor as (
  select row_number() over () as factor_no, state, valid_from, valid_to, work, practice_expense, malpractice from ref.geographic_factor
),
line as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.units, l.date_span, l.charge_amount,
    greatest(l.allowed_amount, l.paid_amount) as amount, coalesce(l.allowed_amount >= l.paid_amount, l.paid_amount is null) as is_allowed,
    l.state is not null as has_state, coalesce(f.fee_no, 0) as fee_no, coalesce(g.factor_no, 0) as factor_no, f.release,
    -- units of which the practice expense is reduced
    case when f.multiple_procedure = '5' then l.units - case when w.line_id is not null then least(l.units, 1) else 0 end else 0 end as reduced_units, r.share,
    q.tolerance_share, q.tolerance_amount
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id and p.payer_class = 'medicare_b'
  join param q on q.service_date = l.service_date
  left join whole w on w.line_id = l.line_id
  left join fee f on f.procedure_code = l.procedure_code and l.units > 0 and f.valid_from <= l.service_date
    and (f.valid_to is null or l.service_date < f.valid_to)
  left join factor g on g.state = l.state and g.valid_from <= l.service_date and (g.valid_to is null or l.service_date < g.valid_to)
  join ref.therapy_reduction r on r.setting = p.ncci_setting and r.valid_from <= l.service_date
    and (r.valid_to is null or l.service_date < r.valid_to)
  where not l.is_denied and coalesce(l.charge_amount > q.token_charge, true)
),
-- many lines ask for few fees: each is worked out once
rate as (
  select q.*,
    cast(f.conversion_factor * (f.work_rvu * coalesce(g.work, e.high_work) + f.mp_rvu * coalesce(g.malpractice, e.high_malpractice)) as decimal(18, 6)) as high_rest,
    cast(f.conversion_factor * f.pe_rvu_nonfacility * coalesce(g.practice_expense, e.high_expense) as decimal(18, 6)) as high_expense,
    cast(f.conversion_factor * (f.work_rvu * coalesce(g.work, e.low_work) + f.mp_rvu * coalesce(g.malpractice, e.low_malpractice)) as decimal(18, 6)) as low_rest,
    cast(f.conversion_factor * f.pe_rvu_nonfacility * coalesce(g.practice_expense, e.low_expense) as decimal(18, 6)) as low_expense
  from (select distinct fee_no, factor_no, units, reduced_units, date_span, share, tolerance_share, tolerance_amount from line) q
  cross join edge e
  left join fee f on f.fee_no = q.fee_no
  left join factor g on g.factor_no = q.factor_no
),
-- wide decimals, because a unit typed wrongly can have nine digits
expected as (
  select *,
    -- at most: of a line over several days no unit may have been reduced
    cast(cast(units as decimal(20, 3)) * high_rest
      + high_expense * (cast(units as decimal(20, 3)) - case when date_span then 0 else reduced_units * share end) as decimal(18, 2)) as high_fee,
    cast(cast(units as decimal(20, 3)) * low_rest + low_expense * (cast(units as decimal(20, 3)) - reduced_units * share) as decimal(18, 2)) as low_fee
  from rate
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.units, l.charge_amount, l.amount, l.is_allowed, l.release, e.high_fee,
    case when l.amount > l.charge_amount then 'charge'
      when l.amount > e.high_bound then 'fee'
      when l.amount is null then 'allowed-amount-missing'
      when l.amount > e.low_bound then
        case when not l.has_state then 'state-missing' when l.factor_no = 0 then 'no-reference-for-date' else 'date-span' end
      when l.charge_amount is null then 'charge-amount-missing'
      else 'fits' end as state
  from line l
  join (
    select *, high_fee + greatest(tolerance_amount, tolerance_share * high_fee) as high_bound, low_fee + greatest(tolerance_amount, tolerance_share * low_fee) as low_bound
    from expected
  ) e on e.fee_no = l.fee_no and e.factor_no = l.factor_no and e.units = l.units and e.reduced_units = l.reduced_units and e.date_span = l.date_span
    and e.share = l.share and e.tolerance_share is not distinct from l.tolerance_share and e.tolerance_amount is not distinct from l.tolerance_amount
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when state in ('charge', 'fee') then 'finding' when state = 'fits' then 'pass' else 'cannot_tell' end as verdict,
  case when state not in ('charge', 'fee', 'fits') then state end as reason,
  case when state in ('charge', 'fee') then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when state in ('charge', 'fee') then {
    procedure_code: procedure_code,
    units: rtrim(rtrim(cast(units as varchar), '0'), '.') || case when units = 1 then ' unit' else ' units' end,
    amount: amount,
    basis: case when is_allowed then 'allowed' else 'paid' end,
    bound_is: case when state = 'charge' then 'the charge' else 'the highest fee in the state with the therapy reduction' end,
    bound: case when state = 'charge' then charge_amount else high_fee end,
    difference: amount - case when state = 'charge' then charge_amount else high_fee end,
    charge_amount: charge_amount,
    release: release
  } end as evidence
from judged
