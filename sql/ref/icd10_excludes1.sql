/*---
table: ref.icd10_excludes1
grain: one row per code_low, code_high, excluded_low, excluded_high, valid_from
defaults: icd10_excludes1.csv.gz
releases: dated
columns:
  code_low: {type: VARCHAR, is: "first code or stem that carries the note"}
  code_high: {type: VARCHAR, is: "last one; equal to the first for a single stem"}
  excluded_low: {type: VARCHAR, is: "first code or stem that the note excludes"}
  excluded_high: {type: VARCHAR, is: "last one; equal to the first for a single stem"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Codes that a note of the tabular list keeps apart. A stem stands for all codes below it. Other years than those loaded are not known.
*/
