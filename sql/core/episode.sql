/*---
table: core.episode
grain: one row per patient, discipline, billing NPI and run of treatment days with gaps of at most 60 days
reads: [core.visit_day, core.note_staff, core.evaluation_line, core.plan_of_care]
columns:
  episode_id: {type: BIGINT, is: "joins only, never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP; empty text when unknown"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  first_day: {type: DATE, is: "first treatment day in the data"}
  last_day: {type: DATE, is: "last treatment day up to the as-of date"}
  days: {type: "DATE[]", is: "treatment days in order, whatever the payer"}
  start_known: {type: BOOLEAN, is: "first_day is surely the first treatment day"}
---
Episodes of care (ruling 20): days with a therapy line that was not denied. The start is known when the loaded lines of the billing NPI begin more than 60
days before it, when the first day holds an evaluation, or when a plan of care gives an evaluation date on it or in the 60 days before. Where the
discipline is unknown the start is not known either: what came before may stand under a known one.
*/
with treated as (
  select patient_id, discipline, billing_npi, list_sort(list_distinct(list(service_date))) as days
  from core.visit_day
  group by patient_id, discipline, billing_npi
),
begun as (
  select patient_id, discipline, billing_npi, days,
    list_filter(days, lambda d, i: i = 1 or d - days[greatest(i - 1, 1)] > 60) as starts
  from treated
),
bounded as (
  select patient_id, discipline, billing_npi, days, unnest(starts) as first_day, unnest(list_append(starts[2:], null)) as next_first_day from begun
),
run as (
  select patient_id, discipline, billing_npi, first_day,
    list_filter(days, lambda d: d >= first_day and (next_first_day is null or d < next_first_day)) as days
  from bounded
),
loaded as (select distinct billing_npi, loaded_from from core.note_staff),
evaluated as (
  select distinct patient_id, discipline, billing_npi, service_date as first_day from core.evaluation_line where kind = 'evaluation'
),
planned as (
  select distinct r.patient_id, r.discipline, r.billing_npi, r.first_day
  from run r
  join core.plan_of_care p on p.patient_id = r.patient_id and p.discipline = r.discipline and coalesce(p.billing_npi, r.billing_npi) = r.billing_npi
    and p.evaluation_date between r.first_day - 60 and r.first_day
)
select row_number() over () as episode_id, r.patient_id, r.discipline, r.billing_npi, r.first_day, list_last(r.days) as last_day, r.days,
  r.discipline <> '' and (r.first_day - l.loaded_from > 60 or e.patient_id is not null or p.patient_id is not null) as start_known
from run r
join loaded l on l.billing_npi = r.billing_npi
left join evaluated e on e.patient_id = r.patient_id and e.discipline = r.discipline and e.billing_npi = r.billing_npi and e.first_day = r.first_day
left join planned p on p.patient_id = r.patient_id and p.discipline = r.discipline and p.billing_npi = r.billing_npi and p.first_day = r.first_day
