/*---
code: COV101
name: diagnosis-not-listed
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
  - {title: "The payer's coverage policy or billing article, as loaded by the user", section: "diagnoses that support the procedure"}
  - {title: "Medicare Program Integrity Manual, chapter 13", section: "13.5.1: code lists stand in billing and coding articles"}
message: "None of the line's diagnoses ({diagnoses}) is listed for {procedure_code} in {policies}."
fix: "Point the line at the diagnosis that the service was for, if the record holds one that is listed; otherwise the therapist attests to why it was needed."
---
## What it checks
Lines, denied ones too (at risk with amount 0), whose code stands in a loaded policy of the payer and region that lists diagnoses. Judged are the diagnoses that the line points at. A finding if none is
listed for the date, and neither COV102 nor COV103 says so first. The line is at risk. A code for which no policy is loaded is not judged.

## Why it matters
A payer with such a list pays the code for the diagnoses on it and denies it for others.

## Known limits
Only what the user loaded is known; no list is shipped. The region is the payer's contractor, else the state of the line; neither known, `region-missing`. A date outside the loaded versions: `policy-version-not-loaded`.
Where the source records no pointers the line passes if any diagnosis of the claim is listed, otherwise `pointers-not-recorded`. A file without diagnoses: `diagnoses-not-recorded`. Conditions of a policy other than
its lists (frequency, earlier treatment) are not seen.

## How to answer it
Show the listed diagnosis in the record, or the policy that lists the one billed.
*/
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when c.outcome = 'unlisted' then 'finding' when c.outcome in ('listed', 'noncovered', 'incomplete') then 'pass' else 'cannot_tell' end as verdict,
  case when c.outcome in ('region-missing', 'policy-version-not-loaded', 'diagnoses-not-recorded', 'pointers-not-recorded') then c.outcome end as reason,
  case when c.outcome = 'unlisted' then l.amount end as amount_at_risk,
  l.amount_basis,
  case when c.outcome = 'unlisted' then {
    procedure_code: l.procedure_code,
    diagnoses: coalesce(nullif(c.diagnoses, ''), 'none'),
    policies: c.policies
  } end as evidence
from core.claim_line l
join core.coverage_line c on l.line_id = c.line_id
where c.lists_covered
