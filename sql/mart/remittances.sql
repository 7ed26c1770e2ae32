/*---
table: mart.remittances
grain: one row per service line of a remittance, and per claim without service lines
reads: [stg.remittance_line, stg.remittance_match, stg.remittance_result, stg.claim_line, raw.file]
columns:
  outcome: {type: VARCHAR, is: "stands, earlier, reversed, reversal, repeated, no-decision or older-than-claim-file; without a claim line: claim-not-loaded, line-not-found, other-payer or several-payers"}
  file_name: {type: VARCHAR, is: "file of the remittance"}
  record_number: {type: BIGINT, is: "record in it"}
  trace: {type: VARCHAR, is: "check or trace number"}
  payment_date: {type: DATE, is: "day of the payment"}
  payer: {type: VARCHAR, is: "payer, by name or number"}
  claim_id: {type: VARCHAR, is: "claim number that the provider gave it"}
  payer_claim_id: {type: VARCHAR, is: "claim number that the payer gave it"}
  claim_status: {type: VARCHAR, is: "status of the claim, as the payer codes it"}
  service_date: {type: DATE, is: "date of service"}
  procedure_code: {type: VARCHAR, is: "code that was paid"}
  units: {type: "DECIMAL(12,3)", is: "units that were paid"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount; null = unknown"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  adjustments: {type: VARCHAR, is: "group-reason=amount, parted by spaces"}
  matched_by: {type: VARCHAR, is: "how the claim line was found"}
  line_number: {type: INTEGER, is: "line of the claim"}
  differs: {type: VARCHAR, is: "columns of the claim line that stated something else, parted by spaces"}
---
What became of each remittance line. Where it speaks of several submissions of one claim, the row is that of the first outcome in the order above.
*/
with spoken as (
  select m.*, coalesce(r.state, m.why) as outcome, r.differs, c.line_number
  from stg.remittance_match m
  left join stg.remittance_result r on r.file_id = m.line_file_id and r.record_number = m.line_record_number
    and r.remittance_file_id = m.file_id and r.claim_record = m.claim_record
  left join stg.claim_line c on c.file_id = m.line_file_id and c.record_number = m.line_record_number
),
first_outcome as (
  select * from spoken
  qualify row_number() over (partition by file_id, record_number order by list_position(['stands', 'earlier', 'reversed', 'reversal', 'repeated', 'no-decision',
    'older-than-claim-file'], outcome), line_file_id, line_record_number) = 1
)
select o.outcome, f.file_name, r.record_number, r.trace, r.payment_date, coalesce(r.payer_name, r.payer_number) as payer, r.claim_id, r.payer_claim_id, r.claim_status,
  r.service_date, r.procedure_code, r.units, r.charge_amount, r.allowed_amount, r.paid_amount,
  array_to_string(list_transform(r.adjustments, lambda a: a.group_code || '-' || a.reason || '=' || a.amount), ' ') as adjustments,
  o.matched_by, o.line_number, array_to_string(o.differs, ' ') as differs
from first_outcome o
join stg.remittance_line r on r.file_id = o.file_id and r.record_number = o.record_number
join raw.file f on f.file_id = o.file_id
