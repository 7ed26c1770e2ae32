/*---
table: ref.therapy_reduction
grain: one row per setting and valid_from
defaults: therapy_reduction.csv
columns:
  setting: {type: VARCHAR, is: "practitioner or hospital"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  share: {type: "DECIMAL(9,2)", is: "share of the practice expense that is not paid for every unit of the day but the highest"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The multiple procedure payment reduction of therapy services over the years.
*/
