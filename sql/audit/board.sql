/*---
table: audit.board
grain: one row per board that was given out, division, group of items and count
columns:
  board: {type: VARCHAR, is: "digest of the file that was given out"}
  run_key: {type: VARCHAR, is: "run"}
  first_day: {type: DATE, is: "first service date that it covers"}
  last_day: {type: DATE, is: "last service date that it covers"}
  division: {type: VARCHAR, is: "all, clinic, month, payer_class or check"}
  items: {type: "VARCHAR[]", is: "items told together"}
  count_name: {type: VARCHAR, is: "what was counted"}
  number: {type: BIGINT, is: "the count that was told"}
  amount: {type: "DECIMAL(38,2)", is: "the money of its lines that was told with it; null for a count without money"}
---
Append-only. What boards were told, so that the next one can be kept from telling a small number by its difference.
*/
