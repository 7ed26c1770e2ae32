/*---
table: core.assistant_day
grain: one row per visit day, speech-language pathology left out, where the payer wants or may want the assistant's modifier
reads: [core.visit_day, core.assistant_line, core.code_minutes, core.note_staff, core.payer, ref.assistant_policy]
columns:
  day_id: {type: BIGINT, is: "joins core.visit_day"}
  requires_assistant_modifier: {type: BOOLEAN, is: "the payer wants the modifier; null = unknown"}
  untold: {type: VARCHAR, is: "why nothing can be said of any code; null when it can"}
  untold_timed: {type: VARCHAR, is: "why nothing can be said of the timed codes; null when it can"}
  is_settled: {type: BOOLEAN, is: "the timed codes have the units of their own minutes, and no assistant is in the record or on the claim: no unit is an assistant's"}
  assistants_recorded: {type: BOOLEAN, is: "some service of that billing NPI's staff says how long an assistant worked alone, be it 0"}
  modifier: {type: VARCHAR, is: "the assistant's modifier of the discipline: CQ or CO; both where it is unknown"}
  units_method: {type: "ENUM('cms', 'cpt', 'unknown')", is: "cms, cpt or unknown"}
  timed_minutes: {type: INTEGER, is: "timed minutes of the day"}
  midpoint_rule: {type: BOOLEAN, is: "the rule of 2022 for a unit left over holds"}
  paid_share: {type: "DECIMAL(5,4)", is: "part of the payment that the modifier takes away; 0 in 2020 and 2021"}
  allowed_share: {type: "DECIMAL(5,4)", is: "the same as part of the allowed amount"}
---
What the codes of a visit day share when units are parted between therapist and assistant (rulings 19 and 29). Most days are settled here; only the codes of the
others are taken apart, in core.assistant_units.
*/
with day as (
  select d.day_id, d.billing_npi, d.discipline, d.units_method, d.timed_minutes, a.midpoint_rule, a.paid_share, a.allowed_share, p.requires_assistant_modifier,
    coalesce(d.codes_plain and d.units_alone = units_of_minutes(d.timed_minutes), false) as is_plain,
    case when d.has_date_span then 'date-span' when d.has_odd_units then 'units-not-billable' when d.minutes_shared then 'minutes-shared'
      when not d.note_recorded then 'minutes-not-recorded' end as untold,
    case when d.timed_minutes is null or d.code_minutes_total is null then 'minutes-per-code-not-recorded'
      when d.note_timed_minutes <> d.code_minutes_total then 'note-minutes-inconsistent' end as untold_timed
  from core.visit_day d
  join core.payer p on p.payer_id = d.payer_id
  join ref.assistant_policy a on a.valid_from <= d.service_date and (a.valid_to is null or d.service_date < a.valid_to)
  where coalesce(p.requires_assistant_modifier, true) and d.discipline <> 'SLP'
),
assisted as (
  select day_id from core.code_minutes where assistant_minutes > 0
  union
  select day_id from core.assistant_line where by_assistant
),
-- where no service ever says how long an assistant worked alone, the source does not record it
recording as (
  select distinct billing_npi from core.note_staff where assistants_recorded
)
select d.day_id, d.requires_assistant_modifier, d.untold, d.untold_timed, d.is_plain and s.day_id is null as is_settled, r.billing_npi is not null as assistants_recorded,
  case d.discipline when 'PT' then 'CQ' when 'OT' then 'CO' else 'CQ or CO' end as modifier,
  d.units_method, d.timed_minutes, d.midpoint_rule, d.paid_share, d.allowed_share
from day d
left join assisted s using (day_id)
left join recording r using (billing_npi)
