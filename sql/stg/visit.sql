/*---
table: stg.visit
grain: one visit note
reads: [raw.visits]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  timed_minutes: {type: INTEGER, is: "timed minutes"}
  total_minutes: {type: INTEGER, is: "total minutes"}
  start_time: {type: TIME, is: "start"}
  end_time: {type: TIME, is: "end"}
  note_signed_date: {type: DATE, is: "day signed"}
  note_author_npi: {type: VARCHAR, is: "author"}
---
Strict casts of raw.visits: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  strict_date(service_date) as service_date,
  blank(rendering_npi) as rendering_npi,
  blank(discipline) as discipline,
  strict_small_integer(timed_minutes) as timed_minutes,
  strict_small_integer(total_minutes) as total_minutes,
  strict_time(start_time) as start_time,
  strict_time(end_time) as end_time,
  strict_date(note_signed_date) as note_signed_date,
  blank(note_author_npi) as note_author_npi,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(service_date) is null then 2 else 0 end)
    + (case when blank(service_date) is not null and strict_date(service_date) is null then 4 else 0 end)
    + (case when blank(rendering_npi) is null then 8 else 0 end)
    + (case when blank(discipline) not in ('PT', 'OT', 'SLP') then 16 else 0 end)
    + (case when blank(timed_minutes) is not null and strict_small_integer(timed_minutes) is null then 32 else 0 end)
    + (case when blank(total_minutes) is not null and strict_small_integer(total_minutes) is null then 64 else 0 end)
    + (case when blank(start_time) is not null and strict_time(start_time) is null then 128 else 0 end)
    + (case when blank(end_time) is not null and strict_time(end_time) is null then 256 else 0 end)
    + (case when blank(note_signed_date) is not null and strict_date(note_signed_date) is null then 512 else 0 end) as problem_mask
from raw.visits
