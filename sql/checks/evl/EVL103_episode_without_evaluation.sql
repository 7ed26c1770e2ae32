/*---
code: EVL103
name: episode-without-evaluation
status: stable
since: 0.2.0
severity: review
subject: episode
partition_by: patient_id
payers: all
direction: none
reads: [core.episode, core.treatment_day, core.visit_day, core.evaluation_line, core.run, ref.param]
params:
  window_days: {default: 7, why: "days before and after the first treatment day in which an evaluation is looked for (catalogue, EVL103)"}
ripens_after: window_days
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 C, evaluation before treatment"}
message: "{discipline} treatment began on {first_day}, and no evaluation or re-evaluation is billed from {window_days} days before to {window_days} days after."
fix: "Show the evaluation of that episode: billed elsewhere, not billed, or denied; a missing one cannot be written afterwards."
---
## What it checks
Episodes (therapy days of one patient, discipline and billing NPI with gaps of at most 60 days, denied lines left out), whoever pays, dated by their first treatment day. An episode whose
start is known and that has no evaluation or re-evaluation line of the patient and discipline, under any billing NPI, from 7 days before to 7 days after its first day is a finding without
an amount, listed on the lines of that day. Not told: `episode-start-unknown`, and `evaluation-may-follow` where the as-of date comes before
the end of the 7 days.

## Why it matters
Treatment rests on an evaluation; a payer asks for it first.

## Known limits
A denied evaluation does not count, nor one that was never billed or that another practice billed outside the data. An evaluation date in a plan of care makes the start known but
is no billed evaluation.

## How to answer it
Show the evaluation with its date.
*/
with first_day as (
  select t.day_id, e.episode_id, e.patient_id, e.discipline, e.billing_npi, e.first_day, e.start_known, cast(q.value as integer) as window_days
  from core.treatment_day t
  join core.episode e on e.episode_id = t.episode_id and e.first_day = date_of_day(t.day_id)
  join ref.param q on q.check_code = 'EVL103' and q.param = 'window_days'
    and q.valid_from <= e.first_day and (q.valid_to is null or e.first_day < q.valid_to)
),
begun as (
  select f.episode_id, f.patient_id, f.discipline, f.billing_npi, f.first_day, f.start_known, f.window_days,
    min(d.payer_id) as payer_id, arg_min(d.provider_npi, d.payer_id) as provider_npi, list_sort(flatten(list(d.lines))) as line_ids
  from core.visit_day d
  join first_day f on f.day_id = d.day_id
  group by f.episode_id, f.patient_id, f.discipline, f.billing_npi, f.first_day, f.start_known, f.window_days
),
evaluated as (
  select distinct f.episode_id
  from begun f
  join core.evaluation_line v on v.patient_id = f.patient_id and v.discipline = f.discipline
    and v.service_date between f.first_day - f.window_days and f.first_day + f.window_days
),
told as (
  select f.patient_id, f.discipline, f.billing_npi, f.first_day, f.payer_id, f.provider_npi, f.line_ids, f.window_days,
    case when v.episode_id is not null then 'evaluated'
      when not f.start_known then 'episode-start-unknown'
      when r.as_of < f.first_day + f.window_days then 'evaluation-may-follow'
      else 'without' end as outcome
  from begun f
  cross join core.run r
  left join evaluated v on v.episode_id = f.episode_id
)
select concat_ws('|', patient_id, discipline, billing_npi, first_day) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, first_day as service_date,
  case outcome when 'without' then 'finding' when 'evaluated' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('without', 'evaluated') then outcome end as reason,
  case when outcome = 'without' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'without' then list_transform(line_ids, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome = 'without' then {
    discipline: discipline,
    first_day: first_day,
    window_days: window_days
  } end as evidence
from told
