/*---
table: raw.idr_claim_diagnosis
grain: one diagnosis or procedure of one claim of the CMS Integrated Data Repository, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  GEO_BENE_SK: {type: VARCHAR, is: "key of the patient's place", required: true}
  CLM_DT_SGNTR_SK: {type: VARCHAR, is: "key of the dates", required: true}
  CLM_TYPE_CD: {type: VARCHAR, is: "71 or 72: carrier claim", required: true}
  CLM_NUM_SK: {type: VARCHAR, is: "key of the claim", required: true}
  CLM_DGNS_CD: {type: VARCHAR, is: "diagnosis, no point", required: true}
  CLM_VAL_SQNC_NUM: {type: VARCHAR, is: "position", required: true}
  CLM_DGNS_PRCDR_ICD_IND: {type: VARCHAR, is: "9 or 0: version"}
  CLM_PROD_TYPE_CD: {type: VARCHAR, is: "D: diagnosis", required: true}
---
The columns of CLM_PROD that an audit uses.
*/
