/*---
table: raw.fhir_claim_lines
grain: one item of a professional FHIR claim as a canonical claim line, as text
reads: [raw.fhir_item]
columns: raw.claim_lines
---
The items as raw.fhir_item has them.
*/
select file_id,
  record_number,
  claim_id,
  line_number,
  claim_frequency,
  original_claim_id,
  patient_id,
  payer_id,
  billing_npi,
  rendering_npi,
  place_of_service,
  service_date,
  service_date_to,
  received_date,
  processed_date,
  procedure_code,
  modifier_1,
  modifier_2,
  modifier_3,
  modifier_4,
  units,
  diagnosis_1,
  diagnosis_2,
  diagnosis_3,
  diagnosis_4,
  diagnosis_5,
  diagnosis_6,
  diagnosis_7,
  diagnosis_8,
  diagnosis_9,
  diagnosis_10,
  diagnosis_11,
  diagnosis_12,
  diagnosis_pointers,
  charge_amount,
  allowed_amount,
  paid_amount,
  line_status,
  carc_codes,
  rarc_codes,
  ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from raw.fhir_item
where left_out is null
