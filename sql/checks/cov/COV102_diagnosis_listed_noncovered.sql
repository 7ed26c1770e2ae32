/*---
code: COV102
name: diagnosis-listed-noncovered
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
needs: [coverage_policies, diagnosis_1, diagnosis_pointers]
reads: [core.claim_line, core.coverage_line]
denial_codes:
  - {carc: "50", rarc: "N115", note: "as read on a page for equipment"}
references:
  - {title: "The payer's coverage policy or billing article, as loaded by the user", section: "diagnoses that do not support the procedure"}
message: "Diagnosis {noncovered} is on the list of those for which {policies} does not cover {procedure_code}."
fix: "Point the line at the diagnosis that the service was for; if it is this one, the payer does not cover it."
---
## What it checks
Lines, denied ones too (at risk with amount 0), whose code stands in a loaded policy of the payer and region with a list of diagnoses that are not covered. Judged are the diagnoses that the line
points at. A finding if one of them is on that list; the line is at risk. It comes before COV103 and COV101.

## Why it matters
The payer has said in advance that it does not pay the code for this diagnosis.

## Known limits
Only what the user loaded is known; no list is shipped. The region is the payer's contractor, else the state of the line; neither known, `region-missing`. A date outside the loaded versions: `policy-version-not-loaded`.
Where the source records no pointers, a diagnosis of the claim on the list may not be the line's: `pointers-not-recorded`, unless another one is covered. A file without diagnoses: `diagnoses-not-recorded`.

## How to answer it
Show the record of what the service was for.
*/
with judged as (
  select line_id, policies, noncovered,
    case when outcome = 'noncovered' then 'finding'
      when outcome in ('policy-version-not-loaded', 'diagnoses-not-recorded') then outcome
      when outcome = 'pointers-not-recorded' and noncovered_seen then outcome
      when outcome = 'region-missing' and policies is null then outcome
      else 'pass' end as state
  from core.coverage_line
  where lists_noncovered
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when c.state in ('finding', 'pass') then c.state else 'cannot_tell' end as verdict,
  case when c.state not in ('finding', 'pass') then c.state end as reason,
  case when c.state = 'finding' then l.amount end as amount_at_risk,
  l.amount_basis,
  case when c.state = 'finding' then {
    procedure_code: l.procedure_code,
    noncovered: c.noncovered,
    policies: c.policies
  } end as evidence
from core.claim_line l
join judged c on l.line_id = c.line_id
