/*---
table: stg.therapy_accumulator
grain: therapy spending of a patient elsewhere
reads: [raw.therapy_accumulators]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  year: {type: INTEGER, is: "calendar year"}
  bucket: {type: VARCHAR, is: "PTSLP or OT"}
  amount_used: {type: "DECIMAL(12,2)", is: "allowed amounts elsewhere"}
  as_of_date: {type: DATE, is: "day on which it was known"}
---
Strict casts of raw.therapy_accumulators: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  strict_integer(year) as year,
  blank(bucket) as bucket,
  strict_money(amount_used) as amount_used,
  strict_date(as_of_date) as as_of_date,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(year) is null then 2 else 0 end)
    + (case when blank(year) is not null and strict_integer(year) is null then 4 else 0 end)
    + (case when blank(bucket) is null then 8 else 0 end)
    + (case when blank(bucket) not in ('PTSLP', 'OT') then 16 else 0 end)
    + (case when blank(amount_used) is null then 32 else 0 end)
    + (case when blank(amount_used) is not null and strict_money(amount_used) is null then 64 else 0 end)
    + (case when blank(as_of_date) is not null and strict_date(as_of_date) is null then 128 else 0 end) as problem_mask
from raw.therapy_accumulators
