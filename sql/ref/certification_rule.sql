/*---
table: ref.certification_rule
grain: one row per valid_from
defaults: certification_rule.csv
columns:
  valid_from: {type: DATE, is: "first evaluation date on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  timely_days: {type: INTEGER, is: "days after the first treatment day within which certification is timely"}
  span_days: {type: INTEGER, is: "most days that one certification covers, its first day counted"}
  order_suffices: {type: BOOLEAN, is: "whether a signed order and a plan sent in time stand in for the initial signature"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
What the certification of a plan of care takes, by the plan's first day.
*/
