/*---
table: core.repeated_line
grain: one row per line that shares patient, date, payer, billing NPI, rendering NPI and code with another line
reads: [core.claim_line]
columns:
  line_id: {type: BIGINT, is: "the line"}
  group_id: {type: BIGINT, is: "lines of one service; joins only, never shown"}
  group_lines: {type: INTEGER, is: "lines of the group"}
  group_units: {type: "DECIMAL(18,3)", is: "units of the group"}
  line_order: {type: INTEGER, is: "1 = first by received date, claim, line"}
---
The few services that stand on several lines that were not denied; every other line stands alone. Duplicates, split lines, repeated untimed codes and
day limits all start here, so that the search for repeats is made once.
*/
-- services that may stand twice, told by one number that is cheap to count: few are left, and they are told by what they say
with twice as (
  select hash(account_day(day_id), rendering_npi, procedure_code) as service_hash
  from core.claim_line where not is_denied
  group by service_hash having count(*) > 1
),
line as materialized (
  select line_id, account_day(day_id) as account_day, rendering_npi, procedure_code, units, received_date, claim_id, line_number
  from core.claim_line
  where not is_denied and hash(account_day(day_id), rendering_npi, procedure_code) in (select service_hash from twice)
),
service as (
  select row_number() over () as group_id, *
  from (
    select account_day, rendering_npi, procedure_code, count(*) as group_lines, sum(units) as group_units
    from line
    group by all having count(*) > 1
  )
)
select l.line_id, s.group_id, s.group_lines, s.group_units,
  row_number() over (partition by s.group_id order by l.received_date nulls first, l.claim_id, l.line_number, l.line_id) as line_order
from line l
join service s using (account_day, rendering_npi, procedure_code)
