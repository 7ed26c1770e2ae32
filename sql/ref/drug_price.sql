/*---
table: ref.drug_price
grain: one row per procedure_code, valid_from
defaults: drug_price.csv
releases: dated
columns:
  procedure_code: {type: VARCHAR, is: "HCPCS code of the drug"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  price: {type: "DECIMAL(12,4)", is: "Medicare payment limit of one billed unit in dollars"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Payment limits of drugs, for lines without an allowed or paid amount. They change every quarter: a quarter without a row has no price.
*/
