/*---
table: raw.plans_of_care
grain: one certification of a plan of care, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  discipline: {type: VARCHAR, is: "PT, OT or SLP", required: true}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  evaluation_date: {type: VARCHAR, is: "first day covered", required: true}
  plan_to: {type: VARCHAR, is: "end of the plan"}
  plan_sent_date: {type: VARCHAR, is: "day sent"}
  order_signed_date: {type: VARCHAR, is: "day the order was signed"}
  certified_date: {type: VARCHAR, is: "day certified"}
  certifier_npi: {type: VARCHAR, is: "who certified"}
---
The canonical layout of this record. All text, exactly as read.
*/
