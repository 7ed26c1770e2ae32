/*---
table: raw.x12_837p_patients
grain: one patient of professional claims in X12, as text
reads: [raw.x12_837p_party]
columns: raw.patients
---
Patients are told apart as in raw.x12_837p_claim_lines; name, birth date and postal code as first written.
*/
select file_id,
  min(record_number) as record_number,
  x12_patient(number, dependent, first_name, birth_date) as patient_id,
  arg_min(concat_ws(', ', blank(last_name), blank(first_name)), record_number) as patient_name,
  x12_date(arg_min(blank(birth_date), record_number)) as birth_date,
  arg_min(blank(zip), record_number) as zip
from raw.x12_837p_party
where role = 'patient' and blank(number) is not null
group by file_id, x12_patient(number, dependent, first_name, birth_date)
