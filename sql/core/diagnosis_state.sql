/*---
table: core.diagnosis_state
grain: one row per diagnosis code that is not billable on some date, and span of dates
reads: [core.diagnosis, ref.icd10]
columns:
  code: {type: VARCHAR, is: "diagnosis code in capitals, without dot"}
  valid_from: {type: DATE, is: "first date of service of the span"}
  valid_to: {type: DATE, is: "first date after it; null while open"}
  state: {type: VARCHAR, is: "header, incomplete, other_date or unknown; billable spans are left out"}
  suggestions: {type: VARCHAR, is: "billable codes near it on that date, at most eight, with dots; null for none"}
---
What a diagnosis code is on a date (ruling 16, first that applies): billable; a header, `incomplete` where every billable code below it is the code padded with X
to six characters and one more; listed on other dates only; in no loaded year, `incomplete` where padding it so gives a billable code or where a billable code
is a proper prefix of it; unknown. Judged once for each code and each span between two changes of the list.
*/
with used as (
  select distinct code, rpad(code, 6, 'X') as padded from core.diagnosis
),
change as (
  select valid_from as day from ref.icd10
  union
  select valid_to from ref.icd10 where valid_to is not null
),
span as (
  select day as valid_from, lead(day) over (order by day) as valid_to from change
),
listed as (
  select u.code, i.billable, i.valid_from, i.valid_to from used u join ref.icd10 i on i.code = u.code
),
open_code as materialized (
  select u.code, u.padded, s.valid_from, s.valid_to, l.code is not null as is_header,
    u.code in (select code from listed) as is_listed
  from used u
  cross join span s
  left join listed l on l.code = u.code and l.valid_from <= s.valid_from and (l.valid_to is null or s.valid_from < l.valid_to)
  where l.billable is distinct from true
),
stem as (select distinct code, padded, left(code, 3) as category from open_code),
near as materialized (
  select s.code, i.code as other, i.valid_from, i.valid_to,
    starts_with(i.code, s.code) and len(i.code) > len(s.code) as is_below,
    len(s.code) <= 6 and i.code = s.padded || right(i.code, 1) and len(i.code) = 7 as is_padded,
    starts_with(s.code, i.code) and len(i.code) < len(s.code) as is_above,
    -- how many characters from the left agree
    list_sum(list_transform(generate_series(1, len(s.code)), lambda n: case when left(i.code, n) = left(s.code, n) then 1 else 0 end)) as alike
  from stem s
  join ref.icd10 i on left(i.code, 3) = s.category and i.billable
),
seen as (
  select o.code, o.valid_from, o.valid_to, o.is_header, o.is_listed,
    coalesce(bool_and(n.is_padded) filter (n.is_below), false) as all_padded,
    coalesce(bool_or(n.is_padded), false) as any_padded, coalesce(bool_or(n.is_above), false) as any_above,
    max(n.alike) as alike
  from open_code o
  left join near n on n.code = o.code and n.valid_from <= o.valid_from and (n.valid_to is null or o.valid_from < n.valid_to)
  group by all
),
stated as (
  select code, valid_from, valid_to, alike,
    case when is_header then case when all_padded then 'incomplete' else 'header' end
      when is_listed then 'other_date'
      when any_padded or any_above then 'incomplete'
      else 'unknown' end as state
  from seen
),
suggested as (
  select s.code, s.valid_from,
    list(n.other order by n.other) as others
  from stated s
  join near n on n.code = s.code and n.valid_from <= s.valid_from and (n.valid_to is null or s.valid_from < n.valid_to)
    and (n.is_below or n.is_padded or n.is_above or n.alike = s.alike)
  group by s.code, s.valid_from
)
select s.code, s.valid_from, s.valid_to, s.state,
  array_to_string(list_transform(g.others[1:8], lambda c: dotted(c)), ', ')
    || case when len(g.others) > 8 then ' and ' || (len(g.others) - 8) || ' more' else '' end as suggestions
from stated s
left join suggested g on g.code = s.code and g.valid_from = s.valid_from
