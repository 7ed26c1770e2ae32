/*---
table: raw.x12_835_payment
grain: one payment (BPR) of a remittance in X12, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  amount: {type: VARCHAR, is: "BPR02"}
  sign: {type: VARCHAR, is: "BPR03: C credit, D debit"}
  method: {type: VARCHAR, is: "BPR04"}
  payment_date: {type: VARCHAR, is: "BPR16"}
  trace: {type: VARCHAR, is: "TRN02"}
  payer_name: {type: VARCHAR, is: "N102 of the payer"}
  payer_number: {type: VARCHAR, is: "N104 or REF02 (2U) of the payer"}
  payee_npi: {type: VARCHAR, is: "N104 of the payee, if it is an NPI"}
  payee_name: {type: VARCHAR, is: "N102 of the payee"}
  claims_paid: {type: VARCHAR, is: "sum of CLP04, as read"}
  adjusted: {type: VARCHAR, is: "sum of the provider adjustments (PLB), as read"}
---
The payment that the claims of raw.x12_835 add up to. All text, exactly as read.
*/
