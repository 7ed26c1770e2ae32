/*---
table: core.code_minutes
grain: one row per visit day and code with minutes of an assistant alone, or of a code that is not by 15 minutes
reads: [core.note_staff, core.visit_day, core.visit_service, core.provider, ref.procedure]
columns:
  day_id: {type: BIGINT, is: "joins core.visit_day"}
  code: {type: VARCHAR, is: "code under which the minutes are counted"}
  minutes: {type: INTEGER, is: "minutes of the therapist, alone or together with the assistant; null when one is blank"}
  assistant_minutes: {type: INTEGER, is: "minutes of the assistant alone"}
---
Minutes by code of the same notes that core.visit_day counts: those of everyone seen on lines of that billing NPI and discipline. A timed code has a row
only where an assistant worked alone on it, and its minutes here are those of such services only: the whole is in visit_day. Evaluations are left out
unless they are counted by time.
*/
with service as (
  select v.patient_id, v.service_date, v.rendering_npi, r.discipline, c.allocation_code as code, v.minutes, v.assistant_minutes
  from core.visit_service v
  join core.provider r on r.npi = v.rendering_npi
  join ref.procedure c on c.procedure_code = v.procedure_code and c.valid_from <= v.service_date and (c.valid_to is null or v.service_date < c.valid_to)
  where v.assistant_minutes > 0 or c.unit_type = 'other_time' or (c.unit_type = 'untimed' and c.evaluation is null)
)
select d.day_id, v.code, case when count(v.minutes) = count(*) then sum(v.minutes) end as minutes, coalesce(sum(v.assistant_minutes), 0) as assistant_minutes
from core.visit_day d
join service v on d.patient_id = v.patient_id and d.service_date = v.service_date
  and (d.discipline = v.discipline or d.discipline = '' or v.discipline is null)
semi join core.note_staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.staff_npi = v.rendering_npi
group by d.day_id, v.code
