/*---
code: NCC103
name: pair-bypassed
status: stable
since: 0.2.0
severity: info
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: none
needs: [ref.pair_edit]
reads: [core.claim_line, core.pair_on_day]
references:
  - {title: "CMS NCCI procedure-to-procedure edits", section: "modifier indicator 1: the record must support the modifier"}
message: "{procedure_code} was billed beside {column_1} with {bypass}, which lifts the pair; the record has to show separate services."
fix: "Keep the note that shows separate regions, sessions or times; without it {procedure_code} is not payable."
---
## What it checks
The lines of NCC102: the second code of a pair in force on the date, with the first billed the same day by the same provider. A pair of indicator 1 that a
modifier lifts is listed here, without an amount: nothing is wrong on the claim, and the record must bear it out.
Where nothing can be said: `payer-rule-unknown`; `edit-start-unknown`, the date lies in the span in which the pair began.

## Why it matters
Reviewers look for such modifiers, and ask for the record.

## Known limits
Whether the services were separate stands in the record, not on the claim.

## How to answer it
Show the part of the note that sets the two services apart.
*/
with judged as (
  select line_id, column_1, column_1_claim_id, column_1_line_number, release, modifiers_seen, bypass,
    case when uses_ncci is null then 'payer-rule-unknown'
      when indicator = 1 and bypass is not null and not is_certain then 'edit-start-unknown' end as reason,
    indicator = 1 and bypass is not null and is_certain and coalesce(uses_ncci, false) as is_hit
  from core.pair_on_day
),
decided as (
  select line_id, column_1, column_1_claim_id, column_1_line_number, release, modifiers_seen, bypass, reason, is_hit,
    string_agg(column_1, ', ') filter (is_hit) over (partition by line_id order by column_1 rows between unbounded preceding and unbounded following)
      as all_column_1
  from judged
  qualify row_number() over (partition by line_id order by is_hit desc, reason nulls last, column_1) = 1
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when d.is_hit then 'finding' when d.reason is not null then 'cannot_tell' else 'pass' end as verdict,
  case when not d.is_hit then d.reason end as reason,
  case when d.is_hit then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when d.is_hit then {
    procedure_code: l.procedure_code,
    column_1: d.column_1,
    bypass: d.bypass,
    column_1_claim_id: d.column_1_claim_id,
    column_1_line_number: d.column_1_line_number,
    all_column_1: d.all_column_1,
    modifiers_seen: d.modifiers_seen,
    release: d.release
  } end as evidence
from core.claim_line l join decided d on d.line_id = l.line_id
