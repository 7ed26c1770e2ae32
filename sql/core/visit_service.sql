/*---
table: core.visit_service
grain: one row per service of a visit note
reads: [stg.visit_service, core.run]
view: true
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day of the visit"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  procedure_code: {type: VARCHAR, is: "code the minutes belong to"}
  minutes: {type: INTEGER, is: "therapist's own or joint minutes"}
  assistant_minutes: {type: INTEGER, is: "minutes the assistant worked alone"}
  start_time: {type: TIME, is: "start"}
  end_time: {type: TIME, is: "end"}
  group_size: {type: INTEGER, is: "patients treated together"}
---
Minutes by code, up to the as-of date.
*/
select v.* exclude (file_id, record_number, problem_mask)
from stg.visit_service v join core.run on v.service_date <= core.run.as_of
where v.problem_mask = 0
