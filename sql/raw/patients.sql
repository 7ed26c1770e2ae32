/*---
table: raw.patients
grain: one patient, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: VARCHAR, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
---
The canonical layout of this record. All text, exactly as read.
*/
