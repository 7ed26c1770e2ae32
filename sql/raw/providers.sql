/*---
table: raw.providers
grain: one provider, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  npi: {type: VARCHAR, is: "NPI", required: true}
  provider_name: {type: VARCHAR, is: "name"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  specialty_code: {type: VARCHAR, is: "Medicare specialty code"}
  taxonomy_code: {type: VARCHAR, is: "taxonomy code"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  role: {type: VARCHAR, is: "role"}
  active_from: {type: VARCHAR, is: "first active day"}
  active_to: {type: VARCHAR, is: "last active day"}
---
The canonical layout of this record. All text, exactly as read.
*/
