/*---
table: ref.drug_dose
grain: one row per procedure_code, valid_from
defaults: drug_dose.csv
columns:
  procedure_code: {type: VARCHAR, is: "HCPCS code of the drug"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  day_dose: {type: INTEGER, is: "highest dose of one day, in units of the drug"}
  window_dose: {type: INTEGER, is: "highest dose within the window, in units of the drug"}
  window_days: {type: INTEGER, is: "days of the window: twelve weeks, the shortest interval between treatments"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Highest doses by the labels, for adults and over all indications. Labels changed over the years: the highest value read is used for every date on which the
code exists, so that an older, lower maximum is never held against a dose.
*/
