/*---
table: stg.patient
grain: one patient
reads: [raw.patients]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: DATE, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
---
Strict casts of raw.patients: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  blank(patient_name) as patient_name,
  strict_date(birth_date) as birth_date,
  blank(zip) as zip,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(birth_date) is not null and strict_date(birth_date) is null then 2 else 0 end) as problem_mask
from raw.patients
