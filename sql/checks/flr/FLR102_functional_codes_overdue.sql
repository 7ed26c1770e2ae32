/*---
code: FLR102
name: functional-codes-overdue
status: stable
since: 0.2.0
severity: error
subject: visit_day
partition_by: patient_id
payers: medicare_b
direction: none
reads: [core.visit_day, core.treatment_day, core.payer, core.episode, core.functional_line, ref.functional_code, ref.param]
params:
  treatment_days: {default: 10, why: "treatment days within which functional reporting was due again (Pub 100-02, chapter 15, section 220.4)"}
denial_codes:
  - {carc: "16", rarc: "N572", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.4, functional reporting at least once every 10 treatment days"}
message: "No functional reporting code stands within {treatment_days} {discipline} treatment days {since}; treatment went on without one from {overdue_from}."
fix: "Ask the therapist for the functional limitation and its severity at that time, as the record shows them, and whether the payer still takes a correction."
---
## What it checks
Visit days (patient, date, billing NPI, discipline, payer) with therapy lines that were not denied, for Medicare Part B, from 2013-07-01 to 2018-12-31. Treatment days are
counted since the last day with any of the 42 functional reporting codes, that day not counted, or since the start of the episode, which is day 1; days before
2013-07-01 are not counted, nor are codes on denied lines. The 11th and each later treatment day without a code is a finding without an amount; the days of one lapse are one finding. Not told:
`episode-start-unknown` where neither the start nor an earlier code is known, and `functional-codes-denied` where later codes stand on lines that were denied with CARC 246: the
codes were never paid, and 246 says no more than that.

## Why it matters
Claims without the codes were returned or denied in those years.

## Known limits
Treatment days that are not in the data, and denied ones, are not counted. A functional code of unknown discipline counts for every discipline.

## How to answer it
Show the claim with the codes.
*/
with period as (select min(valid_from) as valid_from, max(valid_to) as valid_to from ref.functional_code),
code as (
  select e.episode_id, list(l.service_date) filter (l.is_report) as coded_days,
    list(l.service_date) filter (l.is_report is null) as unclear_days
  from core.functional_line l
  join core.episode e on e.patient_id = l.patient_id and e.billing_npi = l.billing_npi and l.service_date >= e.first_day
    and (l.discipline = e.discipline or l.discipline is null or e.discipline = '')
  group by e.episode_id
),
day as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, d.lines, e.first_day,
    -- who was in treatment when reporting began was counted from then
    e.start_known or e.first_day < x.valid_from as start_known, list_filter(e.days, lambda i: i >= x.valid_from) as days, cast(q.value as integer) as due_days,
    list_max(list_filter(c.coded_days, lambda i: i <= d.service_date)) as last_coded,
    list_max(list_filter(c.unclear_days, lambda i: i <= d.service_date)) as last_unclear
  from core.visit_day d
  join core.payer p on p.payer_id = d.payer_id and p.payer_class = 'medicare_b'
  join period x on x.valid_from <= d.service_date and d.service_date < x.valid_to
  join core.treatment_day t on t.day_id = d.day_id
  join core.episode e on e.episode_id = t.episode_id
  join ref.param q on q.check_code = 'FLR102' and q.param = 'treatment_days'
    and q.valid_from <= d.service_date and (q.valid_to is null or d.service_date < q.valid_to)
  left join code c on c.episode_id = e.episode_id
),
counted as (
  select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, lines, first_day, start_known, due_days, last_coded, last_unclear,
    list_filter(days, lambda i: last_coded is null or i > last_coded)[due_days + 1] as overdue_from,
    len(list_filter(days, lambda i: i <= service_date and (last_coded is null or i > last_coded))) as days_since
  from day
),
told as (
  select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, lines, first_day, due_days, last_coded, overdue_from, days_since,
    case when last_coded is null and not start_known then 'episode-start-unknown'
      when days_since <= due_days then 'timely'
      when last_coded is null and last_unclear is not null or last_unclear > last_coded then 'functional-codes-denied'
      else 'overdue' end as outcome
  from counted
)
select case when outcome = 'overdue' then concat_ws('|', patient_id, discipline, billing_npi, payer_id, coalesce(last_coded, first_day), overdue_from)
    else concat_ws('|', patient_id, service_date, billing_npi, discipline, payer_id) end as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date,
  case outcome when 'overdue' then 'finding' when 'timely' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('overdue', 'timely') then outcome end as reason,
  case when outcome = 'overdue' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'overdue' then list_transform(list_sort(lines), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome = 'overdue' then {
    treatment_days: due_days,
    discipline: case discipline when '' then 'therapy' else discipline end,
    since: case when last_coded is null then 'from the start on ' || first_day else 'after the last ones, on ' || last_coded end,
    overdue_from: overdue_from,
    last_coded: last_coded,
    days_since: days_since
  } end as evidence
from told
