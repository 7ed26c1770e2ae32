/*---
table: core.certification
grain: one row per patient, discipline, billing NPI and first day that a certification covers
reads: [core.plan_of_care, core.episode, ref.certification_rule]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  billing_npi: {type: VARCHAR, is: "billing NPI; a row without one stands for everyone who billed that discipline for the patient"}
  evaluation_date: {type: DATE, is: "first day it covers"}
  next_date: {type: DATE, is: "first day of the next certification; null for the last"}
  episode_id: {type: BIGINT, is: "episode that it belongs to; null for none"}
  is_initial: {type: BOOLEAN, is: "first row of its episode; null without an episode"}
  certified_date: {type: DATE, is: "day of certification"}
  is_certified: {type: BOOLEAN, is: "certified, or a signed order stands in for it; null where the source does not record what it takes to know"}
  timely_days: {type: INTEGER, is: "days after the first treatment day within which it is timely"}
  exception: {type: VARCHAR, is: "the order exception of 2025 for initial rows: holds, no, or unknown"}
  covered_to: {type: DATE, is: "last day surely covered, certified or not"}
  certified_to: {type: DATE, is: "last day surely covered by this or an earlier certified row; null for none"}
  certified_open_day: {type: DATE, is: "day after the longest span of the certified rows so far, where the plan does not end before it: the rule does not say whether it is covered"}
  unclear_to: {type: DATE, is: "last day that this or an earlier row may cover of which it is not known whether it is certified"}
  initial_to: {type: DATE, is: "last day that an uncertified initial row up to here may cover"}
  later_to: {type: DATE, is: "last day that an uncertified recertification up to here may cover"}
---
Plans of care as certifications in force (rulings 4 and 10). Between evaluation_date and next_date a line looks at this row alone: what earlier rows cover is
carried along. A blank date means that it was not done, provided that the column is filled for the billing NPI at least once. A plan end before
the plan's first day is taken as blank. Rows that begin on one day are one: the earliest dates, the latest end.
*/
with loaded as (
  select patient_id, discipline, billing_npi, evaluation_date, max(plan_to) filter (plan_to >= evaluation_date) as plan_to,
    min(plan_sent_date) as plan_sent_date, min(order_signed_date) as order_signed_date, min(certified_date) as certified_date
  from (
    select patient_id, discipline, billing_npi, evaluation_date, plan_to, plan_sent_date, order_signed_date, certified_date
    from core.plan_of_care where billing_npi is not null
    union all
    select p.patient_id, p.discipline, e.billing_npi, p.evaluation_date, p.plan_to, p.plan_sent_date, p.order_signed_date, p.certified_date
    from core.plan_of_care p
    join (select distinct patient_id, discipline, billing_npi from core.episode) e on e.patient_id = p.patient_id and e.discipline = p.discipline
    where p.billing_npi is null
  )
  group by patient_id, discipline, billing_npi, evaluation_date
),
recorded as (
  select billing_npi, count(certified_date) > 0 as has_certified, count(order_signed_date) > 0 as has_order, count(plan_sent_date) > 0 as has_sent
  from loaded group by billing_npi
),
placed as (
  select l.*, e.episode_id, e.first_day, r.timely_days, r.span_days, r.order_suffices, c.has_certified, c.has_order, c.has_sent,
    case when e.episode_id is not null then row_number() over (
      partition by e.episode_id order by l.evaluation_date) = 1 end as is_initial
  from loaded l
  join recorded c on c.billing_npi = l.billing_npi
  join ref.certification_rule r on r.valid_from <= l.evaluation_date and (r.valid_to is null or l.evaluation_date < r.valid_to)
  left join core.episode e on e.patient_id = l.patient_id and e.discipline = l.discipline and e.billing_npi = l.billing_npi
    and l.evaluation_date between e.first_day - 60 and e.last_day
),
-- an order up to the first treatment day, and the plan sent within the time after it; blank is no where the column is filled at all
excepted as (
  select *,
    case when not order_suffices or is_initial is distinct from true
        or order_signed_date > first_day or (order_signed_date is null and has_order)
        or plan_sent_date < least(evaluation_date, first_day) or plan_sent_date > first_day + timely_days or (plan_sent_date is null and has_sent) then 'no'
      when order_signed_date is null or plan_sent_date is null then 'unknown'
      else 'holds' end as exception
  from placed
),
judged as (
  select *,
    case when certified_date is not null or exception = 'holds' then true when not has_certified or exception = 'unknown' then null else false end as is_certified,
    least(plan_to, evaluation_date + span_days - 1) as covered_to,
    case when plan_to is null or plan_to >= evaluation_date + span_days then evaluation_date + span_days end as open_day
  from excepted
)
select patient_id, discipline, billing_npi, evaluation_date, lead(evaluation_date) over w as next_date, episode_id, is_initial, certified_date, is_certified,
  timely_days, exception, covered_to,
  max(case when is_certified then covered_to end) over w as certified_to,
  max(case when is_certified then open_day end) over w as certified_open_day,
  max(case when is_certified is null then greatest(covered_to, open_day) end) over w as unclear_to,
  max(case when not is_certified and coalesce(is_initial, true) then greatest(covered_to, open_day) end) over w as initial_to,
  max(case when not is_certified and not is_initial then greatest(covered_to, open_day) end) over w as later_to
from judged
window w as (partition by patient_id, discipline, billing_npi order by evaluation_date)
