/*---
table: core.therapy_accumulator
grain: one row per patient, year, bucket and as-of date
reads: [stg.therapy_accumulator]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  year: {type: INTEGER, is: "calendar year"}
  bucket: {type: VARCHAR, is: "PTSLP or OT"}
  amount_used: {type: "DECIMAL(12,2)", is: "allowed amounts at other providers"}
  as_of_date: {type: DATE, is: "day on which that amount was known; null = not stated"}
---
Spending at other providers, when known. Several statements of one day: the largest counts.
*/
select patient_id, year, bucket, max(amount_used) as amount_used, as_of_date
from stg.therapy_accumulator where problem_mask = 0
group by all
