/*---
table: core.pair_on_day
grain: one row per line (column 2) and code (column 1) billed with it that day, where a code-pair edit may apply on the date
reads: [core.claim_line, core.payer, ref.pair_edit, ref.modifier, ref.code_range]
columns:
  line_id: {type: BIGINT, is: "the column 2 line"}
  column_1: {type: VARCHAR, is: "the column 1 code"}
  column_1_lines: {type: "BIGINT[]", is: "lines of the column 1 code that day"}
  column_1_claim_id: {type: VARCHAR, is: "claim of the first of them"}
  column_1_line_number: {type: INTEGER, is: "line number of the first of them"}
  uses_ncci: {type: BOOLEAN, is: "whether the payer applies code pairs; null = unknown"}
  indicator: {type: INTEGER, is: "0 no modifier helps, 1 a modifier can"}
  is_certain: {type: BOOLEAN, is: "the edit surely applies on the date; false inside the span in which it began"}
  certain_from: {type: DATE, is: "first date on which it surely applies"}
  valid_from: {type: DATE, is: "earliest date on which it can apply"}
  release: {type: VARCHAR, is: "release of the edit"}
  bypass: {type: VARCHAR, is: "modifiers that lift the edit, where they stand as the rule asks; null = none"}
  modifiers_seen: {type: VARCHAR, is: "modifiers of the column 2 line, then of the column 1 lines"}
---
Code pairs of one patient, date, payer, billing and rendering NPI (or billing NPI alone, where the payer says so), over all claims, denied lines left out
(coding-rules 1, rulings 2, 7 and 34). Days share few sets of codes: each set is looked up once, in both orders. Of several rows of one pair on one
date the certain one speaks.
*/
with billed as (
  select procedure_code, min(service_date) as first_day, max(service_date) as last_day from core.claim_line where not is_denied group by procedure_code
),
-- only edits whose codes both stand on lines, at a time when the edit may apply, can be met: few of them
possible as materialized (
  select e.column_1, e.column_2, e.setting, e.indicator, e.certain_from, e.valid_from, e.valid_to, e.release
  from ref.pair_edit e
  join billed one on one.procedure_code = e.column_1
  join billed two on two.procedure_code = e.column_2
  where e.indicator <> 9 and e.valid_from <= least(one.last_day, two.last_day)
    and (e.valid_to is null or greatest(one.first_day, two.first_day) < e.valid_to)
),
day as (
  select l.service_date, p.ncci_setting, p.uses_ncci, list(l.procedure_code) as codes, list(l.line_id) as line_ids
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  where not l.is_denied and coalesce(p.uses_ncci, true)
    and l.procedure_code in (select column_1 from possible union select column_2 from possible)
  group by l.patient_id, l.service_date, l.payer_id, l.billing_npi, case when p.same_provider = 'rendering' then l.rendering_npi end,
    p.ncci_setting, p.uses_ncci
  having min(l.procedure_code) <> max(l.procedure_code)
),
day_set as materialized (
  select row_number() over () as day_no, service_date, ncci_setting, uses_ncci, array_to_string(list_sort(list_distinct(codes)), ' ') as code_set, line_ids
  from day
),
pair as materialized (
  select s.code_set, e.*
  from (select code_set, ncci_setting, unnest(string_split(code_set, ' ')) as code from (select distinct code_set, ncci_setting from day_set)) s
  join possible e on e.column_2 = s.code and e.setting = s.ncci_setting and list_contains(string_split(s.code_set, ' '), e.column_1)
),
edit as materialized (
  select d.day_no, d.uses_ncci, d.line_ids, e.column_1, e.column_2, d.service_date, e.indicator, e.certain_from <= d.service_date as is_certain,
    e.certain_from, e.valid_from, e.release
  from day_set d
  join pair e on e.code_set = d.code_set and e.setting = d.ncci_setting and e.valid_from <= d.service_date
    and (e.valid_to is null or d.service_date < e.valid_to)
  qualify row_number() over (
    partition by d.day_no, e.column_1, e.column_2
    order by e.certain_from <= d.service_date desc, e.valid_from desc, e.indicator, e.certain_from, e.release) = 1
),
anatomic as (select list(modifier) as codes from ref.modifier where kind = 'anatomic' and valid_to is null),
line as materialized (
  select d.day_no, l.line_id, l.claim_id, l.line_number, l.received_date, l.procedure_code, l.modifiers,
    list_sort(list_intersect(l.modifiers, a.codes)) as anatomic,
    list_sort(list_intersect(l.modifiers, ['59', 'XE', 'XP', 'XS', 'XU'])) as distinct_service,
    list_sort(list_intersect(l.modifiers, ['24', '25', '57'])) as for_visits,
    list_sort(list_intersect(l.modifiers, ['58', '78', '79'])) as for_procedures,
    list_sort(list_intersect(l.modifiers, ['91'])) as for_laboratory,
    r.kind is not distinct from 'evaluation_management' as is_visit, r.kind is not distinct from 'laboratory' as is_laboratory
  from core.claim_line l
  join (select day_no, unnest(line_ids) as line_id from (select distinct day_no, line_ids from edit)) d on l.line_id = d.line_id
  cross join anatomic a
  left join ref.code_range r on r.kind in ('evaluation_management', 'laboratory') and l.procedure_code between r.code_low and r.code_high
    and r.valid_from <= l.service_date and (r.valid_to is null or l.service_date < r.valid_to)
),
-- modifiers of one line that lift the edit wherever the other line stands
own as (
  select e.day_no, e.column_1, e.column_2, l.line_id, l.procedure_code = e.column_2 as is_column_2,
    list_concat(
      case when not l.is_visit and (l.procedure_code = e.column_2 or e.service_date >= date '2019-07-01') then l.distinct_service else [] end,
      case when l.is_visit then l.for_visits else l.for_procedures end,
      case when l.is_laboratory then l.for_laboratory else [] end) as lifting
  from edit e join line l on l.day_no = e.day_no and l.procedure_code in (e.column_1, e.column_2)
),
judged as (
  select e.day_no, e.column_1, e.column_2, two.line_id,
    list(one.line_id order by one.received_date nulls first, one.claim_id, one.line_number, one.line_id) as column_1_lines,
    first(one.claim_id order by one.received_date nulls first, one.claim_id, one.line_number, one.line_id) as column_1_claim_id,
    first(one.line_number order by one.received_date nulls first, one.claim_id, one.line_number, one.line_id) as column_1_line_number,
    list_sort(list_distinct(flatten(list(list_concat(own_two.lifting, own_one.lifting,
      -- two lines of the same side do not escape through the side
      case when one.anatomic <> two.anatomic then list_concat(one.anatomic, two.anatomic) else [] end))))) as lifting,
    array_to_string(any_value(two.modifiers), ' ') || ' / ' || string_agg(array_to_string(one.modifiers, ' '), ', '
      order by one.received_date nulls first, one.claim_id, one.line_number, one.line_id) as modifiers_seen
  from edit e
  join line two on two.day_no = e.day_no and two.procedure_code = e.column_2
  join line one on one.day_no = e.day_no and one.procedure_code = e.column_1
  join own own_two on own_two.day_no = e.day_no and own_two.column_1 = e.column_1 and own_two.column_2 = e.column_2 and own_two.line_id = two.line_id
  join own own_one on own_one.day_no = e.day_no and own_one.column_1 = e.column_1 and own_one.column_2 = e.column_2 and own_one.line_id = one.line_id
  group by e.day_no, e.column_1, e.column_2, two.line_id
)
select j.line_id, j.column_1, j.column_1_lines, j.column_1_claim_id, j.column_1_line_number, e.uses_ncci, e.indicator, e.is_certain, e.certain_from,
  e.valid_from, e.release, nullif(array_to_string(j.lifting, ' '), '') as bypass, j.modifiers_seen
from judged j join edit e on e.day_no = j.day_no and e.column_1 = j.column_1 and e.column_2 = j.column_2
