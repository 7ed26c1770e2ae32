/*---
table: raw.line_controls
grain: control number of one claim line, as text
reads: [raw.x12_837p_control]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record of the claim line"}
  control: {type: VARCHAR, is: "number that the provider gave the line; blank = its line number"}
---
Control numbers as the claims state them.
*/
select file_id, record_number, control from raw.x12_837p_control
