/*---
code: UNT112
name: provider-day-implausible
status: stable
since: 0.1.0
severity: review
subject: provider_day
partition_by: provider_npi
payers: all
direction: none
reads: [core.claim_line, core.provider_day, ref.procedure, ref.param]
params:
  minimum_minutes: {default: 600, why: "implied minutes above which a person looks at the day; our choice, no published rule"}
  expected_minutes: {default: 720, why: "expected minutes above which a person looks at the day; our choice, no published rule"}
  evaluation_minutes: {default: 20, why: "minutes expected for an evaluation or re-evaluation; our choice"}
  untimed_minutes: {default: 10, why: "minutes expected for another untimed line; our choice"}
  minutes_of_day: {default: 1440, why: "minutes of a day, above which UNT111 finds the Medicare day; keep both alike"}
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 5", section: "20.2 C, fewest minutes that earn the units"}
message: "The day's services take at least {implied_minutes} and about {expected_minutes} minutes; the limits are {limit_minutes} and {expected_limit_minutes} for {clinicians} staffed clinician(s)."
fix: "Find out who treated each patient that day, and correct the rendering NPI or the assistant modifier where it was another; the provider attests to it."
---
## What it checks
Each rendering NPI and day with therapy lines of any payer that were not denied. Lines with CQ or CO are left out, and a service that
stands for two payers counts once (same patient, code, units and modifiers). At least: 15 x B - 7 minutes for the B timed
units of each patient. Expected: 15 minutes for each timed unit, and a fixed time for each evaluation and for each other untimed line. A
day above either limit, for each clinician whom the practice staffed under that NPI (one, where it does not say), is a finding.
Where only lines over several days make the sums too large the answer is `date-span`.

## Why it matters
Long days happen; many of them, or very long ones, are what payers look for when they choose whom to audit.

## Known limits
The limits and the times of untimed services are our own and can be set. For payers that count each code alone the fewest
minutes can be less than assumed. Patients of a group count one by one. A day that UNT111 finds is its business and is not examined here.
Units that are not above zero are not counted.

## How to answer it
Show the schedule of the day, who worked, and which services ran side by side.
*/
with staffed as (
  select npi, date, greatest(coalesce(max(clinicians), 1), 1) as clinicians from core.provider_day group by npi, date
),
day as (
  select rendering_npi, service_date, coalesce(sum(units) filter (unit_type = 'timed15'), 0) as timed_units,
    count(*) filter (unit_type <> 'timed15') as other_lines
  from core.claim_line
  where is_therapy and not is_denied and units > 0 and not by_assistant
  group by rendering_npi, service_date
),
parameter as (
  select d.service_date,
    max(q.value) filter (q.param = 'minimum_minutes') as minimum_minutes,
    max(q.value) filter (q.param = 'expected_minutes') as expected_minutes,
    max(q.value) filter (q.param = 'evaluation_minutes') as evaluation_minutes,
    max(q.value) filter (q.param = 'untimed_minutes') as untimed_minutes,
    max(q.value) filter (q.param = 'minutes_of_day') as minutes_of_day
  from (select distinct service_date from day) d
  join ref.param q on q.check_code = 'UNT112' and q.valid_from <= d.service_date
    and (q.valid_to is null or d.service_date < q.valid_to)
  group by d.service_date
),
limited as (
  select d.rendering_npi, d.service_date, coalesce(s.clinicians, 1) as clinicians, q.evaluation_minutes, q.untimed_minutes,
    cast(q.minimum_minutes as integer) * coalesce(s.clinicians, 1) as limit_minutes,
    cast(q.expected_minutes as integer) * coalesce(s.clinicians, 1) as expected_limit_minutes,
    cast(q.minutes_of_day as integer) * coalesce(s.clinicians, 1) as impossible_minutes,
    15 * d.timed_units as most_timed, 15 * d.timed_units + greatest(q.evaluation_minutes, q.untimed_minutes) * d.other_lines as most_expected
  from day d
  join parameter q on q.service_date = d.service_date
  left join staffed s on s.npi = d.rendering_npi and s.date = d.service_date
),
-- only days that could be too long, here or for UNT111, are taken apart
service as (
  select l.rendering_npi, l.service_date, l.patient_id, l.units, l.unit_type = 'timed15' as is_timed,
    p.evaluation is not null as is_evaluation, l.unit_type = 'untimed' and p.evaluation is null as is_untimed,
    bool_or(l.payer_class = 'medicare_b' and l.service_date >= date '2020-01-01') as by_medicare, bool_and(l.date_span) as date_span
  from core.claim_line l
  join limited d on d.rendering_npi = l.rendering_npi and d.service_date = l.service_date
  left join ref.procedure p on p.procedure_code = l.procedure_code and p.valid_from <= l.service_date
    and (p.valid_to is null or l.service_date < p.valid_to) and p.evaluation in ('evaluation', 're-evaluation')
  where (d.most_timed > least(d.limit_minutes, d.impossible_minutes) or d.most_expected > d.expected_limit_minutes)
    and l.is_therapy and not l.is_denied and l.units > 0 and not l.by_assistant
  group by l.rendering_npi, l.service_date, l.patient_id, l.procedure_code, l.units, l.unit_type, p.evaluation, list_sort(l.modifiers)
),
patient as (
  select rendering_npi, service_date, patient_id, coalesce(sum(units) filter (is_timed and not date_span), 0) as day_units,
    coalesce(sum(units) filter (is_timed), 0) as all_units, coalesce(sum(units) filter (is_timed and by_medicare and not date_span), 0) as medicare_units,
    count(*) filter (is_evaluation and not date_span) as evaluations, count(*) filter (is_evaluation) as all_evaluations,
    count(*) filter (is_untimed and not date_span) as untimed, count(*) filter (is_untimed) as all_untimed
  from service
  group by rendering_npi, service_date, patient_id
),
implied as (
  select rendering_npi, service_date, coalesce(sum(15 * day_units - 7) filter (day_units >= 1), 0) as minutes,
    coalesce(sum(15 * all_units - 7) filter (all_units >= 1), 0) as minutes_with_spans,
    coalesce(sum(15 * medicare_units - 7) filter (medicare_units >= 1), 0) as medicare_minutes,
    sum(day_units) as timed_units, sum(all_units) as all_units, sum(evaluations) as evaluations, sum(all_evaluations) as all_evaluations,
    sum(untimed) as untimed, sum(all_untimed) as all_untimed, count(*) filter (day_units > 0 or evaluations > 0 or untimed > 0) as patients
  from patient
  group by rendering_npi, service_date
),
summed as (
  select d.rendering_npi, d.service_date, d.clinicians, d.limit_minutes, d.expected_limit_minutes, d.impossible_minutes, i.minutes, i.minutes_with_spans,
    i.medicare_minutes, i.patients, i.timed_units, i.evaluations, i.untimed,
    15 * i.timed_units + d.evaluation_minutes * i.evaluations + d.untimed_minutes * i.untimed as expected_minutes,
    15 * i.all_units + d.evaluation_minutes * i.all_evaluations + d.untimed_minutes * i.all_untimed as expected_with_spans
  from limited d
  left join implied i on i.rendering_npi = d.rendering_npi and i.service_date = d.service_date
),
judged as (
  select rendering_npi, service_date, clinicians, limit_minutes, expected_limit_minutes, minutes, expected_minutes, patients, timed_units, evaluations, untimed,
    case when minutes > limit_minutes or expected_minutes > expected_limit_minutes then 'finding'
      when minutes_with_spans > limit_minutes or expected_with_spans > expected_limit_minutes then 'cannot_tell' else 'pass' end as verdict
  from summed
  -- UNT111 finds that day
  where coalesce(medicare_minutes, 0) <= impossible_minutes
)
select concat_ws('|', rendering_npi, service_date) as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  rendering_npi as provider_npi, cast(null as varchar) as payer_id, service_date, verdict, case when verdict = 'cannot_tell' then 'date-span' end as reason,
  cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis, cast([] as struct(line_id bigint, amount decimal(12, 2))[]) as line_shares,
  case when verdict = 'finding' then {
    implied_minutes: cast(floor(minutes) as integer),
    expected_minutes: cast(floor(expected_minutes) as integer),
    limit_minutes: limit_minutes,
    expected_limit_minutes: expected_limit_minutes,
    patients: patients,
    timed_units: rtrim(rtrim(cast(timed_units as varchar), '0'), '.'),
    evaluations: cast(evaluations as integer),
    untimed_lines: cast(untimed as integer),
    clinicians: clinicians
  } end as evidence
from judged
