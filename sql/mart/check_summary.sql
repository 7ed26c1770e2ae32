/*---
table: mart.check_summary
grain: one row per check that examined something in this run or could not tell
reads: [core.run, audit.coverage, mart.finding_page]
columns:
  check_code: {type: VARCHAR, is: "check"}
  examined: {type: BIGINT, is: "subjects with a verdict pass or finding"}
  flagged: {type: BIGINT, is: "subjects with the verdict finding"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told"}
  findings: {type: BIGINT, is: "findings that stand"}
  errors: {type: BIGINT, is: "of severity error"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, by this check alone"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, by this check alone"}
  providers: {type: BIGINT, is: "providers with a finding"}
  top_provider_no: {type: INTEGER, is: "provider with most of the findings"}
  top_findings: {type: BIGINT, is: "findings of that provider"}
  main_code: {type: VARCHAR, is: "procedure codes most often named together"}
  main_code_findings: {type: BIGINT, is: "findings with exactly these codes"}
---
Counts of a check over the whole run, with the denominators its rate needs.
*/
with tested as (
  select coverage.check_code,
    sum(coverage.subjects) filter (where coverage.verdict in ('pass', 'finding')) as examined,
    sum(coverage.subjects) filter (where coverage.verdict = 'finding') as flagged,
    sum(coverage.subjects) filter (where coverage.verdict = 'cannot_tell') as cannot_tell
  from audit.coverage
  join core.run on run.run_key = coverage.run_key
  group by coverage.check_code
),
found as (
  select check_code, count(*) as findings, count(*) filter (where severity = 'error') as errors,
    sum(amount_at_risk) filter (where direction = 'over') as over_amount,
    sum(amount_at_risk) filter (where direction = 'under') as under_amount,
    count(distinct provider_no) as providers
  from mart.finding_page
  group by check_code
),
top as (
  select check_code, provider_no, count(*) as findings
  from mart.finding_page
  where provider_no is not null
  group by check_code, provider_no
  qualify row_number() over (partition by check_code order by count(*) desc, provider_no) = 1
),
by_code as (
  select check_code, codes, count(*) as findings
  from mart.finding_page
  where codes is not null
  group by check_code, codes
  qualify row_number() over (partition by check_code order by count(*) desc, codes) = 1
),
every as (
  select check_code from tested union select check_code from found
)
select every.check_code,
  coalesce(tested.examined, 0) as examined, coalesce(tested.flagged, 0) as flagged,
  coalesce(tested.cannot_tell, 0) as cannot_tell, coalesce(found.findings, 0) as findings,
  coalesce(found.errors, 0) as errors, coalesce(found.over_amount, 0) as over_amount,
  coalesce(found.under_amount, 0) as under_amount, coalesce(found.providers, 0) as providers,
  top.provider_no as top_provider_no, top.findings as top_findings,
  by_code.codes as main_code, by_code.findings as main_code_findings
from every
left join tested on tested.check_code = every.check_code
left join found on found.check_code = every.check_code
left join top on top.check_code = every.check_code
left join by_code on by_code.check_code = every.check_code
