/*---
table: raw.visit_services
grain: one service of a visit note, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  service_date: {type: VARCHAR, is: "day", required: true}
  rendering_npi: {type: VARCHAR, is: "rendering NPI", required: true}
  procedure_code: {type: VARCHAR, is: "code", required: true}
  minutes: {type: VARCHAR, is: "therapist's own or joint minutes"}
  assistant_minutes: {type: VARCHAR, is: "minutes of the assistant alone"}
  start_time: {type: VARCHAR, is: "start"}
  end_time: {type: VARCHAR, is: "end"}
  group_size: {type: VARCHAR, is: "patients treated together"}
---
The canonical layout of this record. All text, exactly as read.
*/
