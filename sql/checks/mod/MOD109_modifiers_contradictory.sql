/*---
code: MOD109
name: modifiers-contradictory
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.claim_line, core.modifier_set, ref.modifier_conflict]
denial_codes:
  - {carc: "50", note: "GZ: automatic denial as not necessary, group CO, service dates from 2011-07-01"}
references:
  - {title: "NGS Medicare article 1338625", section: "KX and GA never on one line"}
  - {title: "CMS Change Request 7228 (Transmittal 2148)", section: "GZ: denial without a notice on file"}
  - {title: "CMS MLN Matters MM8863", section: "59 and the X modifiers"}
message: "Modifiers of {procedure_code} contradict each other: {conflicts}."
fix: "Keep the modifier that the record supports; where KX, GA or GZ is kept, the provider attests to what it states."
---
## What it checks
Every line, whatever its code. Findings are: KX with GA, GY or GZ on a line with GP, GO or GN; GA with GZ; 59 with one of XE, XP, XS and
XU; JW with JZ; 96 with 97; and any modifier that stands more than once. A line with several of these is one finding that names all.
The line is at risk for KX with GA, GY or GZ and for GA with GZ; the others put no money in question.

## Why it matters
KX states that the service is necessary; GA and GZ that a denial as not necessary is expected; GY that it is excluded by law. A
payer denies such a line or returns it.

## Known limits
KX with GY and KX with GZ are derived from what the modifiers mean, not read in a rule. That 96 and 97 exclude each other comes from
a trade source and holds from 2018-01-01. JW and JZ on two lines of one drug are judged by INJ105. KX has other uses outside
therapy, so that its pairs are judged on lines with GP, GO or GN alone.

## How to answer it
Show the notice to the patient (or that there was none) and the documentation of necessity, and correct the line.
*/
with combination as (
  select modifier_set, modifiers from core.modifier_set where len(modifiers) > 1
),
repeated as (
  select modifier_set, modifiers, unnest(list_distinct(modifiers)) as modifier from combination where len(list_distinct(modifiers)) < len(modifiers)
),
statement as (
  select b.modifier_set, c.modifier_a || ' with ' || c.modifier_b as conflict, c.valid_from, c.valid_to, c.scope, c.line_at_risk
  from combination b
  join ref.modifier_conflict c on list_contains(b.modifiers, c.modifier_a) and list_contains(b.modifiers, c.modifier_b)
  union all
  select modifier_set, modifier || ' more than once', date '0001-01-01', null, 'any', false
  from repeated where len(list_filter(modifiers, lambda m: m = modifier)) > 1
),
conflicting as (
  select l.line_id, string_agg(s.conflict, ', ' order by s.conflict) as conflicts, bool_or(s.line_at_risk) as line_at_risk
  from core.claim_line l
  join statement s on s.modifier_set = l.modifier_set and s.valid_from <= l.service_date and (s.valid_to is null or l.service_date < s.valid_to)
    and (s.scope = 'any' or l.discipline_modifiers > 0)
  group by l.line_id
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when c.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when c.line_at_risk then l.amount when c.line_id is not null then cast(0 as decimal(12, 2)) end as amount_at_risk,
  case when c.line_at_risk then l.amount_basis else 'none' end as amount_basis,
  case when c.line_id is not null then {
    procedure_code: l.procedure_code,
    conflicts: c.conflicts,
    modifiers: array_to_string(l.modifiers, ' ')
  } end as evidence
from core.claim_line l
left join conflicting c on c.line_id = l.line_id
