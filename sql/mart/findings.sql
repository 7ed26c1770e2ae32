/*---
table: mart.findings
grain: one row per finding and claim line that it is listed on, of this run
reads: [audit.observation, audit.observation_line, core.run]
columns:
  finding_id: {type: VARCHAR, is: "identity of the finding, the same in every run"}
  run_key: {type: VARCHAR, is: "run"}
  check_code: {type: VARCHAR, is: "check"}
  check_name: {type: VARCHAR, is: "name of the check"}
  severity: {type: VARCHAR, is: "error, review, opportunity or info"}
  state: {type: VARCHAR, is: "new, unchanged, updated, reopened or resolved"}
  subject: {type: VARCHAR, is: "what was examined"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  patient_id: {type: VARCHAR, is: "patient"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  service_date: {type: DATE, is: "date of service"}
  procedure_code: {type: VARCHAR, is: "code"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "this line's share; the rows of one finding_id add up to the finding"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  direction: {type: VARCHAR, is: "over, under or none"}
  message: {type: VARCHAR, is: "the finding in one sentence"}
  fix: {type: VARCHAR, is: "suggested correction"}
  resolution: {type: VARCHAR, is: "of a resolved finding: corrected, rule-changed, left-input or other-data"}
---
The findings as the CSV and Parquet files list them.
*/
select o.finding_id, o.run_key, o.check_code, o.check_name, o.severity, o.state, o.subject, o.billing_npi, o.provider_npi, o.payer_id,
  o.patient_id, l.claim_id, l.line_number, coalesce(l.service_date, o.service_date) as service_date, l.procedure_code,
  case when l.finding_id is null then o.amount_at_risk else l.amount_at_risk end as amount_at_risk,
  o.amount_basis, o.direction, o.message, o.fix, o.resolution
from audit.observation o
join core.run using (run_key)
left join audit.observation_line l using (run_key, finding_id)
