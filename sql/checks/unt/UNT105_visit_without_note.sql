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
reads: [core.visit_day, core.visit_loading, core.claim_line]
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
Where the discipline of a day is unknown, a record of any discipline answers for it. Lines whose amount is unknown add nothing to
the amount.

## How to answer it
Produce the treatment note of that date with its signature, or show that the date on the claim is wrong and correct it.
*/
with loading as (
  select d.day_id, bool_and(coalesce(m.loaded and d.service_date between m.first_visit and m.last_visit, false)) as loaded,
    max(m.therapy_days) filter (d.npi = d.provider_npi) as therapy_days, max(m.noted_days) filter (d.npi = d.provider_npi) as noted_days
  from (
    select day_id, service_date, provider_npi, unnest(coalesce(rendering_npis, [provider_npi])) as npi from core.visit_day where not note_recorded and not has_date_span
  ) d
  left join core.visit_loading m on m.rendering_npi = d.npi and m.month = cast(date_trunc('month', d.service_date) as date)
  group by d.day_id
),
at_risk as (
  select d.day_id, sum(l.amount) as amount, list_distinct(list(l.amount_basis)) as amount_bases,
    list({line_id: l.line_id, amount: coalesce(l.amount, 0.00)} order by l.line_id) as line_shares,
    string_agg(l.procedure_code || ' x' || rtrim(rtrim(cast(l.units as varchar), '0'), '.'), ', '
      order by l.procedure_code || ' x' || rtrim(rtrim(cast(l.units as varchar), '0'), '.')) as codes,
    count(*) as lines
  from core.claim_line l
  join (select v.day_id, unnest(v.lines) as line_id from core.visit_day v join loading m on m.day_id = v.day_id and m.loaded) d on l.line_id = d.line_id
  group by d.day_id
),
judged as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, m.therapy_days, m.noted_days,
    case when d.has_date_span then 'cannot_tell' when d.note_recorded then 'pass' when m.loaded then 'finding' else 'cannot_tell' end as verdict,
    case when d.has_date_span then 'date-span' when not d.note_recorded and not m.loaded then 'visits-not-loaded' end as reason,
    -- the lines are only needed where they are at risk
    r.amount, r.amount_bases, r.line_shares, r.codes, r.lines
  from core.visit_day d
  left join loading m on m.day_id = d.day_id
  left join at_risk r on r.day_id = d.day_id
)
select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, verdict, reason,
  cast(amount as decimal(12, 2)) as amount_at_risk,
  -- the weakest basis among the lines names the sum
  case when list_contains(amount_bases, 'fee-schedule') then 'fee-schedule' when list_contains(amount_bases, 'paid') then 'paid'
    when list_contains(amount_bases, 'allowed') then 'allowed' else 'none' end as amount_basis,
  line_shares,
  case when verdict = 'finding' then {
    discipline: discipline,
    codes: codes,
    lines: lines,
    therapy_days_of_month: therapy_days,
    noted_days_of_month: noted_days
  } end as evidence
from judged
