/*---
table: stg.claim_note
grain: one note of a claim or its line
reads: [raw.claim_notes]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_record: {type: BIGINT, is: "record of the claim line; null = the claim"}
  kind: {type: VARCHAR, is: "kind of note, as the source codes it"}
  note: {type: VARCHAR, is: "its text"}
---
Kept for the reader. No check reads it: what a note says of minutes is not guessed.
*/
select file_id, record_number, 0 as problem_mask, blank(claim_id) as claim_id, strict_integer(line_record) as line_record, blank(kind) as kind, blank(note) as note
from raw.claim_notes
