/*---
table: raw.claim_notes
grain: one note of a claim or its line, as text
reads: [raw.x12_837p_note]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_record: {type: VARCHAR, is: "record of the claim line; blank = the claim"}
  kind: {type: VARCHAR, is: "kind of note, as the source codes it"}
  note: {type: VARCHAR, is: "its text"}
---
Notes as the claims state them.
*/
select file_id, record_number, claim_id, line_record, kind, note from raw.x12_837p_note
