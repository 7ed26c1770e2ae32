/*---
table: ref.modifier_conflict
grain: one row per modifier_a, modifier_b, valid_from
defaults: modifier_conflict.csv
columns:
  modifier_a: {type: VARCHAR, is: "one of the two modifiers"}
  modifier_b: {type: VARCHAR, is: "the other"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  scope: {type: VARCHAR, is: "any line, or therapy_line: a line with GP, GO or GN"}
  line_at_risk: {type: BOOLEAN, is: "whether the amount of the line is in question"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Pairs that contradict each other on one line, each pair once and in either order on the line. The same
modifier twice is not a pair and needs no row.
*/
