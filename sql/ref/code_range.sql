/*---
table: ref.code_range
grain: one row per kind, code_low, valid_from
defaults: code_range.csv
columns:
  kind: {type: VARCHAR, is: "evaluation_management, laboratory, anesthesia, or injury (ICD-10-CM categories)"}
  code_low: {type: VARCHAR, is: "first code of the range"}
  code_high: {type: VARCHAR, is: "last code of the range"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Ranges of codes that a rule treats alike. Codes are compared as text of five characters, categories of ICD-10-CM as text of three.
*/
