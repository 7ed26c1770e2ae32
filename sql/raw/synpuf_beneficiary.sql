/*---
table: raw.synpuf_beneficiary
grain: one patient of the DE-SynPUF, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  DESYNPUF_ID: {type: VARCHAR, is: "patient", required: true}
  BENE_BIRTH_DT: {type: VARCHAR, is: "birth date", required: true}
  SP_STATE_CODE: {type: VARCHAR, is: "state, a code of its own", required: true}
  BENE_SEX_IDENT_CD: {type: VARCHAR, is: "sex"}
---
The columns of the yearly DE-SynPUF beneficiary summary that an audit uses.
*/
