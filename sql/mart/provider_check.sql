/*---
table: mart.provider_check
grain: one row per provider and check that examined something of the provider or could not tell
reads: [core.run, audit.coverage, mart.provider, mart.finding_page]
columns:
  provider_no: {type: INTEGER, is: "page"}
  check_code: {type: VARCHAR, is: "check"}
  examined: {type: BIGINT, is: "subjects with a verdict pass or finding"}
  flagged: {type: BIGINT, is: "subjects with the verdict finding"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told"}
  findings: {type: BIGINT, is: "findings; several subjects can be one"}
  errors: {type: BIGINT, is: "findings of severity error"}
  reviews: {type: BIGINT, is: "findings of severity review"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, by this check alone"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, by this check alone"}
  patients: {type: BIGINT, is: "patients with a finding"}
  first_date: {type: DATE, is: "first service date with a finding"}
  last_date: {type: DATE, is: "last service date with a finding"}
  main_code: {type: VARCHAR, is: "procedure codes most often named together"}
  main_code_findings: {type: BIGINT, is: "findings with exactly these codes"}
  main_payer: {type: VARCHAR, is: "payer most often concerned"}
  main_payer_findings: {type: BIGINT, is: "findings of that payer"}
---
The amounts are per check: a line that two checks name is in both, so they do not add up to the provider's totals.
*/
with tested as (
  select coverage.provider_npi as npi, coverage.check_code,
    sum(coverage.subjects) filter (where coverage.verdict in ('pass', 'finding')) as examined,
    sum(coverage.subjects) filter (where coverage.verdict = 'finding') as flagged,
    sum(coverage.subjects) filter (where coverage.verdict = 'cannot_tell') as cannot_tell
  from audit.coverage
  join core.run on run.run_key = coverage.run_key
  group by coverage.provider_npi, coverage.check_code
),
found as (
  select provider_no, check_code,
    count(*) as findings,
    count(*) filter (where severity = 'error') as errors,
    count(*) filter (where severity = 'review') as reviews,
    sum(amount_at_risk) filter (where direction = 'over') as over_amount,
    sum(amount_at_risk) filter (where direction = 'under') as under_amount,
    count(distinct patient_id) as patients,
    min(service_date) as first_date,
    max(service_date) as last_date
  from mart.finding_page
  where provider_no is not null
  group by provider_no, check_code
),
by_code as (
  select provider_no, check_code, codes, count(*) as findings
  from mart.finding_page
  where provider_no is not null and codes is not null
  group by provider_no, check_code, codes
  qualify row_number() over (partition by provider_no, check_code order by count(*) desc, codes) = 1
),
by_payer as (
  select provider_no, check_code, payer_name, count(*) as findings
  from mart.finding_page
  where provider_no is not null and payer_name is not null
  group by provider_no, check_code, payer_name
  qualify row_number() over (partition by provider_no, check_code order by count(*) desc, payer_name) = 1
),
both_sides as (
  select provider.provider_no, tested.check_code
  from tested join mart.provider on provider.npi = tested.npi
  union
  select provider_no, check_code from found
)
select both_sides.provider_no, both_sides.check_code,
  coalesce(tested.examined, 0) as examined,
  coalesce(tested.flagged, 0) as flagged,
  coalesce(tested.cannot_tell, 0) as cannot_tell,
  coalesce(found.findings, 0) as findings,
  coalesce(found.errors, 0) as errors,
  coalesce(found.reviews, 0) as reviews,
  coalesce(found.over_amount, 0) as over_amount,
  coalesce(found.under_amount, 0) as under_amount,
  coalesce(found.patients, 0) as patients,
  found.first_date, found.last_date,
  by_code.codes as main_code, by_code.findings as main_code_findings,
  by_payer.payer_name as main_payer, by_payer.findings as main_payer_findings
from both_sides
join mart.provider on provider.provider_no = both_sides.provider_no
left join tested on tested.npi = provider.npi and tested.check_code = both_sides.check_code
left join found on found.provider_no = both_sides.provider_no and found.check_code = both_sides.check_code
left join by_code on by_code.provider_no = both_sides.provider_no and by_code.check_code = both_sides.check_code
left join by_payer on by_payer.provider_no = both_sides.provider_no and by_payer.check_code = both_sides.check_code
