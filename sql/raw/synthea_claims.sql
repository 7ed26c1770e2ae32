/*---
table: raw.synthea_claims
grain: one Synthea claim, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  Id: {type: VARCHAR, is: "claim", required: true}
  PRIMARYPATIENTINSURANCEID: {type: VARCHAR, is: "key of the first payer", required: true}
  DIAGNOSIS1: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule", required: true}
  DIAGNOSIS2: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS3: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS4: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS5: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS6: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS7: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  DIAGNOSIS8: {type: VARCHAR, is: "SNOMED CT code of a diagnosis, as a rule"}
  LASTBILLEDDATE1: {type: VARCHAR, is: "day on which the first payer was billed"}
  HEALTHCARECLAIMTYPEID1: {type: VARCHAR, is: "1 professional, 2 institutional", required: true}
---
The columns of claims.csv of the Synthea CSV export that an audit uses.
*/
