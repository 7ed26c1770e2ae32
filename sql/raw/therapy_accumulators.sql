/*---
table: raw.therapy_accumulators
grain: therapy spending of a patient elsewhere, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  year: {type: VARCHAR, is: "calendar year", required: true}
  bucket: {type: VARCHAR, is: "PTSLP or OT", required: true}
  amount_used: {type: VARCHAR, is: "allowed amounts elsewhere", required: true}
  as_of_date: {type: VARCHAR, is: "day on which it was known"}
---
The canonical layout of this record. All text, exactly as read.
*/
