/*---
table: raw.tuva_medical_claim
grain: one claim line of the Tuva input layer, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  claim_id: {type: VARCHAR, is: "claim", required: true}
  claim_line_number: {type: VARCHAR, is: "line of the claim", required: true}
  claim_type: {type: VARCHAR, is: "institutional, professional or undetermined", required: true}
  person_id: {type: VARCHAR, is: "patient"}
  patient_id: {type: VARCHAR, is: "patient, in older versions"}
  member_id: {type: VARCHAR, is: "member of the plan"}
  payer: {type: VARCHAR, is: "name of the payer"}
  claim_start_date: {type: VARCHAR, is: "first day of the claim", required: true}
  claim_end_date: {type: VARCHAR, is: "last day of the claim"}
  claim_line_start_date: {type: VARCHAR, is: "first day of the line"}
  claim_line_end_date: {type: VARCHAR, is: "last day of the line"}
  place_of_service_code: {type: VARCHAR, is: "place of service"}
  bill_type_code: {type: VARCHAR, is: "type of bill; institutional claims only"}
  revenue_center_code: {type: VARCHAR, is: "revenue center; institutional claims only"}
  service_unit_quantity: {type: VARCHAR, is: "units", required: true}
  hcpcs_code: {type: VARCHAR, is: "HCPCS or CPT code", required: true}
  hcpcs_modifier_1: {type: VARCHAR, is: "modifier"}
  hcpcs_modifier_2: {type: VARCHAR, is: "modifier"}
  hcpcs_modifier_3: {type: VARCHAR, is: "modifier"}
  hcpcs_modifier_4: {type: VARCHAR, is: "modifier"}
  hcpcs_modifier_5: {type: VARCHAR, is: "modifier"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  paid_date: {type: VARCHAR, is: "day of payment"}
  paid_amount: {type: VARCHAR, is: "paid amount"}
  allowed_amount: {type: VARCHAR, is: "allowed amount"}
  charge_amount: {type: VARCHAR, is: "charge"}
  diagnosis_code_type: {type: VARCHAR, is: "icd-10-cm or icd-9-cm"}
  diagnosis_code_1: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_2: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_3: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_4: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_5: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_6: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_7: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_8: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_9: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_10: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_11: {type: VARCHAR, is: "diagnosis, no point"}
  diagnosis_code_12: {type: VARCHAR, is: "diagnosis, no point"}
---
The columns of the Tuva input layer table medical_claim that an audit of professional claims uses, in its versions with person_id and with
patient_id.
*/
