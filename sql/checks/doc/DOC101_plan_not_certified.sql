/*---
code: DOC101
name: plan-not-certified
status: stable
since: 0.2.0
severity: review
subject: episode
partition_by: patient_id
payers: requires_certified_plan
direction: none
needs: [plans_of_care]
reads: [core.episode_payer, core.certification, core.visit_day, core.run, ref.certification_rule]
ripens_after: ref.certification_rule.timely_days
references:
  - {title: "42 CFR 424.24(c)", section: "certification of outpatient therapy; the order exception of 2025"}
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.1.3, certification"}
message: "No certification is recorded for the {discipline} plan of care that began on {first_day} ({why})."
fix: "Obtain the signature of the physician or other practitioner with the reason for the delay, or load the certification, or the signed order and the proof that the plan was sent."
---
## What it checks
Episodes (therapy days of one patient, discipline and billing NPI with gaps of at most 60 days, denied lines left out) with lines for Medicare Part B or another payer that
wants a certified plan, once for each such payer. More than 30 days after the first treatment day, an episode of which no row of its plan of care is certified is a
finding without an amount; it is dated by the last treatment day, and known again by the first. A row belongs to an episode when it begins on one of
its days, between them, or at most 60 days before. For plans from 2025-01-01 the first row needs no signature where an order was signed up to the first treatment day and the
plan was sent within 30 days after it. A blank date means that it was not done, where the column is filled for that billing NPI at all.
Not told: `payer-rule-unknown`, `plans-not-loaded` (no plan of that billing NPI), `episode-start-unknown`, `certification-not-recorded`, `order-not-recorded`.

## Why it matters
Services under a plan that nobody certified are not payable.

## Known limits
A late certification is accepted where the record explains the delay, so that a missing one is for review. A verbal order and who may certify are
not in the data. Plans that were never exported look like plans that were never written.

## How to answer it
Show the certification with its date, or the signed order and the proof that the plan was sent.
*/
with plan as (
  select episode_id, bool_or(is_certified) as is_certified, bool_or(is_certified is null) as is_unclear,
    bool_or(exception = 'unknown') as order_unknown, count(*) as plans
  from core.certification
  where episode_id is not null
  group by episode_id
),
told as (
  select e.episode_id, e.patient_id, e.discipline, e.billing_npi, e.first_day, e.payer_id, e.provider_npi, e.payer_last_day, e.day_ids, coalesce(p.plans, 0) as plans,
    case when e.requires_certified_plan is null then 'payer-rule-unknown'
      when p.is_certified then 'certified'
      when not e.start_known then 'episode-start-unknown'
      when r.as_of <= e.payer_first_day + q.timely_days then 'due'
      when e.billing_npi not in (select billing_npi from core.certification) then 'plans-not-loaded'
      when p.order_unknown then 'order-not-recorded'
      when p.is_unclear then 'certification-not-recorded'
      else 'missing' end as outcome
  from core.episode_payer e
  cross join core.run r
  join ref.certification_rule q on q.valid_from <= e.first_day and (q.valid_to is null or e.first_day < q.valid_to)
  left join plan p on p.episode_id = e.episode_id
),
listed as (
  select t.episode_id, t.payer_id, list_sort(flatten(list(v.lines))) as line_ids
  from core.visit_day v
  join (select episode_id, payer_id, unnest(day_ids) as day_id from told where outcome = 'missing') t on v.day_id = t.day_id
  group by t.episode_id, t.payer_id
)
select concat_ws('|', t.patient_id, t.discipline, t.billing_npi, t.payer_id, t.first_day) as subject_key,
  t.billing_npi, t.patient_id, t.provider_npi, t.payer_id, t.payer_last_day as service_date,
  case when t.outcome = 'missing' then 'finding' when t.outcome in ('certified', 'due') then 'pass' else 'cannot_tell' end as verdict,
  case when t.outcome not in ('missing', 'certified', 'due') then t.outcome end as reason,
  case when t.outcome = 'missing' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  list_transform(l.line_ids, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) as line_shares,
  case when t.outcome = 'missing' then {
    discipline: t.discipline,
    first_day: t.first_day,
    why: case when t.plans = 0 then 'no plan of that episode is loaded' else 'its plan is loaded without one' end,
    treatment_days: len(t.day_ids)
  } end as evidence
from told t
left join listed l on l.episode_id = t.episode_id and l.payer_id = t.payer_id
