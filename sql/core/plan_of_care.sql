/*---
table: core.plan_of_care
grain: one row per certification
reads: [stg.plan_of_care]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  evaluation_date: {type: DATE, is: "first day the certification covers"}
  plan_to: {type: DATE, is: "end of the plan"}
  plan_sent_date: {type: DATE, is: "day the plan was sent to the physician"}
  order_signed_date: {type: DATE, is: "day the order was signed"}
  certified_date: {type: DATE, is: "day of certification"}
  certifier_npi: {type: VARCHAR, is: "who certified"}
---
Certifications of plans of care as loaded.
*/
select patient_id, discipline, billing_npi, evaluation_date, plan_to, plan_sent_date, order_signed_date, certified_date, certifier_npi
from stg.plan_of_care where problem_mask = 0
