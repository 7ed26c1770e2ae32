/*---
table: raw.x12_837p
grain: one service line (SV1) of a professional claim in X12, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "service line in the file"}
  segment: {type: VARCHAR, is: "number of its SV1 segment in the file"}
  line_number: {type: VARCHAR, is: "LX01"}
  code_list: {type: VARCHAR, is: "SV101-1: HC = HCPCS and CPT"}
  procedure_code: {type: VARCHAR, is: "SV101-2"}
  modifier_1: {type: VARCHAR, is: "SV101-3"}
  modifier_2: {type: VARCHAR, is: "SV101-4"}
  modifier_3: {type: VARCHAR, is: "SV101-5"}
  modifier_4: {type: VARCHAR, is: "SV101-6"}
  charge_amount: {type: VARCHAR, is: "SV102"}
  unit: {type: VARCHAR, is: "SV103: UN = units, MJ = minutes"}
  quantity: {type: VARCHAR, is: "SV104"}
  line_place: {type: VARCHAR, is: "SV105: place of service, where it is not the claim's"}
  diagnosis_pointers: {type: VARCHAR, is: "SV107"}
  line_date: {type: VARCHAR, is: "DTP03 (472) of the line: a day or two"}
  line_rendering_npi: {type: VARCHAR, is: "NM109 of the line's rendering provider (82), if it is an NPI"}
  line_state: {type: VARCHAR, is: "N402 of the line's service facility (77)"}
  line_authorization: {type: VARCHAR, is: "REF02 (G1) of the line"}
  line_control: {type: VARCHAR, is: "REF02 (6R) of the line"}
  ndc: {type: VARCHAR, is: "LIN03 (N4)"}
  ndc_quantity: {type: VARCHAR, is: "CTP04"}
  ndc_unit: {type: VARCHAR, is: "CTP05-1"}
  transaction_date: {type: VARCHAR, is: "BHT04: day on which the transaction was made"}
  billing_npi: {type: VARCHAR, is: "NM109 of the billing provider (85), if it is an NPI"}
  billing_state: {type: VARCHAR, is: "N402 of the billing provider"}
  payer_id: {type: VARCHAR, is: "NM109 of the payer (PR), else its name"}
  member_id: {type: VARCHAR, is: "NM109 of the subscriber (IL), or of the patient (QC) who has a number of its own"}
  dependent: {type: VARCHAR, is: "Y: the patient is a dependent under the subscriber's number"}
  last_name: {type: VARCHAR, is: "NM103 of the patient"}
  first_name: {type: VARCHAR, is: "NM104 of the patient"}
  birth_date: {type: VARCHAR, is: "DMG02 of the patient"}
  claim_id: {type: VARCHAR, is: "CLM01"}
  claim_place: {type: VARCHAR, is: "CLM05-1: place of service"}
  claim_frequency: {type: VARCHAR, is: "CLM05-3"}
  original_claim_id: {type: VARCHAR, is: "REF02 (F8) of the claim"}
  claim_authorization: {type: VARCHAR, is: "REF02 (G1) of the claim"}
  claim_rendering_npi: {type: VARCHAR, is: "NM109 of the claim's rendering provider (82), if it is an NPI"}
  claim_state: {type: VARCHAR, is: "N402 of the claim's service facility (77)"}
  claim_date: {type: VARCHAR, is: "DTP03 (472) of the claim"}
  diagnosis_1: {type: VARCHAR, is: "HI, composite 1 with a diagnosis qualifier: code, no point"}
  diagnosis_2: {type: VARCHAR, is: "HI, composite 2 with a diagnosis qualifier: code, no point"}
  diagnosis_3: {type: VARCHAR, is: "HI, composite 3 with a diagnosis qualifier: code, no point"}
  diagnosis_4: {type: VARCHAR, is: "HI, composite 4 with a diagnosis qualifier: code, no point"}
  diagnosis_5: {type: VARCHAR, is: "HI, composite 5 with a diagnosis qualifier: code, no point"}
  diagnosis_6: {type: VARCHAR, is: "HI, composite 6 with a diagnosis qualifier: code, no point"}
  diagnosis_7: {type: VARCHAR, is: "HI, composite 7 with a diagnosis qualifier: code, no point"}
  diagnosis_8: {type: VARCHAR, is: "HI, composite 8 with a diagnosis qualifier: code, no point"}
  diagnosis_9: {type: VARCHAR, is: "HI, composite 9 with a diagnosis qualifier: code, no point"}
  diagnosis_10: {type: VARCHAR, is: "HI, composite 10 with a diagnosis qualifier: code, no point"}
  diagnosis_11: {type: VARCHAR, is: "HI, composite 11 with a diagnosis qualifier: code, no point"}
  diagnosis_12: {type: VARCHAR, is: "HI, composite 12 with a diagnosis qualifier: code, no point"}
---
What the reader takes from the loops of 005010X222, every line with what its claim says. All text, exactly as read.
*/
