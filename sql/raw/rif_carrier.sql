/*---
table: raw.rif_carrier
grain: one line of a CMS carrier claim (RIF), as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  DML_IND: {type: VARCHAR, is: "INSERT, UPDATE or DELETE"}
  BENE_ID: {type: VARCHAR, is: "patient", required: true}
  CLM_ID: {type: VARCHAR, is: "claim", required: true}
  NCH_WKLY_PROC_DT: {type: VARCHAR, is: "week in which the claim was processed"}
  CARR_CLM_PMT_DNL_CD: {type: VARCHAR, is: "payment or denial of the claim; 0 = denied"}
  CARR_CLM_BLG_NPI_NUM: {type: VARCHAR, is: "billing NPI"}
  ICD_DGNS_CD1: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD2: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD3: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD4: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD5: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD6: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD7: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD8: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD9: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD10: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD11: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD_DGNS_CD12: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  LINE_NUM: {type: VARCHAR, is: "line of the claim", required: true}
  PRF_PHYSN_NPI: {type: VARCHAR, is: "performing NPI", required: true}
  ORG_NPI_NUM: {type: VARCHAR, is: "organization NPI"}
  PRVDR_SPCLTY: {type: VARCHAR, is: "Medicare specialty of the performing provider"}
  LINE_SRVC_CNT: {type: VARCHAR, is: "units", required: true}
  LINE_PLACE_OF_SRVC_CD: {type: VARCHAR, is: "place of service"}
  LINE_1ST_EXPNS_DT: {type: VARCHAR, is: "first date of service", required: true}
  LINE_LAST_EXPNS_DT: {type: VARCHAR, is: "last date of service"}
  HCPCS_CD: {type: VARCHAR, is: "HCPCS or CPT code", required: true}
  HCPCS_1ST_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_2ND_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_3RD_MDFR_CD: {type: VARCHAR, is: "modifier, where exported"}
  HCPCS_4TH_MDFR_CD: {type: VARCHAR, is: "modifier, where exported"}
  LINE_NCH_PMT_AMT: {type: VARCHAR, is: "Medicare payment"}
  LINE_SBMTD_CHRG_AMT: {type: VARCHAR, is: "charge"}
  LINE_ALOWD_CHRG_AMT: {type: VARCHAR, is: "allowed amount"}
  LINE_PRCSG_IND_CD: {type: VARCHAR, is: "processing indicator; A = allowed"}
  LINE_ICD_DGNS_CD: {type: VARCHAR, is: "the one diagnosis that the line points at"}
  LINE_NDC_CD: {type: VARCHAR, is: "drug code"}
---
The columns of the CMS research-identifiable carrier layout that an audit uses. Blank values may hold one space.
*/
