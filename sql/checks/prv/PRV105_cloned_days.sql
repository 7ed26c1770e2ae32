/*---
code: PRV105
name: cloned-days
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
needs: [visits]
reads: [core.cloned_days, core.pattern_provider, core.pattern_period]
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3, the treatment note records what was done that day"}
message: "For {patients_alike} of {patients_long} patients with 20 or more visit days, codes, units and minutes are the same on nearly every visit ({days_alike} of {days} days)."
fix: "Read the notes of these patients side by side: if they were copied, the provider states for each day what was done and for how long."
---
## What it checks
Each rendering NPI with therapy lines in the last 24 calendar months of the data. A patient with at least 20 visit days counts when 90 %
of them or more are alike: the same therapy codes with the same units, and the same minutes by the provider's notes (timed and total
minutes of the day, minutes of each service). Three such patients are a finding. Lines that were denied and lines over several days are
left out. Fewer than three patients with 20 visit days is `too-few-visit-days`; where days without recorded minutes decide,
`minutes-not-recorded`.

## Why it matters
Treatment changes as a patient gets better. The same minutes on every visit suggest that notes are copied, and copied notes do not support
the units of any of these days.

## Known limits
A stable programme can be the same for weeks, and software that fills in scheduled times makes minutes alike without anyone copying. Notes
are compared by their minutes, not by their text. The numbers are rows of ref.pattern_rule. The patients are those with 20 days at this
provider; the finding does not name them, the notes of the provider's longest patients are the place to begin.

## How to answer it
Show treatment notes of several of these days that differ in what was done, or start and end times that were taken at the visit.
*/
with counted as (
  select provider_npi, count(*) as patients_long, count(*) filter (is_alike) as patients_alike, count(*) filter (is_possible) as patients_possible,
    sum(days) filter (is_alike) as days, sum(same_days) filter (is_alike) as days_alike
  from core.cloned_days
  group by provider_npi
),
judged as (
  select o.provider_npi, o.last_date, c.patients_long, c.patients_alike, c.days, c.days_alike,
    case when c.patients_alike >= p.clone_patients then 'finding' when c.patients_possible >= p.clone_patients then 'minutes-not-recorded'
      when c.patients_long >= p.clone_patients then 'pass' else 'too-few-visit-days' end as outcome
  from core.pattern_provider o
  cross join core.pattern_period p
  left join counted c on c.provider_npi = o.provider_npi
)
select provider_npi as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  provider_npi, cast(null as varchar) as payer_id, last_date as service_date,
  case when outcome in ('finding', 'pass') then outcome else 'cannot_tell' end as verdict,
  case when outcome not in ('finding', 'pass') then outcome end as reason,
  no_amount() as amount_at_risk, 'none' as amount_basis, no_lines() as line_shares,
  case when outcome = 'finding' then {
    patients_alike: patients_alike,
    patients_long: patients_long,
    days_alike: cast(days_alike as bigint),
    days: cast(days as bigint)
  } end as evidence
from judged
