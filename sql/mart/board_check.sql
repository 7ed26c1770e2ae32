/*---
table: mart.board_check
grain: one row per check with a finding that stands
reads: [core.run, audit.coverage, audit.observation, audit.observation_line]
columns:
  check_code: {type: VARCHAR, is: "check"}
  severity: {type: VARCHAR, is: "severity of most of its findings"}
  findings: {type: BIGINT, is: "findings that stand"}
  patients: {type: BIGINT, is: "patients that they name; 0 where a check names none"}
  few_patients: {type: "VARCHAR[]", is: "which ones, where they are fewer than 11: to count those of several checks together"}
  examined: {type: BIGINT, is: "subjects with a verdict pass or finding"}
  flagged: {type: BIGINT, is: "subjects with the verdict finding"}
  over_lines: {type: BIGINT, is: "lines with an amount possibly paid over, by this check alone"}
  over_amount: {type: "DECIMAL(38,2)", is: "sum of these amounts"}
---
Findings by check, for the board. Nothing of it is shown as it is: checks with few findings are put together first.
*/
with standing as (
  select observation.*
  from audit.observation
  join core.run on run.run_key = observation.run_key
  where observation.state <> 'resolved'
),
tested as (
  select coverage.check_code, sum(coverage.subjects) filter (where coverage.verdict in ('pass', 'finding')) as examined,
    sum(coverage.subjects) filter (where coverage.verdict = 'finding') as flagged
  from audit.coverage
  join core.run on run.run_key = coverage.run_key
  group by coverage.check_code
),
money as (
  select check_code, count(*) as over_lines, sum(amount) as over_amount
  from (
    select standing.check_code, observation_line.line_id, max(observation_line.amount_at_risk) as amount
    from standing
    join audit.observation_line on observation_line.run_key = standing.run_key and observation_line.finding_id = standing.finding_id
    where standing.direction = 'over' and observation_line.amount_at_risk > 0
    group by standing.check_code, observation_line.line_id
  )
  group by check_code
)
select standing.check_code, mode(standing.severity order by standing.severity) as severity, count(*) as findings, count(distinct standing.patient_id) as patients,
  case when count(distinct standing.patient_id) < 11 then list(distinct standing.patient_id) filter (where standing.patient_id is not null) end as few_patients,
  coalesce(any_value(tested.examined), 0) as examined, coalesce(any_value(tested.flagged), 0) as flagged,
  coalesce(any_value(money.over_lines), 0) as over_lines, coalesce(any_value(money.over_amount), 0) as over_amount
from standing
left join tested on tested.check_code = standing.check_code
left join money on money.check_code = standing.check_code
group by standing.check_code
