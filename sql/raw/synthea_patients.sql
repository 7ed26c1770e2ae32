/*---
table: raw.synthea_patients
grain: one Synthea patient, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  Id: {type: VARCHAR, is: "patient", required: true}
  BIRTHDATE: {type: VARCHAR, is: "birth date", required: true}
  FIRST: {type: VARCHAR, is: "first name"}
  LAST: {type: VARCHAR, is: "last name"}
  ZIP: {type: VARCHAR, is: "postal code"}
  HEALTHCARE_EXPENSES: {type: VARCHAR, is: "expenses", required: true}
---
The columns of patients.csv of the Synthea CSV export that an audit uses.
*/
