/*---
table: mart.correction
grain: one row per finding shown as a card that a change of its visit's claim lines may clear
reads: []
columns:
  finding_id: {type: VARCHAR, is: "finding"}
  cost: {type: INTEGER, is: "number of changes; null when there is no correction"}
  kind: {type: VARCHAR, is: "arithmetic: the claim, its minutes and the tables settle it; attest: a person must attest to it"}
  amount_before: {type: "DECIMAL(12,2)", is: "amount of the changed lines as billed; null when unknown"}
  amount_after: {type: "DECIMAL(12,2)", is: "the same after the correction, by each line's amount per unit"}
  clears: {type: "VARCHAR[]", is: "checks whose findings of the visit it clears, in order of code"}
  edits: {type: "STRUCT(claim_id VARCHAR, line_number INTEGER, procedure_code VARCHAR, units_before DECIMAL(12,3), units_after DECIMAL(12,3), modifiers_before VARCHAR[], modifiers_after VARCHAR[], amount_before DECIMAL(12,2), amount_after DECIMAL(12,2))[]", is: "changed lines; 0 units takes the line off, and a line without a number is a new one"}
  reason: {type: VARCHAR, is: "why there is no correction; null when there is one"}
---
The fewest changes of the claim lines of a visit that clear its findings and cause no other, found and judged by pipeline/corrections.py.
*/
