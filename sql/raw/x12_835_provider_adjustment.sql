/*---
table: raw.x12_835_provider_adjustment
grain: one adjustment of a payment that belongs to no claim (PLB), as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  payment: {type: VARCHAR, is: "number of the payment (BPR) in the file"}
  provider: {type: VARCHAR, is: "PLB01"}
  fiscal_date: {type: VARCHAR, is: "PLB02: last day of the provider's fiscal year"}
  reason: {type: VARCHAR, is: "PLB03-1"}
  reference: {type: VARCHAR, is: "PLB03-2"}
  amount: {type: VARCHAR, is: "PLB04: above 0 it lowers the payment"}
---
What was kept back or added on the level of the provider. All text, exactly as read.
*/
