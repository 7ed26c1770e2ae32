/*---
table: ref.functional_code
grain: one row per procedure_code, valid_from
defaults: functional_code.csv
columns:
  procedure_code: {type: VARCHAR, is: "functional reporting code"}
  valid_from: {type: DATE, is: "first date of service on which reporting was required"}
  valid_to: {type: DATE, is: "first date on which it no longer was"}
  limitation: {type: VARCHAR, is: "the limitation it reports on, a short label of our own; three codes share one"}
  stage: {type: VARCHAR, is: "current, goal or discharge"}
  disciplines: {type: VARCHAR, is: "disciplines that report it, joined by /: PT, OT, SLP"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The 42 codes in 14 sets of three. The codes themselves existed from 2013-01-01 to 2019-12-31 (ref.procedure).
*/
