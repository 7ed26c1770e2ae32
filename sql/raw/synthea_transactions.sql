/*---
table: raw.synthea_transactions
grain: one transaction of a Synthea claim, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  CLAIMID: {type: VARCHAR, is: "claim", required: true}
  CHARGEID: {type: VARCHAR, is: "number of the transaction", required: true}
  PATIENTID: {type: VARCHAR, is: "patient", required: true}
  TYPE: {type: VARCHAR, is: "CHARGE, PAYMENT, ADJUSTMENT, TRANSFERIN or TRANSFEROUT", required: true}
  AMOUNT: {type: VARCHAR, is: "charge"}
  FROMDATE: {type: VARCHAR, is: "begin, with time", required: true}
  TODATE: {type: VARCHAR, is: "end, with time"}
  PROCEDURECODE: {type: VARCHAR, is: "SNOMED CT code of the procedure, as a rule", required: true}
  MODIFIER1: {type: VARCHAR, is: "modifier"}
  MODIFIER2: {type: VARCHAR, is: "modifier"}
  DIAGNOSISREF1: {type: VARCHAR, is: "position of a diagnosis"}
  DIAGNOSISREF2: {type: VARCHAR, is: "position of a diagnosis"}
  DIAGNOSISREF3: {type: VARCHAR, is: "position of a diagnosis"}
  DIAGNOSISREF4: {type: VARCHAR, is: "position of a diagnosis"}
  UNITS: {type: VARCHAR, is: "units", required: true}
  PROVIDERID: {type: VARCHAR, is: "key of the provider, no NPI"}
  PATIENTINSURANCEID: {type: VARCHAR, is: "key of the insurance"}
---
The columns of claims_transactions.csv of the Synthea CSV export that an audit uses.
*/
