/*---
table: mart.coverage
grain: one row per check, rendering provider, payer, verdict and reason of this run
reads: [audit.coverage, core.run]
columns:
  run_key: {type: VARCHAR, is: "run"}
  check_code: {type: VARCHAR, is: "check"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  verdict: {type: VARCHAR, is: "pass, finding or cannot_tell"}
  reason: {type: VARCHAR, is: "why it could not be told"}
  subjects: {type: BIGINT, is: "subjects with this verdict"}
  amount: {type: "DECIMAL(18,2)", is: "sum of amounts at risk of findings; 0 otherwise"}
---
The counts of every verdict as the CSV and Parquet files list them.
*/
select c.* from audit.coverage c join core.run using (run_key)
