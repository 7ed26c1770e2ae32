/*---
table: ref.provider_taxonomy
grain: one row per npi
defaults: provider_taxonomy.csv
columns:
  npi: {type: VARCHAR, is: "NPI"}
  taxonomy_code: {type: VARCHAR, is: "primary taxonomy of the national provider file"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
What kind of provider an NPI is, for providers of whom providers.csv does not say it; none is shipped.
*/
