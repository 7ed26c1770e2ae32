/*---
table: raw.tuva_claim_lines
grain: one professional line of Tuva medical_claim as a canonical claim line, as text
reads: [raw.tuva_medical_claim]
columns: raw.claim_lines
---
A line without its own dates has those of its claim. Where the source names no billing NPI, each rendering provider stands for itself. A
fifth modifier is read where the fourth is blank: the claim form has four. Diagnoses that the source calls ICD-9-CM on a date of ICD-10-CM
say so, and are not judged. The table has no pointers, status or adjustment reasons.
*/
select file_id,
  record_number,
  claim_id,
  claim_line_number as line_number,
  cast(null as varchar) as claim_frequency,
  cast(null as varchar) as original_claim_id,
  coalesce(blank(person_id), blank(patient_id), member_id) as patient_id,
  payer as payer_id,
  coalesce(blank(billing_npi), rendering_npi) as billing_npi,
  rendering_npi,
  place_of_service_code as place_of_service,
  coalesce(blank(claim_line_start_date), claim_start_date) as service_date,
  case when blank(claim_line_start_date) is null then claim_end_date else claim_line_end_date end as service_date_to,
  cast(null as varchar) as received_date,
  paid_date as processed_date,
  hcpcs_code as procedure_code,
  hcpcs_modifier_1 as modifier_1,
  hcpcs_modifier_2 as modifier_2,
  hcpcs_modifier_3 as modifier_3,
  coalesce(blank(hcpcs_modifier_4), hcpcs_modifier_5) as modifier_4,
  service_unit_quantity as units,
  diagnosis_of(diagnosis_code_1, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_1,
  diagnosis_of(diagnosis_code_2, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_2,
  diagnosis_of(diagnosis_code_3, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_3,
  diagnosis_of(diagnosis_code_4, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_4,
  diagnosis_of(diagnosis_code_5, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_5,
  diagnosis_of(diagnosis_code_6, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_6,
  diagnosis_of(diagnosis_code_7, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_7,
  diagnosis_of(diagnosis_code_8, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_8,
  diagnosis_of(diagnosis_code_9, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_9,
  diagnosis_of(diagnosis_code_10, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_10,
  diagnosis_of(diagnosis_code_11, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_11,
  diagnosis_of(diagnosis_code_12, lower(trim(diagnosis_code_type)) = 'icd-9-cm', day) as diagnosis_12,
  cast(null as varchar) as diagnosis_pointers,
  charge_amount,
  allowed_amount,
  paid_amount,
  cast(null as varchar) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  cast(null as varchar) as ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from (select *, coalesce(blank(claim_line_start_date), claim_start_date) as day from raw.tuva_medical_claim)
where coalesce(lower(trim(claim_type)), '') in ('', 'professional', 'undetermined') and blank(bill_type_code) is null and blank(revenue_center_code) is null
