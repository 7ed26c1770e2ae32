/*---
table: ref.param
grain: one row per check_code, param, valid_from
defaults: param.csv
scope: [check_code, param]
refuse:
  "there is no such parameter": "(check_code, param) not in (select check_code, param from known_param)"
  "the value is not a number from 0 up": "value is null or value < 0"
columns:
  check_code: {type: VARCHAR, is: "check"}
  param: {type: VARCHAR, is: "parameter, as the page of the check names it"}
  valid_from: {type: DATE, is: "first service date"}
  valid_to: {type: DATE, is: "first service date no longer covered; null = open"}
  value: {type: "DECIMAL(18,4)", is: "value"}
  citation: {type: VARCHAR, is: "why this value"}
---
The parameters of the checks. On dates of which no row was added, the default holds that the header of the check gives.
*/
