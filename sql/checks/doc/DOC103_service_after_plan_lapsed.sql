/*---
code: DOC103
name: service-after-plan-lapsed
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: requires_certified_plan
direction: over
needs: [plans_of_care]
reads: [core.claim_line, core.payer, core.certification, core.evaluation_line]
references:
  - {title: "42 CFR 424.24(c)", section: "(4) recertification at least every 90 days"}
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.1.3, the plan's length or 90 days, whichever is less"}
message: "{procedure_code} on {service_date} lies beyond the certified plan of care{covered_through} ({why})."
fix: "Load the recertification that covers the day, or obtain a delayed one with its reason; otherwise the line is not supported by the record."
---
## What it checks
Therapy lines, denied ones and evaluations left out, for Medicare Part B or another payer that wants a certified plan. A row of the plan of care covers from its first day
to the plan's end, or 90 days counting the first, whichever is less. A line that no certified row covers is a finding: an error where every loaded row ended before it, and
for review where an uncertified recertification covers it. The line is at risk. An initial row that nobody certified is DOC101's: a line within it passes.
The order exception of 2025 counts as certified, for the first row only. Not told: `payer-rule-unknown`, `discipline-unknown`, `plans-not-loaded` (none
of that billing NPI), `plan-not-loaded` (none of the patient begins on or before the day: DOC106), `last-day-unclear` (the day after the 90th, where the plan goes on: the rule
does not say), `certification-not-recorded`, and `recertifications-not-loaded`: no recertification of that billing NPI is loaded, so that a missing one says nothing.

## Why it matters
A service beyond the certified time is not payable.

## Known limits
A delayed recertification is accepted with a reason; its date does not matter here. Plans that were never exported look like plans that lapsed. Before 2008 a
certification covered 30 days.

## How to answer it
Show the recertification, or the plan with its later end.
*/
with line as (
  select l.line_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, l.discipline, l.amount, l.amount_basis,
    p.requires_certified_plan
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id and coalesce(p.requires_certified_plan, true)
  anti join (select line_id from core.evaluation_line where kind = 'evaluation') e on e.line_id = l.line_id
  where l.is_therapy and not l.is_denied
),
billing as (
  select billing_npi, coalesce(bool_or(not is_initial), false) as has_recertification from core.certification group by billing_npi
),
told as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis,
    c.evaluation_date, c.certified_to, c.covered_to, c.later_to,
    case when l.requires_certified_plan is null then 'payer-rule-unknown'
      when l.discipline is null then 'discipline-unknown'
      when b.billing_npi is null then 'plans-not-loaded'
      when c.patient_id is null then 'plan-not-loaded'
      when l.service_date <= c.certified_to then 'covered'
      when l.service_date = c.certified_open_day then 'last-day-unclear'
      when l.service_date <= c.unclear_to then 'certification-not-recorded'
      when l.service_date <= c.initial_to then 'initial'
      when l.service_date <= c.later_to then 'uncertified'
      when not b.has_recertification then 'recertifications-not-loaded'
      else 'lapsed' end as outcome
  from line l
  left join billing b on b.billing_npi = l.billing_npi
  left join core.certification c on c.patient_id = l.patient_id and c.discipline = l.discipline and c.billing_npi = l.billing_npi
    and c.evaluation_date <= l.service_date and (c.next_date is null or l.service_date < c.next_date)
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when outcome in ('lapsed', 'uncertified') then 'finding' when outcome in ('covered', 'initial') then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('lapsed', 'uncertified', 'covered', 'initial') then outcome end as reason,
  case when outcome = 'uncertified' then 'review' end as severity,
  case when outcome in ('lapsed', 'uncertified') then amount end as amount_at_risk,
  amount_basis,
  case when outcome in ('lapsed', 'uncertified') then {
    procedure_code: procedure_code,
    service_date: service_date,
    covered_through: coalesce(', which covers to ' || certified_to, ''),
    why: case when outcome = 'lapsed' then 'no later row is loaded' else 'the recertification from ' || evaluation_date || ' is not certified' end,
    last_plan_from: evaluation_date,
    last_plan_to: covered_to
  } end as evidence
from told
