/*---
table: raw.coverage_policies
grain: one row of a coverage policy, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  payer_id: {type: VARCHAR, is: "payer"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  region: {type: VARCHAR, is: "region"}
  policy_id: {type: VARCHAR, is: "policy", required: true}
  policy_version: {type: VARCHAR, is: "version"}
  code_low: {type: VARCHAR, is: "first code", required: true}
  code_high: {type: VARCHAR, is: "last code"}
  dx_low: {type: VARCHAR, is: "first diagnosis", required: true}
  dx_high: {type: VARCHAR, is: "last diagnosis"}
  group_no: {type: VARCHAR, is: "group"}
  role: {type: VARCHAR, is: "role of the list"}
  pair_group_no: {type: VARCHAR, is: "group it pairs with"}
  dos_from: {type: VARCHAR, is: "first date of service", required: true}
  dos_to: {type: VARCHAR, is: "last date of service"}
---
The canonical layout of this record. All text, exactly as read.
*/
