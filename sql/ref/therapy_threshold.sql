/*---
table: ref.therapy_threshold
grain: one row per valid_from
defaults: therapy_threshold.csv
releases: dated
columns:
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  amount: {type: "DECIMAL(12,2)", is: "annual amount in dollars for PT with SLP; the same for OT; null where only the review amount is known"}
  review_amount: {type: "DECIMAL(12,2)", is: "targeted review amount in dollars; null where there was none"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
A year without an amount has no known one, and the checks that need it say so: of 2027 only the review amount is known. 2012 has two rows because the
review amount began on 2012-10-01. Amounts before 2018 are those of the former cap with its exceptions.
*/
