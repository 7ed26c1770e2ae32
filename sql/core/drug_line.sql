/*---
table: core.drug_line
grain: one row per line of a botulinum toxin that was not denied
reads: [core.claim_line, ref.drug, ref.drug_price, ref.drug_dose]
columns:
  line_id: {type: BIGINT, is: "the line"}
  drug_day: {type: BIGINT, is: "joins core.drug_day; never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_class: {type: VARCHAR, is: "class of the payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  service_date: {type: DATE, is: "first date of service"}
  procedure_code: {type: VARCHAR, is: "code of the drug"}
  product: {type: VARCHAR, is: "name of the drug"}
  billing_unit: {type: INTEGER, is: "units of the drug in one billed unit"}
  day_dose: {type: INTEGER, is: "highest dose of a day by the label, in units of the drug; null where none is known on the date"}
  window_dose: {type: INTEGER, is: "highest dose within the window, null like day_dose"}
  window_days: {type: INTEGER, is: "days of the window, null like day_dose"}
  place_of_service: {type: VARCHAR, is: "place of service; null = not given"}
  modifiers: {type: "VARCHAR[]", is: "modifiers in order"}
  is_waste: {type: BOOLEAN, is: "the line carries JW: its units were discarded"}
  has_jz: {type: BOOLEAN, is: "the line carries JZ: nothing was discarded"}
  units: {type: "DECIMAL(12,3)", is: "billed units"}
  is_countable: {type: BOOLEAN, is: "the units are a positive whole number"}
  amount: {type: "DECIMAL(12,2)", is: "allowed, else paid, else billed units at the Medicare payment limit of the quarter; null when nothing is known"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  line_order: {type: INTEGER, is: "position by received date, claim, line among all of them"}
---
The few lines of drugs, with what they state about waste. The checks of drugs start here, so that the lines are searched once.
*/
select l.line_id, dense_rank() over (order by l.patient_id, l.billing_npi, l.payer_id, l.service_date, l.procedure_code) as drug_day,
  l.patient_id, l.payer_id, l.payer_class, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, d.product, d.billing_unit, m.day_dose,
  m.window_dose, m.window_days, l.place_of_service, l.modifiers, list_contains(l.modifiers, 'JW') as is_waste, list_contains(l.modifiers, 'JZ') as has_jz, l.units,
  l.units > 0 and l.units = floor(l.units) as is_countable,
  coalesce(l.amount, case when l.units > 0 then cast(round(l.units * p.price, 2) as decimal(12, 2)) end) as amount,
  case when l.amount is null and l.units > 0 and p.price is not null then 'fee-schedule' else l.amount_basis end as amount_basis,
  row_number() over (order by l.received_date nulls first, l.claim_id, l.line_number, l.line_id) as line_order
from core.claim_line l
join ref.drug d on d.procedure_code = l.procedure_code and d.kind = 'toxin' and d.valid_from <= l.service_date
  and (d.valid_to is null or l.service_date < d.valid_to)
left join ref.drug_price p on p.procedure_code = l.procedure_code and p.valid_from <= l.service_date
  and (p.valid_to is null or l.service_date < p.valid_to)
left join ref.drug_dose m on m.procedure_code = l.procedure_code and m.valid_from <= l.service_date
  and (m.valid_to is null or l.service_date < m.valid_to)
where not l.is_denied
