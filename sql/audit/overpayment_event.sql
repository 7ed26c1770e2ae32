/*---
table: audit.overpayment_event
grain: one row per act of a person about a possible overpayment
columns:
  entry: {type: BIGINT, is: "place in the order in which acts were recorded, from 1"}
  case_id: {type: VARCHAR, is: "case, by the name that a person gave it"}
  event: {type: VARCHAR, is: "suspected, under_review, identified, investigating, investigated, reported, refunded, closed or withdrawn"}
  event_date: {type: DATE, is: "day of the act"}
  person: {type: VARCHAR, is: "who acted"}
  amount: {type: "DECIMAL(12,2)", is: "money: of identified and investigated the whole, of refunded this payment"}
  received_on: {type: DATE, is: "day on which the last payment of the case was received, from which six years are counted"}
  note: {type: VARCHAR, is: "free text; required to withdraw and to close what is not returned"}
  finding_ids: {type: "VARCHAR[]", is: "findings that the case is about"}
  withdraws: {type: BIGINT, is: "entry that this one takes back, as it was a mistake"}
---
Append-only ledger. No statement and no step of a run writes here: every row is a person's act, with name and day. A mistake is withdrawn by another entry, and both stay to be read.
*/
