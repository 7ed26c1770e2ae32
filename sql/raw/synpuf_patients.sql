/*---
table: raw.synpuf_patients
grain: one patient of the DE-SynPUF as a canonical patient, as text
reads: [raw.synpuf_beneficiary]
columns: raw.patients
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
