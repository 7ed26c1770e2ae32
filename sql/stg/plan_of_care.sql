/*---
table: stg.plan_of_care
grain: one certification of a plan of care
reads: [raw.plans_of_care]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  evaluation_date: {type: DATE, is: "first day covered"}
  plan_to: {type: DATE, is: "end of the plan"}
  plan_sent_date: {type: DATE, is: "day sent"}
  order_signed_date: {type: DATE, is: "day the order was signed"}
  certified_date: {type: DATE, is: "day certified"}
  certifier_npi: {type: VARCHAR, is: "who certified"}
---
Strict casts of raw.plans_of_care: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  blank(discipline) as discipline,
  blank(billing_npi) as billing_npi,
  strict_date(evaluation_date) as evaluation_date,
  strict_date(plan_to) as plan_to,
  strict_date(plan_sent_date) as plan_sent_date,
  strict_date(order_signed_date) as order_signed_date,
  strict_date(certified_date) as certified_date,
  blank(certifier_npi) as certifier_npi,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(discipline) is null then 2 else 0 end)
    + (case when blank(discipline) not in ('PT', 'OT', 'SLP') then 4 else 0 end)
    + (case when blank(evaluation_date) is null then 8 else 0 end)
    + (case when blank(evaluation_date) is not null and strict_date(evaluation_date) is null then 16 else 0 end)
    + (case when blank(plan_to) is not null and strict_date(plan_to) is null then 32 else 0 end)
    + (case when blank(plan_sent_date) is not null and strict_date(plan_sent_date) is null then 64 else 0 end)
    + (case when blank(order_signed_date) is not null and strict_date(order_signed_date) is null then 128 else 0 end)
    + (case when blank(certified_date) is not null and strict_date(certified_date) is null then 256 else 0 end) as problem_mask
from raw.plans_of_care
