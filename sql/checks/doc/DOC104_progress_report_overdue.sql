/*---
code: DOC104
name: progress-report-overdue
status: stable
since: 0.2.0
severity: error
subject: visit_day
partition_by: patient_id
payers: requires_certified_plan
direction: none
needs: [progress_reports]
reads: [core.visit_day, core.treatment_day, core.payer, core.episode, core.progress_report, core.evaluation_line, ref.param]
params:
  treatment_days: {default: 10, why: "treatment days within which a progress report is due (Pub 100-02, chapter 15, section 220.3 D)"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 D, progress report at least once every 10 treatment days"}
message: "No progress report of a clinician is recorded within {treatment_days} treatment days {since}; treatment went on without one from {overdue_from}."
fix: "Load the report if it was written in time; only the clinician who wrote it can attest to its date. A report written now is late and says so."
---
## What it checks
Visit days (patient, date, billing NPI, discipline, payer) with therapy lines that were not denied, for Medicare Part B or another payer that wants a certified plan. Treatment days
are counted over all payers since the last report, its own day not counted, or since the start of the episode, which is day 1 whatever was done. The 11th and each later
treatment day without a report is a finding without an amount; the days of one lapse are one finding. Reports by a clinician or without a named role count; so do
evaluations and re-evaluations after the start, and what is dated on the day itself. Not told: `payer-rule-unknown`, `reports-not-loaded` (none for
a patient of that billing NPI, of a discipline that it billed for the patient), and `episode-start-unknown` where neither the start nor an earlier report is known.

## Why it matters
The report shows that the treatment is still needed and skilled; without it the days after the 10th are not supported by the record.

## Known limits
Reports name no billing NPI: one that lies in the patient's chart of the discipline counts for every billing NPI that treated. Treatment days that are not in the data, and denied ones,
are not counted. An evaluation on the first day is the start and no report.

## How to answer it
Show the report and its date.
*/
with loaded as (
  select distinct e.billing_npi from core.episode e
  join core.progress_report r on r.patient_id = e.patient_id and r.discipline = e.discipline
),
report as (
  select e.episode_id, r.report_date as day
  from core.progress_report r
  join core.episode e on e.patient_id = r.patient_id and e.discipline = r.discipline and r.report_date >= e.first_day - 60
  where r.author_role is distinct from 'assistant'
  union all
  select e.episode_id, v.service_date
  from core.evaluation_line v
  join core.episode e on e.patient_id = v.patient_id and e.discipline = v.discipline and e.billing_npi = v.billing_npi
    and v.service_date >= e.first_day and not (v.service_date = e.first_day and e.start_known)
),
reported as (
  select episode_id, list(day) as report_days from report group by episode_id
),
day as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, d.lines, p.requires_certified_plan,
    e.first_day, e.start_known, e.days, l.billing_npi is not null as reports_loaded, cast(q.value as integer) as due_days,
    list_max(list_filter(r.report_days, lambda x: x <= d.service_date)) as last_report
  from core.visit_day d
  join core.payer p on p.payer_id = d.payer_id and coalesce(p.requires_certified_plan, true)
  join core.treatment_day t on t.day_id = d.day_id
  join core.episode e on e.episode_id = t.episode_id
  join ref.param q on q.check_code = 'DOC104' and q.param = 'treatment_days'
    and q.valid_from <= d.service_date and (q.valid_to is null or d.service_date < q.valid_to)
  left join loaded l on l.billing_npi = d.billing_npi
  left join reported r on r.episode_id = e.episode_id
),
counted as (
  select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, lines, requires_certified_plan, first_day, start_known, reports_loaded,
    due_days, last_report,
    case when last_report is null then days[due_days + 1] else list_filter(days, lambda x: x > last_report)[due_days + 1] end as overdue_from,
    list_position(days, service_date) - case when last_report is null then 0 else len(list_filter(days, lambda x: x <= last_report)) end as days_since
  from day
),
told as (
  select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, lines, first_day, due_days, last_report, overdue_from, days_since,
    case when requires_certified_plan is null then 'payer-rule-unknown'
      when not reports_loaded then 'reports-not-loaded'
      when last_report is null and not start_known then 'episode-start-unknown'
      when days_since > due_days then 'overdue'
      else 'timely' end as outcome
  from counted
)
select case when outcome = 'overdue' then concat_ws('|', patient_id, discipline, billing_npi, payer_id, coalesce(last_report, first_day), overdue_from)
    else concat_ws('|', patient_id, service_date, billing_npi, discipline, payer_id) end as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date,
  case outcome when 'overdue' then 'finding' when 'timely' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('overdue', 'timely') then outcome end as reason,
  case when outcome = 'overdue' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'overdue' then list_transform(list_sort(lines), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome = 'overdue' then {
    treatment_days: due_days,
    since: case when last_report is null then 'from the start on ' || first_day else 'after the last one, on ' || last_report end,
    overdue_from: overdue_from,
    last_report: last_report,
    first_day: first_day,
    days_since: days_since
  } end as evidence
from told
