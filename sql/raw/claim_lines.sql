/*---
table: raw.claim_lines
grain: one claim line as a payer or practice exported it, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  claim_id: {type: VARCHAR, is: "claim number", required: true}
  line_number: {type: VARCHAR, is: "line of the claim", required: true}
  claim_frequency: {type: VARCHAR, is: "1 original, 7 replacement, 8 void; blank = 1"}
  original_claim_id: {type: VARCHAR, is: "claim that a 7 or 8 points at"}
  patient_id: {type: VARCHAR, is: "patient", required: true}
  payer_id: {type: VARCHAR, is: "payer", required: true}
  billing_npi: {type: VARCHAR, is: "billing NPI", required: true}
  rendering_npi: {type: VARCHAR, is: "rendering NPI; blank = billing NPI", required: true}
  place_of_service: {type: VARCHAR, is: "place of service"}
  service_date: {type: VARCHAR, is: "first date of service", required: true}
  service_date_to: {type: VARCHAR, is: "last date of service"}
  received_date: {type: VARCHAR, is: "day received by the payer"}
  processed_date: {type: VARCHAR, is: "day processed by the payer"}
  procedure_code: {type: VARCHAR, is: "HCPCS or CPT code", required: true}
  modifier_1: {type: VARCHAR, is: "modifier"}
  modifier_2: {type: VARCHAR, is: "modifier"}
  modifier_3: {type: VARCHAR, is: "modifier"}
  modifier_4: {type: VARCHAR, is: "modifier"}
  units: {type: VARCHAR, is: "units", required: true}
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
The canonical layout of this record. All text, exactly as read.
*/
