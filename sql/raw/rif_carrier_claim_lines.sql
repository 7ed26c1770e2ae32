/*---
table: raw.rif_carrier_claim_lines
grain: one line of a CMS carrier claim as a canonical claim line, as text
reads: [raw.rif_carrier]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
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
Carrier claims are Medicare Part B. A deleted claim becomes the void of itself. The line's one diagnosis becomes the position at which the claim lists it. The state is a code of another list and is left out.
*/
select file_id,
  record_number,
  trim(CLM_ID) as claim_id,
  LINE_NUM as line_number,
  case when trim(DML_IND) = 'DELETE' then '8' end as claim_frequency,
  case when trim(DML_IND) = 'DELETE' then trim(CLM_ID) end as original_claim_id,
  BENE_ID as patient_id,
  'MEDICARE-PART-B' as payer_id,
  coalesce(blank(CARR_CLM_BLG_NPI_NUM), blank(ORG_NPI_NUM)) as billing_npi,
  PRF_PHYSN_NPI as rendering_npi,
  LINE_PLACE_OF_SRVC_CD as place_of_service,
  rif_date(LINE_1ST_EXPNS_DT) as service_date,
  rif_date(LINE_LAST_EXPNS_DT) as service_date_to,
  cast(null as varchar) as received_date,
  rif_date(NCH_WKLY_PROC_DT) as processed_date,
  HCPCS_CD as procedure_code,
  HCPCS_1ST_MDFR_CD as modifier_1,
  HCPCS_2ND_MDFR_CD as modifier_2,
  HCPCS_3RD_MDFR_CD as modifier_3,
  HCPCS_4TH_MDFR_CD as modifier_4,
  LINE_SRVC_CNT as units,
  ICD_DGNS_CD1 as diagnosis_1,
  ICD_DGNS_CD2 as diagnosis_2,
  ICD_DGNS_CD3 as diagnosis_3,
  ICD_DGNS_CD4 as diagnosis_4,
  ICD_DGNS_CD5 as diagnosis_5,
  ICD_DGNS_CD6 as diagnosis_6,
  ICD_DGNS_CD7 as diagnosis_7,
  ICD_DGNS_CD8 as diagnosis_8,
  ICD_DGNS_CD9 as diagnosis_9,
  ICD_DGNS_CD10 as diagnosis_10,
  ICD_DGNS_CD11 as diagnosis_11,
  ICD_DGNS_CD12 as diagnosis_12,
  case when blank(LINE_ICD_DGNS_CD) is not null then cast(list_position([blank(ICD_DGNS_CD1), blank(ICD_DGNS_CD2),
    blank(ICD_DGNS_CD3), blank(ICD_DGNS_CD4), blank(ICD_DGNS_CD5), blank(ICD_DGNS_CD6), blank(ICD_DGNS_CD7), blank(ICD_DGNS_CD8),
    blank(ICD_DGNS_CD9), blank(ICD_DGNS_CD10), blank(ICD_DGNS_CD11), blank(ICD_DGNS_CD12)], blank(LINE_ICD_DGNS_CD)) as varchar)
    end as diagnosis_pointers,
  LINE_SBMTD_CHRG_AMT as charge_amount,
  LINE_ALOWD_CHRG_AMT as allowed_amount,
  LINE_NCH_PMT_AMT as paid_amount,
  carrier_status(CARR_CLM_PMT_DNL_CD, LINE_PRCSG_IND_CD) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  LINE_NDC_CD as ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from raw.rif_carrier
