/*---
table: ref.drug
grain: one row per procedure_code, valid_from
defaults: drug.csv
columns:
  procedure_code: {type: VARCHAR, is: "HCPCS code of the drug"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  kind: {type: VARCHAR, is: "toxin: a botulinum toxin with a code of its own; unclassified: a code for drugs without one"}
  product: {type: VARCHAR, is: "name under which it is sold; empty for unclassified"}
  billing_unit: {type: INTEGER, is: "units of the drug in one billed unit; empty for unclassified"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The drugs of chemodenervation. What a code means does not change with the date, and whether it existed is in ref.procedure: rows begin at 1900-01-01.
*/
