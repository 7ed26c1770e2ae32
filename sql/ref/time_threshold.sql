/*---
table: ref.time_threshold
grain: one row per procedure_code, valid_from
defaults: time_threshold.csv
columns:
  procedure_code: {type: VARCHAR, is: "code whose unit is not 15 minutes of the day"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  counted_with: {type: VARCHAR, is: "first code of those whose minutes count together; the code itself where its own count"}
  counted_per: {type: VARCHAR, is: "day, or month for minutes of a calendar month"}
  first_minutes: {type: INTEGER, is: "fewest minutes, of all that count together, that earn the first unit"}
  step_minutes: {type: INTEGER, is: "minutes that each further unit takes; empty where there is only one"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Codes with a time base of their own. First and additional codes share their minutes where the additional one is counted from the start of the first.
*/
