/*---
code: COV103
name: second-diagnosis-missing
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
  - {title: "The payer's coverage policy or billing article, as loaded by the user", section: "groups of diagnoses that need each other"}
  - {title: "Noridian billing and coding article A57186", section: "group 2 codes with an asterisk need a code of group 3"}
message: "{policies} wants one diagnosis of each of two groups for {procedure_code}; with {diagnoses} one of group {missing} is missing."
fix: "Add the second diagnosis to the claim and point the line at it, if the record holds it; otherwise the therapist attests to why it was needed."
---
## What it checks
Lines, denied ones too (at risk with amount 0), whose code stands in a loaded policy of the payer and region that wants one diagnosis of each of two groups. Judged are the diagnoses that the
line points at. A finding if no pair is complete, no diagnosis is covered by itself, and either one of a pair is there or the policy lists pairs alone. The line is at
risk. It comes after COV102 and before COV101.

## Why it matters
The payer covers the first diagnosis only with the second, which says where it comes from.

## Known limits
Which of the two stands first on the claim is not judged. One diagnosis that stands in both groups completes the pair. Only what the user loaded is known; no list is shipped. The region is the payer's contractor, else the
state of the line; neither known, `region-missing`. A date outside the loaded versions: `policy-version-not-loaded`. Where the source records no pointers and no pair of
the claim is complete: `pointers-not-recorded`. A file without diagnoses: `diagnoses-not-recorded`.

## How to answer it
Show the second diagnosis in the record of that time.
*/
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when c.outcome = 'incomplete' then 'finding' when c.outcome in ('listed', 'noncovered', 'unlisted') then 'pass' else 'cannot_tell' end as verdict,
  case when c.outcome in ('region-missing', 'policy-version-not-loaded', 'diagnoses-not-recorded', 'pointers-not-recorded') then c.outcome end as reason,
  case when c.outcome = 'incomplete' then l.amount end as amount_at_risk,
  l.amount_basis,
  case when c.outcome = 'incomplete' then {
    procedure_code: l.procedure_code,
    diagnoses: coalesce(nullif(c.diagnoses, ''), 'none'),
    missing: c.missing,
    policies: c.policies
  } end as evidence
from core.claim_line l
join core.coverage_line c on l.line_id = c.line_id
where c.lists_pairs
