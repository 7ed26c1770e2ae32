/*---
table: stg.remittance_payment
grain: one payment of a remittance
reads: [raw.remittance_payments]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "payment in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  amount: {type: "DECIMAL(18,2)", is: "amount of the payment"}
  sign: {type: VARCHAR, is: "C credit, D debit"}
  method: {type: VARCHAR, is: "how it was paid"}
  payment_date: {type: DATE, is: "day of the payment"}
  trace: {type: VARCHAR, is: "check or trace number"}
  payer_name: {type: VARCHAR, is: "payer"}
  payer_number: {type: VARCHAR, is: "the payer's number"}
  payee_npi: {type: VARCHAR, is: "NPI that was paid"}
  payee_name: {type: VARCHAR, is: "who was paid"}
  claims_paid: {type: "DECIMAL(18,2)", is: "what its claims come to"}
  adjusted: {type: "DECIMAL(18,2)", is: "what its provider adjustments come to; above 0 they lower the payment"}
---
Strict casts of raw.remittance_payments. What was paid is what the claims come to, less the provider adjustments; a difference is noted with the file.
*/
select file_id, record_number,
  try_cast(blank(amount) as decimal(18, 2)) as amount,
  blank(sign) as sign, blank(method) as method,
  strict_date(payment_date) as payment_date,
  blank(trace) as trace, blank(payer_name) as payer_name, blank(payer_number) as payer_number, blank(payee_npi) as payee_npi, blank(payee_name) as payee_name,
  try_cast(blank(claims_paid) as decimal(18, 2)) as claims_paid,
  try_cast(blank(adjusted) as decimal(18, 2)) as adjusted,
  (case when try_cast(blank(amount) as decimal(18, 2)) is null then 1 else 0 end)
    + (case when strict_date(payment_date) is null and blank(payment_date) is not null then 2 else 0 end) as problem_mask
from raw.remittance_payments
