/*---
table: core.evaluation_line
grain: one row per line of an evaluation or re-evaluation that was not denied
reads: [core.claim_line, ref.procedure]
columns:
  line_id: {type: BIGINT, is: "the line"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "of the line; where it is unknown there, that of the code"}
  payer_id: {type: VARCHAR, is: "payer"}
  service_date: {type: DATE, is: "date of service"}
  procedure_code: {type: VARCHAR, is: "code"}
  kind: {type: VARCHAR, is: "evaluation or re-evaluation"}
  family: {type: VARCHAR, is: "codes that evaluate the same: PT or OT for all of that discipline, in speech-language pathology each code by itself"}
  diagnosis_set: {type: BIGINT, is: "joins core.diagnosis_set"}
---
The few lines from which episodes begin and reporting periods are counted (rulings 20, 21 and 61 to 65).
*/
select l.line_id, l.patient_id, l.billing_npi, coalesce(l.discipline, c.disciplines) as discipline, l.payer_id, l.service_date, l.procedure_code,
  c.evaluation as kind, case when c.disciplines = 'SLP' then l.procedure_code else c.disciplines end as family, l.diagnosis_set
from core.claim_line l
join ref.procedure c on c.procedure_code = l.procedure_code and c.evaluation in ('evaluation', 're-evaluation')
  and c.valid_from <= l.service_date and (c.valid_to is null or l.service_date < c.valid_to)
where not l.is_denied
