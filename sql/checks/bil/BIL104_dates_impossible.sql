/*---
code: BIL104
name: dates-impossible
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: none
payers: all
direction: over
needs: [received_date]
reads: [core.claim_line]
references:
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 1, section 70", section: "service dates and receipt (read in copies)"}
message: "The dates cannot be: {contradiction}."
fix: "Correct the date that is wrong from the note and the payer's receipt."
---
## What it checks
Every line. A service date after the day the payer received the claim, and a last service date before the first, are findings; the
line is at risk.

## Why it matters
A service that was billed before it was given was not billed for that date; the payer rejects the claim, and every check that rests
on the date judges the wrong day.

## Known limits
The wrong date may be the receipt, not the service; some systems overwrite the receipt date. Without a received date only the second
part can be seen, and a line that shows nothing there cannot be told. Of a line over several days the first day is compared with the receipt, not the
last one. Service dates after the as-of date of the run are counted
with the input and not judged.

## How to answer it
Show the note of the day and the payer's receipt, and correct the claim or the data.
*/
with seen as (
  select line_id, rendering_npi as provider_npi, payer_id, service_date, amount, amount_basis, procedure_code, received_date, service_date_to,
    coalesce(service_date > received_date, false) as after_receipt,
    coalesce(service_date_to < service_date, false) as reversed
  from core.claim_line
),
judged as (
  select line_id, provider_npi, payer_id, service_date, amount, amount_basis, procedure_code, received_date, service_date_to, after_receipt,
    reversed, case when after_receipt or reversed then 'finding' when received_date is null then 'cannot_tell' else 'pass' end as verdict
  from seen
)
select line_id, provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'received-date-missing' end as reason,
  case when verdict = 'finding' then amount end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    contradiction: concat_ws(' and ',
      case when after_receipt then 'the service of ' || service_date || ' came after the receipt of ' || received_date end,
      case when reversed then 'the service ended on ' || service_date_to || ', before it began on ' || service_date end),
    procedure_code: procedure_code,
    service_date_to: service_date_to,
    received_date: received_date
  } end as evidence
from judged
