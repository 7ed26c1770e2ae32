/*---
table: mart.provider_code
grain: one row per provider and procedure code on its lines, the twelve most frequent and the others together
reads: [core.run, core.claim_line, mart.provider]
columns:
  provider_no: {type: INTEGER, is: "page"}
  place: {type: BIGINT, is: "1 for the code of most lines; 13 for all others"}
  procedure_code: {type: VARCHAR, is: "code; null for all others"}
  lines: {type: BIGINT, is: "lines"}
  units: {type: "DECIMAL(38,3)", is: "units"}
  amount: {type: "DECIMAL(38,2)", is: "what the lines stand for: allowed, else paid, else national fee"}
  rate: {type: DOUBLE, is: "of the provider's lines"}
  peer_rate: {type: DOUBLE, is: "of the lines of the other providers of the discipline; null without three of them, and for all others"}
---
What a provider bills, beside what its discipline bills in the same data.
*/
with billed as (
  select p.provider_no, p.discipline, l.procedure_code, count(*) as lines, sum(l.units) as units, sum(l.amount) as amount
  from core.claim_line l
  cross join core.run r
  join mart.provider p on p.npi = l.rendering_npi
  where l.service_date >= coalesce(r.window_from, l.service_date) and l.service_date <= coalesce(r.window_to, l.service_date)
  group by all
),
ranked as (
  select *, row_number() over (partition by provider_no order by lines desc, procedure_code) as rank, sum(lines) over (partition by provider_no) as all_lines
  from billed
),
shown as (
  select provider_no, any_value(discipline) as discipline, least(rank, 13) as place, case when least(rank, 13) < 13 then min(procedure_code) end as procedure_code,
    sum(lines) as lines, sum(units) as units, sum(amount) as amount, sum(lines) / any_value(all_lines)::double as rate, any_value(all_lines) as all_lines
  from ranked group by provider_no, least(rank, 13)
),
field as (
  select discipline, count(distinct provider_no) as providers, sum(lines) as lines from billed where discipline is not null group by discipline
),
field_code as (
  select discipline, procedure_code, sum(lines) as lines from billed where discipline is not null group by discipline, procedure_code
)
select s.provider_no, s.place, s.procedure_code, s.lines, s.units, s.amount, s.rate,
  case when f.providers > 3 and s.procedure_code is not null and f.lines > s.all_lines then (c.lines - s.lines) / (f.lines - s.all_lines)::double end as peer_rate
from shown s
left join field f on f.discipline = s.discipline
left join field_code c on c.discipline = s.discipline and c.procedure_code = s.procedure_code
