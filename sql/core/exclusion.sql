/*---
table: core.exclusion
grain: one row per loaded exclusion
reads: [stg.exclusion]
columns:
  npi: {type: VARCHAR, is: "NPI"}
  from_date: {type: DATE, is: "first day of the exclusion"}
  to_date: {type: DATE, is: "last day; null = open"}
  source: {type: VARCHAR, is: "list that names it"}
---
Exclusions as loaded. None is shipped.
*/
select npi, from_date, to_date, source
from stg.exclusion where problem_mask = 0
