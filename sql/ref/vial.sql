/*---
table: ref.vial
grain: one row per procedure_code, vial_units, valid_from
defaults: vial.csv
columns:
  procedure_code: {type: VARCHAR, is: "HCPCS code of the drug"}
  vial_units: {type: INTEGER, is: "units of the drug in one vial; not billed units"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  container: {type: VARCHAR, is: "single-dose or multi-dose"}
  status: {type: VARCHAR, is: "confirmed: read in a source; memory: no source was found"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The vials in which a drug is sold. A size from memory can only make a check hold back: a finding needs to hold both with and without it. Rows begin with the
code of the drug; when a size came on the market is not established.
*/
