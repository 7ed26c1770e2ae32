/*---
table: raw.x12_837p_note
grain: one note (NTE) of a professional claim in X12 or of its line, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  claim_id: {type: VARCHAR, is: "CLM01"}
  line_record: {type: VARCHAR, is: "record number of the line; blank = the claim"}
  kind: {type: VARCHAR, is: "NTE01"}
  note: {type: VARCHAR, is: "NTE02"}
---
Notes as the claims state them. All text, exactly as read.
*/
