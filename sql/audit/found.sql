/*---
table: audit.found
grain: one row per finding verdict of the run, before identity
columns:
  check_code: {type: VARCHAR, is: "check"}
  check_name: {type: VARCHAR, is: "name of the check"}
  severity: {type: VARCHAR, is: "error, review, opportunity or info"}
  subject: {type: VARCHAR, is: "what was examined"}
  direction: {type: VARCHAR, is: "over or under; none where no money is in question"}
  subject_key: {type: VARCHAR, is: "content identity; null for a finding on a single claim line"}
  billing_npi: {type: VARCHAR, is: "billing NPI; null for a finding on a claim line (it is on the line)"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  patient_id: {type: VARCHAR, is: "patient; null for a finding on a claim line"}
  service_date: {type: DATE, is: "date of service"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  message: {type: VARCHAR, is: "the finding in one sentence"}
  fix: {type: VARCHAR, is: "the suggested correction"}
  evidence: {type: VARCHAR, is: "evidence as JSON"}
  reason: {type: VARCHAR, is: "reason, where the check gives one"}
  line_shares: {type: "STRUCT(line_id BIGINT, amount DECIMAL(12,2))[]", is: "lines it is listed on, with their share"}
---
Filled by the wrapper around each check.
*/
