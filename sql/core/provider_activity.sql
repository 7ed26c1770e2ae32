/*---
table: core.provider_activity
grain: one row per row of a list of providers
reads: [stg.provider, core.source_file]
columns:
  npi: {type: VARCHAR, is: "NPI"}
  active_from: {type: DATE, is: "first active day; null = open"}
  active_to: {type: DATE, is: "last active day; null = open"}
---
When a provider was active. core.provider keeps the first row of an NPI; one who left and came back has several, and is active on the days of any. That a
claim names a provider says nothing of its dates: rows that a file of claims gives beside its lines are not a list.
*/
select npi, active_from, active_to
from stg.provider p
where problem_mask = 0 and (active_from is not null or active_to is not null or not exists (from core.source_file f where f.file_id = p.file_id))
