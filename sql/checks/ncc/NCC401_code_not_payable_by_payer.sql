/*---
code: NCC401
name: code-not-payable-by-payer
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
needs: [ref.fee_schedule, ref.unit_limit]
reads: [core.claim_line, core.modifier_set, core.payer, ref.fee_schedule, ref.unit_limit]
denial_codes:
  - {carc: "97", note: "status B; unconfirmed pairing"}
  - {carc: "96", note: "status N or X; unconfirmed pairing"}
references:
  - {title: "CMS physician fee schedule", section: "status codes B, I, N, P, X"}
  - {title: "CMS NCCI medically unlikely edits", section: "limits of 0"}
message: "{procedure_code} is not paid by this payer on the date: {why}."
fix: "Remove the line, or bill the code that the payer accepts; what the patient may be charged needs the notice the payer asks for."
---
## What it checks
Lines for Medicare Part B of a code in the loaded fee schedule whose status on the date is B (bundled), I (another code is used), N (not covered), P (bundled
or excluded) or X (excluded by statute), and lines for every payer that applies unit limits of a code whose limit on the date is 0. Denied lines are judged, with
amount 0. Lines with GA, GX, GY or GZ are not judged: they say that no payment is expected. 97014 is BIL109's.
Where nothing can be said: `payer-rule-unknown`; `no-reference-for-date` before the first loaded fee schedule, or after its last year.

## Why it matters
The payer does not pay such a line; paid anyway, it can be asked back.

## Known limits
The shipped fee schedule holds therapy codes from March 2024 on. A status can change within a year.

## How to answer it
Show the payer's own rule if it pays the code.
*/
with line as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, p.uses_ncci, f.status, u.unit_limit,
    coalesce(f.release, u.release) as release, p.payer_class = 'medicare_b' as is_medicare,
    l.procedure_code in (select procedure_code from ref.fee_schedule) as in_schedule
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  left join ref.fee_schedule f on p.payer_class = 'medicare_b' and f.procedure_code = l.procedure_code and f.valid_from <= l.service_date
    and (f.valid_to is null or l.service_date < f.valid_to)
  left join ref.unit_limit u on u.procedure_code = l.procedure_code and u.setting = p.ncci_setting and u.unit_limit = 0
    and u.valid_from <= l.service_date and (u.valid_to is null or l.service_date < u.valid_to)
  left join (select distinct procedure_code, setting from ref.unit_limit where unit_limit = 0) z
    on z.procedure_code = l.procedure_code and z.setting = p.ncci_setting
  where l.procedure_code <> '97014' and l.modifier_set not in (select modifier_set from core.modifier_set where list_has_any(modifiers, ['GA', 'GX', 'GY', 'GZ']))
    and (p.payer_class = 'medicare_b' and l.procedure_code in (select procedure_code from ref.fee_schedule)
      or coalesce(p.uses_ncci, true) and z.procedure_code is not null)
),
judged as (
  select line_id, rendering_npi, payer_id, service_date, procedure_code, amount, amount_basis, status, unit_limit, release,
    case when is_medicare and status in ('B', 'I', 'N', 'P', 'X') then 'finding'
      when unit_limit = 0 and uses_ncci then 'finding'
      when not is_medicare and uses_ncci is null then 'cannot_tell'
      when is_medicare and in_schedule and status is null then 'cannot_tell'
      when not (is_medicare and in_schedule) and unit_limit is null then 'cannot_tell'
      else 'pass' end as verdict,
    case when not is_medicare and uses_ncci is null then 'payer-rule-unknown' else 'no-reference-for-date' end as reason
  from line
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then reason end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    status: status,
    unit_limit: unit_limit,
    release: release,
    why: case status when 'B' then 'bundled (status B)' when 'I' then 'another code is used (status I)' when 'N' then 'not covered (status N)'
      when 'P' then 'bundled or excluded (status P)' when 'X' then 'excluded by statute (status X)' else 'its unit limit is 0' end
  } end as evidence
from judged
