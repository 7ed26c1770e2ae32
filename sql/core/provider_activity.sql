/*---
table: core.provider_activity
grain: one row per loaded row of a provider
reads: [stg.provider]
columns:
  npi: {type: VARCHAR, is: "NPI"}
  active_from: {type: DATE, is: "first active day; null = open"}
  active_to: {type: DATE, is: "last active day; null = open"}
---
When a provider was active. core.provider keeps the first row of an NPI; one who left and came back has several, and is active on the days of any.
*/
select npi, active_from, active_to
from stg.provider where problem_mask = 0
