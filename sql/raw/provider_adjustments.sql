/*---
table: raw.provider_adjustments
grain: one adjustment of a payment that belongs to no claim, as text
reads: [raw.x12_835_provider_adjustment]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "adjustment in the file"}
  payment: {type: VARCHAR, is: "number of the payment in the file"}
  provider: {type: VARCHAR, is: "provider"}
  fiscal_date: {type: VARCHAR, is: "last day of the provider's fiscal year"}
  reason: {type: VARCHAR, is: "reason"}
  reference: {type: VARCHAR, is: "claim or other number that it refers to"}
  amount: {type: VARCHAR, is: "amount; above 0 it lowers the payment"}
---
Provider adjustments as the remittance states them.
*/
select file_id, record_number, payment, provider, x12_date(fiscal_date) as fiscal_date, reason, reference, x12_number(amount) as amount
from raw.x12_835_provider_adjustment
