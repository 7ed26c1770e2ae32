/*---
table: core.source_file
grain: one row per file with claim lines
reads: [stg.claim_line]
columns:
  file_id: {type: INTEGER, is: "file; the upper bits of line_id"}
  has_diagnoses: {type: BOOLEAN, is: "a line of the file has a diagnosis or a pointer"}
  has_pointers: {type: BOOLEAN, is: "a line of the file has a diagnosis pointer"}
---
What the source carries at all (ruling 4): a column that is blank on every line of a file is not recorded there; blank on some lines only, it is none.
*/
select file_id, count(diagnosis_text) > 0 as has_diagnoses, coalesce(bool_or(contains(diagnosis_text, chr(30))), false) as has_pointers
from stg.claim_line where problem_mask = 0
group by file_id
