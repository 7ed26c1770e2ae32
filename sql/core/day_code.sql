/*---
table: core.day_code
grain: one row per visit day with a therapy line that was not denied and timed code that was billed or has minutes
reads: [core.claim_line, core.account, core.visit_service, core.note_staff, core.provider, ref.procedure]
columns:
  day_id: {type: BIGINT, is: "joins core.visit_day"}
  code: {type: VARCHAR, is: "code under which the minutes are counted"}
  units: {type: "DECIMAL(18,3)", is: "units billed; null when it was not billed"}
  minutes: {type: INTEGER, is: "minutes of the therapist and of the assistant together; null when none is recorded or one is blank"}
  is_noted: {type: BOOLEAN, is: "a note has the code, be it with blank minutes"}
---
The timed codes of each visit day (core.visit_day), its lines beside the notes of everyone seen on lines of that billing NPI and discipline (rulings 18 and
31). 97129 with 97130, and 90912 with 90913, are one code.
*/
with line as not materialized (
  select day_id, allocation_code, unit_type, units from core.claim_line where is_therapy and not is_denied
),
day as (
  select d.day_id, a.patient_no * 4194304 + (d.day_id & 4194303) as patient_day, p.practice_no
  from (select distinct day_id from line) d
  join core.account a on a.account_no = account_of_day(d.day_id)
  join (select distinct billing_npi, discipline, practice_no from core.note_staff) p
    on p.billing_npi = a.billing_npi and p.discipline = discipline_of_day(d.day_id)
),
-- written down, because an author has few practices and a practice has many days: one is joined before the other
service as materialized (
  select n.patient_no * 4194304 + 800000 + (v.service_date - date '1970-01-01') as patient_day, s.practice_no, c.allocation_code as code,
    v.minutes + coalesce(v.assistant_minutes, 0) as minutes
  from core.visit_service v
  join (select distinct patient_id, patient_no from core.account) n on n.patient_id = v.patient_id
  join core.provider r on r.npi = v.rendering_npi
  join ref.procedure c on c.procedure_code = v.procedure_code and c.unit_type = 'timed15' and c.valid_from <= v.service_date
    and (c.valid_to is null or v.service_date < c.valid_to)
  join core.note_staff s on s.staff_npi = v.rendering_npi and (s.discipline = r.discipline or s.discipline = '' or r.discipline is null)
)
select day_id, code, sum(units) as units, case when count(minutes) = count(noted) then sum(minutes) end as minutes, count(noted) > 0 as is_noted
from (
  select day_id, allocation_code as code, units, null as noted, null as minutes from line where unit_type = 'timed15'
  union all
  select d.day_id, v.code, null, 1, v.minutes
  from service v join day d on d.patient_day = v.patient_day and d.practice_no = v.practice_no
)
group by day_id, code
