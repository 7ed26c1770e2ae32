/*---
table: core.correction
grain: one row per replacement or void that was sent, with a service date up to the as-of date
reads: [stg.claim_line, core.claim_version, core.claim_line, core.run]
columns:
  claim_id: {type: VARCHAR, is: "claim number of the submission"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI of its first line"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI of its first line"}
  claim_frequency: {type: VARCHAR, is: "7 replacement, 8 void"}
  original_claim_id: {type: VARCHAR, is: "claim that it points at"}
  original_loaded: {type: BOOLEAN, is: "whether that claim is loaded"}
  received_date: {type: DATE, is: "day the payer received it"}
  service_date: {type: DATE, is: "its first service date"}
  line_ids: {type: "BIGINT[]", is: "its lines that stand in core.claim_line, sorted; empty for none"}
---
Corrections as they were sent (ruling 27): a void never stands, and a replacement that was itself replaced does not either, so that neither can be
seen in core.claim_line.
*/
with line as (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id, s.claim_id, s.line_number, s.patient_id, s.payer_id, s.billing_npi,
    s.rendering_npi, s.claim_frequency, s.original_claim_id, s.received_date, s.service_date
  from stg.claim_line s
  join core.run on s.service_date <= core.run.as_of
  where s.problem_mask = 0 and s.claim_frequency in ('7', '8')
),
submission as (
  select l.claim_id, l.patient_id, l.payer_id, l.claim_frequency, l.original_claim_id, l.received_date,
    arg_min(l.billing_npi, (l.line_number, l.billing_npi)) as billing_npi, arg_min(l.rendering_npi, (l.line_number, l.rendering_npi)) as rendering_npi,
    min(l.service_date) as service_date, list_sort(coalesce(list(c.line_id) filter (c.line_id is not null), [])) as line_ids
  from line l
  left join (select line_id from core.claim_line semi join line using (line_id)) c on c.line_id = l.line_id
  group by l.claim_id, l.patient_id, l.payer_id, l.claim_frequency, l.original_claim_id, l.received_date
)
select s.claim_id, s.patient_id, s.payer_id, s.billing_npi, s.rendering_npi, s.claim_frequency, s.original_claim_id,
  coalesce(v.original_loaded, false) as original_loaded, s.received_date, s.service_date, s.line_ids
from submission s
join core.claim_version v on v.claim_id = s.claim_id and v.patient_id = s.patient_id and v.payer_id = s.payer_id
  and v.claim_frequency = s.claim_frequency and v.original_claim_id is not distinct from s.original_claim_id
  and v.received_date is not distinct from s.received_date
