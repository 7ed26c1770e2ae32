/*---
table: raw.idr_claim_dates
grain: the dates of one claim of the CMS Integrated Data Repository, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  CLM_DT_SGNTR_SK: {type: VARCHAR, is: "key of the dates", required: true}
  CLM_SUBMSN_DT: {type: VARCHAR, is: "day received", required: true}
  CLM_CMS_PROC_DT: {type: VARCHAR, is: "day processed", required: true}
  CLM_NCH_WKLY_PROC_DT: {type: VARCHAR, is: "week in which the claim was processed"}
---
The columns of CLM_DT_SGNTR that an audit uses.
*/
