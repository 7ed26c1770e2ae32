/*---
table: raw.synpuf_patients
grain: one patient of the DE-SynPUF as a canonical patient, as text
reads: [raw.synpuf_beneficiary]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  patient_id: {type: VARCHAR, is: "patient"}
  patient_name: {type: VARCHAR, is: "name"}
  birth_date: {type: VARCHAR, is: "birth date"}
  zip: {type: VARCHAR, is: "postal code"}
---
One record a patient and year.
*/
select file_id,
  record_number,
  DESYNPUF_ID as patient_id,
  cast(null as varchar) as patient_name,
  day_of(BENE_BIRTH_DT) as birth_date,
  cast(null as varchar) as zip
from raw.synpuf_beneficiary
