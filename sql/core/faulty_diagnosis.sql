/*---
table: core.faulty_diagnosis
grain: one row per line from 2015-10-01 and diagnosis that it answers for and that is not billable on its date
reads: [core.claim_line, core.diagnosis, core.diagnosis_state]
columns:
  line_id: {type: BIGINT, is: "line of core.claim_line"}
  diagnosis: {type: VARCHAR, is: "as in core.diagnosis"}
  code: {type: VARCHAR, is: "in capitals, without dot"}
  is_pointed: {type: BOOLEAN, is: "the line points at it; true for every diagnosis where the file records no pointers"}
  state: {type: VARCHAR, is: "unknown, other_date, header or incomplete on the line's date: DXC101, DXC102, DXC103, DXC104"}
  suggestions: {type: VARCHAR, is: "billable codes near it on the date; null for none"}
---
A line answers for the diagnoses that it points at. One at which no line of the claim points is answered for by the claim's first line that lists it. Both are decided
before the date: on a claim over the change of a year a diagnosis may be billable on the line that answers for it, and not on another.
*/
with bad as (
  select d.diagnosis_set, d.code, d.diagnosis, d.is_pointed, s.valid_from, s.valid_to, s.state, s.suggestions
  from core.diagnosis d
  join core.diagnosis_state s on s.code = d.code
  -- the same code twice in one list is one diagnosis
  qualify row_number() over (partition by d.diagnosis_set, d.code, s.valid_from order by d.is_pointed desc, d.position) = 1
),
listed as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.billing_npi, l.line_number, b.code, b.diagnosis, b.is_pointed, b.state, b.suggestions
  from core.claim_line l
  join bad b on b.diagnosis_set = l.diagnosis_set and b.valid_from <= l.service_date and (b.valid_to is null or l.service_date < b.valid_to)
  where l.service_date >= date '2015-10-01'
),
-- another line answers: one that points at it, or an earlier one that lists it
elsewhere as (
  select distinct c.line_id, c.code
  from core.claim_line l
  join listed c on l.claim_id = c.claim_id and l.patient_id = c.patient_id and l.payer_id = c.payer_id and l.billing_npi = c.billing_npi
  join core.diagnosis d on d.diagnosis_set = l.diagnosis_set and d.code = c.code
    and (d.is_pointed or l.line_number < c.line_number or (l.line_number = c.line_number and l.line_id < c.line_id))
  where not c.is_pointed and l.service_date >= date '2015-10-01'
)
select c.line_id, c.diagnosis, c.code, c.is_pointed, c.state, c.suggestions
from listed c
anti join elsewhere e on e.line_id = c.line_id and e.code = c.code
