/*---
code: UNT106
name: note-without-claim
status: stable
since: 0.1.0
severity: opportunity
subject: visit_day
partition_by: patient_id
payers: all
direction: none
needs: [visits]
reads: [core.visit, core.visit_service, core.claim_line, core.run, ref.procedure, ref.param]
params:
  waiting_days: {default: 45, why: "days that a claim may take to be sent and loaded; our choice, no published rule"}
  minimum_minutes: {default: 8, why: "fewest timed minutes that earn one unit (Pub 100-04, chapter 5, section 20.2)"}
ripens_after: waiting_days
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 5", section: "20.2 C, counting minutes"}
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3, treatment note"}
message: "A visit with {recorded} is recorded, and no claim line of that provider, patient and day is loaded."
fix: "Find out why the visit was not billed, and bill it while the filing limit allows, if the provider attests that the service was billable."
---
## What it checks
Visit notes of one patient, date, rendering NPI and discipline that are older than the waiting time before the as-of date, with enough
timed minutes for one unit or with an evaluation or re-evaluation among their services. Such a visit with no claim line of any
status and payer by that rendering NPI for that patient and date is a finding. The minutes are those of the note, else the sum over its timed
codes; a visit that has neither, no evaluation and no line is `minutes-not-recorded`. A claim line over several days that includes the visit
day is `date-span`.

## Why it matters
Care was given and documented and may never have been billed; filing limits run.

## Known limits
Notes with untimed services only, other than evaluations, are not counted as billable. A visit billed under another
provider's NPI, a line that was rejected at loading, and visits of a period whose claims are not loaded all look unbilled. No
amount is put on it: what would have been billed is not in the data.

## How to answer it
Show the claim, the reason why none was due (not covered, no charge, another provider billed), or bill it.
*/
with old_visit as (
  select v.patient_id, v.service_date, v.rendering_npi, v.discipline, cast(m.value as integer) as minimum_minutes,
    cast(case when count(v.timed_minutes) = count(*) then sum(v.timed_minutes) end as integer) as note_minutes
  from core.visit v
  cross join core.run r
  join ref.param w on w.check_code = 'UNT106' and w.param = 'waiting_days'
    and w.valid_from <= v.service_date and (w.valid_to is null or v.service_date < w.valid_to)
  join ref.param m on m.check_code = 'UNT106' and m.param = 'minimum_minutes'
    and m.valid_from <= v.service_date and (m.valid_to is null or v.service_date < m.valid_to)
  where v.service_date < r.as_of - cast(w.value as integer)
  group by all
),
billed as (select distinct patient_id, service_date, rendering_npi from core.claim_line),
noted as (
  select v.*, b.patient_id is not null as has_line
  from old_visit v
  left join billed b on b.patient_id = v.patient_id and b.service_date = v.service_date and b.rendering_npi = v.rendering_npi
),
-- services tell something new only where the note's own minutes do not decide
service as (
  select s.patient_id, s.service_date, s.rendering_npi,
    cast(case when count(s.minutes) filter (p.unit_type = 'timed15') = count(*) filter (p.unit_type = 'timed15')
      then sum(s.minutes + coalesce(s.assistant_minutes, 0)) filter (p.unit_type = 'timed15') end as integer) as code_minutes,
    bool_or(coalesce(p.evaluation in ('evaluation', 're-evaluation'), false)) as has_evaluation
  from core.visit_service s
  semi join (select * from noted where not has_line or note_minutes is null or note_minutes < minimum_minutes) n
    on n.patient_id = s.patient_id and n.service_date = s.service_date and n.rendering_npi = s.rendering_npi
  left join ref.procedure p on p.procedure_code = s.procedure_code and p.valid_from <= s.service_date
    and (p.valid_to is null or s.service_date < p.valid_to)
  group by all
),
spanned as (
  select distinct v.patient_id, v.service_date, v.rendering_npi
  from noted v
  join core.claim_line l on l.patient_id = v.patient_id and l.rendering_npi = v.rendering_npi
    and l.service_date < v.service_date and v.service_date <= l.service_date_to
  where l.date_span
),
visit as (
  select v.patient_id, v.service_date, v.rendering_npi, v.discipline, v.minimum_minutes,
    coalesce(v.note_minutes, s.code_minutes) as timed_minutes, coalesce(s.has_evaluation, false) as has_evaluation,
    v.has_line, x.patient_id is not null as in_span
  from noted v
  left join service s on s.patient_id = v.patient_id and s.service_date = v.service_date and s.rendering_npi = v.rendering_npi
  left join spanned x on x.patient_id = v.patient_id and x.service_date = v.service_date and x.rendering_npi = v.rendering_npi
),
judged as (
  select patient_id, service_date, rendering_npi, discipline, timed_minutes, has_evaluation,
    coalesce(timed_minutes >= minimum_minutes, false) as has_minutes,
    case when has_line then 'pass' when in_span then 'cannot_tell'
      when timed_minutes is null and not has_evaluation then 'cannot_tell' else 'finding' end as verdict,
    case when has_line then null when in_span then 'date-span'
      when timed_minutes is null and not has_evaluation then 'minutes-not-recorded' end as reason
  from visit
  where timed_minutes is null or timed_minutes >= minimum_minutes or has_evaluation
)
select concat_ws('|', patient_id, service_date, rendering_npi, discipline) as subject_key,
  cast(null as varchar) as billing_npi, patient_id, rendering_npi as provider_npi, cast(null as varchar) as payer_id, service_date,
  verdict, reason, cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis,
  cast([] as struct(line_id bigint, amount decimal(12, 2))[]) as line_shares,
  case when verdict = 'finding' then {
    recorded: concat_ws(' and ', case when has_minutes then timed_minutes || ' timed minutes' end, case when has_evaluation then 'an evaluation' end),
    discipline: discipline,
    timed_minutes: timed_minutes,
    units_supported: units_of_minutes(timed_minutes),
    has_evaluation: has_evaluation
  } end as evidence
from judged
