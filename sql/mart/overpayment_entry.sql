/*---
table: mart.overpayment_entry
grain: one row per entry of the ledger
reads: [audit.viewed, audit.overpayment_event]
columns:
  entry: {type: BIGINT, is: "entry"}
  case_id: {type: VARCHAR, is: "case"}
  event: {type: VARCHAR, is: "what happened"}
  event_date: {type: DATE, is: "day of the act"}
  person: {type: VARCHAR, is: "who acted"}
  amount: {type: "DECIMAL(12,2)", is: "money"}
  received_on: {type: DATE, is: "day on which the last payment of the case was received"}
  note: {type: VARCHAR, is: "free text"}
  finding_ids: {type: "VARCHAR[]", is: "findings that the case is about"}
  withdraws: {type: BIGINT, is: "entry that this one takes back"}
  status: {type: VARCHAR, is: "counted, withdrawn, or later than the day that is looked at"}
---
The ledger as a day sees it.
*/
select e.entry, e.case_id, e.event, e.event_date, e.person, e.amount, e.received_on, e.note, e.finding_ids, e.withdraws,
  case when e.event_date > v.day then 'later' when w.withdraws is not null then 'withdrawn' else 'counted' end as status
from audit.overpayment_event e
cross join audit.viewed v
left join (
  select distinct l.withdraws from audit.overpayment_event l cross join audit.viewed where l.event = 'withdrawn' and l.event_date <= day
) w on w.withdraws = e.entry
