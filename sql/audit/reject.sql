/*---
table: audit.reject
grain: one row per record that cannot be used and problem of it
columns:
  file_id: {type: INTEGER, is: "file"}
  file_name: {type: VARCHAR, is: "name of the file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  record_type: {type: VARCHAR, is: "record layout"}
  column_name: {type: VARCHAR, is: "column as the source names it; null = the whole record"}
  reason: {type: VARCHAR, is: "why it cannot be used"}
  remedy: {type: VARCHAR, is: "what helps"}
  record: {type: VARCHAR, is: "the record as JSON text: values by column, or a list where they do not fit the columns"}
  used: {type: BOOLEAN, is: "the rest of the record is audited, without this value; null = no"}
---
Nothing is dropped silently: what `sql/stg` or the reading of damaged text refuses is kept here, and diagnoses that are no ICD codes; filled by the ingest step.
*/
