/*---
code: PRV107
name: billing-shift
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
reads: [core.provider_shift]
references:
  - {title: "Good, Permutation, Parametric and Bootstrap Tests of Hypotheses", section: "permutation test with the largest statistic of the search"}
  - {title: "Benjamini and Hochberg 1995, Controlling the false discovery rate", section: "section 3, the procedure"}
message: "From {first_month} on, {measure} is {after} in the mean of {months_after} months; in the {months_before} months before it was {before}. No other month divides the provider's billing as clearly, and chance does not explain it."
fix: "Nothing to correct by itself: find out what changed in that month (staff, software, a template, the patients), and have the provider attest to it."
---
## What it checks
Each rendering NPI with therapy lines in the last 24 calendar months of the data. By month: 15 minutes for each timed unit by visit, and
the share of each code among the lines, for codes that reach a tenth in three months or more. The one month that divides one of these
series best into before and after (three months or more on either side) is looked for, and a permutation test asks how often months in
another order are divided as well; the search over months and series is part of the test. Over the providers the rate of false discoveries
is held at 5 % (Benjamini and Hochberg). Months with fewer than 10 visits are left out. Fewer than 30 patients, or fewer than 8 months, is
`cannot_tell`.

## Why it matters
A change from one month to the next has a cause: a new template, new staff, a new habit. It is easiest to explain, and to correct, while
it is recent; payers who see it ask from that month on.

## Known limits
A slow drift is divided as well, at about its middle. Few months have little power: of eight months one ordering in 35 parts low from
high, so that with several providers only a longer history can show a shift. Months follow each other with many of the same patients,
which makes chance shifts somewhat more likely than the test assumes. A change of code that the code set itself made (a code replaced at
the turn of a year) is found like any other. Lines that were denied and lines over several days do not count.

## How to answer it
Say what changed in that month and show notes from before and after it.
*/
select provider_npi || case when is_shift then '|' || shift_month else '' end as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  provider_npi, cast(null as varchar) as payer_id, last_date as service_date,
  case when obstacle is not null then 'cannot_tell' when is_shift then 'finding' else 'pass' end as verdict,
  case obstacle when 'patients' then 'too-few-patients' when 'months' then 'too-few-months' end as reason,
  no_amount() as amount_at_risk, 'none' as amount_basis, no_lines() as line_shares,
  case when is_shift then {
    first_month: strftime(shift_month, '%Y-%m'),
    measure: case when series = 'minutes_per_visit' then 'timed units by visit, at 15 minutes each,' else 'the share of ' || series || ' among the lines' end,
    before: case when series = 'minutes_per_visit' then cast(before as decimal(18, 1)) || ' minutes' else cast(100 * before as decimal(18, 1)) || ' %' end,
    after: case when series = 'minutes_per_visit' then cast(after as decimal(18, 1)) || ' minutes' else cast(100 * after as decimal(18, 1)) || ' %' end,
    months_before: months_before,
    months_after: months - months_before,
    patients: patients,
    variation_explained: cast(100 * explained as decimal(18, 1)) || ' %',
    permutations: permutations,
    p_value: cast(cast(p_value as decimal(5, 4)) as varchar),
    rate_of_false_discoveries: cast(cast(q_value as decimal(5, 4)) as varchar),
    tests: tests
  } end as evidence
from core.provider_shift
