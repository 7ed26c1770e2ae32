/*---
table: raw.file
grain: one row per file that the input names
columns:
  file_id: {type: INTEGER, is: "number of the file; depends on content only"}
  file_name: {type: VARCHAR, is: "name without folder"}
  digest: {type: VARCHAR, is: "sha256 of the decompressed content; null = not recognised"}
  format: {type: VARCHAR, is: "reader that recognised it"}
  record_type: {type: VARCHAR, is: "record that its lines are counted as"}
  records: {type: BIGINT, is: "records, header and blank lines not counted"}
  rejected: {type: BIGINT, is: "of these, rejected"}
  units: {type: "DECIMAL(38,3)", is: "claim lines: sum of the units that are numbers"}
  charge: {type: "DECIMAL(38,2)", is: "claim lines: sum of the charges that are amounts"}
  status: {type: VARCHAR, is: "read, repeated (same content as a file read), skipped (a known format, but nothing that is audited) or not-recognised"}
  unknown_columns: {type: "VARCHAR[]", is: "columns that the layout does not know"}
  notes: {type: "VARCHAR[]", is: "what the reader has to say of the whole file: parts that were skipped, counts that differ from what the file states"}
---
What was read, filled by the ingest step. The same content under two names is read once.
*/
