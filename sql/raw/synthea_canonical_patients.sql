/*---
table: raw.synthea_canonical_patients
grain: one Synthea patient as a canonical patient, as text
reads: [raw.synthea_patients]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  patient_id: {type: VARCHAR, is: "patient"}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: VARCHAR, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
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
