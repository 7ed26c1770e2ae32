/*---
code: UNT113
name: one-on-one-overlap
status: stable
since: 0.2.0
severity: error
subject: visit_day
partition_by: provider_npi
payers: all
direction: over
needs: [visit_services]
reads: [core.claim_line, core.visit_service, ref.procedure]
references:
  - {title: "CPT: time of one-on-one services", section: "the same minutes are not counted for two patients (read in Gawenda)"}
  - {title: "CMS individual and group billing guidance", section: "one-on-one minutes of several patients are separate"}
message: "One-on-one time from {start_time} to {end_time} overlaps by {overlap_minutes} minutes with one-on-one time of the same provider for {other_patients} other patient(s)."
fix: "Correct the times if the record was wrong and the provider attests to it; otherwise bill the shared time as group therapy or return {units_in_question} units."
---
## What it checks
Days on which a rendering provider has lines of timed 15-minute codes or evaluations for a patient that were not denied, once whatever the number of payers. The
recorded services of that provider and patient with start and end, on timed codes and evaluations, without minutes of an assistant alone and not of a group, are one-on-one time. Where it
overlaps by a minute or more with that of another patient, the patient whose time began later is a finding; touching is none, and minutes shared with several patients count
once. The units of the overlap, the whole part of (minutes + 7) / 15, are at risk at the lowest amount per unit among the day's lines, at most the units billed, placed from
the last line to the first. With several payers the lines are those of the payer with most units.

Where no such service is recorded, or one lacks a start or an end, the answer is `times-not-recorded`; a line over several days is `date-span`.

## Why it matters
A clinician cannot treat two patients one-on-one in the same minutes. Payers that ask for schedules find it at once.

## Known limits
Recorded times are often those of the appointment. The other patient's visit need not be billed: the record places the clinician with that patient. Where both began in the same minute the
one that ended later, else the one with the higher patient number, is the finding. Patients whose times are not recorded are not seen.

## How to answer it
Show the schedule, the notes of both patients, and who else worked with them.
*/
with service as (
  select v.rendering_npi, v.service_date, v.patient_id, 60 * hour(v.start_time) + minute(v.start_time) as begins, 60 * hour(v.end_time) + minute(v.end_time) as ends,
    coalesce(v.assistant_minutes, 0) = 0 and coalesce(v.group_size, 1) = 1 as is_one_on_one, is_one_on_one and coalesce(begins < ends, false) as is_timed
  from core.visit_service v
  join ref.procedure c on c.procedure_code = v.procedure_code and c.valid_from <= v.service_date and (c.valid_to is null or v.service_date < c.valid_to)
    and (c.unit_type = 'timed15' or c.evaluation is not null)
),
visit as materialized (
  select rendering_npi, service_date, patient_id, min(begins) filter (is_timed) as begins, max(ends) filter (is_timed) as ends,
    bool_or(is_one_on_one and not is_timed) as lacks_times
  from service group by all
),
-- days on which a visit begins before an earlier one has ended: only they are taken apart
crowded as (
  select distinct rendering_npi, service_date
  from (
    select rendering_npi, service_date, begins < max(ends) over (partition by rendering_npi, service_date order by begins, ends, patient_id
      rows between unbounded preceding and 1 preceding) as meets
    from visit where begins is not null
  )
  where meets
),
crowded_slot as (
  select rendering_npi, service_date, patient_id, s.begins, s.ends, {begins: v.begins, ends: v.ends, patient_id: patient_id} as visit
  from service s
  join visit v using (rendering_npi, service_date, patient_id)
  semi join crowded using (rendering_npi, service_date)
  where s.is_timed
),
shared as (
  select b.rendering_npi, b.service_date, b.patient_id, b.visit, a.patient_id as other,
    unnest(range(greatest(a.begins, b.begins), least(a.ends, b.ends))) as minute_of_day
  from crowded_slot a
  join crowded_slot b on b.rendering_npi = a.rendering_npi and b.service_date = a.service_date and b.begins < a.ends
  -- of one patient there is one visit
  where a.visit < b.visit
),
overlap as (
  select rendering_npi, service_date, patient_id, min(visit.begins) as begins, max(visit.ends) as ends, count(distinct minute_of_day) as minutes,
    count(distinct other) as other_patients
  from shared
  group by rendering_npi, service_date, patient_id
),
one_on_one_line as not materialized (
  select line_id, claim_id, line_number, patient_id, service_date, billing_npi, rendering_npi, payer_id, received_date, units, date_span, amount, amount_basis
  from core.claim_line
  where not is_denied and (unit_type = 'timed15' or procedure_code in (select procedure_code from ref.procedure where evaluation is not null))
),
billed as materialized (
  select rendering_npi, service_date, patient_id, min(billing_npi) as billing_npi, max(billing_npi) as last_billing_npi, min(payer_id) as payer_id,
    max(payer_id) as last_payer_id, bool_or(date_span) as date_span
  from one_on_one_line
  group by rendering_npi, service_date, patient_id
),
-- of several billing NPIs and payers, few days have them, the one with most units stands for the day
most as (
  select rendering_npi, service_date, patient_id, arg_min({billing_npi: billing_npi, payer_id: payer_id}, (-units, billing_npi, payer_id)) as stands_for
  from (
    select rendering_npi, service_date, patient_id, billing_npi, payer_id, sum(units) as units
    from one_on_one_line
    semi join (select * from billed where billing_npi <> last_billing_npi or payer_id <> last_payer_id) using (rendering_npi, service_date, patient_id)
    group by all
  )
  group by rendering_npi, service_date, patient_id
),
judged as (
  select rendering_npi, service_date, patient_id, coalesce(m.stands_for, {billing_npi: b.billing_npi, payer_id: b.payer_id}) as stands_for, o.begins, o.ends, o.minutes, o.other_patients,
    case when b.date_span then 'date-span' when o.minutes is null and coalesce(v.lacks_times, true) then 'times-not-recorded' end as reason
  from billed b
  left join most m using (rendering_npi, service_date, patient_id)
  left join visit v using (rendering_npi, service_date, patient_id)
  left join overlap o using (rendering_npi, service_date, patient_id)
),
priced as (
  select rendering_npi, service_date, patient_id, l.line_id, l.units, units_of_minutes(j.minutes) as units_over, l.amount_basis,
    cast(l.amount / l.units as decimal(18, 6)) as unit_amount,
    sum(l.units) over (partition by rendering_npi, service_date, patient_id
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc rows unbounded preceding) as units_so_far
  from one_on_one_line l
  join judged j using (rendering_npi, service_date, patient_id)
  where j.minutes is not null and j.reason is null and l.billing_npi = j.stands_for.billing_npi and l.payer_id = j.stands_for.payer_id and l.units > 0
),
line as (
  select *, min(unit_amount) over g as lowest, first(amount_basis) over (partition by rendering_npi, service_date, patient_id
      order by unit_amount nulls last, amount_basis) as basis
  from priced
  window g as (partition by rendering_npi, service_date, patient_id)
),
placed as (
  select rendering_npi, service_date, patient_id, min(basis) as basis, sum(least(units, greatest(units_over - units_so_far + units, 0))) as units_placed,
    cast(round(least(max(units_over), max(units_so_far)) * min(lowest), 2) as decimal(12, 2)) as amount,
    list({line_id: line_id, amount: cast(coalesce(round(least(units_over, units_so_far) * lowest, 2)
      - round(least(units_over, units_so_far - units) * lowest, 2), 0) as decimal(12, 2))} order by units_so_far) as line_shares
  from line
  group by rendering_npi, service_date, patient_id
)
select concat_ws('|', patient_id, service_date, rendering_npi) as subject_key, j.stands_for.billing_npi as billing_npi, patient_id,
  rendering_npi as provider_npi, j.stands_for.payer_id as payer_id, service_date,
  case when j.reason is not null then 'cannot_tell' when j.minutes is not null then 'finding' else 'pass' end as verdict,
  j.reason,
  p.amount as amount_at_risk,
  case when p.amount is null then 'none' else p.basis end as amount_basis,
  p.line_shares,
  case when j.reason is null and j.minutes is not null then {
    start_time: lpad(cast(j.begins // 60 as varchar), 2, '0') || ':' || lpad(cast(j.begins % 60 as varchar), 2, '0'),
    end_time: lpad(cast(j.ends // 60 as varchar), 2, '0') || ':' || lpad(cast(j.ends % 60 as varchar), 2, '0'),
    overlap_minutes: j.minutes,
    other_patients: j.other_patients,
    units_in_question: cast(coalesce(p.units_placed, 0) as integer)
  } end as evidence
from judged j
left join placed p using (rendering_npi, service_date, patient_id)
