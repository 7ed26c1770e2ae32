/*---
table: raw.provider_days
grain: one NPI and day, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  npi: {type: VARCHAR, is: "NPI", required: true}
  date: {type: VARCHAR, is: "day", required: true}
  clinicians: {type: VARCHAR, is: "staffed clinicians billing under the NPI"}
---
The canonical layout of this record. All text, exactly as read.
*/
