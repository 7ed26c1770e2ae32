/*---
code: MOD112
name: modifier-not-valid-on-date
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, core.modifier_set, ref.modifier]
denial_codes:
  - {carc: "182", rarc: "N823", note: "unconfirmed pairing"}
references:
  - {title: "CMS HCPCS Level II file", section: "modifiers, added and terminated"}
message: "Modifier {modifiers} on {procedure_code} is not valid on {service_date}: {why}."
fix: "Correct the modifier to one that exists on the date of service; the person who coded the line says which was meant."
---
## What it checks
Every line with a modifier, denied ones too. A modifier that is not two characters, capitals or digits, is a finding, and so is one whose dates are known and
that was not in force on the date of service. The first and the last day count as valid. Nothing is at risk: it is an error of form that can be corrected.

## Why it matters
The payer returns the line until the modifier is right.

## Known limits
Only modifiers in the reference table with known dates are judged by date; one that is not listed passes.

## How to answer it
Show the payer's list in which the modifier stands for that date.
*/
with dated as (
  select modifier, min(valid_from) as first_day, max(coalesce(valid_to, date '9999-12-31')) as after_last_day
  from ref.modifier where valid_from > date '1900-01-01' or valid_to is not null
  group by modifier
),
form as (
  -- few sequences of modifiers stand on many lines: each is looked at once
  select modifier_set, list_filter(modifiers, lambda m: not regexp_full_match(m, '[A-Z0-9]{2}')) as malformed,
    list_has_any(modifiers, (select list(modifier) from dated)) as has_dated
  from core.modifier_set where len(modifiers) > 0
),
suspect as (
  select l.line_id, f.malformed,
    list(m.modifier order by m.modifier) filter (m.modifier is not null) as out_of_dates
  from core.claim_line l
  join form f on f.modifier_set = l.modifier_set and (len(f.malformed) > 0 or f.has_dated)
  left join dated m on list_contains(l.modifiers, m.modifier) and (l.service_date < m.first_day or l.service_date >= m.after_last_day)
    and not exists (
      select 1 from ref.modifier r where r.modifier = m.modifier and r.valid_from <= l.service_date
        and (r.valid_to is null or l.service_date < r.valid_to))
  group by l.line_id, f.malformed
  having len(f.malformed) > 0 or count(m.modifier) > 0
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when s.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when s.line_id is not null then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when s.line_id is not null then {
    procedure_code: l.procedure_code,
    modifiers: array_to_string(list_concat(s.malformed, coalesce(s.out_of_dates, [])), ', '),
    service_date: l.service_date,
    why: case when len(s.malformed) > 0 then 'a modifier is two characters, capitals or digits' else 'it was not in force' end
  } end as evidence
from core.claim_line l
left join suspect s on s.line_id = l.line_id
where l.modifier_set in (select modifier_set from core.modifier_set where len(modifiers) > 0)
