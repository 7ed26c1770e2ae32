/*---
table: ref.hcpcs
grain: one row per code, valid_from
defaults: hcpcs.csv
columns:
  code: {type: VARCHAR, is: "HCPCS Level II code or modifier"}
  kind: {type: VARCHAR, is: "code or modifier"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  coverage: {type: VARCHAR, is: "coverage indicator as published"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
First and last days of HCPCS Level II codes and modifiers as loaded; none is shipped: the codes of the audit are in ref.procedure
and ref.modifier, which win. BIL108 judges the dates of the others.
*/
