/*---
table: raw.tuva_eligibility
grain: one enrollment span of the Tuva input layer, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  person_id: {type: VARCHAR, is: "patient"}
  patient_id: {type: VARCHAR, is: "patient, in older versions"}
  member_id: {type: VARCHAR, is: "member of the plan", required: true}
  first_name: {type: VARCHAR, is: "first name"}
  last_name: {type: VARCHAR, is: "last name"}
  birth_date: {type: VARCHAR, is: "birth date", required: true}
  zip_code: {type: VARCHAR, is: "postal code"}
  enrollment_start_date: {type: VARCHAR, is: "first day of the span", required: true}
  payer_type: {type: VARCHAR, is: "kind of payer"}
---
The columns of the Tuva input layer table eligibility that an audit uses.
*/
