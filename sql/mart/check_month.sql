/*---
table: mart.check_month
grain: one row per check with findings (and one of them all together, check_code null) and calendar month with audited lines
reads: [core.run, core.claim_line, mart.finding_page]
columns:
  check_code: {type: VARCHAR, is: "check; null = all error findings"}
  month: {type: DATE, is: "first day of the month"}
  lines: {type: BIGINT, is: "lines audited, of all providers"}
  errors: {type: BIGINT, is: "findings with a service date in the month; of severity error where check_code is null"}
---
Findings by month of service, over the practice. A pattern of a provider is of all its days, and of no month.
*/
with months as (
  select cast(date_trunc('month', l.service_date) as date) as month, count(*) as lines
  from core.claim_line l cross join core.run r
  where l.service_date >= coalesce(r.window_from, l.service_date) and l.service_date <= coalesce(r.window_to, l.service_date)
  group by all
),
found as (
  select check_code, cast(date_trunc('month', service_date) as date) as month, count(*) as findings, count(*) filter (severity = 'error') as errors
  from mart.finding_page where service_date is not null and subject <> 'provider'
  group by all
),
named as (select distinct check_code from found union all select null)
select n.check_code, m.month, m.lines, coalesce(case when n.check_code is null then a.errors else f.findings end, 0) as errors
from named n
cross join months m
left join found f on f.check_code = n.check_code and f.month = m.month
left join (select month, sum(errors) as errors from found group by month) a on a.month = m.month
