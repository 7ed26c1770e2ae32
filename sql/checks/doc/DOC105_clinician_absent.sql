/*---
code: DOC105
name: clinician-absent
status: stable
since: 0.2.0
severity: review
subject: episode
partition_by: patient_id
payers: requires_certified_plan
direction: none
needs: [modifier_1]
reads: [core.episode_payer, core.visit_day, core.claim_line, ref.modifier, ref.param]
params:
  treatment_days: {default: 10, why: "treatment days of one reporting period (Pub 100-02, chapter 15, section 220.3 D)"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 D, the clinician takes part in treatment in each reporting period"}
message: "From {run_from} to {run_to}, {run_days} {discipline} treatment days in a row were billed wholly as an assistant's."
fix: "Show on which of these days the clinician took part in the treatment, and correct the assistant modifier of what the clinician did; the clinician attests to it."
---
## What it checks
Episodes (therapy days of one patient, discipline and billing NPI with gaps of at most 60 days, denied lines left out) with lines for Medicare Part B or another payer that wants a
certified plan, once for each such payer, that have a treatment day since assistants have to be marked (2020-01-01). Ten or more of the payer's treatment days in a row on which every therapy line of the discipline
and billing NPI, for any payer, carries CQ or CO are a finding without an amount; the longest run is named. Not told: `payer-rule-unknown`, and `assistant-not-marked`, where the payer does not want, or may not want,
the modifiers, so that their absence says nothing.

## Why it matters
The clinician has to take part in the treatment at least once in each reporting period.

## Known limits
CQ and CO mark services given in whole or in part by an assistant: the clinician may have been there. That the clinician takes part once in each period is from memory of the
manual. Lines that cannot take the modifiers, such as device supplies, break a run.

## How to answer it
Show the note of a day on which the clinician treated.
*/
with assisted as (
  select patient_id, coalesce(discipline, '') as discipline, billing_npi, service_date
  from core.claim_line
  where is_therapy and not is_denied
    and patient_id in (select patient_id from core.claim_line where by_assistant)
  group by patient_id, coalesce(discipline, ''), billing_npi, service_date
  having bool_and(by_assistant)
),
-- the days of those episodes in order; days in a row keep the difference between their two numbers
numbered as (
  select d.episode_id, d.payer_id, v.service_date, v.lines, a.patient_id is not null as is_assisted,
    row_number() over (partition by d.episode_id, d.payer_id order by v.service_date)
      - row_number() over (partition by d.episode_id, d.payer_id, a.patient_id order by v.service_date) as run_no
  from core.visit_day v
  join (
    select episode_id, payer_id, unnest(day_ids) as day_id from core.episode_payer
    where patient_id in (select patient_id from assisted)
  ) d on d.day_id = v.day_id
  left join assisted a on a.patient_id = v.patient_id and a.discipline = v.discipline and a.billing_npi = v.billing_npi and a.service_date = v.service_date
),
run as (
  select episode_id, payer_id, count(*) as run_days, min(service_date) as run_from, max(service_date) as run_to,
    list_sort(flatten(list(lines))) as line_ids
  from numbered where is_assisted
  group by episode_id, payer_id, run_no
),
longest as (
  select episode_id, payer_id, run_days, run_from, run_to, line_ids from run
  qualify row_number() over (partition by episode_id, payer_id order by run_days desc, run_from) = 1
),
marked as (select min(valid_from) as valid_from from ref.modifier where kind = 'assistant'),
told as (
  select e.patient_id, e.discipline, e.billing_npi, e.first_day, e.payer_id, e.provider_npi, case when r.run_days >= q.value then r.run_to else e.payer_last_day end as last_day,
    r.run_days, r.run_from, r.run_to, r.line_ids,
    case when e.requires_certified_plan is null then 'payer-rule-unknown'
      when r.run_days >= q.value then 'absent'
      when not coalesce(e.requires_assistant_modifier, false) then 'assistant-not-marked'
      else 'present' end as outcome
  from core.episode_payer e
  join marked m on m.valid_from <= e.payer_last_day
  join ref.param q on q.check_code = 'DOC105' and q.param = 'treatment_days'
    and q.valid_from <= e.payer_last_day and (q.valid_to is null or e.payer_last_day < q.valid_to)
  left join longest r on r.episode_id = e.episode_id and r.payer_id = e.payer_id
)
select concat_ws('|', patient_id, discipline, billing_npi, payer_id, first_day) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, last_day as service_date,
  case outcome when 'absent' then 'finding' when 'present' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('absent', 'present') then outcome end as reason,
  case when outcome = 'absent' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'absent' then list_transform(line_ids, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome = 'absent' then {
    discipline: case discipline when '' then 'therapy' else discipline end,
    run_days: run_days,
    run_from: run_from,
    run_to: run_to,
    first_day: first_day
  } end as evidence
from told
