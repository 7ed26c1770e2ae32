/*---
table: mart.correction_visit
grain: one row per visit for whose findings a correction is searched
reads: []
columns:
  visit_id: {type: BIGINT, is: "patient, billing NPI, payer and date as one number (account_day in macros.sql); joins only, never shown"}
  place: {type: INTEGER, is: "order of the search: findings that stand first on their pages, then the largest amount"}
---
Filled by pipeline/corrections.py from the findings that the pages show as cards.
*/
