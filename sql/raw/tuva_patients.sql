/*---
table: raw.tuva_patients
grain: one person of Tuva eligibility as a canonical patient, as text
reads: [raw.tuva_eligibility]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  patient_id: {type: VARCHAR, is: "patient"}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: VARCHAR, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
---
A person has several spans; the first record of each person is the patient.
*/
select file_id,
  record_number,
  coalesce(blank(person_id), blank(patient_id), member_id) as patient_id,
  blank(concat_ws(' ', blank(first_name), blank(last_name))) as patient_name,
  birth_date,
  zip_code as zip
from raw.tuva_eligibility
qualify row_number() over (partition by coalesce(blank(person_id), blank(patient_id), member_id) order by record_number) = 1
