/*---
table: raw.x12_837p_other_payer
grain: what another payer decided on a professional claim in X12 or on its line, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  claim_id: {type: VARCHAR, is: "CLM01"}
  line_record: {type: VARCHAR, is: "record number of the line; blank = the claim"}
  payer_id: {type: VARCHAR, is: "NM109 of the other payer (PR), or SVD01"}
  paid_amount: {type: VARCHAR, is: "AMT02 (D) of the claim, SVD02 of the line"}
  procedure_code: {type: VARCHAR, is: "SVD03-2"}
  units: {type: VARCHAR, is: "SVD05"}
  decided_date: {type: VARCHAR, is: "DTP03 (573)"}
  adjustments: {type: VARCHAR, is: "CAS: group-reason=amount, parted by spaces"}
---
Loops 2320 and 2430: what the claim to one payer says of another. All text, exactly as read.
*/
