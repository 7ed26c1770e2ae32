/*---
table: ref.pattern_rule
grain: one row per rule, valid_from
defaults: pattern_rule.csv
columns:
  rule: {type: VARCHAR, is: "name of the rule"}
  valid_from: {type: DATE, is: "first as-of date on which it holds"}
  valid_to: {type: DATE, is: "first as-of date on which it no longer holds; empty while open"}
  value: {type: "DECIMAL(18,4)", is: "value"}
  citation: {type: VARCHAR, is: "where the value comes from"}
---
What the comparisons of providers share (PRV101 to PRV107): the span of time, the least volume, the rate of false discoveries. They are
here and not in one check, because the rate is held over all providers and measures together.
*/
