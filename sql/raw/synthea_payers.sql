/*---
table: raw.synthea_payers
grain: one Synthea payer, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  Id: {type: VARCHAR, is: "payer", required: true}
  NAME: {type: VARCHAR, is: "name", required: true}
  AMOUNT_COVERED: {type: VARCHAR, is: "amount covered", required: true}
---
The columns of payers.csv of the Synthea CSV export that an audit uses.
*/
