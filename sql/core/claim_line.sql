/*---
table: core.claim_line
grain: one row per surviving claim line with a service date up to the as-of date
reads: [stg.claim_line, core.superseded_line, core.payer, core.provider, core.run, core.source_file, core.diagnosis_set, core.modifier_set, core.account, ref.procedure, ref.fee_schedule]
columns:
  line_id: {type: BIGINT, is: "file and record number as one integer; joins only, never shown"}
  day_id: {type: BIGINT, is: "visit day of the line: patient, billing NPI, payer, discipline and date as one number (visit_day_id in macros.sql); joins only, never shown"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_class: {type: "ENUM('auto', 'commercial', 'medicaid', 'medicare_advantage', 'medicare_b', 'other', 'tricare', 'workers_comp')", is: "class of the payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI; the billing NPI where the source has none"}
  service_date: {type: DATE, is: "first date of service"}
  service_date_to: {type: DATE, is: "last date of service, where given"}
  date_span: {type: BOOLEAN, is: "the line covers more than one day"}
  received_date: {type: DATE, is: "day the payer received the claim"}
  processed_date: {type: DATE, is: "day the payer processed the line"}
  procedure_code: {type: VARCHAR, is: "HCPCS or CPT code"}
  modifiers: {type: "VARCHAR[]", is: "modifiers in order, blanks left out"}
  by_assistant: {type: BOOLEAN, is: "the line carries CQ or CO"}
  units: {type: "DECIMAL(12,3)", is: "units billed"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  line_status: {type: "ENUM('denied', 'paid', 'pending', 'unknown')", is: "paid, denied, pending or unknown"}
  is_denied: {type: BOOLEAN, is: "line_status is denied"}
  maximum_reached: {type: BOOLEAN, is: "denied because the benefit maximum was reached (CARC 119)"}
  ndc: {type: VARCHAR, is: "drug code"}
  place_of_service: {type: VARCHAR, is: "place of service; null = not given"}
  state: {type: VARCHAR, is: "state of the line; null = not given"}
  prior_authorization: {type: VARCHAR, is: "authorization number; null = none given"}
  diagnosis_set: {type: BIGINT, is: "list of diagnoses and pointers: core.diagnosis_set and core.diagnosis"}
  unit_type: {type: "ENUM('area', 'other', 'other_time', 'period', 'section', 'timed15', 'untimed')", is: "unit type of the code on the date; null when it is not a therapy code of ref.procedure"}
  therapy_status: {type: "ENUM('always', 'none', 'sometimes')", is: "always, sometimes or none; null like unit_type"}
  allocation_code: {type: VARCHAR, is: "code under which its minutes are counted; null like unit_type"}
  is_therapy: {type: BOOLEAN, is: "a therapy code on the date (97010 and 97014 included); drugs, injections and reporting codes are not"}
  discipline: {type: "ENUM('OT', 'PT', 'SLP')", is: "PT, OT or SLP: from a single GP, GO or GN, else the provider's; null = unknown"}
  discipline_modifiers: {type: INTEGER, is: "how many of GP, GO and GN the line carries"}
  amount: {type: "DECIMAL(12,2)", is: "allowed, else paid, else national fee; 0 when denied or below 0, as a reversal is; null when nothing is known"}
  amount_basis: {type: "ENUM('allowed', 'fee-schedule', 'none', 'paid')", is: "allowed, paid, fee-schedule or none"}
  modifier_set: {type: INTEGER, is: "sequence of modifiers: core.modifier_set, where questions about modifiers are asked once of each"}
---
The line as the checks judge it: surviving version, strict types, what the code is on its date, its discipline (ruling 31) and the
money it stands for (allowed, else paid, else the unadjusted national fee). It holds what checks and reports read: each column of this table costs
every run. Its diagnoses are in core.diagnosis_set, because many lines share few lists of them, and what is asked of its modifiers in
core.modifier_set.
*/
with line as (
  select *, (cast(file_id as bigint) << 40) | record_number as line_id from stg.claim_line where problem_mask = 0
)
select l.line_id, visit_day_id(a.account_no, coalesce(m.discipline, r.discipline), l.service_date) as day_id, l.claim_id, l.line_number, l.patient_id, l.payer_id, p.payer_class,
  l.billing_npi, l.rendering_npi,
  l.service_date, l.service_date_to, coalesce(l.service_date_to > l.service_date, false) as date_span,
  l.received_date, l.processed_date, l.procedure_code, m.modifiers, m.by_assistant, l.units,
  l.charge_amount, l.allowed_amount, l.paid_amount, l.line_status, l.line_status = 'denied' as is_denied,
  case when l.line_status = 'denied' then list_has_any(l.carc_codes, ['119', 'CO-119', 'PR-119', 'OA-119', 'PI-119', 'CR-119']) else false end as maximum_reached, l.ndc, l.place_of_service, l.state, l.prior_authorization, d.diagnosis_set,
  c.unit_type, c.therapy_status, c.allocation_code,
  coalesce(c.therapy_status <> 'none' or c.unit_type <> 'other', false) as is_therapy,
  coalesce(m.discipline, r.discipline) as discipline, m.discipline_modifiers,
  case when l.line_status = 'denied' then 0
    else coalesce(case when l.allowed_amount < 0 then 0 else l.allowed_amount end, case when l.paid_amount < 0 then 0 else l.paid_amount end,
      case when l.units > 0 then cast(l.units * round((f.work_rvu + f.pe_rvu_nonfacility + f.mp_rvu) * f.conversion_factor, 2) as decimal(12, 2)) end) end as amount,
  case when l.allowed_amount is not null then 'allowed' when l.paid_amount is not null then 'paid'
    when f.procedure_code is not null and l.units > 0 then 'fee-schedule' else 'none' end as amount_basis,
  m.modifier_set
from line l
join core.run on l.service_date <= core.run.as_of
join core.payer p on p.payer_id = l.payer_id
join core.account a on a.patient_id = l.patient_id and a.billing_npi = l.billing_npi and a.payer_id = l.payer_id
join core.provider r on r.npi = l.rendering_npi
join core.source_file s on s.file_id = l.file_id
join core.modifier_set m on m.modifier_text = l.modifier_text
join core.diagnosis_set d on d.diagnosis_text = coalesce(l.diagnosis_text, '') and d.has_pointers = s.has_pointers
left join ref.procedure c on c.procedure_code = l.procedure_code and c.valid_from <= l.service_date
  and (c.valid_to is null or l.service_date < c.valid_to)
left join ref.fee_schedule f on f.procedure_code = l.procedure_code and f.valid_from <= l.service_date
  and (f.valid_to is null or l.service_date < f.valid_to) and f.work_rvu is not null
anti join core.superseded_line x on x.line_id = l.line_id
