/*---
table: raw.remittance_payments
grain: one payment of a remittance, as text
reads: [raw.x12_835_payment]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "payment in the file"}
  amount: {type: VARCHAR, is: "amount of the payment"}
  sign: {type: VARCHAR, is: "C credit, D debit"}
  method: {type: VARCHAR, is: "how it was paid"}
  payment_date: {type: VARCHAR, is: "day of the payment"}
  trace: {type: VARCHAR, is: "check or trace number"}
  payer_name: {type: VARCHAR, is: "payer"}
  payer_number: {type: VARCHAR, is: "the payer's number"}
  payee_npi: {type: VARCHAR, is: "NPI that was paid"}
  payee_name: {type: VARCHAR, is: "who was paid"}
  claims_paid: {type: VARCHAR, is: "what its claims come to"}
  adjusted: {type: VARCHAR, is: "what its provider adjustments come to"}
---
Payments as the remittance states them.
*/
select file_id, record_number, x12_number(amount) as amount, sign, method, x12_date(payment_date) as payment_date, trace, payer_name, payer_number, payee_npi, payee_name,
  claims_paid, adjusted
from raw.x12_835_payment
