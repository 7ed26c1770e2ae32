/*---
code: MOD111
name: distinct-service-modifier-without-pair
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: none
needs: [ref.pair_edit]
reads: [core.claim_line, core.modifier_set, core.payer, core.pair_on_day, ref.pair_edit]
denial_codes:
  - {carc: "4", rarc: "N519", note: "unconfirmed pairing"}
references:
  - {title: "CMS NCCI procedure-to-procedure edits", section: "use of 59 and X modifiers"}
message: "{modifiers} stands on {procedure_code}, and no code pair of that day needs it (billed beside it: {other_codes})."
fix: "Leave the modifier off, unless the payer's own rule asks for it; a person has to say why it was set."
---
## What it checks
Lines with 59, XE, XP, XS or XU that were not denied, for payers that apply code pairs. If the line is in no code pair in force on the date with
another code of the same patient, date, payer, billing NPI and rendering NPI, as first or second code, the modifier says nothing and is a finding without an
amount. It passes where a pair of the day needs it, where the pair is one that no modifier lifts (NCC101's), and where the same code stands on another line.
Where nothing can be said: `payer-rule-unknown`; `pair-table-partial`, a code of the day is not in the loaded table; `edit-start-unknown`, a pair of the line lies in
the span in which it began.

## Why it matters
Modifiers that set services apart are counted by reviewers; one without a reason invites the question.

## Known limits
The shipped table holds the codes of therapy, chemodenervation and what stands beside them. A payer may ask for the modifier by a rule of its own.

## How to answer it
Name the rule that asks for it, or leave it off.
*/
with line as (
  select l.line_id, l.patient_id, l.service_date, l.payer_id, l.billing_npi, l.rendering_npi, l.procedure_code, l.modifiers, p.uses_ncci,
    case when p.same_provider = 'rendering' then l.rendering_npi else '' end as provider
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  where not l.is_denied and coalesce(p.uses_ncci, true) and l.modifier_set in (
      select modifier_set from core.modifier_set where list_has_any(modifiers, ['59', 'XE', 'XP', 'XS', 'XU']))
),
day as (select distinct patient_id, service_date, payer_id, billing_npi, provider from line),
known as (select column_1 as code from ref.pair_edit union select column_2 from ref.pair_edit),
beside as (
  select d.patient_id, d.service_date, d.payer_id, d.billing_npi, d.provider, o.line_id, o.procedure_code, k.code is not null as is_known
  from core.claim_line o
  join core.payer p on p.payer_id = o.payer_id
  join day d on d.patient_id = o.patient_id and d.service_date = o.service_date and d.payer_id = o.payer_id and d.billing_npi = o.billing_npi
    and d.provider = case when p.same_provider = 'rendering' then o.rendering_npi else '' end
  left join known k on k.code = o.procedure_code
  where not o.is_denied
),
other as (
  select l.line_id, bool_or(b.procedure_code = l.procedure_code) as is_repeated,
    bool_and(b.is_known) filter (b.procedure_code <> l.procedure_code) as all_known,
    string_agg(distinct b.procedure_code, ', ' order by b.procedure_code) as other_codes
  from line l
  join beside b using (patient_id, service_date, payer_id, billing_npi, provider)
  where b.line_id <> l.line_id
  group by l.line_id
),
paired as (
  select line_id, bool_or(is_certain) as is_certain
  from (
    select line_id, is_certain from core.pair_on_day
    union all
    select unnest(column_1_lines), is_certain from core.pair_on_day
  )
  group by line_id
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.modifiers, coalesce(o.other_codes, 'nothing') as other_codes,
    case when l.uses_ncci is null then 'cannot_tell'
      when coalesce(o.is_repeated, false) or coalesce(p.is_certain, false) then 'pass'
      when p.line_id is not null or not coalesce(o.all_known, true) then 'cannot_tell' else 'finding' end as verdict,
    case when l.uses_ncci is null then 'payer-rule-unknown' when p.line_id is not null then 'edit-start-unknown' else 'pair-table-partial' end as reason
  from line l
  left join other o on o.line_id = l.line_id
  left join paired p on p.line_id = l.line_id
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then reason end as reason,
  case when verdict = 'finding' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    modifiers: array_to_string(list_filter(modifiers, lambda m: m in ('59', 'XE', 'XP', 'XS', 'XU')), ', '),
    other_codes: other_codes
  } end as evidence
from judged
