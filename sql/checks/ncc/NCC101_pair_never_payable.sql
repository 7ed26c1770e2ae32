/*---
code: NCC101
name: pair-never-payable
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: over
needs: [ref.pair_edit]
reads: [core.claim_line, core.pair_on_day]
denial_codes:
  - {carc: "97", rarc: "M15", note: "unconfirmed pairing"}
  - {carc: "236", note: "unconfirmed pairing"}
references:
  - {title: "CMS NCCI procedure-to-procedure edits", section: "modifier indicator 0"}
message: "{procedure_code} is not payable beside {column_1}, which was billed the same day ({table_applied}); no modifier changes that."
fix: "Remove {procedure_code} from the claim, or correct the code that was not the service given; a modifier does not help."
---
## What it checks
Lines that were not denied, for payers that apply code pairs, whose code is the second of a pair in force on the date while the first was billed for
the same patient, date, payer, billing NPI and rendering NPI, on any claim. A pair of indicator 0 is a finding on the line of the second code, and
the whole line is at risk. A payer can be set to look at the billing NPI alone (`same_provider`). Where several pairs meet one line, the one that decides is shown and
all are listed.
Where nothing can be said: `payer-rule-unknown`; `edit-start-unknown`, the date lies in the span in which the pair began.

## Why it matters
The payer denies the second code, whatever modifier it carries. Paid anyway, it can be asked back.

## Known limits
The shipped table holds the codes of therapy, chemodenervation and what stands beside them, as of July 2024; it stays in force until a newer release is
loaded. Many starts are known only within bounds. What a payer calls the same provider differs.

## How to answer it
Show that one of the two codes was not the service given, and correct the claim.
*/
with judged as (
  select line_id, column_1, column_1_claim_id, column_1_line_number, release, modifiers_seen,
    case when uses_ncci is null then 'payer-rule-unknown' when indicator = 0 and not is_certain then 'edit-start-unknown' end as reason,
    indicator = 0 and is_certain and coalesce(uses_ncci, false) as is_hit
  from core.pair_on_day
),
decided as (
  select line_id, column_1, column_1_claim_id, column_1_line_number, release, modifiers_seen, reason, is_hit,
    string_agg(column_1, ', ') filter (is_hit) over (partition by line_id order by column_1 rows between unbounded preceding and unbounded following)
      as all_column_1
  from judged
  qualify row_number() over (partition by line_id order by is_hit desc, reason nulls last, column_1) = 1
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when d.is_hit then 'finding' when d.reason is not null then 'cannot_tell' else 'pass' end as verdict,
  case when not d.is_hit then d.reason end as reason,
  case when d.is_hit then l.amount end as amount_at_risk,
  l.amount_basis,
  case when d.is_hit then {
    procedure_code: l.procedure_code,
    column_1: d.column_1,
    column_1_claim_id: d.column_1_claim_id,
    column_1_line_number: d.column_1_line_number,
    all_column_1: d.all_column_1,
    modifiers_seen: d.modifiers_seen,
    release: d.release,
    table_applied: 'table of ' || regexp_extract(d.release, '[0-9]{4}Q[0-9]') || ' applied to ' || l.service_date
  } end as evidence
from core.claim_line l join decided d on d.line_id = l.line_id
