/*---
table: mart.run_history
grain: one row per finished run whose as-of date is not after that of this run
reads: [core.run, audit.run, audit.observation, audit.observation_line]
columns:
  run_key: {type: VARCHAR, is: "run"}
  as_of: {type: DATE, is: "as-of date"}
  this_run: {type: BOOLEAN, is: "the run of these pages"}
  lines: {type: BIGINT, is: "lines audited"}
  error_lines: {type: BIGINT, is: "of these lines, those an error finding names"}
  errors: {type: BIGINT, is: "findings of severity error that stand"}
  reviews: {type: BIGINT, is: "of severity review"}
  others: {type: BIGINT, is: "of severity opportunity or info"}
  new_findings: {type: BIGINT, is: "state new"}
  reopened: {type: BIGINT, is: "state reopened"}
  resolved: {type: BIGINT, is: "state resolved"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, each line once"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, each line once"}
---
How the runs follow each other: what each said when it ran.
*/
with past as (
  select a.run_key, a.as_of, a.run_key = r.run_key as this_run, a.lines_audited as lines
  from audit.run a cross join core.run r
  where a.as_of <= r.as_of
),
counted as (
  select o.run_key, count(*) filter (o.severity = 'error' and o.state <> 'resolved') as errors, count(*) filter (o.severity = 'review' and o.state <> 'resolved') as reviews,
    count(*) filter (o.severity in ('opportunity', 'info') and o.state <> 'resolved') as others,
    count(*) filter (o.state = 'new') as new_findings, count(*) filter (o.state = 'reopened') as reopened, count(*) filter (o.state = 'resolved') as resolved
  from audit.observation o semi join past using (run_key)
  group by o.run_key
),
line as (
  select o.run_key, l.claim_id, l.line_id, bool_or(o.severity = 'error') as has_error,
    max(l.amount_at_risk) filter (o.direction = 'over') as over_amount, max(l.amount_at_risk) filter (o.direction = 'under') as under_amount
  from audit.observation o
  semi join past using (run_key)
  join audit.observation_line l using (run_key, finding_id)
  where o.state <> 'resolved'
  group by o.run_key, l.claim_id, l.line_id
),
summed as (
  select run_key, count(*) filter (has_error) as error_lines, sum(over_amount) as over_amount, sum(under_amount) as under_amount from line group by run_key
)
select p.run_key, p.as_of, p.this_run, p.lines, coalesce(s.error_lines, 0) as error_lines, coalesce(c.errors, 0) as errors, coalesce(c.reviews, 0) as reviews,
  coalesce(c.others, 0) as others, coalesce(c.new_findings, 0) as new_findings, coalesce(c.reopened, 0) as reopened, coalesce(c.resolved, 0) as resolved,
  coalesce(s.over_amount, 0) as over_amount, coalesce(s.under_amount, 0) as under_amount
from past p
left join counted c on c.run_key = p.run_key
left join summed s on s.run_key = p.run_key
