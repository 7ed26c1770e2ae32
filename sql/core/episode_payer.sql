/*---
table: core.episode_payer
grain: one row per episode and payer that wants a certified plan of care, or may want one
reads: [core.episode, core.treatment_day, core.visit_day, core.payer]
columns:
  episode_id: {type: BIGINT, is: "joins core.episode"}
  patient_id: {type: VARCHAR, is: "patient"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP; empty text when unknown"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  first_day: {type: DATE, is: "first treatment day of the episode"}
  payer_id: {type: VARCHAR, is: "payer"}
  requires_certified_plan: {type: BOOLEAN, is: "true, or null where it is not known"}
  requires_assistant_modifier: {type: BOOLEAN, is: "the payer wants CQ or CO; null = unknown"}
  start_known: {type: BOOLEAN, is: "first_day is surely the first treatment day"}
  payer_first_day: {type: DATE, is: "first treatment day of the episode billed to this payer"}
  payer_last_day: {type: DATE, is: "last one"}
  provider_npi: {type: VARCHAR, is: "rendering NPI of payer_first_day"}
  day_ids: {type: "BIGINT[]", is: "visit days of the episode and payer, in no order"}
---
An episode as one payer saw it: certification and the clinician's part in treatment are owed to the payer (rulings 9 and 26).
*/
select e.episode_id, e.patient_id, e.discipline, e.billing_npi, e.first_day, d.payer_id, p.requires_certified_plan, p.requires_assistant_modifier,
  e.start_known, min(d.service_date) as payer_first_day, max(d.service_date) as payer_last_day, arg_min(d.provider_npi, d.service_date) as provider_npi,
  list(d.day_id) as day_ids
from core.visit_day d
join core.payer p on p.payer_id = d.payer_id and coalesce(p.requires_certified_plan, true)
join core.treatment_day t on t.day_id = d.day_id
join core.episode e on e.episode_id = t.episode_id
group by e.episode_id, e.patient_id, e.discipline, e.billing_npi, e.first_day, d.payer_id, p.requires_certified_plan, p.requires_assistant_modifier,
  e.start_known
