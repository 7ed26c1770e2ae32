/*---
table: raw.tuva_eligibility_left
grain: one record that is no claim line of its source
reads: [raw.tuva_eligibility]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Further spans of a person say nothing new about the patient.
*/
select file_id, record_number, 'further enrollment span of a person' as reason, cast(null as varchar) as remedy
from raw.tuva_eligibility
qualify row_number() over (partition by coalesce(blank(person_id), blank(patient_id), member_id) order by record_number) > 1
