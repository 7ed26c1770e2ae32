/*---
table: core.visit
grain: one row per visit note
reads: [stg.visit, core.run, core.provider]
view: true
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "day of the visit"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP: of the note, else of the provider; empty text when unknown"}
  timed_minutes: {type: INTEGER, is: "the note's timed minutes"}
  total_minutes: {type: INTEGER, is: "the note's total treatment minutes"}
  start_time: {type: TIME, is: "start"}
  end_time: {type: TIME, is: "end"}
  note_signed_date: {type: DATE, is: "day the note was signed"}
  note_author_npi: {type: VARCHAR, is: "author of the note"}
---
Visit notes up to the as-of date. Several notes of one patient, day and provider add up.
*/
select v.* exclude (file_id, record_number, problem_mask, discipline), coalesce(v.discipline, p.discipline, '') as discipline
from stg.visit v join core.run on v.service_date <= core.run.as_of
left join core.provider p on p.npi = v.rendering_npi
where v.problem_mask = 0
