/*---
table: raw.idr_claim_line
grain: one claim line of the CMS Integrated Data Repository, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  GEO_BENE_SK: {type: VARCHAR, is: "key of the patient's place", required: true}
  CLM_DT_SGNTR_SK: {type: VARCHAR, is: "key of the dates", required: true}
  CLM_TYPE_CD: {type: VARCHAR, is: "71 or 72: carrier claim", required: true}
  CLM_NUM_SK: {type: VARCHAR, is: "key of the claim", required: true}
  CLM_UNIQ_ID: {type: VARCHAR, is: "claim", required: true}
  CLM_LINE_NUM: {type: VARCHAR, is: "line of the claim", required: true}
  CLM_LINE_FROM_DT: {type: VARCHAR, is: "first day"}
  CLM_LINE_THRU_DT: {type: VARCHAR, is: "last day"}
  CLM_LINE_HCPCS_CD: {type: VARCHAR, is: "HCPCS or CPT code", required: true}
  HCPCS_1_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_2_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_3_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_4_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_5_MDFR_CD: {type: VARCHAR, is: "modifier"}
  CLM_LINE_SRVC_UNIT_QTY: {type: VARCHAR, is: "units", required: true}
  CLM_POS_CD: {type: VARCHAR, is: "place of service"}
  CLM_LINE_DGNS_CD: {type: VARCHAR, is: "the one diagnosis that the line points at"}
  CLM_RNDRG_PRVDR_NPI_NUM: {type: VARCHAR, is: "rendering NPI"}
  CLM_RNDRG_PRVDR_PIN_NUM: {type: VARCHAR, is: "rendering provider as the contractor knows it"}
  CLM_LINE_SBMT_CHRG_AMT: {type: VARCHAR, is: "charge"}
  CLM_LINE_ALOWD_CHRG_AMT: {type: VARCHAR, is: "allowed amount"}
  CLM_LINE_CVRD_PD_AMT: {type: VARCHAR, is: "Medicare payment"}
  CLM_LINE_NDC_CD: {type: VARCHAR, is: "drug code"}
  CLM_LINE_NDC_QTY: {type: VARCHAR, is: "drug quantity"}
  CLM_LINE_NDC_QTY_QLFYR_CD: {type: VARCHAR, is: "unit of the drug quantity"}
---
The columns of CLM_LINE that an audit uses. Its other tables of the same drop are joined by the four keys.
*/
