/*---
table: raw.progress_reports
grain: one progress report, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  discipline: {type: VARCHAR, is: "PT, OT or SLP", required: true}
  report_date: {type: VARCHAR, is: "day of the report", required: true}
  author_npi: {type: VARCHAR, is: "author"}
  author_role: {type: VARCHAR, is: "clinician or assistant"}
---
The canonical layout of this record. All text, exactly as read.
*/
