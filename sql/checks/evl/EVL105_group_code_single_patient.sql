/*---
code: EVL105
name: group-code-single-patient
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [group_size]
reads: [core.claim_line, core.visit_service]
references:
  - {title: "Medicare Claims Processing Manual (Pub 100-04), chapter 5", section: "group therapy: two or more patients at once"}
message: "Group therapy ({procedure_code}) was billed, and the visit record gives the group {group_size} patient."
fix: "Correct the visit record if the group was larger; otherwise bill what was done one-on-one, by its minutes, as the therapist attests."
---
## What it checks
Lines of 97150 that were not denied, for every payer. The number of patients is that of the services of 97150 in the visit records of the patient and day. A line whose rendering NPI
recorded one patient, and only one, is a finding without an amount. A larger group in any such record of the day, by whomever, passes. No record of the rendering NPI, or one
without a number of patients, is `group-size-not-recorded`: other patients may not be in the data.

## Why it matters
The code is for two or more patients at once.

## Known limits
92508, the group code of speech-language pathology, is not judged.

## How to answer it
Show who else was in the group.
*/
with recorded as (
  select patient_id, service_date, rendering_npi, bool_and(coalesce(group_size = 1, false)) as is_single
  from core.visit_service where procedure_code = '97150'
  group by patient_id, service_date, rendering_npi
),
grouped as (
  select distinct patient_id, service_date from core.visit_service where procedure_code = '97150' and group_size > 1
),
told as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code,
    case when g.patient_id is not null then 'group' when s.is_single then 'single' else 'unclear' end as outcome
  from core.claim_line l
  left join recorded s on s.patient_id = l.patient_id and s.service_date = l.service_date and s.rendering_npi = l.rendering_npi
  left join grouped g on g.patient_id = l.patient_id and g.service_date = l.service_date
  where l.procedure_code = '97150' and not l.is_denied
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'single' then 'finding' when 'group' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome = 'unclear' then 'group-size-not-recorded' end as reason,
  case when outcome = 'single' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'single' then {
    procedure_code: procedure_code,
    group_size: 1
  } end as evidence
from told
