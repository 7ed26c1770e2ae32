/*---
code: NCC201
name: line-units-over-limit
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: over
needs: [ref.unit_limit]
reads: [core.claim_line, core.payer, ref.unit_limit]
denial_codes:
  - {carc: "151", rarc: "N362", note: "unconfirmed pairing"}
references:
  - {title: "CMS NCCI medically unlikely edits", section: "units of a line, adjudication indicator 1"}
message: "{units_billed} units of {procedure_code} stand on one line; the limit of a line is {unit_limit} ({table_applied})."
fix: "Correct the units to what the record supports; where it supports more, split the line with the modifier that says why."
---
## What it checks
Lines that were not denied, for payers that apply unit limits, of codes whose limit holds for each line by itself (adjudication indicator 1) and
is above 0. Units above the limit are at risk. A row of the newest loaded release stays in force until a newer one is loaded.
Where nothing can be said: `payer-rule-unknown`; `no-reference-for-date` before the first loaded limit of the code;
`units-not-billable` where the units are not a positive whole number.

## Why it matters
The payer's own edit denies the whole line.

## Known limits
Most codes have a limit for the day, which is NCC202's; limits of 0 are NCC401's. The table is that of a quarter and is applied to later dates until a
newer one is loaded.

## How to answer it
Show records that support the units, on lines that say why they stand apart.
*/
with line as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.units, l.amount, l.amount_basis, u.unit_limit, u.release,
    case when p.uses_ncci is null then 'payer-rule-unknown' when u.unit_limit is null then 'no-reference-for-date'
      when l.units <= 0 or l.units <> floor(l.units) then 'units-not-billable' end as reason
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  left join ref.unit_limit u on u.procedure_code = l.procedure_code and u.setting = p.ncci_setting
    and u.valid_from <= l.service_date and (u.valid_to is null or l.service_date < u.valid_to)
  where not l.is_denied and coalesce(p.uses_ncci, true)
    and (l.procedure_code, p.ncci_setting) in (select (procedure_code, setting) from ref.unit_limit where adjudication = 1 and unit_limit > 0)
    and (u.procedure_code is null or (u.adjudication = 1 and u.unit_limit > 0))
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when reason is not null then 'cannot_tell' when units > unit_limit then 'finding' else 'pass' end as verdict,
  reason,
  case when reason is null and units > unit_limit then
    cents(amount * (units - unit_limit) / units) end as amount_at_risk,
  amount_basis,
  case when reason is null and units > unit_limit then {
    procedure_code: procedure_code,
    units_billed: rtrim(rtrim(cast(units as varchar), '0'), '.'),
    unit_limit: unit_limit,
    excess_units: rtrim(rtrim(cast(units - unit_limit as varchar), '0'), '.'),
    strict_amount: amount,
    release: release,
    table_applied: 'table of ' || regexp_extract(release, '[0-9]{4}Q[0-9]') || ' applied to ' || service_date
  } end as evidence
from line
