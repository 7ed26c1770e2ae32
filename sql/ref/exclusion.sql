/*---
table: ref.exclusion
grain: one row per npi, from_date and source
key: [npi, from_date, source]
scope: [source]
defaults: exclusion.csv
feeds: stg.exclusion
columns:
  npi: {type: VARCHAR, is: "NPI"}
  from_date: {type: DATE, is: "first day of the exclusion"}
  to_date: {type: DATE, is: "last day; empty while open"}
  source: {type: VARCHAR, is: "list that names it"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Lists of excluded providers as loaded; none is shipped. They are read beside the exclusions of the input. A newer list takes the place of the older one of its
source.
*/
