/*---
table: raw.fhir_claim_lines
grain: one item of a professional FHIR claim as a canonical claim line, as text
reads: [raw.fhir_item]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: VARCHAR, is: "line of the claim"}
  claim_frequency: {type: VARCHAR, is: "1 original, 7 replacement, 8 void; blank = 1"}
  original_claim_id: {type: VARCHAR, is: "claim that a 7 or 8 points at"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI; blank = billing NPI"}
  place_of_service: {type: VARCHAR, is: "place of service"}
  service_date: {type: VARCHAR, is: "first date of service"}
  service_date_to: {type: VARCHAR, is: "last date of service"}
  received_date: {type: VARCHAR, is: "day received by the payer"}
  processed_date: {type: VARCHAR, is: "day processed by the payer"}
  procedure_code: {type: VARCHAR, is: "HCPCS or CPT code"}
  modifier_1: {type: VARCHAR, is: "modifier"}
  modifier_2: {type: VARCHAR, is: "modifier"}
  modifier_3: {type: VARCHAR, is: "modifier"}
  modifier_4: {type: VARCHAR, is: "modifier"}
  units: {type: VARCHAR, is: "units"}
  diagnosis_1: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_2: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_3: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_4: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_5: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_6: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_7: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_8: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_9: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_10: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_11: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_12: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_pointers: {type: VARCHAR, is: "pointers such as 1:2"}
  charge_amount: {type: VARCHAR, is: "charge"}
  allowed_amount: {type: VARCHAR, is: "allowed amount"}
  paid_amount: {type: VARCHAR, is: "paid amount"}
  line_status: {type: VARCHAR, is: "status; blank = unknown"}
  carc_codes: {type: VARCHAR, is: "adjustment reasons such as CO-97 PR-1"}
  rarc_codes: {type: VARCHAR, is: "remark codes"}
  ndc: {type: VARCHAR, is: "drug code"}
  ndc_quantity: {type: VARCHAR, is: "drug quantity"}
  ndc_unit: {type: VARCHAR, is: "unit of the drug quantity"}
  prior_authorization: {type: VARCHAR, is: "authorization number"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  state: {type: VARCHAR, is: "state"}
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
