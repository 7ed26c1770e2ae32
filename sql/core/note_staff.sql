/*---
table: core.note_staff
grain: one row per billing NPI, discipline and rendering NPI with a line and a note
reads: [core.claim_line, core.visit]
columns:
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  discipline: {type: VARCHAR, is: "discipline of the lines; empty text when unknown"}
  staff_npi: {type: VARCHAR, is: "rendering NPI"}
  signature_recorded: {type: BOOLEAN, is: "a note of anyone of that billing NPI has a date of signature"}
---
Who may have written a note (ruling 31), and whether a practice exports dates of signature at all (ruling 4).
*/
with staff as (
  select distinct billing_npi, coalesce(discipline, '') as discipline, rendering_npi from core.claim_line
  where rendering_npi in (select rendering_npi from core.visit)
),
signed as (select distinct rendering_npi from core.visit where note_signed_date is not null)
select s.billing_npi, s.discipline, s.rendering_npi as staff_npi, bool_or(n.rendering_npi is not null) over (partition by s.billing_npi) as signature_recorded
from staff s
left join signed n on n.rendering_npi = s.rendering_npi
