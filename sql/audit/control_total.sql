/*---
table: audit.control_total
grain: one row per step and record layout
columns:
  step: {type: VARCHAR, is: "read, rejected, accepted; for claim lines also superseded, after-as-of and audited"}
  record_type: {type: VARCHAR, is: "record layout"}
  records: {type: BIGINT, is: "records"}
  units: {type: "DECIMAL(38,3)", is: "claim lines: sum of units, where they are numbers"}
  charge_amount: {type: "DECIMAL(38,2)", is: "claim lines: sum of charges, where they are amounts"}
---
Read = rejected + accepted, and accepted = superseded + after the as-of date + audited, in records, units and charges.
Records read are counted from the bytes of the files, independently of the statement that stages them.
*/
