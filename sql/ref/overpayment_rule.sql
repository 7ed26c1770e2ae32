/*---
table: ref.overpayment_rule
grain: one row per valid_from
defaults: overpayment_rule.csv
columns:
  valid_from: {type: DATE, is: "first day of identification on which the row holds"}
  valid_to: {type: DATE, is: "first day on which it no longer holds; empty while open"}
  return_days: {type: INTEGER, is: "days after identification within which an overpayment is reported and returned"}
  diligence_months: {type: INTEGER, is: "months from credible information that reasonable diligence may take, as a benchmark; null where the standard knows none"}
  suspension_days: {type: INTEGER, is: "most days after identification for which an investigation of related overpayments suspends the deadline; null where none does"}
  look_back_years: {type: INTEGER, is: "years from receipt within which identification counts; null where no regulation says"}
  standard: {type: VARCHAR, is: "what identified means"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The duty to report and return an overpayment, by the day on which it was identified. Medicare parts A and B; other payers have rules of their own.
*/
