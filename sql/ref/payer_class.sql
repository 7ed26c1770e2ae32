/*---
table: ref.payer_class
grain: one row per payer_class, switch, valid_from
defaults: payer_class.csv
columns:
  payer_class: {type: VARCHAR, is: "class of the payer as in payers.csv"}
  switch: {type: VARCHAR, is: "name of the payer switch"}
  value: {type: VARCHAR, is: "default of the class: true, false, cms, cpt, unknown or one_line_50"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The default of a payer switch that payers.csv leaves blank. A switch without a row is unknown for that class,
and a check that depends on it cannot tell.
*/
