/*---
table: raw.fhir
grain: one FHIR resource, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  resource: {type: VARCHAR, is: "the resource as JSON text"}
---
A file of FHIR resources: one a line, one a file, or the entries of a Bundle.
*/
