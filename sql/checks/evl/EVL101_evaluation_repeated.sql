/*---
code: EVL101
name: evaluation-repeated
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.evaluation_line, core.diagnosis_set, ref.param]
params:
  within_days: {default: 60, why: "days after an evaluation in which a second one is looked at; our choice, no published rule"}
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 C, evaluation and re-evaluation"}
message: "{procedure_code} was billed {days_between} days after {earlier_code} on {earlier_date}, and its diagnoses are those of that evaluation."
fix: "Show the new condition and its diagnosis, or the new episode; a reassessment of the same condition is a re-evaluation only where the record shows the need, else part of the treatment."
---
## What it checks
Evaluation lines that were not denied, for every payer. A line is a finding without an amount when the same patient and billing NPI had an evaluation of the same
family 1 to 60 days before (the physical therapy codes are one family, the occupational therapy codes another, each speech-language code its own), and none of its pointed
diagnoses is new: new is a diagnosis whose first three characters are not among the pointed ones of the earlier evaluation. Where the source records no pointers every diagnosis of
the claim counts. Not told: `diagnosis-not-recorded`, where one of the two has no diagnosis.

## Why it matters
One evaluation is expected for a condition and episode; a second one without a new condition is often denied.

## Known limits
The number of days is ours. A change of payer or a return after surgery may ask for a new evaluation. An evaluation before the loaded data is not
seen. A new condition within the same three characters looks like the old one.

## How to answer it
Show in the record what was new.
*/
with near as (
  select e.line_id, e.procedure_code, w.procedure_code as earlier_code, w.service_date as earlier_date, e.service_date - w.service_date as days_between,
    d.pointed, x.pointed as earlier_pointed
  from core.evaluation_line e
  join ref.param q on q.check_code = 'EVL101' and q.param = 'within_days'
    and q.valid_from <= e.service_date and (q.valid_to is null or e.service_date < q.valid_to)
  join core.evaluation_line w on w.patient_id = e.patient_id and w.billing_npi = e.billing_npi and w.family = e.family and w.kind = 'evaluation'
    and w.service_date < e.service_date and w.service_date >= e.service_date - cast(q.value as integer)
  join core.diagnosis_set d on d.diagnosis_set = e.diagnosis_set
  join core.diagnosis_set x on x.diagnosis_set = w.diagnosis_set
  where e.kind = 'evaluation'
),
compared as (
  select line_id, procedure_code, earlier_code, earlier_date, days_between, array_to_string(list_sort(list_distinct(pointed)), ' ') as diagnoses,
    case when len(pointed) = 0 or len(earlier_pointed) = 0 then 'unclear'
      when list_has_all(list_transform(earlier_pointed, lambda c: left(c, 3)), list_transform(pointed, lambda c: left(c, 3))) then 'repeated'
      else 'new' end as outcome
  from near
),
decided as (
  select line_id, procedure_code, earlier_code, earlier_date, days_between, diagnoses, outcome
  from compared
  qualify row_number() over (
    partition by line_id order by list_position(['repeated', 'unclear', 'new'], outcome), earlier_date desc, earlier_code) = 1
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when d.outcome = 'repeated' then 'finding' when d.outcome = 'unclear' then 'cannot_tell' else 'pass' end as verdict,
  case when d.outcome = 'unclear' then 'diagnosis-not-recorded' end as reason,
  case when d.outcome = 'repeated' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when d.outcome = 'repeated' then {
    procedure_code: d.procedure_code,
    earlier_code: d.earlier_code,
    earlier_date: d.earlier_date,
    days_between: d.days_between,
    diagnoses: d.diagnoses
  } end as evidence
from core.claim_line l
join (select line_id from core.evaluation_line where kind = 'evaluation') e on e.line_id = l.line_id
left join decided d on d.line_id = l.line_id
