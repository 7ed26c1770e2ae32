/*---
table: stg.line_control
grain: one claim line from X12 with a control number of its own, or whose claim replaces or voids another
reads: [raw.line_controls]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record of the claim line"}
  problem_mask: {type: BIGINT, is: "0 = usable; nothing of it can be unusable"}
  control: {type: VARCHAR, is: "number that the provider gave the line; null = its line number"}
---
Remittances name a line by it; lines of other sources go by their line number.
*/
select file_id, record_number, 0 as problem_mask, blank(control) as control from raw.line_controls
