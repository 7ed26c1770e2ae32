/*---
code: BIL109
name: code-system-wrong-for-payer
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: none
payers: all
direction: over
reads: [core.claim_line, core.payer, ref.procedure]
denial_codes:
  - {carc: "16", rarc: "M51", note: "unconfirmed pairing"}
references:
  - {title: "CMS physician fee schedule (PPRRVU July 2024)", section: "97014: status I, another code is used"}
message: "{procedure_code} is not the code that this payer takes for unattended electrical stimulation; it takes {code_wanted}."
fix: "Bill {code_wanted} with the same modifiers and units."
---
## What it checks
97014 billed to Medicare Part B, and G0283 billed to payers for whom it is known whether they want 97014; denied lines too (at risk with amount 0). 97014 to Medicare without GY,
and G0283 to a payer that wants 97014, are findings; the line is at risk. 97014 with GY passes: it says that no payment is expected.

## Why it matters
The two codes name the same service in two code systems. A payer that takes the one returns the other, or pays it in error.

## Known limits
The switch of a payer is the user's; blank it is not known for payers other than Medicare: `payer-rule-unknown`. Medicare lines before 2003-01-01, when G0283 began, are not
judged. 97014 to other payers is not judged.

## How to answer it
Show the payer's policy that names the code it takes.
*/
with line as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.modifiers, l.amount, l.amount_basis, p.wants_97014
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  where l.procedure_code = 'G0283'
    or (l.procedure_code = '97014' and p.payer_class = 'medicare_b'
      and l.service_date >= (select min(valid_from) from ref.procedure where procedure_code = 'G0283'))
),
judged as (
  select line_id, rendering_npi, payer_id, service_date, procedure_code, amount, amount_basis,
    case when wants_97014 is null then 'cannot_tell'
      when procedure_code = 'G0283' and wants_97014 then 'finding'
      when procedure_code = '97014' and not wants_97014 and not list_contains(modifiers, 'GY') then 'finding'
      else 'pass' end as verdict
  from line
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'payer-rule-unknown' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    code_wanted: case procedure_code when '97014' then 'G0283' else '97014' end
  } end as evidence
from judged
