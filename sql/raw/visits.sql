/*---
table: raw.visits
grain: one visit note, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  service_date: {type: VARCHAR, is: "day", required: true}
  rendering_npi: {type: VARCHAR, is: "rendering NPI", required: true}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  timed_minutes: {type: VARCHAR, is: "timed minutes"}
  total_minutes: {type: VARCHAR, is: "total minutes"}
  start_time: {type: VARCHAR, is: "start"}
  end_time: {type: VARCHAR, is: "end"}
  note_signed_date: {type: VARCHAR, is: "day signed"}
  note_author_npi: {type: VARCHAR, is: "author"}
---
The canonical layout of this record. All text, exactly as read.
*/
