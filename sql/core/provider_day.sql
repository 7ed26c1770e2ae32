/*---
table: core.provider_day
grain: one row per NPI and day
reads: [stg.provider_day]
columns:
  npi: {type: VARCHAR, is: "NPI billed under"}
  date: {type: DATE, is: "day"}
  clinicians: {type: INTEGER, is: "clinicians who worked under the NPI"}
---
Staffed clinicians who billed under one NPI on a day, where the practice knows it.
*/
select npi, date, clinicians
from stg.provider_day where problem_mask = 0
