/*---
table: audit.carried_identity
grain: one row per line whose identity is carried on from the run before; none in a run that does everything
columns:
  line_id: {type: BIGINT, is: "the line"}
  identity: {type: VARCHAR, is: "content identity of the line, free of claim and line numbers"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
  content_digest: {type: VARCHAR, is: "md5 over what was billed: everything of the line but its claim and line number and what the payer decided"}
  payment_digest: {type: VARCHAR, is: "md5 over what the payer decided: status, amounts allowed and paid, reasons and remarks"}
  line_status: {type: VARCHAR, is: "paid, denied, pending or unknown"}
---
Rows of audit.line_identity, as the run before wrote them, of patients of whom nothing has changed since.
*/
