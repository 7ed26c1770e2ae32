/*---
code: NCC102
name: pair-without-bypass-modifier
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
  - {title: "CMS NCCI procedure-to-procedure edits", section: "modifier indicator 1"}
  - {title: "CMS Change Request 11168", section: "59 and X modifiers on either line from 2019-07-01"}
message: "{procedure_code} is not payable beside {column_1} without a modifier that sets the services apart, and none stands where it counts ({table_applied})."
fix: "If the record shows separate services, add the modifier that says how (a person must attest to it); otherwise remove {procedure_code}."
---
## What it checks
Lines that were not denied, for payers that apply code pairs, whose code is the second of a pair in force on the date while the first was billed for
the same patient, date, payer, billing NPI and rendering NPI, on any claim. A pair of indicator 1 without a lifting modifier is a finding on the line of
the second code, and the whole line is at risk. What lifts a pair: 59, XE, XP, XS or XU on either line (before 2019-07-01 on the line of the second
code), never on an office visit; 24, 25 or 57 on the office visit of the pair; 58, 78 or 79 on a procedure; 91 on a laboratory test; a side or
digit modifier on either line, unless both lines carry the same. One lifting line of the first code is enough; each line of the second is judged alone.
Where nothing can be said: `payer-rule-unknown`; `edit-start-unknown`, the date lies in the span in which the pair began.

## Why it matters
The payer denies the second code. Paid anyway, it can be asked back.

## Known limits
The shipped table holds the codes of therapy, chemodenervation and what stands beside them, as of July 2024; it stays in force until a newer release is
loaded. Payers' own lists of modifiers differ. That 91 is for laboratory tests alone is from memory. A pair that no modifier lifts is NCC101's.

## How to answer it
Show in the record that the services were separate: other region, other session, other time; then correct the modifier.
*/
with judged as (
  select line_id, column_1, column_1_claim_id, column_1_line_number, release, modifiers_seen,
    case when uses_ncci is null then 'payer-rule-unknown'
      when indicator = 1 and bypass is null and not is_certain then 'edit-start-unknown' end as reason,
    indicator = 1 and bypass is null and is_certain and coalesce(uses_ncci, false) as is_hit
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
