/*---
table: ref.icd10_side
grain: one row per code
defaults: icd10_side.csv.gz
columns:
  code: {type: VARCHAR, is: "ICD-10-CM code in capitals, without dot"}
  side: {type: VARCHAR, is: "right, left, bilateral or unspecified"}
  sided_codes: {type: VARCHAR, is: "for unspecified: the codes of the right and the left side, parted by blanks"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Codes whose title names a side of a paired structure and has a sibling that is equal but for the side. Only these are judged by their side.
*/
