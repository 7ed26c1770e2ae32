/*---
code: FLR101
name: functional-codes-missing
status: stable
since: 0.2.0
severity: error
subject: visit_day
partition_by: patient_id
payers: medicare_b
direction: none
reads: [core.visit_day, core.treatment_day, core.payer, core.episode, core.evaluation_line, core.functional_line, ref.functional_code]
denial_codes:
  - {carc: "16", rarc: "N572", note: "unconfirmed pairing"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.4, functional reporting"}
  - {title: "CMS Change Request 11120", section: "reporting ended with service dates of 2018"}
message: "No functional reporting code stands with the {discipline} services of {service_date}, {why}."
fix: "Ask the therapist for the functional limitation and its severity on that day, as the record shows them, and whether the payer still takes a correction."
---
## What it checks
Visit days (patient, date, billing NPI, discipline, payer) with therapy lines that were not denied, for Medicare Part B, from 2013-07-01 to 2018-12-31, that hold an
evaluation or re-evaluation or are the first treatment day of an episode. A day without any of the 42 functional reporting codes for the same patient, billing NPI and discipline, on any
claim, is a finding without an amount; codes on denied lines do not count. Not told: `episode-start-unknown` for a first day in the data that may not be the first one, and
`functional-codes-denied` where codes stand on lines that were denied with CARC 246 only: the codes were never paid, and 246 says no more than that.

## Why it matters
Claims without the codes were returned or denied in those years.

## Known limits
A functional code of unknown discipline counts for every discipline. That the codes come in pairs, and one limitation at a time, is not judged.

## How to answer it
Show the claim with the codes.
*/
with period as (select min(valid_from) as valid_from, max(valid_to) as valid_to from ref.functional_code),
day as (
  select d.day_id, d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, d.lines, e.start_known, e.first_day
  from core.visit_day d
  join core.payer p on p.payer_id = d.payer_id and p.payer_class = 'medicare_b'
  join period x on x.valid_from <= d.service_date and d.service_date < x.valid_to
  join core.treatment_day t on t.day_id = d.day_id
  join core.episode e on e.episode_id = t.episode_id
),
evaluated as (
  select distinct d.day_id
  from (select day_id, unnest(lines) as line_id from day) d
  join core.evaluation_line v on v.line_id = d.line_id
),
reported as (
  select d.day_id, bool_or(l.is_report) as is_reported, bool_or(l.is_report is null) as is_unclear
  from day d
  join core.functional_line l on l.patient_id = d.patient_id and l.service_date = d.service_date and l.billing_npi = d.billing_npi
    and (l.discipline = d.discipline or l.discipline is null or d.discipline = '')
  group by d.day_id
),
told as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, d.lines, v.day_id is not null as is_evaluation,
    case when r.is_reported then 'reported'
      when v.day_id is null and not d.start_known then 'episode-start-unknown'
      when r.is_unclear then 'functional-codes-denied'
      else 'missing' end as outcome
  from day d
  left join evaluated v on v.day_id = d.day_id
  left join reported r on r.day_id = d.day_id
  where v.day_id is not null or d.service_date = d.first_day
)
select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi,
  case outcome when 'missing' then 'finding' when 'reported' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('missing', 'reported') then outcome end as reason,
  case when outcome = 'missing' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'missing' then list_transform(list_sort(lines), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome = 'missing' then {
    discipline: case discipline when '' then 'therapy' else discipline end,
    service_date: service_date,
    why: case when is_evaluation then 'a day of an evaluation or re-evaluation' else 'the first treatment day of the episode' end
  } end as evidence
from told
