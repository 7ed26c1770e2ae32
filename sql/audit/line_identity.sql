/*---
table: audit.line_identity
grain: one row per claim line that a finding is listed on
reads: [audit.found, core.claim_line, core.claim_version]
columns:
  line_id: {type: BIGINT, is: "the line"}
  identity: {type: VARCHAR, is: "content identity of the line, free of claim and line numbers"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
---
A line is known by patient, payer, billing and rendering NPI, date and code; among equal ones by its place in the order of receipt and then of content
(modifiers, units, charge), so that a new export, another order of rows or renumbered claims give the same identity. What is sent later comes last, and
leaves those before it as they are; a replacement keeps the place of the claim that it replaces.
*/
with listed as (select distinct unnest(line_shares).line_id as line_id from audit.found),
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
select line_id, identity, patient_id, billing_npi, claim_id, line_number, procedure_code, service_date
from numbered semi join listed using (line_id)
