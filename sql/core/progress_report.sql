/*---
table: core.progress_report
grain: one row per progress report
reads: [stg.progress_report]
columns:
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  report_date: {type: DATE, is: "day of the report"}
  author_npi: {type: VARCHAR, is: "author"}
  author_role: {type: VARCHAR, is: "clinician or assistant; null = not stated"}
---
Progress reports as loaded.
*/
select patient_id, discipline, report_date, author_npi, author_role
from stg.progress_report where problem_mask = 0
