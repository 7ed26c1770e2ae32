/*---
table: core.treatment_day
grain: one row per visit day
reads: [core.visit_day, core.episode]
columns:
  day_id: {type: BIGINT, is: "joins core.visit_day"}
  episode_id: {type: BIGINT, is: "joins core.episode"}
---
The episode of each visit day, looked up once.
*/
select d.day_id, e.episode_id
from core.visit_day d
join core.episode e on e.patient_id = d.patient_id and e.discipline = d.discipline and e.billing_npi = d.billing_npi
  and d.service_date between e.first_day and e.last_day
