/*---
table: ref.coverage_policy
grain: one row per policy, codes, diagnoses, region and first date
key: [payer_id, mac, region, policy_id, policy_version, code_low, code_high, dx_low, dx_high, group_no, role, pair_group_no, dos_from]
scope: [payer_id]
defaults: coverage_policy.csv
feeds: stg.coverage_policy
refuse:
  "it names neither a payer nor a contractor": "payer_id is null and mac is null"
  "the role is not known": "role not in ('covered', 'noncovered', 'primary_required', 'secondary_required', 'either')"
  "it ends before it begins": "dos_to < dos_from"
columns:
  payer_id: {type: VARCHAR, is: "payer; empty = every payer of the contractor"}
  mac: {type: VARCHAR, is: "Medicare contractor as payers.csv names it; in files of CMS its number"}
  region: {type: VARCHAR, is: "state, two letters"}
  policy_id: {type: VARCHAR, is: "policy or article"}
  policy_version: {type: VARCHAR, is: "its version"}
  code_low: {type: VARCHAR, is: "first procedure code"}
  code_high: {type: VARCHAR, is: "last one"}
  dx_low: {type: VARCHAR, is: "first diagnosis"}
  dx_high: {type: VARCHAR, is: "last one"}
  group_no: {type: INTEGER, is: "group of the policy"}
  role: {type: VARCHAR, is: "covered, noncovered, primary_required, secondary_required or either"}
  pair_group_no: {type: INTEGER, is: "group that it pairs with"}
  dos_from: {type: DATE, is: "first date of service"}
  dos_to: {type: DATE, is: "last date of service; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Coverage policies as loaded; none is shipped. They are read beside those of the input. A newer file of a payer, or of the contractors together, takes the place of
the older one.
*/
