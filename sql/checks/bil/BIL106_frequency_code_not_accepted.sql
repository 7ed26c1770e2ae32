/*---
code: BIL106
name: frequency-code-not-accepted
status: stable
since: 0.2.0
severity: review
subject: claim
partition_by: patient_id
payers: all
direction: none
needs: [claim_frequency]
reads: [core.correction, core.payer]
references:
  - {title: "X12 837 professional claim, CLM05-3", section: "claim frequency codes 1, 7 and 8"}
message: "The claim was sent as a {sent_as} (frequency code {claim_frequency}): {why}."
fix: "Find out what the payer did with it. To Medicare Part B a correction is sent as a reopening or a new claim; elsewhere name the payer's number of the claim that is corrected."
---
## What it checks
Every claim sent with frequency code 7 (replacement) or 8 (void), whatever became of it. A finding if the payer is Medicare Part B, or if the claim that it
points at is not loaded for the same patient and payer, or if it names none. Nothing is at risk.

## Why it matters
A correction that the payer did not accept leaves the first claim in force, and what is audited is then not what was paid. A void without its original
hides a line; a replacement without it may stand beside it.

## Known limits
That Part B contractors take only originals could not be confirmed, and one source says otherwise: a person looks. The original can lie outside the
loaded files. A replacement whose original is not loaded is audited as it is; a void whose original is not loaded is left out.

## How to answer it
Show the payer's acknowledgement of the correction, or load the original.
*/
with judged as (
  select c.patient_id, c.payer_id, c.billing_npi, c.rendering_npi, c.claim_frequency, c.original_claim_id, c.received_date, c.service_date, c.line_ids,
    -- submissions that are alike in all that a finding is known by are told apart by their order
    row_number() over (partition by c.patient_id, c.payer_id, c.billing_npi, c.rendering_npi, c.service_date, c.claim_frequency, c.received_date
      order by c.claim_id, c.original_claim_id) as ordinal,
    concat_ws(', and ',
      case when p.payer_class = 'medicare_b' then 'Medicare Part B may take originals only' end,
      case when c.original_claim_id is null then 'it names no claim that it corrects'
        when not c.original_loaded then 'the claim that it corrects is not loaded' end) as why
  from core.correction c
  join core.payer p on p.payer_id = c.payer_id
)
select concat_ws('|', patient_id, payer_id, billing_npi, rendering_npi, service_date, claim_frequency, received_date, case when ordinal > 1 then ordinal end) as subject_key,
  billing_npi, patient_id, rendering_npi as provider_npi, payer_id, service_date,
  case when why <> '' then 'finding' else 'pass' end as verdict,
  null as reason,
  case when why <> '' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when why <> '' then list_transform(line_ids, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when why <> '' then {
    sent_as: case claim_frequency when '7' then 'replacement' else 'void' end,
    claim_frequency: claim_frequency,
    original_claim_id: original_claim_id,
    received_date: received_date,
    why: why
  } end as evidence
from judged
