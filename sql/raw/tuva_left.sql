/*---
table: raw.tuva_left
grain: one record that is no claim line of its source
reads: [raw.tuva_medical_claim]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Institutional and other claims are no professional claims and are left out.
*/
select file_id, record_number,
  case when lower(trim(claim_type)) in ('', 'professional', 'undetermined') or claim_type is null then 'institutional' else lower(trim(claim_type)) end || ' claim' as reason,
  cast(null as varchar) as remedy
from raw.tuva_medical_claim
where not (coalesce(lower(trim(claim_type)), '') in ('', 'professional', 'undetermined') and blank(bill_type_code) is null and blank(revenue_center_code) is null)
