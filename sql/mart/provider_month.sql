/*---
table: mart.provider_month
grain: one row per provider and calendar month between its first and last service date
reads: [core.claim_line, mart.provider, mart.finding_page]
columns:
  provider_no: {type: INTEGER, is: "page"}
  month: {type: DATE, is: "first day of the month"}
  lines: {type: BIGINT, is: "lines audited"}
  errors: {type: BIGINT, is: "error findings with a service date in the month"}
  reviews: {type: BIGINT, is: "review findings with a service date in the month"}
  stands_out: {type: BOOLEAN, is: "error findings at least twice what the other months lead one to expect, and beyond chance"}
---
Findings per 100 lines are errors and reviews over lines; a pattern of a provider is of all its days, and of no month. A month stands out when it has at least ten error findings, twice
the number its lines would have at the rate of the other months, and more than four square roots above that number.
*/
with month_of as (
  select provider.provider_no, unnest(range(date_trunc('month', provider.first_date)::timestamp,
    (date_trunc('month', provider.last_date) + interval 1 month)::timestamp, interval 1 month))::date as month
  from mart.provider
  where provider.first_date is not null
),
worked as (
  select provider.provider_no, date_trunc('month', claim_line.service_date)::date as month, count(*) as lines
  from core.claim_line
  join mart.provider on provider.npi = claim_line.rendering_npi
  where claim_line.service_date between provider.first_date and provider.last_date
  group by all
),
found as (
  select provider_no, date_trunc('month', service_date)::date as month,
    count(*) filter (where severity = 'error') as errors,
    count(*) filter (where severity = 'review') as reviews
  from mart.finding_page
  where provider_no is not null and service_date is not null and subject <> 'provider'
  group by all
),
filled as (
  select month_of.provider_no, month_of.month, coalesce(worked.lines, 0) as lines,
    coalesce(found.errors, 0) as errors, coalesce(found.reviews, 0) as reviews
  from month_of
  left join worked on worked.provider_no = month_of.provider_no and worked.month = month_of.month
  left join found on found.provider_no = month_of.provider_no and found.month = month_of.month
),
expected as (
  select filled.*,
    lines * (sum(errors) over provider - errors) / nullif(sum(lines) over provider - lines, 0) as usual
  from filled
  window provider as (partition by provider_no)
)
select provider_no, month, lines, errors, reviews,
  coalesce(errors >= 10 and errors >= 2 * usual and errors - usual > 4 * sqrt(greatest(usual, 1)), false) as stands_out
from expected
