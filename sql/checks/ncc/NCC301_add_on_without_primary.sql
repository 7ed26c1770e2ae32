/*---
code: NCC301
name: add-on-without-primary
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: over
needs: [ref.add_on]
reads: [core.claim_line, core.payer, ref.add_on]
denial_codes:
  - {carc: "B15", rarc: "N390", note: "unconfirmed pairing"}
references:
  - {title: "CMS add-on code edits", section: "types 1 and 3"}
message: "{procedure_code} is billed only beside {primary_codes}; none of them stands on the day ({list})."
fix: "Bill the primary service if it was given and documented, else remove the add-on code."
---
## What it checks
Lines that were not denied, for payers that apply add-on lists, of a code that is billed only beside another one. None of the listed primary codes on
a line that was not denied of the same patient, date, payer, billing NPI and rendering NPI, on any claim, is a finding, and the line is at risk. A
closed list (type 1) makes it an error; a list that a contractor may extend (type 3) makes it a review. Codes without a list (type 2) are not judged.
The lists apply to every date. Where nothing can be said: `payer-rule-unknown`.

## Why it matters
The payer denies an add-on code without its primary.

## Known limits
A primary that another provider of the group billed does not count. The shipped lists are those of June 2024 for therapy, chemodenervation, guidance
and pain.

## How to answer it
Show the claim on which the primary service stands.
*/
with line as (
  select l.line_id, l.patient_id, l.service_date, l.payer_id, l.billing_npi, l.rendering_npi, l.procedure_code, l.amount, l.amount_basis, p.uses_ncci
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  where not l.is_denied and coalesce(p.uses_ncci, true) and l.procedure_code in (select add_on_code from ref.add_on where edit_type <> 2)
),
listed as (
  select l.line_id, min(a.edit_type) as edit_type, string_agg(distinct a.primary_code, ', ' order by a.primary_code) as primary_codes,
    min(a.release) as release
  from line l
  join ref.add_on a on a.add_on_code = l.procedure_code and a.edit_type <> 2
    and a.valid_from <= l.service_date and (a.valid_to is null or l.service_date < a.valid_to)
  group by l.line_id
),
day as (select distinct patient_id, service_date, payer_id, billing_npi, rendering_npi from line),
standing as (
  select distinct l.patient_id, l.service_date, l.payer_id, l.billing_npi, l.rendering_npi, l.procedure_code
  from core.claim_line l
  semi join day d on d.patient_id = l.patient_id and d.service_date = l.service_date and d.payer_id = l.payer_id and d.billing_npi = l.billing_npi
    and d.rendering_npi = l.rendering_npi
  where not l.is_denied and l.procedure_code in (select primary_code from ref.add_on)
),
accompanied as (
  select distinct l.line_id
  from line l
  join standing s using (patient_id, service_date, payer_id, billing_npi, rendering_npi)
  join ref.add_on a on a.add_on_code = l.procedure_code and a.primary_code = s.procedure_code and a.edit_type <> 2
    and a.valid_from <= l.service_date and (a.valid_to is null or l.service_date < a.valid_to)
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, t.edit_type, t.primary_codes, t.release,
    case when l.uses_ncci is null then 'cannot_tell' when a.line_id is not null then 'pass' else 'finding' end as verdict
  from line l
  join listed t on t.line_id = l.line_id
  left join accompanied a on a.line_id = l.line_id
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'payer-rule-unknown' end as reason,
  case when edit_type = 1 then 'error' else 'review' end as severity,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    primary_codes: primary_codes,
    edit_type: edit_type,
    list: 'list ' || release
  } end as evidence
from judged
