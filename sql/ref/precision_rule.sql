/*---
table: ref.precision_rule
grain: one row per valid_from
defaults: precision_rule.csv
columns:
  valid_from: {type: DATE, is: "first as-of date on which the row holds"}
  valid_to: {type: DATE, is: "first as-of date on which it no longer holds; empty while open"}
  least_findings: {type: INTEGER, is: "fewest decided findings of a check for which a share is told"}
  z: {type: "DECIMAL(6,4)", is: "normal deviate of the interval"}
  citation: {type: VARCHAR, is: "why these values"}
---
When the agreement of payers with a check is told as a share, and how wide its interval is.
*/
