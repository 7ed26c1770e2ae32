/*---
table: raw.x12_835
grain: one claim (CLP) or service line (SVC) of a remittance in X12, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "claim or line in the file"}
  level: {type: VARCHAR, is: "claim (CLP) or line (SVC)"}
  segment: {type: VARCHAR, is: "number of its segment in the file"}
  code_list: {type: VARCHAR, is: "SVC01-1: HC = HCPCS and CPT"}
  procedure_code: {type: VARCHAR, is: "SVC01-2: code that was paid"}
  modifier_1: {type: VARCHAR, is: "SVC01-3"}
  modifier_2: {type: VARCHAR, is: "SVC01-4"}
  modifier_3: {type: VARCHAR, is: "SVC01-5"}
  modifier_4: {type: VARCHAR, is: "SVC01-6"}
  billed_code: {type: VARCHAR, is: "SVC06-2: code that was billed, where it is another"}
  billed_modifier_1: {type: VARCHAR, is: "SVC06-3"}
  billed_modifier_2: {type: VARCHAR, is: "SVC06-4"}
  billed_modifier_3: {type: VARCHAR, is: "SVC06-5"}
  billed_modifier_4: {type: VARCHAR, is: "SVC06-6"}
  charge_amount: {type: VARCHAR, is: "CLP03 or SVC02"}
  paid_amount: {type: VARCHAR, is: "CLP04 or SVC03"}
  units: {type: VARCHAR, is: "SVC05: units that were paid"}
  billed_units: {type: VARCHAR, is: "SVC07: units that were billed, where they are others"}
  service_date: {type: VARCHAR, is: "DTM02 (472 or 150), else 232 of the claim"}
  service_date_to: {type: VARCHAR, is: "DTM02 (151), else 233 of the claim"}
  line_control: {type: VARCHAR, is: "REF02 (6R)"}
  allowed_amount: {type: VARCHAR, is: "AMT02 (B6)"}
  adjustments: {type: VARCHAR, is: "CAS: group-reason=amount, parted by spaces"}
  remarks: {type: VARCHAR, is: "LQ02 (HE) of the line, MIA and MOA of the claim, parted by spaces"}
  payment: {type: VARCHAR, is: "number of the payment (BPR) in the file"}
  payer_name: {type: VARCHAR, is: "N102 of the payer (PR)"}
  payer_number: {type: VARCHAR, is: "N104 of the payer, else REF02 (2U)"}
  payee_npi: {type: VARCHAR, is: "N104 of the payee (PE), if it is an NPI"}
  trace: {type: VARCHAR, is: "TRN02: check or trace number"}
  payment_date: {type: VARCHAR, is: "BPR16"}
  claim_record: {type: VARCHAR, is: "record number of the claim"}
  claim_id: {type: VARCHAR, is: "CLP01: claim number that the provider gave it"}
  claim_status: {type: VARCHAR, is: "CLP02: 1 to 4 decided, 22 reversal, ..."}
  filing_indicator: {type: VARCHAR, is: "CLP06"}
  payer_claim_id: {type: VARCHAR, is: "CLP07: claim number that the payer gave it"}
  patient_responsibility: {type: VARCHAR, is: "CLP05"}
  patient_id: {type: VARCHAR, is: "NM109 of the patient (QC)"}
  received_date: {type: VARCHAR, is: "DTM02 (050): day the payer received the claim"}
---
What the reader takes from the loops of 005010X221, every line with what its payment and claim say. All text, exactly as read.
*/
