/*---
code: UNT110
name: units-not-billable
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line]
references:
  - {title: "NUCC 1500 claim form instructions", section: "item 24G, days or units"}
message: "{procedure_code} stands with {units} units; a line needs a whole number of units, one or more."
fix: "Correct the units to what the record supports, or take the line off the claim."
---
## What it checks
Every line that was not denied, of any code but anesthesia (00100 to 01999, whose units are time). Units of zero, below zero,
or with a fraction are a finding; the whole line is at risk. A line over several days is `date-span`.

## Why it matters
A payer cannot price such a line: it is returned, or priced as something that was not given.

## Known limits
A line with negative units that cancels an earlier line exactly is taken out together with it before any check; what is left
here reverses nothing that is loaded. The units can also be wrong in the export only. An amount below zero counts as 0.00.

## How to answer it
Show the line as the payer received it, or send the corrected claim.
*/
with judged as (
  select line_id, rendering_npi, payer_id, service_date, procedure_code, units, amount, amount_basis,
    case when date_span then 'cannot_tell' when units <= 0 or units <> floor(units) then 'finding' else 'pass' end as verdict
  from core.claim_line
  where not is_denied
    -- between alone would take 0213T for anesthesia
    and not (procedure_code between '00100' and '01999' and regexp_full_match(procedure_code, '[0-9]{5}'))
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict, case when verdict = 'cannot_tell' then 'date-span' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    units: rtrim(rtrim(cast(units as varchar), '0'), '.')
  } end as evidence
from judged
