/*---
code: UNT114
name: short-unit-pattern
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
reads: [core.visit_day, ref.param]
params:
  minimum_minutes: {default: 12, why: "documented minutes per timed unit below which a person looks; our choice, about 15 are assumed in the values of the codes"}
  minimum_days: {default: 30, why: "visit days below which a mean says little; our choice"}
references:
  - {title: "Medicare Claims Processing Manual, chapter 5", section: "20.2 C, a habit of short units (quoted in a Highmark notice)"}
message: "On {days} visit days {timed_units} timed units rest on {timed_minutes} documented minutes, {mean_minutes} minutes a unit."
fix: "Look at how the units of these days were counted; each day may be right, and the habit still needs a reason that the provider can state."
---
## What it checks
Rendering providers with visit days whose payer counts the day's minutes together (`cms`) and on which timed units are billed. Over all such days with recorded
timed minutes, the sum of the minutes is divided by the sum of the timed units. A mean below the limit over enough days is a finding, without an amount. A day
belongs to the provider with most units on it. Days over several dates, with units that are not whole, or whose minutes are shared between billing NPIs
are left out. With no such day the answer is `minutes-not-recorded`, with too few `too-few-days`.

## Why it matters
The values of timed codes assume about 15 minutes a unit. Units that are mostly just long enough, day after day, draw a reviewer.

## Known limits
The limit and the number of days are our own and can be set. A second payer of one day counts the day again. A day whose units are too many (UNT101) lowers the mean
as well.

## How to answer it
Show schedule and notes of typical days, and why the sessions are as long as they are.
*/
with total as (
  select provider_npi, max(service_date) as last_day, count(*) filter (usable) as days, sum(timed_minutes) filter (usable) as timed_minutes,
    sum(timed_units) filter (usable) as timed_units
  from (
    select provider_npi, service_date, timed_minutes, timed_units,
      timed_minutes is not null and not has_date_span and not has_odd_units and not minutes_shared as usable
    from core.visit_day
    where units_method = 'cms' and timed_codes > 0
  )
  group by provider_npi
),
parameter as (
  select t.last_day, max(q.value) filter (q.param = 'minimum_minutes') as minimum_minutes, min(q.value) filter (q.param = 'minimum_days') as minimum_days
  from (select distinct last_day from total) t
  join ref.param q on q.check_code = 'UNT114' and q.valid_from <= t.last_day and (q.valid_to is null or t.last_day < q.valid_to)
  group by t.last_day
),
judged as (
  select t.provider_npi, t.last_day, t.days, t.timed_minutes, t.timed_units,
    case when t.days = 0 then 'minutes-not-recorded' when t.days < q.minimum_days then 'too-few-days'
      when t.timed_minutes < q.minimum_minutes * t.timed_units then 'short' end as outcome
  from total t
  join parameter q on q.last_day = t.last_day
)
select provider_npi as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id, provider_npi,
  cast(null as varchar) as payer_id, last_day as service_date,
  case outcome when 'short' then 'finding' when 'too-few-days' then 'cannot_tell' when 'minutes-not-recorded' then 'cannot_tell' else 'pass' end as verdict,
  nullif(outcome, 'short') as reason, cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis, cast([] as struct(line_id bigint, amount decimal(12, 2))[]) as line_shares,
  case when outcome = 'short' then {
    days: days,
    timed_minutes: cast(timed_minutes as integer),
    timed_units: cast(timed_units as integer),
    mean_minutes: cast(round(cast(timed_minutes / timed_units as decimal(18, 6)), 2) as decimal(12, 2))
  } end as evidence
from judged
