/*---
table: audit.coverage
grain: one row per run, check, rendering provider, payer, verdict and reason
columns:
  run_key: {type: VARCHAR, is: "run"}
  check_code: {type: VARCHAR, is: "check"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer; null where a subject has none"}
  verdict: {type: VARCHAR, is: "pass, finding or cannot_tell"}
  reason: {type: VARCHAR, is: "why it could not be told, or a note on a finding; null otherwise"}
  subjects: {type: BIGINT, is: "subjects with this verdict"}
  amount: {type: "DECIMAL(18,2)", is: "sum of amounts at risk of findings; 0 otherwise"}
---
Every verdict is counted, so that each error rate has its true denominator and not tested is never mistaken for clean.
*/
