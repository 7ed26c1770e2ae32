/*---
table: stg.provider_adjustment
grain: one adjustment of a payment that belongs to no claim
reads: [raw.provider_adjustments]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "adjustment in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  payment: {type: INTEGER, is: "number of the payment in the file"}
  provider: {type: VARCHAR, is: "provider"}
  fiscal_date: {type: DATE, is: "last day of the provider's fiscal year"}
  reason: {type: VARCHAR, is: "reason"}
  reference: {type: VARCHAR, is: "claim or other number that it refers to"}
  amount: {type: "DECIMAL(12,2)", is: "amount; above 0 it lowers the payment"}
---
Strict casts of raw.provider_adjustments: what a payer kept back or added apart from any claim.
*/
select file_id, record_number,
  strict_integer(payment) as payment,
  blank(provider) as provider,
  strict_date(fiscal_date) as fiscal_date,
  blank(reason) as reason,
  blank(reference) as reference,
  strict_payment(amount) as amount,
  (case when strict_payment(amount) is null then 1 else 0 end)
    + (case when strict_date(fiscal_date) is null and blank(fiscal_date) is not null then 2 else 0 end) as problem_mask
from raw.provider_adjustments
