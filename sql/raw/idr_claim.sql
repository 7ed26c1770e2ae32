/*---
table: raw.idr_claim
grain: one claim of the CMS Integrated Data Repository, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  GEO_BENE_SK: {type: VARCHAR, is: "key of the patient's place", required: true}
  CLM_DT_SGNTR_SK: {type: VARCHAR, is: "key of the dates", required: true}
  CLM_TYPE_CD: {type: VARCHAR, is: "71 or 72: carrier claim", required: true}
  CLM_NUM_SK: {type: VARCHAR, is: "key of the claim", required: true}
  BENE_SK: {type: VARCHAR, is: "patient", required: true}
  CLM_FINL_ACTN_IND: {type: VARCHAR, is: "Y: the version that holds", required: true}
  CLM_BLG_PRVDR_NPI_NUM: {type: VARCHAR, is: "billing NPI"}
  PRVDR_BLG_PRVDR_NPI_NUM: {type: VARCHAR, is: "billing NPI"}
  CLM_RNDRG_PRVDR_NPI_NUM: {type: VARCHAR, is: "rendering NPI"}
  CLM_PD_DT: {type: VARCHAR, is: "day of payment"}
---
The columns of CLM that an audit uses.
*/
