/*---
table: mart.overpayment_clock
grain: one row per case of the ledger that is open by the day that is looked at
reads: [audit.viewed, mart.overpayment_entry, ref.overpayment_rule]
columns:
  case_id: {type: VARCHAR, is: "case"}
  day: {type: DATE, is: "day that is looked at"}
  state: {type: VARCHAR, is: "not-counting, no-rule, paused, due, overdue, returned, returned-late or closed"}
  first_known_on: {type: DATE, is: "first day on which the ledger knows of the case"}
  identified_on: {type: DATE, is: "day on which a person said that it was identified; null = nobody did"}
  identified_by: {type: VARCHAR, is: "that person"}
  investigating_on: {type: DATE, is: "day on which an investigation of related overpayments began"}
  investigated_on: {type: DATE, is: "day on which it ended, with the whole amount"}
  reported_on: {type: DATE, is: "day of the report"}
  returned_on: {type: DATE, is: "day on which what was refunded reached the amount"}
  closed_on: {type: DATE, is: "day on which a person closed the case"}
  received_on: {type: DATE, is: "day on which the last payment of the case was received"}
  amount: {type: "DECIMAL(12,2)", is: "the amount last stated; null = not stated"}
  refunded: {type: "DECIMAL(12,2)", is: "refunded so far"}
  day_60: {type: DATE, is: "last day to report and return, if nothing suspends the deadline"}
  suspended_from: {type: DATE, is: "first day of the suspension; null = none"}
  day_180: {type: DATE, is: "last day that a suspension can reach"}
  suspended_to: {type: DATE, is: "last day of the suspension: the end of the investigation, at most day 180"}
  days_used: {type: BIGINT, is: "days that had passed before the suspension"}
  due_on: {type: DATE, is: "last day to report and return: the days that were left, counted from the end of the suspension"}
  latest_on: {type: DATE, is: "the same if the whole number of days begins anew after the suspension"}
  day_240: {type: DATE, is: "outer bound: the longest suspension and the whole number of days after it"}
  diligence_to: {type: DATE, is: "end of the six months that were a benchmark of reasonable diligence before 2025"}
  cautious_60: {type: DATE, is: "day 60 if knowledge is held to have begun on the first day"}
  cautious_240: {type: DATE, is: "the outer bound then"}
  look_back_end: {type: DATE, is: "last day of identification that counts: years from receipt; null when the day of receipt is not recorded"}
  is_outside: {type: BOOLEAN, is: "identified after that day"}
  days_left: {type: BIGINT, is: "days from the day that is looked at to due_on, negative when overdue; null when nothing is due"}
  findings: {type: BIGINT, is: "findings that the case names"}
  standard: {type: VARCHAR, is: "what identified means by the rule that is applied"}
  citation: {type: VARCHAR, is: "that rule"}
  why: {type: VARCHAR, is: "how the dates were reached, in sentences"}
---
What is due, counted from the acts of persons. The rule is that in force on the day of identification, else on the day that is looked at. Days are calendar days, none is moved from a week-end,
and the day itself is day 0. A suspension needs an investigation that began before day 60 had passed and had not ended before identification; it is counted through its last day, after
which the days go on that were left. Nothing here says that an overpayment was identified: without a person's entry nothing is counted.
*/
with entry as (select * from mart.overpayment_entry where status = 'counted'),
refund as (
  select case_id, event_date, sum(amount) over (partition by case_id order by event_date, entry) as so_far from entry where event = 'refunded'
),
stated as (
  select e.case_id, min(e.event_date) as first_known_on,
    min(e.event_date) filter (e.event = 'identified') as identified_on, min_by(e.person, e.event_date) filter (e.event = 'identified') as identified_by,
    min(e.event_date) filter (e.event = 'investigating') as investigating_on, min(e.event_date) filter (e.event = 'investigated') as investigated_on,
    min(e.event_date) filter (e.event = 'reported') as reported_on, min(e.event_date) filter (e.event = 'closed') as closed_on,
    max_by(e.received_on, e.entry) filter (e.received_on is not null) as received_on,
    max_by(e.amount, (e.event_date, e.entry)) filter (e.amount is not null and e.event in ('identified', 'investigated')) as amount,
    coalesce(sum(e.amount) filter (e.event = 'refunded'), 0) as refunded,
    len(list_distinct(flatten(list(coalesce(e.finding_ids, []))))) as findings
  from entry e where e.event <> 'withdrawn' group by e.case_id
),
returned as (
  select s.case_id, min(r.event_date) as returned_on from stated s join refund r on r.case_id = s.case_id and r.so_far >= s.amount group by s.case_id
),
ruled as (
  select s.*, v.day, t.returned_on, r.return_days, r.diligence_months, r.suspension_days, r.look_back_years, r.standard, r.citation,
    s.identified_on + r.return_days as day_60, s.identified_on + r.suspension_days as day_180
  from stated s
  cross join audit.viewed v
  left join returned t using (case_id)
  left join ref.overpayment_rule r on r.valid_from <= coalesce(s.identified_on, v.day) and (r.valid_to is null or coalesce(s.identified_on, v.day) < r.valid_to)
),
suspended as (
  select *, case when investigating_on <= day_60 and day_180 is not null and (investigated_on is null or investigated_on > greatest(investigating_on, identified_on))
      then greatest(investigating_on, identified_on) end as suspended_from
  from ruled
),
paused as (
  select *, case when suspended_from is not null then least(coalesce(investigated_on, day_180), day_180) end as suspended_to,
    suspended_from - identified_on as days_used
  from suspended
),
counted as (
  select *, case when suspended_from is null then day_60 else suspended_to + cast(return_days - days_used as integer) end as due_on,
    case when suspended_from is null then day_60 else suspended_to + return_days end as latest_on,
    case when reported_on is not null and returned_on is not null then greatest(reported_on, returned_on) end as done_on,
    cast(received_on + to_years(look_back_years) as date) as look_back_end
  from paused
),
told as (
  select *, case
    when closed_on is not null then 'closed'
    when done_on <= due_on then 'returned'
    when done_on is not null and due_on is not null then 'returned-late'
    when identified_on is null then 'not-counting'
    when return_days is null then 'no-rule'
    when day between suspended_from and suspended_to and (investigated_on is null or day < investigated_on) then 'paused'
    when day <= due_on then 'due'
    else 'overdue' end as state
  from counted
)
select case_id, day, state, first_known_on, identified_on, identified_by, investigating_on, investigated_on, reported_on, returned_on, closed_on, received_on, amount, refunded,
  day_60, suspended_from, day_180, suspended_to, days_used, due_on, latest_on, day_180 + return_days as day_240,
  cast(first_known_on + to_months(diligence_months) as date) as diligence_to,
  first_known_on + return_days as cautious_60, first_known_on + cast(return_days + suspension_days as integer) as cautious_240,
  look_back_end, coalesce(identified_on > look_back_end, false) as is_outside,
  case when state in ('paused', 'due', 'overdue') then due_on - day end as days_left, findings, standard, citation,
  concat_ws(' ',
    case when identified_on is null then 'Nobody has said that it was identified, so that no deadline is counted.'
      else 'Identified on ' || identified_on || ' by ' || identified_by || '.' end,
    case when identified_on is not null and return_days is null then 'No rule was in force on that day.' end,
    'Day ' || return_days || ' is ' || day_60 || '.',
    case when suspended_from is not null then 'The investigation of related overpayments suspends the deadline from ' || suspended_from || ' to '
        || suspended_to || case when suspended_to = day_180 then ' (day ' || suspension_days || ')' else ' (its end)' end || '; ' || days_used
        || ' days had passed, so that ' || (return_days - days_used) || ' are left: ' || due_on || '.'
      when investigating_on > day_60 then 'The investigation began after that day and suspends nothing.'
      when investigated_on <= identified_on then 'The investigation had ended before and suspends nothing.'
      when investigating_on is not null and identified_on is not null and suspension_days is null then 'The rule of that day knows no suspension.' end,
    case when diligence_months is not null then 'Six months from first knowledge, the benchmark of reasonable diligence, end on ' || cast(first_known_on + to_months(diligence_months) as date) || '.' end,
    case when refunded > 0 and amount is null then 'No amount was stated that the refunds could be held against.'
      when refunded > 0 and refunded < amount then refunded || ' of ' || amount || ' are refunded.'
      when returned_on is not null and reported_on is null then 'The money is refunded; the report is not recorded.' end,
    case when received_on is null then 'The day of receipt is not recorded, so that the years of the look-back cannot be counted.'
      when identified_on > look_back_end then 'It was identified after the look-back, which ended on ' || look_back_end || '.' end) as why
from told
