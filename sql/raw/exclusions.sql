/*---
table: raw.exclusions
grain: one exclusion of a provider, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  npi: {type: VARCHAR, is: "NPI", required: true}
  from_date: {type: VARCHAR, is: "first day", required: true}
  to_date: {type: VARCHAR, is: "last day"}
  source: {type: VARCHAR, is: "list"}
---
The canonical layout of this record. All text, exactly as read.
*/
