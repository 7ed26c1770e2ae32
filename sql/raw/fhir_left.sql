/*---
table: raw.fhir_left
grain: one FHIR resource that gives no claim line
reads: [raw.fhir_item]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "resource in the file"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Other resources, claims of other types, and what is no JSON.
*/
select file_id, cast(resource_number as bigint) as record_number, left_out as reason, remedy
from raw.fhir_item
where left_out is not null
