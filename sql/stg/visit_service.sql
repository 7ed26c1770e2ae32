/*---
table: stg.visit_service
grain: one service of a visit note
reads: [raw.visit_services]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  procedure_code: {type: VARCHAR, is: "code"}
  minutes: {type: INTEGER, is: "therapist's own or joint minutes"}
  assistant_minutes: {type: INTEGER, is: "minutes of the assistant alone"}
  start_time: {type: TIME, is: "start"}
  end_time: {type: TIME, is: "end"}
  group_size: {type: INTEGER, is: "patients treated together"}
---
Strict casts of raw.visit_services: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  strict_date(service_date) as service_date,
  blank(rendering_npi) as rendering_npi,
  blank(procedure_code) as procedure_code,
  strict_small_integer(minutes) as minutes,
  strict_small_integer(assistant_minutes) as assistant_minutes,
  strict_time(start_time) as start_time,
  strict_time(end_time) as end_time,
  strict_small_integer(group_size) as group_size,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(service_date) is null then 2 else 0 end)
    + (case when blank(service_date) is not null and strict_date(service_date) is null then 4 else 0 end)
    + (case when blank(rendering_npi) is null then 8 else 0 end)
    + (case when blank(procedure_code) is null then 16 else 0 end)
    + (case when blank(minutes) is not null and strict_small_integer(minutes) is null then 32 else 0 end)
    + (case when blank(assistant_minutes) is not null and strict_small_integer(assistant_minutes) is null then 64 else 0 end)
    + (case when blank(start_time) is not null and strict_time(start_time) is null then 128 else 0 end)
    + (case when blank(end_time) is not null and strict_time(end_time) is null then 256 else 0 end)
    + (case when blank(group_size) is not null and strict_small_integer(group_size) is null then 512 else 0 end) as problem_mask
from raw.visit_services
