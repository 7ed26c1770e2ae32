/*---
table: core.claim_diagnosis
grain: one row per claim with several diagnoses on lines from 2015-10-01 that were not denied
reads: [core.claim_line, core.diagnosis]
columns:
  claim_id: {type: VARCHAR, is: "claim number"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI of its first line"}
  provider_npi: {type: VARCHAR, is: "rendering NPI of its first line"}
  service_date: {type: DATE, is: "first date of service"}
  codes: {type: "VARCHAR[]", is: "codes of all its lines in capitals without dot, each once, sorted"}
  repeated: {type: "STRUCT(code VARCHAR, times BIGINT)[]", is: "codes that stand in several positions of one line, sorted; null for none"}
---
Diagnoses belong to the claim, and each line of the layout repeats them: a claim has those of its lines together. Claims share few lists, and each is taken
apart once.
*/
with claim as (
  -- the first line by number, then by line_id: both in one integer, which is compared faster than a pair
  select claim_id, patient_id, payer_id, arg_min(billing_npi, (cast(line_number as hugeint) << 64) | line_id) as billing_npi,
    arg_min(rendering_npi, (cast(line_number as hugeint) << 64) | line_id) as provider_npi, min(service_date) as service_date, case when min(diagnosis_set) = max(diagnosis_set) then [min(diagnosis_set)] else list_sort(list_distinct(list(diagnosis_set))) end as sets
  from core.claim_line
  where not is_denied and service_date >= date '2015-10-01'
    and diagnosis_set in (select distinct diagnosis_set from core.diagnosis)
  group by claim_id, patient_id, payer_id
),
counted as (
  select s.sets, d.diagnosis_set, d.code, count(*) as times
  from (select sets, unnest(sets) as diagnosis_set from (select distinct sets from claim)) s
  join core.diagnosis d on d.diagnosis_set = s.diagnosis_set
  group by s.sets, d.diagnosis_set, d.code
),
named as (
  select sets, code, max(times) as times from counted group by sets, code
),
known as (
  select sets, list(code order by code) as codes, list({code: code, times: times} order by code) filter (times > 1) as repeated
  from named
  group by sets
  having count(*) > 1 or max(times) > 1
)
select c.claim_id, c.patient_id, c.payer_id, c.billing_npi, c.provider_npi, c.service_date, k.codes, k.repeated
from claim c
join known k on k.sets = c.sets
