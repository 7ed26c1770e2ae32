/*---
table: core.cloned_days
grain: one row per rendering NPI and patient with as many visit days as are compared
reads: [core.provider_visit, core.visit, core.visit_service, core.pattern_period]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  patient_id: {type: VARCHAR, is: "patient"}
  days: {type: BIGINT, is: "visit days in the period"}
  same_days: {type: BIGINT, is: "most days that are alike in codes, units and recorded minutes; null where too few have the same codes and units"}
  is_alike: {type: BOOLEAN, is: "they reach the share of the rules"}
  is_possible: {type: BOOLEAN, is: "they would, if days without minutes were like the others of their codes and units"}
---
How much the visit days of one patient resemble each other. A day is its therapy codes with their units, and the minutes that the
provider's notes give: the timed and total minutes, and the minutes of each service. A day without any recorded minutes is unknown. Days are compared
by how many of these they have and by the sum of a number of 64 bits (md5) for each.
*/
with long as (
  select row_number() over () as pair_no, provider_npi, patient_id, days, days * clone_share as wanted
  from (
    select v.provider_npi, v.patient_id, count(*) as days, min(p.clone_share) as clone_share
    from core.provider_visit v cross join core.pattern_period p
    group by v.provider_npi, v.patient_id
    having count(*) >= min(p.clone_days)
  )
),
day as materialized (
  select g.pair_no, v.service_date, v.lines, v.content from core.provider_visit v join long g using (provider_npi, patient_id)
),
-- only patients with enough days on which the same was billed are looked at more closely
close as materialized (
  select pair_no, provider_npi, patient_id
  from (select pair_no, count(*) as days_alike from day group by pair_no, lines, content) join long g using (pair_no)
  group by pair_no, provider_npi, patient_id
  having max(days_alike) >= min(wanted)
),
recorded as materialized (
  select c.pair_no, v.service_date, '' as code, v.timed_minutes as one, v.total_minutes as other
  from core.visit v
  join core.pattern_period p on v.service_date between p.period_from and p.period_to
  join close c on c.provider_npi = v.rendering_npi and c.patient_id = v.patient_id
  where v.timed_minutes is not null or v.total_minutes is not null
  union all
  select c.pair_no, v.service_date, v.procedure_code, v.minutes, v.assistant_minutes
  from core.visit_service v
  join core.pattern_period p on v.service_date between p.period_from and p.period_to
  join close c on c.provider_npi = v.rendering_npi and c.patient_id = v.patient_id
  where v.minutes is not null or v.assistant_minutes is not null
),
-- the minutes of a code as one number, so that days are alike where their sums are
record_number as (
  select code, coalesce(one, -1) as one, coalesce(other, -1) as other, md5_number_lower(concat_ws(' ', code, coalesce(one, -1), coalesce(other, -1))) as number
  from (select distinct code, one, other from recorded)
),
noted as (
  select pair_no, service_date, count(*) as records, sum(r.number) as minutes
  from recorded n
  join record_number r on r.code = n.code and r.one = coalesce(n.one, -1) and r.other = coalesce(n.other, -1)
  group by pair_no, service_date
),
alike as (
  select pair_no, lines, content, records, minutes, count(*) as days
  from day semi join close using (pair_no) left join noted using (pair_no, service_date)
  group by pair_no, lines, content, records, minutes
),
by_services as (
  select pair_no, coalesce(max(days) filter (minutes is not null), 0) as known, coalesce(sum(days) filter (minutes is null), 0) as unknown
  from alike
  group by pair_no, lines, content
),
most as (
  select pair_no, max(known) as same_days, max(known + unknown) as possible_days from by_services group by pair_no
)
select g.provider_npi, g.patient_id, g.days, m.same_days, coalesce(m.same_days >= g.wanted, false) as is_alike,
  coalesce(m.possible_days >= g.wanted, false) as is_possible
from long g left join most m using (pair_no)
