/*---
table: core.injection_line
grain: one row per line of a procedure with botulinum toxin that existed on the date, denied lines included
reads: [core.claim_line, ref.chemodenervation]
columns:
  line_id: {type: BIGINT, is: "the line"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_class: {type: VARCHAR, is: "class of the payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  service_date: {type: DATE, is: "first date of service"}
  place_of_service: {type: VARCHAR, is: "place of service; null = not given"}
  procedure_code: {type: VARCHAR, is: "CPT code"}
  modifiers: {type: "VARCHAR[]", is: "modifiers in order"}
  units: {type: "DECIMAL(12,3)", is: "billed units"}
  diagnosis_set: {type: BIGINT, is: "joins core.diagnosis_set"}
  is_denied: {type: BOOLEAN, is: "the line was denied"}
  amount: {type: "DECIMAL(12,2)", is: "as in core.claim_line"}
  amount_basis: {type: VARCHAR, is: "as in core.claim_line"}
  role: {type: VARCHAR, is: "chemodenervation (64611 to 64653) or other"}
  area: {type: VARCHAR, is: "body area; null where no interval is judged"}
  minimum_days: {type: INTEGER, is: "days between injections of the area"}
  bilateral: {type: VARCHAR, is: "bilateral indicator on the date"}
  line_order: {type: INTEGER, is: "position by received date, claim, line among all of them"}
---
The few lines of chemodenervation with what their code says on the date: area, interval, sides. The checks of these procedures start here, so that the
lines are searched once.
*/
select l.line_id, l.patient_id, l.payer_id, l.payer_class, l.billing_npi, l.rendering_npi, l.claim_id, l.line_number, l.service_date, l.place_of_service,
  l.procedure_code, l.modifiers, l.units, l.diagnosis_set, l.is_denied, l.amount, l.amount_basis, c.role, c.area, c.minimum_days, c.bilateral,
  row_number() over (order by l.received_date nulls first, l.claim_id, l.line_number, l.line_id) as line_order
from core.claim_line l
join ref.chemodenervation c on c.procedure_code = l.procedure_code and c.valid_from <= l.service_date
  and (c.valid_to is null or l.service_date < c.valid_to)
