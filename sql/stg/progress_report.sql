/*---
table: stg.progress_report
grain: one progress report
reads: [raw.progress_reports]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  report_date: {type: DATE, is: "day of the report"}
  author_npi: {type: VARCHAR, is: "author"}
  author_role: {type: VARCHAR, is: "clinician or assistant"}
---
Strict casts of raw.progress_reports: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(patient_id) as patient_id,
  blank(discipline) as discipline,
  strict_date(report_date) as report_date,
  blank(author_npi) as author_npi,
  blank(author_role) as author_role,
  (case when blank(patient_id) is null then 1 else 0 end)
    + (case when blank(discipline) is null then 2 else 0 end)
    + (case when blank(discipline) not in ('PT', 'OT', 'SLP') then 4 else 0 end)
    + (case when blank(report_date) is null then 8 else 0 end)
    + (case when blank(report_date) is not null and strict_date(report_date) is null then 16 else 0 end)
    + (case when blank(author_role) not in ('clinician', 'assistant') then 32 else 0 end) as problem_mask
from raw.progress_reports
