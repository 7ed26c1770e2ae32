/*---
table: mart.untold
grain: one row per provider, check and reason for which a check could not tell
reads: [core.run, audit.coverage, mart.provider]
columns:
  provider_no: {type: INTEGER, is: "page; null for subjects without a provider"}
  check_code: {type: VARCHAR, is: "check"}
  reason: {type: VARCHAR, is: "what is missing, as the check names it"}
  subjects: {type: BIGINT, is: "subjects that could not be told"}
---
What was not tested is as visible as what was found.
*/
select provider.provider_no, coverage.check_code, coalesce(coverage.reason, 'not-stated') as reason,
  sum(coverage.subjects) as subjects
from audit.coverage
join core.run on run.run_key = coverage.run_key
left join mart.provider on provider.npi = coverage.provider_npi
where coverage.verdict = 'cannot_tell'
group by provider.provider_no, coverage.check_code, coalesce(coverage.reason, 'not-stated')
