/*---
code: BIL112
name: claim-header-inconsistent
status: stable
since: 0.2.0
severity: review
subject: claim
partition_by: none
payers: all
direction: none
reads: [core.claim_line, core.claim_header]
references:
  - {title: "X12 837 professional claim", section: "fields of the claim loop, which a claim has once"}
message: "Lines of one claim differ in {fields}: {contradictory_values}."
fix: "Correct the export so that every line shows the claim as it was sent; if lines of two claims were joined, take them apart."
---
## What it checks
Every claim. Patient, payer, billing NPI, claim frequency, original claim, received date and the diagnoses by position belong to the claim and must agree on
its lines, whatever their status; lines that were superseded later are compared too. Nothing is at risk.

## Why it matters
Other checks take these fields from the line. Where they contradict each other, units, limits and deadlines may be counted for the wrong patient, claim or day.

## Known limits
A blank on some lines contradicts nothing. A line number that comes twice with another patient, payer, frequency, original or received date is another version, or another claim with the same number: each is
compared by itself. An export that gives only a line's own diagnoses, always in the first place, is reported for every claim that has several.

## How to answer it
Show the claim as it was sent.
*/
with reported as (
  select unnest(line_ids) as line_id from core.claim_header
),
claim as (
  select claim_id, patient_id, payer_id, billing_npi, min(rendering_npi) as provider_npi, min(service_date) as service_date
  from core.claim_line
  anti join reported using (line_id)
  group by claim_id, patient_id, payer_id, billing_npi
),
-- the records of a reported claim that stand
standing as (
  select r.line_ids, list(l.line_id order by l.line_id) as lines
  from core.claim_line l
  join (select line_ids, unnest(line_ids) as line_id from core.claim_header) r on l.line_id = r.line_id
  group by r.line_ids
)
select concat_ws('|', patient_id, payer_id, billing_npi, service_date) as subject_key,
  billing_npi, patient_id, provider_npi, payer_id, service_date,
  'pass' as verdict, null as reason, null::decimal(12, 2) as amount_at_risk, 'none' as amount_basis,
  null::struct(line_id bigint, amount decimal(12, 2))[] as line_shares,
  null::struct(fields varchar, contradictory_values varchar) as evidence
from claim
union all
-- claims that are alike in all that a finding is known by are told apart by their order
select concat_ws('|', h.patient_id, h.payer_id, h.billing_npi, h.service_date, h.received_date, array_to_string(h.differing, ' '),
    nullif(row_number() over (partition by h.patient_id, h.payer_id, h.billing_npi, h.service_date, h.received_date, h.differing
      order by h.claim_id, h.contradictory_values, h.line_ids), 1)),
  h.billing_npi, h.patient_id, h.rendering_npi, h.payer_id, h.service_date,
  'finding', null, 0.00::decimal(12, 2), 'none',
  list_transform(s.lines, lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}),
  {
    fields: array_to_string(h.differing, ', '),
    contradictory_values: array_to_string(h.contradictory_values, '; ')
  }
from core.claim_header h
left join standing s on s.line_ids = h.line_ids
