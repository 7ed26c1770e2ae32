/*---
table: audit.line_identity
grain: one row per claim line that a finding is listed on, and per line of the services of earlier findings that were judged anew
reads: [audit.found, audit.former, audit.observation_line, core.claim_line, core.claim_version, stg.claim_line]
columns:
  line_id: {type: BIGINT, is: "the line"}
  identity: {type: VARCHAR, is: "content identity of the line, free of claim and line numbers"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
  content_digest: {type: VARCHAR, is: "md5 over what was billed: everything of the line but its claim and line number and what the payer decided"}
  payment_digest: {type: VARCHAR, is: "md5 over what the payer decided: status, amounts allowed and paid, reasons and remarks"}
  line_status: {type: VARCHAR, is: "paid, denied, pending or unknown"}
---
A line is known by patient, payer, billing and rendering NPI, date and code; among equal ones by its place in the order of receipt and then of content
(modifiers, units, charge), so that a new export, another order of rows or renumbered claims give the same identity. What is sent later comes last, and
leaves those before it as they are; a replacement keeps the place of the claim that it replaces.
*/
with former as (
  select distinct l.patient_id, l.service_date, l.procedure_code
  from audit.former f join audit.observation_line l using (run_key, finding_id)
  where f.state <> 'resolved'
),
listed as (
  select unnest(line_shares).line_id as line_id from audit.found
  union
  select l.line_id from core.claim_line l semi join former using (patient_id, service_date, procedure_code)
),
service as (
  select distinct patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code
  from core.claim_line semi join listed using (line_id)
),
first_sent as (
  select claim_id, patient_id, payer_id, min(received_date) as received_date
  from (
    select claim_id, patient_id, payer_id, min(received_date) over (partition by chain, patient_id, payer_id) as received_date from core.claim_version
  )
  group by claim_id, patient_id, payer_id
),
numbered as (
  select l.line_id, l.patient_id, l.billing_npi, l.claim_id, l.line_number, l.procedure_code, l.service_date,
    concat_ws('|', l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code,
      row_number() over (
        partition by l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code
        order by coalesce(f.received_date, l.received_date) nulls first, l.modifiers, l.units, l.charge_amount, l.claim_id, l.line_number)) as identity
  from core.claim_line l
  join service using (patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code)
  left join first_sent f on f.claim_id = l.claim_id and f.patient_id = l.patient_id and f.payer_id = l.payer_id
)
select n.line_id, n.identity, n.patient_id, n.billing_npi, n.claim_id, n.line_number, n.procedure_code, n.service_date,
  md5(concat_ws('|', s.service_date_to, coalesce(cast(s.received_date as varchar), '?'), s.modifier_text, s.units, s.charge_amount,
    coalesce(s.place_of_service, '?'), s.diagnosis_text, s.ndc, s.ndc_quantity, s.ndc_unit, coalesce(s.prior_authorization, '?'), s.state)) as content_digest,
  md5(concat_ws('|', s.line_status, coalesce(cast(s.allowed_amount as varchar), '?'), coalesce(cast(s.paid_amount as varchar), '?'),
    array_to_string(list_sort(s.carc_codes), ' '), array_to_string(list_sort(s.rarc_codes), ' '))) as payment_digest,
  s.line_status
from numbered n
semi join listed using (line_id)
join stg.claim_line s on s.file_id = cast(n.line_id >> 40 as integer) and s.record_number = (n.line_id & 1099511627775)
