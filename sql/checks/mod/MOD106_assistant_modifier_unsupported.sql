/*---
code: MOD106
name: assistant-modifier-unsupported
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: requires_assistant_modifier
direction: under
reads: [core.assistant_day, core.assistant_line, core.assistant_units]
references:
  - {title: "Social Security Act 1834(v); CMS Therapy Services page", section: "CQ and CO from 2020, 85 percent of the payment from 2022"}
  - {title: "CMS page: billing examples using CQ/CO modifiers", section: "units of therapist and assistant (read in copies)"}
message: "{units_extra} of {units_billed} units of {procedure_code} with {modifier} are not supported by the record: {therapist_minutes} of its minutes are the therapist's, {assistant_minutes} the assistant's alone, which makes {units_required} the assistant's."
fix: "Bill {units_required} units of {procedure_code} with {modifier} and the rest without, if the therapist attests from the record to who treated."
---
## What it checks
Lines of timed 15-minute codes and of codes billed by the session from 2020-01-01 that were not denied, for payers that want the assistant's modifier. How many units of a
code are the assistant's follows from the minutes as in MOD105. More units with CQ or CO than every valid allotment of the day's minutes can make the assistant's is a
finding, once per day and code, on the lines with the modifier. The amount is what was paid too little from 2022 on: 12 percent of what was allowed for the units
too many, placed from the last line to the first. In 2020 and 2021 the finding is for information and without an amount.

Where nothing can be said: `minutes-not-recorded`, `minutes-per-code-not-recorded`, `note-minutes-inconsistent`, `units-do-not-match-minutes`,
`assistant-methods-disagree`, `two-units-left`, `allotment-tied`, `date-span`, `units-not-billable`, `minutes-shared` and `payer-rule-unknown`, each as in MOD105; and where no service of
that billing NPI's staff says how long an assistant worked alone, not even 0, the source does not record it: `assistant-minutes-not-recorded`.

## Why it matters
The modifier takes 15 percent of the payment. Where the therapist treated, it was given away; where the record is wrong, the units are.

## Known limits
As for MOD105. Blank minutes of an assistant count as none once others are recorded: compare with who signed the note. Evaluations with CQ or CO are MOD108's.

## How to answer it
Show who treated in which minutes; where the assistant's minutes are missing from the record, whoever treated attests to them.
*/
with code as (
  select day_id, code, therapist_minutes, assistant_minutes, units, units_with, most,
    case when untold in ('minutes-per-code-not-recorded', 'units-do-not-match-minutes') then untold
      when units_with > most_any then 'extra'
      when units_with > most then 'allotment-tied'
      when units_with > fewest then case when is_two_left then 'two-units-left' else 'assistant-methods-disagree' end
      else 'supported' end as outcome
  from core.assistant_units
),
judged as (
  select l.line_id, l.day_id, l.code, l.by_assistant, l.patient_id, l.payer_id, l.billing_npi, l.provider_npi, l.discipline, l.service_date, l.procedure_code,
    l.units, l.amount, l.amount_basis,
    d.modifier, d.allowed_share, c.therapist_minutes, c.assistant_minutes, c.units as units_billed, c.units_with, c.most,
    case when d.requires_assistant_modifier is null then 'payer-rule-unknown'
      when d.untold in ('date-span', 'units-not-billable', 'minutes-shared', 'minutes-not-recorded') then d.untold
      when l.is_timed and d.untold_timed in ('minutes-per-code-not-recorded', 'note-minutes-inconsistent') then d.untold_timed
      when c.outcome in ('minutes-per-code-not-recorded', 'units-do-not-match-minutes') then c.outcome
      when not d.assistants_recorded then 'assistant-minutes-not-recorded'
      else coalesce(c.outcome, 'supported') end as outcome
  from core.assistant_line l
  join core.assistant_day d on d.day_id = l.day_id
  left join code c on c.day_id = l.day_id and c.code = l.code
),
-- the lines with the modifier where there are too many, the last one first
extra as (
  select l.line_id, least(l.units, greatest(c.units_with - c.most - coalesce(sum(l.units) over (partition by l.day_id, l.code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_here
  from core.assistant_line l
  join code c on c.day_id = l.day_id and c.code = l.code and c.outcome = 'extra'
  where l.by_assistant
)
select j.line_id,
  case when s.line_id is not null then concat_ws('|', j.patient_id, j.service_date, j.billing_npi, j.discipline, j.payer_id, j.code) end as subject_key,
  j.provider_npi, j.payer_id, j.service_date,
  case when j.outcome = 'payer-rule-unknown' then 'cannot_tell' when not j.by_assistant or j.outcome = 'supported' then 'pass' when j.outcome = 'extra' then 'finding' else 'cannot_tell' end as verdict,
  case when j.outcome = 'payer-rule-unknown' or (j.by_assistant and j.outcome not in ('supported', 'extra')) then j.outcome end as reason,
  case when s.line_id is not null then case when j.allowed_share > 0 then 'review' else 'info' end end as severity,
  cents(s.units_here * j.allowed_share * j.amount / j.units) as amount_at_risk,
  j.amount_basis,
  case when s.line_id is not null then {
    procedure_code: j.procedure_code,
    modifier: j.modifier,
    therapist_minutes: j.therapist_minutes,
    assistant_minutes: j.assistant_minutes,
    units_billed: j.units_billed,
    units_with: j.units_with,
    units_required: j.most,
    units_extra: j.units_with - j.most
  } end as evidence
from judged j
left join extra s on s.line_id = j.line_id and j.outcome = 'extra'
