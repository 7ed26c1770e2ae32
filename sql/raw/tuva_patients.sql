/*---
table: raw.tuva_patients
grain: one person of Tuva eligibility as a canonical patient, as text
reads: [raw.tuva_eligibility]
columns: raw.patients
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
