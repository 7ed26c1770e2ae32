/*---
table: raw.other_payer_decisions
grain: what another payer decided on a claim or its line, as text
reads: [raw.x12_837p_other_payer]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_record: {type: VARCHAR, is: "record of the claim line; blank = the claim"}
  payer_id: {type: VARCHAR, is: "the other payer"}
  paid_amount: {type: VARCHAR, is: "what it paid"}
  procedure_code: {type: VARCHAR, is: "code that it decided on"}
  units: {type: VARCHAR, is: "units that it decided on"}
  decided_date: {type: VARCHAR, is: "day of its decision"}
  adjustments: {type: VARCHAR, is: "group-reason=amount, parted by spaces"}
---
Decisions of other payers as the claims state them.
*/
select file_id, record_number, claim_id, line_record, payer_id, x12_number(paid_amount) as paid_amount, procedure_code, x12_number(units) as units,
  x12_date(decided_date) as decided_date, adjustments
from raw.x12_837p_other_payer
