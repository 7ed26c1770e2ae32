/*---
table: core.note_staff
grain: one row per billing NPI, discipline and rendering NPI with a line
reads: [core.claim_line, core.visit]
columns:
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "discipline of the lines; empty text when unknown"}
  staff_npi: {type: VARCHAR, is: "rendering NPI"}
  practice_no: {type: INTEGER, is: "the billing NPI and discipline; joins only, never shown"}
  signature_recorded: {type: BOOLEAN, is: "a note of anyone of that billing NPI has a date of signature"}
---
Who may have written a note: everyone seen on a line of that billing NPI and discipline, on any day (ruling 31). And whether a practice exports dates of signature at all (ruling 4).
*/
with staff as (
  select distinct billing_npi, coalesce(discipline, '') as discipline, rendering_npi from core.claim_line
),
signed as (select distinct rendering_npi from core.visit where note_signed_date is not null)
select s.billing_npi, s.discipline, s.rendering_npi as staff_npi,
  dense_rank() over (order by s.billing_npi, s.discipline) as practice_no, bool_or(n.rendering_npi is not null) over (partition by s.billing_npi) as signature_recorded
from staff s
left join signed n on n.rendering_npi = s.rendering_npi
