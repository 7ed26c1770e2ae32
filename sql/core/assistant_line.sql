/*---
table: core.assistant_line
grain: one row per line of a timed or untimed code that takes the assistant's modifier and was not denied
view: true
reads: [core.claim_line, ref.procedure]
columns:
  line_id: {type: BIGINT, is: "the line"}
  day_id: {type: BIGINT, is: "joins core.assistant_day"}
  code: {type: VARCHAR, is: "code under which the minutes are counted"}
  is_timed: {type: BOOLEAN, is: "a timed code; else an untimed one"}
  by_assistant: {type: BOOLEAN, is: "the line carries CQ or CO"}
  units: {type: "DECIMAL(12,3)", is: "units billed"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  discipline: {type: "ENUM('OT', 'PT', 'SLP')", is: "PT, OT or SLP; null = unknown"}
  service_date: {type: DATE, is: "date of service"}
  received_date: {type: DATE, is: "day the payer received the claim"}
  procedure_code: {type: VARCHAR, is: "code"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  amount: {type: "DECIMAL(12,2)", is: "amount of the line"}
  amount_basis: {type: "ENUM('allowed', 'fee-schedule', 'none', 'paid')", is: "basis of that amount"}
---
Evaluations and codes that carry no therapy modifier are left out (rulings 19 and 29).
*/
select line_id, day_id, allocation_code as code, unit_type = 'timed15' as is_timed, by_assistant, units, claim_id, line_number, patient_id, payer_id, billing_npi,
  rendering_npi as provider_npi, discipline, service_date, received_date, procedure_code, paid_amount, amount, amount_basis
from core.claim_line
where not is_denied and (unit_type = 'timed15' or (unit_type = 'untimed' and therapy_status <> 'none'))
  and procedure_code not in (select procedure_code from ref.procedure where evaluation is not null)
