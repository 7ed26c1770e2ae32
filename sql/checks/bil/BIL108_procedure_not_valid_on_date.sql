/*---
code: BIL108
name: procedure-not-valid-on-date
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: none
payers: all
direction: over
reads: [core.claim_line, core.code_span, ref.procedure]
denial_codes:
  - {carc: "16", rarc: "M51", note: "as a Part B contractor shows it; N56 likewise"}
  - {carc: "181", note: "code not valid on the date of service"}
references:
  - {title: "CPT code life spans", section: "codes added and deleted each January (dates with the rows of ref.procedure)"}
  - {title: "HCPCS Level II", section: "add date and termination date; the termination date is the last usable day"}
message: "{procedure_code} is not a valid code on {service_date}: {why}."
fix: "Bill the code that was valid on the date and describes the service: {codes_on_date}. A person who knows the record decides."
---
## What it checks
Lines, denied ones too (at risk with amount 0), of codes whose first or last day is known. A service date before the first day or after the last day
is a finding; the last day itself is valid. The line is at risk. The fix names the codes that replaced it and were valid on the date, or for a code that did not yet exist the
codes that it replaced.

## Why it matters
A payer returns or denies a line whose code did not exist on the date of service.

## Known limits
Only codes of therapy, chemodenervation, functional reporting and toxins with dates are known, and the HCPCS Level II codes of a release that was added; every
other code is not judged. A line over several days is judged by its first.
A successor is named because it replaced the code, not because it describes this service; of 97127 and G0515 the payer decides which one it took.

## How to answer it
Show that the service date is wrong in the data, or the payer's notice that it took the code longer.
*/
with life as (
  select procedure_code, min(valid_from) as first_day, max(coalesce(valid_to, date '9999-12-31')) as end_day
  from core.code_span
  group by procedure_code
  having min(valid_from) > date '1900-01-01' or bool_and(valid_to is not null)
),
bad as (
  select l.line_id, l.procedure_code, l.service_date, f.first_day, f.end_day
  from core.claim_line l
  join life f on f.procedure_code = l.procedure_code
  anti join core.code_span p on p.procedure_code = l.procedure_code and p.valid_from <= l.service_date
    and (p.valid_to is null or l.service_date < p.valid_to)
),
successor as (
  select distinct procedure_code as code, unnest(string_split(successor_code, '|')) as following from ref.procedure where successor_code <> ''
),
-- codes before and after a code, however many steps away; a code that was itself replaced is passed through
relative as (
  with recursive reach as (
    select code, following as other, true as is_later from successor
    union
    select following, code, false from successor
    union
    select r.code, case when r.is_later then s.following else s.code end, r.is_later
    from reach r join successor s on r.other = case when r.is_later then s.code else s.following end
  )
  select code, other from reach
),
suggested as (
  select b.procedure_code, b.service_date, string_agg(r.other, ', ' order by r.other) as codes
  from (select distinct procedure_code, service_date from bad) b
  join relative r on r.code = b.procedure_code
  join ref.procedure p on p.procedure_code = r.other and p.valid_from <= b.service_date and (p.valid_to is null or b.service_date < p.valid_to)
  group by b.procedure_code, b.service_date
)
select l.line_id, l.rendering_npi as provider_npi, l.payer_id, l.service_date,
  case when b.line_id is not null then 'finding' else 'pass' end as verdict,
  null as reason,
  case when b.line_id is not null then l.amount end as amount_at_risk,
  l.amount_basis,
  case when b.line_id is not null then {
    procedure_code: l.procedure_code,
    service_date: l.service_date,
    why: case when l.service_date < b.first_day then 'its first day is ' || b.first_day
      when l.service_date >= b.end_day then 'its last day was ' || cast(b.end_day - 1 as date)
      else 'it was not in use on that date' end,
    codes_on_date: coalesce(s.codes, 'none is known')
  } end as evidence
from core.claim_line l
join life f on f.procedure_code = l.procedure_code
left join bad b on b.line_id = l.line_id
left join suggested s on s.procedure_code = b.procedure_code and s.service_date = b.service_date
