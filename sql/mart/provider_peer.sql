/*---
table: mart.provider_peer
grain: one row per provider and metric of a comparative billing report
reads: [core.pattern_period, core.provider_metric, mart.provider]
columns:
  provider_no: {type: INTEGER, is: "page"}
  metric: {type: VARCHAR, is: "as in core.provider_metric"}
  place: {type: INTEGER, is: "order on the page"}
  patients: {type: BIGINT, is: "patients that enter the metric"}
  value: {type: DOUBLE, is: "minutes by visit, dollars by patient, or a share"}
  low: {type: DOUBLE, is: "value less 1.96 standard errors; null with one patient"}
  high: {type: DOUBLE, is: "value and 1.96 standard errors"}
  clinic_value: {type: DOUBLE, is: "of the other providers of the clinic and discipline; null where they have too few patients to be shown"}
  peer_value: {type: DOUBLE, is: "of the other providers of the discipline; null where they have too few patients to be shown"}
  peers: {type: BIGINT, is: "other providers of the discipline with the metric"}
  peer_source: {type: VARCHAR, is: "data, or the citation of the loaded peer value"}
  outcome: {type: VARCHAR, is: "above (beyond chance, the number of tests considered), higher, not-higher, or not-compared"}
  obstacle: {type: VARCHAR, is: "why it was not compared"}
---
The tables of a comparative billing report beside each other: share of patients with KX, minutes by visit, allowed amount by patient, and two shares that payers ask about.
*/
with placed as (
  select p.provider_no, p.clinic_id, m.*, case m.metric when 'allowed_per_patient' then 100.0::double else 1.0::double end as scale  -- cents
  from core.provider_metric m join mart.provider p on p.npi = m.provider_npi
),
clinic as (
  select metric, clinic_id, discipline, sum(patients) as patients, sum(numerator) as numerator, sum(denominator) as denominator
  from placed where clinic_id is not null and discipline is not null and patients > 0
  group by all
)
select m.provider_no, m.metric,
  case m.metric when 'kx_patients' then 1 when 'minutes_per_visit' then 2 when 'allowed_per_patient' then 3 when 'distinct_lines' then 4 else 5 end as place,
  m.patients, cast(m.value as double) / scale as value, greatest(cast(m.low as double) / scale, 0) as low,
  case when m.metric in ('minutes_per_visit', 'allowed_per_patient') then cast(m.high as double) / scale else least(cast(m.high as double), 1) end as high,
  case when c.patients - m.patients >= s.shown_patients and c.denominator > m.denominator then
    (c.numerator - m.numerator) / cast(c.denominator - m.denominator as double) / scale end as clinic_value,
  case when m.peer_shown then cast(m.peer_value as double) / scale end as peer_value, m.peers, m.peer_source,
  case when m.is_above then 'above' when m.obstacle is not null then 'not-compared' when m.value > m.peer_value then 'higher' else 'not-higher' end as outcome,
  m.obstacle
from placed m
cross join core.pattern_period s
left join clinic c on c.metric = m.metric and c.clinic_id = m.clinic_id and c.discipline = m.discipline
where m.value is not null
