/*---
table: raw.x12_837p_control
grain: one service line of raw.x12_837p with a control number of its own, or whose claim replaces or voids another, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "service line in the file"}
  control: {type: VARCHAR, is: "REF02 (6R) of the line"}
---
By what a remittance may name the line. All text, exactly as read.
*/
