/*---
table: audit.observation_line
grain: one row per run, finding and claim line that the finding is listed on
reads: [audit.found, audit.line_identity, core.run]
columns:
  run_key: {type: VARCHAR, is: "run"}
  finding_id: {type: VARCHAR, is: "finding"}
  line_id: {type: BIGINT, is: "line in core.claim_line of that run; null for a subject without lines"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  service_date: {type: DATE, is: "date of service"}
  procedure_code: {type: VARCHAR, is: "code"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "this line's share"}
  patient_id: {type: VARCHAR, is: "patient of the line"}
  identity: {type: VARCHAR, is: "content identity of the line, as audit.line_identity has it"}
  content_digest: {type: VARCHAR, is: "md5 over what was billed"}
  payment_digest: {type: VARCHAR, is: "md5 over what the payer decided"}
  line_status: {type: VARCHAR, is: "paid, denied, pending or unknown, when the run saw it"}
---
Which lines a run saw a finding on, and what they said then.
*/
with share as (
  select check_code, subject, subject_key, unnest(line_shares) as share from audit.found
)
select r.run_key,
  finding_id(s.check_code, coalesce(s.subject_key, i.identity)) as finding_id,
  i.line_id, i.claim_id, i.line_number, i.service_date, i.procedure_code, s.share.amount as amount_at_risk,
  i.patient_id, i.identity, i.content_digest, i.payment_digest, i.line_status
from share s
join audit.line_identity i on i.line_id = s.share.line_id
cross join core.run r
