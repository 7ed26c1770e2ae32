/*---
table: core.patient
grain: one row per loaded patient record
reads: [stg.patient]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: DATE, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
---
Patients as loaded; only pages that may show names read it.
*/
select patient_id, patient_name, birth_date, zip
from stg.patient where problem_mask = 0
