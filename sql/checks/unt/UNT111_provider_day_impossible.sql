/*---
code: UNT111
name: provider-day-impossible
status: stable
since: 0.1.0
severity: error
subject: provider_day
partition_by: provider_npi
payers: medicare_b
direction: none
reads: [core.claim_line, core.provider_day, ref.param]
params:
  minutes_of_day: {default: 1440, why: "minutes of a day"}
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 5", section: "20.2 C, fewest minutes that earn the units"}
message: "The timed units of {patients} Medicare patients take at least {implied_minutes} minutes; a day has {limit_minutes} for {clinicians} staffed clinician(s)."
fix: "Find out who treated each patient: services of assistants take CQ or CO, services of other clinicians their own NPI; the provider attests to it."
---
## What it checks
Each rendering NPI and day with timed one-on-one units that Medicare Part B did not deny, from 2020-01-01, when the assistant's
services had to be marked. Units with CQ or CO are left out, and a service that stands for two payers counts once (same patient,
code, units and modifiers). B units of one patient take at least 15 x B - 7 minutes. A sum over the patients above the minutes
of a day, for each clinician whom the practice staffed under that NPI (one, where it does not say), is a finding. Where only lines over several
days make the sum too large the answer is `date-span`.

## Why it matters
One clinician cannot treat one patient at a time for longer than a day has. A payer that sees it looks at everything the provider billed.

## Known limits
Services of students and of unmarked assistants stand under the therapist's NPI; the staffed clinicians are known only where
the practice says so. Units that are not above zero are not counted. Other payers and earlier dates are judged by UNT112.

## How to answer it
Show the schedule of the day and who treated whom, and correct the rendering NPI or the assistant modifier of the services that were another's.
*/
with staffed as (
  select npi, date, greatest(coalesce(max(clinicians), 1), 1) as clinicians from core.provider_day group by npi, date
),
day as (
  select rendering_npi, service_date, sum(units) as units
  from core.claim_line
  where payer_class = 'medicare_b' and unit_type = 'timed15' and not is_denied and service_date >= date '2020-01-01' and units > 0
    and not by_assistant
  group by rendering_npi, service_date
),
limited as (
  select d.rendering_npi, d.service_date, d.units, coalesce(s.clinicians, 1) as clinicians,
    cast(q.value as integer) * coalesce(s.clinicians, 1) as limit_minutes
  from day d
  join ref.param q on q.check_code = 'UNT111' and q.param = 'minutes_of_day'
    and q.valid_from <= d.service_date and (q.valid_to is null or d.service_date < q.valid_to)
  left join staffed s on s.npi = d.rendering_npi and s.date = d.service_date
),
-- only days that could be too long are taken apart: no unit takes more than 15 minutes here
service as (
  select l.rendering_npi, l.service_date, l.patient_id, l.units, bool_and(l.date_span) as date_span
  from core.claim_line l
  join limited d on d.rendering_npi = l.rendering_npi and d.service_date = l.service_date
  where 15 * d.units > d.limit_minutes
    and l.payer_class = 'medicare_b' and l.unit_type = 'timed15' and not l.is_denied and l.units > 0
    and not l.by_assistant
  group by l.rendering_npi, l.service_date, l.patient_id, l.procedure_code, l.units, list_sort(l.modifiers)
),
patient as (
  select rendering_npi, service_date, patient_id, sum(units) as all_units, coalesce(sum(units) filter (not date_span), 0) as day_units
  from service
  group by rendering_npi, service_date, patient_id
),
implied as (
  select rendering_npi, service_date, coalesce(sum(15 * day_units - 7) filter (day_units >= 1), 0) as minutes,
    coalesce(sum(15 * all_units - 7) filter (all_units >= 1), 0) as minutes_with_spans, count(*) filter (day_units >= 1) as patients,
    sum(day_units) as timed_units
  from patient
  group by rendering_npi, service_date
),
judged as (
  select d.rendering_npi, d.service_date, d.clinicians, d.limit_minutes, i.minutes, i.patients, i.timed_units,
    case when i.minutes > d.limit_minutes then 'finding' when i.minutes_with_spans > d.limit_minutes then 'cannot_tell' else 'pass' end as verdict
  from limited d
  left join implied i on i.rendering_npi = d.rendering_npi and i.service_date = d.service_date
)
select concat_ws('|', rendering_npi, service_date) as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  rendering_npi as provider_npi, cast(null as varchar) as payer_id, service_date, verdict, case when verdict = 'cannot_tell' then 'date-span' end as reason,
  cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis, cast([] as struct(line_id bigint, amount decimal(12, 2))[]) as line_shares,
  case when verdict = 'finding' then {
    implied_minutes: cast(floor(minutes) as integer),
    limit_minutes: limit_minutes,
    patients: patients,
    timed_units: rtrim(rtrim(cast(timed_units as varchar), '0'), '.'),
    clinicians: clinicians
  } end as evidence
from judged
