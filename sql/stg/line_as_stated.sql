/*---
table: stg.line_as_stated
grain: one row per claim line of which another file says something, or names the original
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  original_claim_id: {type: VARCHAR, is: "claim number of the original"}
  line_status: {type: "ENUM('denied', 'paid', 'pending', 'unknown')", is: "status; blank = unknown"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount"}
  carc_codes: {type: "VARCHAR[]", is: "adjustment reasons such as CO-97 PR-1"}
  rarc_codes: {type: "VARCHAR[]", is: "remark codes"}
  processed_date: {type: DATE, is: "day processed by the payer"}
---
What the line's own file says where stg.claim_line has what stg.original_claim or stg.remittance_result says: a run that goes on puts it back before it asks
all files again.
*/
