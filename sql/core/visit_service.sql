/*---
table: core.visit_service
grain: one row per service of a visit note
reads: [stg.visit_service, core.run, core.provider, ref.procedure]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day of the visit"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  provider_discipline: {type: VARCHAR, is: "discipline of the rendering provider; null = unknown"}
  procedure_code: {type: VARCHAR, is: "code the minutes belong to"}
  unit_type: {type: VARCHAR, is: "unit type of the code on the date"}
  allocation_code: {type: VARCHAR, is: "code under which its minutes are counted"}
  minutes: {type: INTEGER, is: "therapist's own or joint minutes"}
  assistant_minutes: {type: INTEGER, is: "minutes the assistant worked alone"}
  start_time: {type: TIME, is: "start"}
  end_time: {type: TIME, is: "end"}
  group_size: {type: INTEGER, is: "patients treated together"}
---
Minutes by code, with what the code is on the day.
*/
select v.patient_id, v.service_date, v.rendering_npi, p.discipline as provider_discipline, v.procedure_code, c.unit_type, c.allocation_code,
  v.minutes, v.assistant_minutes, v.start_time, v.end_time, v.group_size
from stg.visit_service v join core.run on v.service_date <= core.run.as_of
left join core.provider p on p.npi = v.rendering_npi
left join ref.procedure c on c.procedure_code = v.procedure_code and c.valid_from <= v.service_date
  and (c.valid_to is null or v.service_date < c.valid_to)
where v.problem_mask = 0
