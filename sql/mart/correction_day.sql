/*---
table: mart.correction_day
grain: one row per visit day with timed codes of a visit whose correction is searched
reads: [mart.correction_visit, core.visit_day, core.day_code]
columns:
  visit_id: {type: BIGINT, is: "joins mart.correction_visit"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP; empty text when unknown"}
  fewest: {type: BIGINT, is: "below these timed units UNT102 finds the day; null where it cannot be told"}
  most: {type: BIGINT, is: "above these timed units UNT101 finds the day; null where it cannot be told"}
  codes: {type: "STRUCT(code VARCHAR, minutes INTEGER)[]", is: "minutes by timed code, null when not recorded"}
---
The bounds of UNT101 and UNT102, so that no correction is tried that they would refuse. They are upper and lower bounds only: what clears a finding is judged by the
checks themselves.
*/
with day as (
  select d.*, v.visit_id, coalesce(d.note_timed_minutes <> d.code_minutes_total, false) as minutes_differ,
    case when units_method <> 'cpt' then units_of_minutes(timed_minutes) end as together,
    case when units_method <> 'cpt' then units_of_minutes(code_minutes_total) end as together_by_code,
    case when units_method <> 'cms' then units_alone end as alone,
    case when units_method <> 'cms' and (code_minutes_total is null or note_timed_minutes <> code_minutes_total) then
      (timed_minutes + 7 * timed_codes) // 15 end as alone_at_most
  from core.visit_day d
  join mart.correction_visit v on v.visit_id = account_day(d.day_id)
  where d.timed_codes > 0
),
code as (
  select day_id, list({code: code, minutes: cast(minutes as integer)} order by code) as codes
  from core.day_code semi join day using (day_id)
  group by day_id
)
select d.visit_id, d.discipline,
  case when is_told and not (units_method <> 'cms' and (code_minutes_total is null or minutes_differ)) then least(together, together_by_code, alone) end as fewest,
  case when is_told then greatest(together, together_by_code, alone, alone_at_most) end as most,
  c.codes
from (select *, not (has_date_span or has_odd_units or minutes_shared) and timed_minutes is not null as is_told from day) d
left join code c using (day_id)
