/*---
table: raw.idr_claim_line_professional
grain: the professional part of one claim line of the CMS Integrated Data Repository, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  GEO_BENE_SK: {type: VARCHAR, is: "key of the patient's place", required: true}
  CLM_DT_SGNTR_SK: {type: VARCHAR, is: "key of the dates", required: true}
  CLM_TYPE_CD: {type: VARCHAR, is: "71 or 72: carrier claim", required: true}
  CLM_NUM_SK: {type: VARCHAR, is: "key of the claim", required: true}
  CLM_LINE_NUM: {type: VARCHAR, is: "line of the claim", required: true}
  CLM_PRCSG_IND_CD: {type: VARCHAR, is: "processing indicator; A = allowed", required: true}
---
The columns of CLM_LINE_PRFNL that an audit uses.
*/
