/*---
table: core.note_staff
grain: one row per billing NPI, discipline and rendering NPI with a line
reads: [core.claim_line, core.visit, core.visit_service]
columns:
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "discipline of the lines; empty text when unknown"}
  staff_npi: {type: VARCHAR, is: "rendering NPI"}
  practice_no: {type: INTEGER, is: "the billing NPI and discipline; joins only, never shown"}
  signature_recorded: {type: BOOLEAN, is: "a note of anyone of that billing NPI has a date of signature"}
  assistants_recorded: {type: BOOLEAN, is: "a service of anyone of that billing NPI says how long an assistant worked alone, be it 0"}
  loaded_from: {type: DATE, is: "first day with a line of that billing NPI"}
---
Who may have written a note: everyone seen on a line of that billing NPI and discipline, on any day (ruling 31). And what a practice exports at all (ruling 4), and from when on:
dates of signature, the minutes of assistants, lines.
*/
with staff as (
  select billing_npi, coalesce(discipline, '') as discipline, rendering_npi, min(service_date) as first_day
  from core.claim_line group by all
),
signed as (select distinct rendering_npi from core.visit where note_signed_date is not null),
assisted as (select distinct rendering_npi from core.visit_service where assistant_minutes is not null)
select s.billing_npi, s.discipline, s.rendering_npi as staff_npi,
  dense_rank() over (order by s.billing_npi, s.discipline) as practice_no, bool_or(n.rendering_npi is not null) over practice as signature_recorded,
  bool_or(a.rendering_npi is not null) over practice as assistants_recorded, min(s.first_day) over practice as loaded_from
from staff s
left join signed n on n.rendering_npi = s.rendering_npi
left join assisted a on a.rendering_npi = s.rendering_npi
window practice as (partition by s.billing_npi)
