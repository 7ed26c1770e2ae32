/*---
table: ref.param
grain: one row per check, parameter, payer and span
columns:
  check_code: {type: VARCHAR, is: "check"}
  param: {type: VARCHAR, is: "parameter"}
  payer_id: {type: VARCHAR, is: "payer; null = every payer"}
  valid_from: {type: DATE, is: "first service date"}
  valid_to: {type: DATE, is: "first service date no longer covered; null = open"}
  value: {type: "DECIMAL(18,4)", is: "value"}
  citation: {type: VARCHAR, is: "why this value"}
---
The parameters of the checks, filled from the `params` of their headers.
*/
