/*---
table: ref.add_on
grain: one row per add_on_code, primary_code, valid_from
defaults: add_on.csv
columns:
  add_on_code: {type: VARCHAR, is: "code that is billed only beside another"}
  primary_code: {type: VARCHAR, is: "code beside which it is accepted; CCCCC = the contractor decides"}
  edit_type: {type: INTEGER, is: "1 closed list; 2 no list; 3 list that a contractor may extend"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  release: {type: VARCHAR, is: "release in ref.release"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Add-on codes and the primaries that they need. The lists apply to every date on which the codes exist.
*/
