/*---
table: audit.disposition
grain: one row per decision about a finding that a person made
columns:
  entry: {type: BIGINT, is: "place in the order in which decisions were recorded, from 1"}
  finding_id: {type: VARCHAR, is: "finding"}
  run_key: {type: VARCHAR, is: "run whose worklist was answered"}
  decision: {type: VARCHAR, is: "confirmed, not_an_error, corrected, under_review or suppressed"}
  reviewer: {type: VARCHAR, is: "who decided"}
  decided_on: {type: DATE, is: "day of the decision, as the file or the command gives it"}
  reason_code: {type: VARCHAR, is: "reason, in the practice's own words; required for not_an_error and suppressed"}
  note: {type: VARCHAR, is: "free text"}
  expires_on: {type: DATE, is: "last day on which a suppression holds"}
  approver: {type: VARCHAR, is: "who approved a suppression, never the reviewer"}
  ceiling: {type: "DECIMAL(12,2)", is: "most money that a suppression may hide from the work; null = no limit"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question when it was decided; null = unknown"}
  digest: {type: VARCHAR, is: "digest of the finding when it was decided: with another one it was updated since"}
  source_digest: {type: VARCHAR, is: "sha256 of the file that was imported; null for a baseline"}
  source_row: {type: INTEGER, is: "row in it, the header not counted"}
---
Append-only: a later decision stands beside the earlier one and takes its place. Nothing here takes a finding or its money out of any count of findings or money.
*/
