/*---
table: raw.synthea_canonical_patients
grain: one Synthea patient as a canonical patient, as text
reads: [raw.synthea_patients]
columns: raw.patients
---
Names are made up.
*/
select file_id,
  record_number,
  Id as patient_id,
  blank(concat_ws(' ', blank(FIRST), blank(LAST))) as patient_name,
  BIRTHDATE as birth_date,
  ZIP as zip
from raw.synthea_patients
