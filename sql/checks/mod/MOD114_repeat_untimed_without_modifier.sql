/*---
code: MOD114
name: repeat-untimed-without-modifier
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.repeated_line, core.payer, ref.unit_limit]
denial_codes:
  - {carc: "18", note: "unconfirmed pairing"}
references:
  - {title: "NGS Medicare therapy billing", section: "repeat of an untimed code on one day"}
message: "{procedure_code} stands on {lines_day} lines of the day, and this one says neither that it was repeated nor that it was separate."
fix: "If the service was given again, add 76, 77 or the modifier that sets it apart; otherwise remove the line. A person must attest to the second session."
---
## What it checks
Lines of therapy codes that are billed by the session, not denied, the codes of UNT108. Where such a code stands on several lines of one visit day and rendering
NPI, and no unit limit of 1 a day binds the payer, every line but the first without 76, 77, 59, XE, XP, XS or XU is a finding, and the line is at risk. Where a
limit of 1 binds, the lines count together and belong to UNT108. Lines over several days are `date-span`.

## Why it matters
Without the modifier the second line looks like a repeat of the first and is denied.

## Known limits
An exact repeat is BIL101's as well. Whether a second session took place is in the record.

## How to answer it
Show two sessions in the notes of the day.
*/
with line as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, l.date_span, coalesce(l.discipline, '') as discipline,
    list_has_any(l.modifiers, ['76', '77', '59', 'XE', 'XP', 'XS', 'XU']) as is_marked
  from core.claim_line l
  where l.unit_type = 'untimed' and l.is_therapy and not l.is_denied and left(l.procedure_code, 2) not in ('20', '64')
),
repeated as (
  select l.line_id, count(*) over g as lines_day,
    not l.is_marked and not coalesce(p.uses_ncci and u.unit_limit = 1, false) as is_bare,
    row_number() over (partition by r.group_id, l.discipline, l.is_marked order by r.line_order) as nth,
    bool_or(l.date_span) over g as has_date_span
  from line l
  join core.repeated_line r on r.line_id = l.line_id
  join core.payer p on p.payer_id = l.payer_id
  left join ref.unit_limit u on u.procedure_code = l.procedure_code and u.setting = p.ncci_setting and u.adjudication in (2, 3)
    and u.valid_from <= l.service_date and (u.valid_to is null or l.service_date < u.valid_to)
  window g as (partition by r.group_id, l.discipline)
),
judged as (
  select l.line_id, l.patient_id, l.billing_npi, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, r.lines_day, l.discipline, r.nth,
    case when coalesce(r.has_date_span, l.date_span) then 'cannot_tell' when coalesce(r.is_bare and r.nth > 1, false) then 'finding' else 'pass' end as verdict
  from line l
  left join repeated r on r.line_id = l.line_id
)
select line_id,
  -- the nth line of the service: which of its lines that is may change with the claim numbers
  case when verdict = 'finding' then concat_ws('|', patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, discipline, nth) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'date-span' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {procedure_code: procedure_code, lines_day: lines_day} end as evidence
from judged
