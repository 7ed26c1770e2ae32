/*---
code: UNT105
name: visit-without-note
status: stable
since: 0.1.0
severity: review
subject: visit_day
partition_by: patient_id
payers: all
direction: over
needs: [visits]
reads: [core.visit_day, core.visit, core.visit_service, core.visit_loading, core.claim_line, core.provider]
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3, treatment note"}
message: "No visit is recorded for the day on which {codes} was billed, although the provider's other visits of that month are loaded."
fix: "Load the note of that day; if there is none, the provider who treated has to say whether the service was given."
---
## What it checks
Every visit day: the therapy lines of one patient, date, billing NPI, discipline and payer that were not denied. A day for which no
visit and no minutes are recorded is a finding, and all its lines are at risk. A record by another provider of the same billing
NPI and discipline answers for the day. The visits of a provider count as loaded between the first and the last loaded visit, in months
in which at least half of the provider's therapy days have one; this must hold for each rendering NPI of the day, otherwise the answer is
`visits-not-loaded`. A day with a line that covers several days is `date-span`.

## Why it matters
A payer that asks for the record of a billed day and gets none takes the whole day back.

## Known limits
It sees the records that are loaded, not the chart: a note that was never exported looks like a note that was never written.
Where the discipline of a day or of a record is unknown, any record by a provider of that billing NPI answers for it. Lines whose amount is
unknown add nothing to the amount.

## How to answer it
Produce the treatment note of that date with its signature, or show that the date on the claim is wrong and correct it.
*/
with unnoted as (
  select day_id, patient_id, service_date, billing_npi, discipline, provider_npi, rendering_npis
  from core.visit_day where not note_recorded and not has_date_span
),
colleague as (select distinct billing_npi, rendering_npi from core.claim_line),
recorded as (
  select patient_id, service_date, rendering_npi, discipline from core.visit
  union all
  select patient_id, service_date, rendering_npi, null from core.visit_service
),
cleared as (
  select distinct d.day_id
  from unnoted d
  join recorded v on v.patient_id = d.patient_id and v.service_date = d.service_date
  join colleague c on c.billing_npi = d.billing_npi and c.rendering_npi = v.rendering_npi
  join core.provider p on p.npi = v.rendering_npi
  where d.discipline = '' or coalesce(v.discipline, p.discipline, d.discipline) = d.discipline
),
loading as (
  select d.day_id, bool_and(coalesce(m.loaded and d.service_date between m.first_visit and m.last_visit, false)) as loaded,
    max(m.therapy_days) filter (d.npi = d.provider_npi) as therapy_days, max(m.noted_days) filter (d.npi = d.provider_npi) as noted_days
  from (select day_id, service_date, provider_npi, unnest(rendering_npis) as npi from unnoted) d
  left join core.visit_loading m on m.rendering_npi = d.npi and m.month = cast(date_trunc('month', d.service_date) as date)
  group by d.day_id
),
judged as (
  select d.day_id,
    case when d.has_date_span then 'cannot_tell' when d.note_recorded or c.day_id is not null then 'pass'
      when not m.loaded then 'cannot_tell' else 'finding' end as verdict,
    case when d.has_date_span then 'date-span' when not d.note_recorded and c.day_id is null and not m.loaded then 'visits-not-loaded' end as reason,
    m.therapy_days, m.noted_days
  from core.visit_day d
  left join cleared c on c.day_id = d.day_id
  left join loading m on m.day_id = d.day_id
),
priced as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, j.verdict, j.reason, j.therapy_days, j.noted_days,
    case when j.verdict = 'finding' then d.lines end as lines
  from core.visit_day d
  join judged j on j.day_id = d.day_id
)
select concat_ws('|', patient_id, service_date, billing_npi, discipline, payer_id) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date, verdict, reason,
  cast(list_sum(list_transform(lines, lambda x: x.amount)) as decimal(12, 2)) as amount_at_risk,
  -- the weakest basis among the lines names the sum
  case when list_contains(list_transform(lines, lambda x: x.amount_basis), 'fee-schedule') then 'fee-schedule'
    when list_contains(list_transform(lines, lambda x: x.amount_basis), 'paid') then 'paid'
    when list_contains(list_transform(lines, lambda x: x.amount_basis), 'allowed') then 'allowed' else 'none' end as amount_basis,
  list_transform(lines, lambda x: {line_id: x.line_id, amount: coalesce(x.amount, 0.00)}) as line_shares,
  case when verdict = 'finding' then {
    discipline: discipline,
    codes: list_aggregate(list_sort(list_transform(lines, lambda x: x.procedure_code || ' x' || rtrim(rtrim(cast(x.units as varchar), '0'), '.'))),
      'string_agg', ', '),
    lines: len(lines),
    therapy_days_of_month: therapy_days,
    noted_days_of_month: noted_days
  } end as evidence
from priced
