/*---
table: raw.rif_carrier_claim_lines
grain: one line of a CMS carrier claim as a canonical claim line, as text
reads: [raw.rif_carrier]
columns: raw.claim_lines
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
