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
reads: [core.assistant_units, core.claim_line]
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
with judged as (
  select day_id, code, modifier, therapist_minutes, assistant_minutes, units, units_with, most, allowed_share,
    case when requires_assistant_modifier is null then 'payer-rule-unknown'
      when untold in ('date-span', 'units-not-billable', 'minutes-shared', 'minutes-not-recorded', 'minutes-per-code-not-recorded',
        'note-minutes-inconsistent', 'units-do-not-match-minutes') then untold
      when not assistants_recorded then 'assistant-minutes-not-recorded'
      when units_with > most_any then 'extra'
      when units_with > most then 'allotment-tied'
      when units_with > fewest then case when is_two_left then 'two-units-left' else 'assistant-methods-disagree' end
      else 'supported' end as outcome
  from core.assistant_units
),
-- the lines with the modifier where there are too many, the last one first
extra as (
  select j.modifier, j.therapist_minutes, j.assistant_minutes, j.units, j.units_with, j.most, j.allowed_share, j.code, l.line_id,
    least(l.units, greatest(j.units_with - j.most - coalesce(sum(l.units) over (partition by j.day_id, j.code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_here
  from core.claim_line l
  join judged j on j.day_id = l.day_id and j.code = l.allocation_code and j.outcome = 'extra'
  where l.unit_type in ('timed15', 'untimed') and not l.is_denied and l.by_assistant
)
select l.line_id,
  case when s.line_id is not null then concat_ws('|', l.patient_id, l.service_date, l.billing_npi, l.discipline, l.payer_id, s.code) end as subject_key,
  l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when j.outcome = 'payer-rule-unknown' then 'cannot_tell' when not l.by_assistant or j.outcome = 'supported' then 'pass' when j.outcome = 'extra' then 'finding' else 'cannot_tell' end as verdict,
  case when j.outcome = 'payer-rule-unknown' or (l.by_assistant and j.outcome not in ('supported', 'extra')) then j.outcome end as reason,
  case when s.line_id is not null then case when s.allowed_share > 0 then 'review' else 'info' end end as severity,
  cast(round(cast(s.units_here * s.allowed_share * l.amount / l.units as decimal(18, 6)), 2) as decimal(12, 2)) as amount_at_risk,
  l.amount_basis,
  case when s.line_id is not null then {
    procedure_code: l.procedure_code,
    modifier: s.modifier,
    therapist_minutes: s.therapist_minutes,
    assistant_minutes: s.assistant_minutes,
    units_billed: s.units,
    units_with: s.units_with,
    units_required: s.most,
    units_extra: s.units_with - s.most
  } end as evidence
from core.claim_line l
join judged j on j.day_id = l.day_id and j.code = l.allocation_code
left join extra s on s.line_id = l.line_id
where l.unit_type in ('timed15', 'untimed') and not l.is_denied
