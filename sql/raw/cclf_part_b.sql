/*---
table: raw.cclf_part_b
grain: one line of a CCLF Part B physician claim, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  CUR_CLM_UNIQ_ID: {type: VARCHAR, is: "claim", required: true}
  CLM_LINE_NUM: {type: VARCHAR, is: "line of the claim", required: true}
  BENE_MBI_ID: {type: VARCHAR, is: "patient", required: true}
  CLM_TYPE_CD: {type: VARCHAR, is: "71 or 72: carrier claim"}
  CLM_PRVDR_SPCLTY_CD: {type: VARCHAR, is: "Medicare specialty of the rendering provider"}
  CLM_POS_CD: {type: VARCHAR, is: "place of service"}
  CLM_LINE_FROM_DT: {type: VARCHAR, is: "first day of the line", required: true}
  CLM_LINE_THRU_DT: {type: VARCHAR, is: "last day of the line"}
  CLM_LINE_HCPCS_CD: {type: VARCHAR, is: "HCPCS or CPT code", required: true}
  CLM_LINE_CVRD_PD_AMT: {type: VARCHAR, is: "Medicare payment"}
  CLM_LINE_DGNS_CD: {type: VARCHAR, is: "the one diagnosis that the line points at"}
  RNDRG_PRVDR_NPI_NUM: {type: VARCHAR, is: "rendering NPI", required: true}
  CLM_RNDRG_PRVDR_NPI_NUM: {type: VARCHAR, is: "rendering NPI, in newer versions"}
  CLM_CARR_PMT_DNL_CD: {type: VARCHAR, is: "payment or denial of the claim; 0 = denied"}
  CLM_PRCSG_IND_CD: {type: VARCHAR, is: "processing indicator; A = allowed"}
  CLM_ADJSMT_TYPE_CD: {type: VARCHAR, is: "0 original, 1 cancellation, 2 adjustment", required: true}
  CLM_EFCTV_DT: {type: VARCHAR, is: "day from which this version holds"}
  CLM_CNTL_NUM: {type: VARCHAR, is: "control number that all versions of a claim share"}
  CLM_LINE_ALOWD_CHRG_AMT: {type: VARCHAR, is: "allowed amount"}
  CLM_LINE_SRVC_UNIT_QTY: {type: VARCHAR, is: "units", required: true}
  HCPCS_1_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_2_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_3_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_4_MDFR_CD: {type: VARCHAR, is: "modifier"}
  HCPCS_5_MDFR_CD: {type: VARCHAR, is: "modifier"}
  DGNS_PRCDR_ICD_IND: {type: VARCHAR, is: "9 or 0: version of the diagnoses"}
  CLM_DGNS_1_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_2_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_3_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_4_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_5_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_6_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_7_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_8_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_9_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_10_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_11_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  CLM_DGNS_12_CD: {type: VARCHAR, is: "diagnosis of the claim, no point"}
---
The columns of CCLF file 5 (Part B physicians) that an audit uses, by the names of the CCLF information packet.
*/
