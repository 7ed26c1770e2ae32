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
  split_part(modifiers, ' ', 1) as modifier_1,
  split_part(modifiers, ' ', 2) as modifier_2,
  split_part(modifiers, ' ', 3) as modifier_3,
  split_part(modifiers, ' ', 4) as modifier_4,
  units,
  nullif(replace(split_part(diagnoses, ' ', 1), '_', ' '), '-') as diagnosis_1,
  nullif(replace(split_part(diagnoses, ' ', 2), '_', ' '), '-') as diagnosis_2,
  nullif(replace(split_part(diagnoses, ' ', 3), '_', ' '), '-') as diagnosis_3,
  nullif(replace(split_part(diagnoses, ' ', 4), '_', ' '), '-') as diagnosis_4,
  nullif(replace(split_part(diagnoses, ' ', 5), '_', ' '), '-') as diagnosis_5,
  nullif(replace(split_part(diagnoses, ' ', 6), '_', ' '), '-') as diagnosis_6,
  nullif(replace(split_part(diagnoses, ' ', 7), '_', ' '), '-') as diagnosis_7,
  nullif(replace(split_part(diagnoses, ' ', 8), '_', ' '), '-') as diagnosis_8,
  nullif(replace(split_part(diagnoses, ' ', 9), '_', ' '), '-') as diagnosis_9,
  nullif(replace(split_part(diagnoses, ' ', 10), '_', ' '), '-') as diagnosis_10,
  nullif(replace(split_part(diagnoses, ' ', 11), '_', ' '), '-') as diagnosis_11,
  nullif(replace(split_part(diagnoses, ' ', 12), '_', ' '), '-') as diagnosis_12,
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
