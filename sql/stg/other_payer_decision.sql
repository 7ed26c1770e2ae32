/*---
table: stg.other_payer_decision
grain: what another payer decided on a claim or its line
reads: [raw.other_payer_decisions]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of it in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_record: {type: BIGINT, is: "record of the claim line; null = the claim"}
  payer_id: {type: VARCHAR, is: "the other payer"}
  paid_amount: {type: "DECIMAL(12,2)", is: "what it paid"}
  procedure_code: {type: VARCHAR, is: "code that it decided on"}
  units: {type: "DECIMAL(12,3)", is: "units that it decided on"}
  decided_date: {type: DATE, is: "day of its decision"}
  adjustments: {type: VARCHAR, is: "group-reason=amount, parted by spaces"}
---
Kept for the reader: it says nothing of what the payer of the claim allowed or paid, and no check reads it.
*/
select file_id, record_number,
  blank(claim_id) as claim_id,
  strict_integer(line_record) as line_record,
  blank(payer_id) as payer_id,
  strict_money(paid_amount) as paid_amount,
  blank(procedure_code) as procedure_code,
  strict_units(units) as units,
  strict_date(decided_date) as decided_date,
  blank(adjustments) as adjustments,
  (case when strict_money(paid_amount) is null and blank(paid_amount) is not null then 1 else 0 end)
    + (case when strict_units(units) is null and blank(units) is not null then 2 else 0 end)
    + (case when strict_date(decided_date) is null and blank(decided_date) is not null then 4 else 0 end) as problem_mask
from raw.other_payer_decisions
