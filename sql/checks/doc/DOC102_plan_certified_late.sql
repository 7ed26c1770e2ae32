/*---
code: DOC102
name: plan-certified-late
status: stable
since: 0.2.0
severity: review
subject: episode
partition_by: patient_id
payers: requires_certified_plan
direction: none
needs: [plans_of_care]
reads: [core.episode_payer, core.certification, core.visit_day]
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.1.3, timely certification: 30 days after the first treatment day"}
  - {title: "42 CFR 424.24(c)", section: "the order exception of 2025"}
message: "The {discipline} plan of care that began on {first_day} was certified on {certified_date}, {days_after} days after the first treatment day; {timely_days} are timely."
fix: "Keep with the plan the reason for the delay and what shows that the physician was involved; load an earlier verbal order if there was one."
---
## What it checks
Episodes (therapy days of one patient, discipline and billing NPI with gaps of at most 60 days, denied lines left out) with a certified plan of care and lines for
Medicare Part B or another payer that wants one, once for each such payer. The earliest certification of the episode's rows counts. Later than 30 days after the first treatment day it is
a finding without an amount, unless the order exception for plans from 2025-01-01 holds (order signed up to the first treatment day, plan sent within 30 days after it). The
finding is dated by the last treatment day. An episode without any certification is judged by DOC101 and is no subject here.
Not told: `payer-rule-unknown`, `plans-not-loaded`, `episode-start-unknown`, `order-not-recorded`, and `first-treatment-day-unclear`: the certification is late only
when counted from an evaluation date before the first line, or when not counted from the payer's own first day.

## Why it matters
A certification that comes late counts only with a reason for the delay.

## Known limits
A verbal order within the 30 days, signed later, is timely and is not in the data. Recertifications are not judged here.

## How to answer it
Show the verbal order, or the documented reason for the delay.
*/
with plan as (
  select episode_id, min(certified_date) as certified_date, bool_or(exception = 'holds') as is_excepted,
    bool_or(exception = 'unknown') as order_unknown, min(evaluation_date) as evaluation_date, arg_min(timely_days, evaluation_date) as timely_days
  from core.certification
  where episode_id is not null
  group by episode_id
),
told as (
  select e.episode_id, e.patient_id, e.discipline, e.billing_npi, e.first_day, e.payer_id, e.provider_npi, e.payer_last_day, e.day_ids,
    p.certified_date, p.timely_days, p.evaluation_date,
    case when e.requires_certified_plan is null then 'payer-rule-unknown'
      when p.episode_id is null then 'plans-not-loaded'
      when not e.start_known then 'episode-start-unknown'
      when p.is_excepted or p.certified_date <= least(e.first_day, p.evaluation_date) + p.timely_days then 'timely'
      when p.order_unknown then 'order-not-recorded'
      when p.certified_date <= e.payer_first_day + p.timely_days then 'first-treatment-day-unclear'
      else 'late' end as outcome
  from core.episode_payer e
  left join plan p on p.episode_id = e.episode_id
  -- without any certification there is nothing that could be late
  where e.requires_certified_plan is null or p.certified_date is not null or p.is_excepted
    or e.billing_npi not in (select billing_npi from core.certification)
),
listed as (
  select t.episode_id, t.payer_id, list_sort(flatten(list(v.lines))) as line_ids
  from core.visit_day v
  join (select episode_id, payer_id, unnest(day_ids) as day_id from told where outcome = 'late') t on v.day_id = t.day_id
  group by t.episode_id, t.payer_id
)
select concat_ws('|', t.patient_id, t.discipline, t.billing_npi, t.payer_id, t.first_day) as subject_key,
  t.billing_npi, t.patient_id, t.provider_npi, t.payer_id, t.payer_last_day as service_date,
  case when t.outcome = 'late' then 'finding' when t.outcome = 'timely' then 'pass' else 'cannot_tell' end as verdict,
  case when t.outcome not in ('late', 'timely') then t.outcome end as reason,
  case when t.outcome = 'late' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  list_transform(l.line_ids, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) as line_shares,
  case when t.outcome = 'late' then {
    discipline: t.discipline,
    first_day: t.first_day,
    certified_date: t.certified_date,
    days_after: t.certified_date - t.first_day,
    timely_days: t.timely_days,
    evaluation_date: t.evaluation_date
  } end as evidence
from told t
left join listed l on l.episode_id = t.episode_id and l.payer_id = t.payer_id
