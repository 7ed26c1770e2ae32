/*---
table: core.assistant_units
grain: one row per visit day and code, untimed ones and the timed ones of days that are not settled, where something can be said of them
reads: [core.assistant_day, core.assistant_line, core.day_code, core.code_minutes]
columns:
  day_id: {type: BIGINT, is: "joins core.assistant_day"}
  code: {type: VARCHAR, is: "code under which the minutes are counted; day and code find the lines"}
  untold: {type: VARCHAR, is: "why nothing can be said of the code all the same; null when it can"}
  therapist_minutes: {type: INTEGER, is: "minutes of the therapist, alone or with the assistant"}
  assistant_minutes: {type: INTEGER, is: "minutes of the assistant alone"}
  units: {type: INTEGER, is: "units billed"}
  units_with: {type: INTEGER, is: "of these, units with CQ or CO"}
  fewest: {type: INTEGER, is: "units that surely need the modifier, at the units billed"}
  most: {type: INTEGER, is: "units that may need it, at the units billed; above `fewest` where the rule leaves it open"}
  is_two_left: {type: BOOLEAN, is: "at the units billed, two units are left over after the whole fifteens"}
  fewest_any: {type: INTEGER, is: "the smallest `fewest` of every valid allotment of units to the code"}
  most_any: {type: INTEGER, is: "the largest `most` of every valid allotment"}
---
How many units of a code are the assistant's (rulings 19 and 29). Of a timed code each whole 15 minutes of therapist or assistant is a unit of theirs first.
One unit left over: from 2022 it is the therapist's from 8 minutes of the therapist on, else the assistant's from 8 minutes of the assistant on; otherwise, and before
2022 always, the assistant's if the share is above a tenth. Two units left: from 2022 one each when 23 to 28 minutes are left, else open. An untimed code is
the assistant's as a whole by the same share. A share is above a tenth by the simple method from a tenth of the total, rounded, plus one minute; where the exact
share is above a tenth and the simple method says no, it is open. Which units a code may have follows from the day's minutes by the payer's method, ties giving
several; an untimed code has one. Evaluations, codes that carry no therapy modifier, and services of speech-language pathology are left out.
*/
with day as (select * from core.assistant_day where untold is null),
open_day as (select day_id, units_method, timed_minutes from day where not is_settled and untold_timed is null),
billed as (
  select day_id, code, is_timed, sum(units) as units, coalesce(sum(units) filter (by_assistant), 0) as units_with
  from (
    select * from core.assistant_line semi join open_day using (day_id) where is_timed
    union all
    select * from core.assistant_line where not is_timed
  )
  group by day_id, code, is_timed
),
timed_day as (
  select d.day_id, d.units_method, units_of_minutes(d.timed_minutes) - c.whole_units as extra_units, c.remainders, c.codes
  from open_day d
  join (
    select day_id, list({code: code, minutes: coalesce(minutes, 0)}) as codes, cast(sum(coalesce(minutes, 0) // 15) as bigint) as whole_units,
      list_reverse_sort(list(coalesce(minutes, 0) % 15)) as remainders
    from core.day_code semi join open_day using (day_id)
    group by day_id
  ) c on c.day_id = d.day_id
),
-- each code has its whole fifteens; what the day earns beyond goes, one each, to the largest remainders
allotted as (
  select day_id, units_method, case when extra_units > 0 then remainders[extra_units] else 15 end as last_remainder,
    extra_units > 0 and remainders[extra_units] is not distinct from remainders[extra_units + 1] as is_tied, unnest(codes) as c
  from timed_day
),
allotment as (
  select day_id, c.code as code, c.minutes as minutes, list_distinct(list_concat(
      case when units_method <> 'cpt' then [c.minutes // 15 + case when c.minutes % 15 >= last_remainder and not (is_tied and c.minutes % 15 = last_remainder) then 1 else 0 end,
        c.minutes // 15 + case when c.minutes % 15 >= last_remainder then 1 else 0 end] else [] end,
      case when units_method <> 'cms' then [units_of_minutes(c.minutes)] else [] end)) as valid_units
  from allotted
),
split as (
  select b.day_id, b.code, b.is_timed, b.units, b.units_with, d.midpoint_rule,
    case when b.is_timed then a.valid_units else [1] end as valid_units,
    case when b.is_timed then a.minutes - coalesce(m.assistant_minutes, 0) else m.minutes end as therapist_minutes,
    coalesce(m.assistant_minutes, 0) as assistant_minutes
  from billed b
  join day d on d.day_id = b.day_id
  left join allotment a on a.day_id = b.day_id and a.code = b.code and b.is_timed
  left join core.code_minutes m on m.day_id = b.day_id and m.code = b.code
),
-- what is left of each after the whole fifteens; a code without a minute of an assistant alone needs nothing
possible as (
  select day_id, code, is_timed, midpoint_rule, allotted_units, allotted_units = units as is_billed,
    assistant_minutes // 15 as whole, therapist_minutes % 15 as therapist_left, assistant_minutes % 15 as assistant_left,
    allotted_units - therapist_minutes // 15 - assistant_minutes // 15 as units_left, therapist_minutes, assistant_minutes
  from (select day_id, code, is_timed, units, midpoint_rule, therapist_minutes, assistant_minutes, unnest(valid_units) as allotted_units
    from split where assistant_minutes > 0)
),
required as (
  select day_id, code, is_billed, units_left,
    case when not is_timed then case when assistant_minutes >= (therapist_minutes + assistant_minutes + 5) // 10 + 1 then 1 else 0 end
      when units_left = 2 then whole + case when therapist_left + assistant_left >= 23 then 1 else 0 end
      when units_left = 1 and not (midpoint_rule and therapist_left >= 8)
        and (midpoint_rule and assistant_left >= 8 or assistant_left >= (therapist_left + assistant_left + 5) // 10 + 1) then whole + 1
      else whole end as fewest,
    case when not is_timed then case when 10 * assistant_minutes > therapist_minutes + assistant_minutes then 1 else 0 end
      when units_left = 2 then whole + case when midpoint_rule and therapist_left + assistant_left >= 23 then 1 else 2 end
      when units_left = 1 and not (midpoint_rule and therapist_left >= 8) and 10 * assistant_left > therapist_left + assistant_left then whole + 1
      else whole end as most
  from possible
),
summed as (
  select day_id, code, max(fewest) filter (is_billed) as fewest, max(most) filter (is_billed) as most, bool_or(is_billed and units_left = 2) as is_two_left, min(fewest) as fewest_any, max(most) as most_any
  from required
  group by day_id, code
)
select s.day_id, s.code,
  case when not s.is_timed and coalesce(s.therapist_minutes + s.assistant_minutes, 0) = 0 then 'minutes-per-code-not-recorded'
    when not list_contains(s.valid_units, cast(s.units as bigint)) then 'units-do-not-match-minutes' end as untold,
  s.therapist_minutes, s.assistant_minutes, cast(s.units as integer) as units, cast(s.units_with as integer) as units_with,
  coalesce(q.fewest, 0) as fewest, coalesce(q.most, 0) as most,
  coalesce(q.is_two_left, false) as is_two_left, coalesce(q.fewest_any, 0) as fewest_any, coalesce(q.most_any, 0) as most_any
from split s
left join summed q on q.day_id = s.day_id and q.code = s.code
