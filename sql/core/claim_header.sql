/*---
table: core.claim_header
grain: one row per claim as sent whose lines differ in a field of its header
reads: [stg.claim_line, core.run]
columns:
  claim_id: {type: VARCHAR, is: "claim number"}
  patient_id: {type: VARCHAR, is: "patient of its first line"}
  payer_id: {type: VARCHAR, is: "payer of its first line"}
  billing_npi: {type: VARCHAR, is: "billing NPI of its first line"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI of its first line"}
  service_date: {type: DATE, is: "its first service date"}
  received_date: {type: DATE, is: "earliest received date of its lines"}
  differing: {type: "VARCHAR[]", is: "fields of the header that differ, in the order of the layout"}
  contradictory_values: {type: "VARCHAR[]", is: "their values, per field, sorted and joined by /"}
  line_ids: {type: "BIGINT[]", is: "its records, standing or superseded, sorted"}
---
Fields that belong to the claim and not to a line must agree on its lines (ruling 70), those that were superseded included. All records of one claim number are one claim, unless a
line number comes twice with another patient, payer, frequency, original or received date: then these are several versions, or several claims with one number, and each is looked
at by itself. A blank says nothing and contradicts nothing. Only claims whose lines are not all alike are taken apart.
*/
with uneven as (
  select s.claim_id
  from stg.claim_line s
  join core.run on s.service_date <= core.run.as_of
  where s.problem_mask = 0
  group by s.claim_id
  -- one number for the whole header: cheap to compare, and only what differs is looked at closely
  having min(hash(s.patient_id, s.payer_id, s.billing_npi, s.claim_frequency, s.original_claim_id, s.received_date, split_part(s.diagnosis_text, chr(30), 1)))
    <> max(hash(s.patient_id, s.payer_id, s.billing_npi, s.claim_frequency, s.original_claim_id, s.received_date, split_part(s.diagnosis_text, chr(30), 1)))
),
line as (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id, s.claim_id, s.line_number, s.patient_id, s.payer_id, s.billing_npi,
    s.rendering_npi, s.claim_frequency, s.original_claim_id, s.received_date, s.service_date,
    string_split(split_part(s.diagnosis_text, chr(30), 1), chr(31)) as diagnoses,
    concat_ws(chr(31), s.patient_id, s.payer_id, s.claim_frequency, coalesce(s.original_claim_id, ''), coalesce(cast(s.received_date as varchar), '')) as sent_as
  from stg.claim_line s
  join core.run on s.service_date <= core.run.as_of
  semi join uneven u on u.claim_id = s.claim_id
  where s.problem_mask = 0
),
shape as (
  select claim_id, count(distinct line_number) < count(distinct (line_number, sent_as)) as is_several from line group by claim_id
),
sent as (
  select l.*, case when p.is_several then l.sent_as else '' end as part
  from line l join shape p on p.claim_id = l.claim_id
),
field as (
  select claim_id, part, 1 as place, 'patient_id' as name, patient_id as value from sent
  union all select claim_id, part, 2, 'payer_id', payer_id from sent
  union all select claim_id, part, 3, 'billing_npi', billing_npi from sent
  union all select claim_id, part, 4, 'claim_frequency', claim_frequency from sent
  union all select claim_id, part, 5, 'original_claim_id', original_claim_id from sent
  union all select claim_id, part, 6, 'received_date', cast(received_date as varchar) from sent
  union all
  select claim_id, part, 6 + place, 'diagnosis_' || place, diagnoses[place]
  from (select claim_id, part, diagnoses, unnest(generate_series(1, len(diagnoses))) as place from sent)
),
differing as (
  select claim_id, part, list(name order by place) as names, list(seen order by place) as seen
  from (
    select claim_id, part, place, name, string_agg(distinct value, '/' order by value) as seen
    from field where value <> ''
    group by claim_id, part, place, name
    having min(value) <> max(value)
  )
  group by claim_id, part
)
select s.claim_id, arg_min(s.patient_id, (s.line_number, s.patient_id)) as patient_id, arg_min(s.payer_id, (s.line_number, s.payer_id)) as payer_id,
  arg_min(s.billing_npi, (s.line_number, s.billing_npi)) as billing_npi, arg_min(s.rendering_npi, (s.line_number, s.rendering_npi)) as rendering_npi,
  min(s.service_date) as service_date, min(s.received_date) as received_date, d.names as differing, d.seen as contradictory_values,
  list(s.line_id order by s.line_id) as line_ids
from sent s
join differing d on d.claim_id = s.claim_id and d.part = s.part
group by s.claim_id, s.part, d.names, d.seen
