/*---
table: core.functional_line
grain: one row per line of a functional reporting code
reads: [stg.claim_line, core.claim_line, ref.functional_code]
columns:
  line_id: {type: BIGINT, is: "the line"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "of the line; null = unknown"}
  service_date: {type: DATE, is: "date of service"}
  is_report: {type: BOOLEAN, is: "true: not denied; false: denied; null: denied because the code only reports (CARC 246), as payers answered a report that they took"}
---
The lines that report function. A denied line is no report (ruling 1), with one exception: the codes were never paid, and CARC 246 says no more than that
(therapy-rules 4.1), so that such a line does not tell whether the report was refused.
*/
select l.line_id, l.patient_id, l.billing_npi, l.discipline, l.service_date,
  case when not l.is_denied then true when s.line_id is null then false end as is_report
from core.claim_line l
join ref.functional_code f on f.procedure_code = l.procedure_code
left join (
  select (cast(file_id as bigint) << 40) | record_number as line_id
  from stg.claim_line
  where line_status = 'denied' and procedure_code in (select procedure_code from ref.functional_code)
    and list_has_any(carc_codes, ['246', 'CO-246', 'PR-246', 'OA-246', 'PI-246', 'CR-246'])
) s on s.line_id = l.line_id
