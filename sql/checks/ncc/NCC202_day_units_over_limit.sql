/*---
code: NCC202
name: day-units-over-limit
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: uses_ncci
direction: over
needs: [ref.unit_limit]
reads: [core.claim_line, core.repeated_line, core.modifier_set, core.payer, ref.unit_limit]
denial_codes:
  - {carc: "151", rarc: "N362", note: "unconfirmed pairing"}
  - {carc: "222", rarc: "N362", note: "unconfirmed pairing"}
references:
  - {title: "CMS NCCI medically unlikely edits, practitioner services", section: "units of a day, adjudication indicators 2 and 3"}
message: "{units_day} units of {procedure_code} stand on one day; the limit is {unit_limit} ({table_applied})."
fix: "Correct the units to what the record supports; where it supports them and the limit can be appealed, keep the records ready."
---
## What it checks
Lines that were not denied, for payers that apply unit limits, of codes whose limit holds for the whole day (adjudication indicator 2, fixed
by policy; 3, can be appealed with records) and is above 0. The units of one patient, date, payer, billing NPI, rendering NPI (a payer
switch takes all rendering NPIs of a billing NPI as one) and code are added over all lines. Above the limit they are one finding, listed on every line; the units above it are at risk, taken from
the last line first. The evidence also gives the strict amount: a payer may deny all units of the day. A row of the newest loaded
release stays in force until a newer one is loaded.
Where nothing can be said: `payer-rule-unknown`; `no-reference-for-date` before the first loaded limit of the code; `date-span`, a line over
several days; `units-not-billable`, units that are not a positive whole number; `waste-units`, above the limit only with units of JW.

## Why it matters
The payer's own edit denies such a day, often with all its units. Paid anyway, it can be asked back.

## Known limits
That units of JW (drug thrown away) count toward the limit is unconfirmed: they are left out of the units at risk, and a day
that is above only with them is `waste-units`. The table is that of a quarter and is applied to later dates until a newer one is loaded.
Limits of indicator 1 are judged line by line by NCC201, limits of 0 by NCC401. The denial codes are from memory. A day at the limit can still
lack medical necessity.

## How to answer it
With indicator 3, show records that support the units. With indicator 2 only a correction of the claim helps: units, code, date or provider.
*/
-- read twice rather than written down: the second reader takes only the few repeated lines
with line as not materialized (
  select l.line_id, l.patient_id, l.rendering_npi, l.billing_npi, l.payer_id, l.service_date, l.procedure_code, l.units, l.amount, l.amount_basis,
    l.date_span, w.modifier_set is not null as is_waste, p.uses_ncci, u.unit_limit, u.adjudication, u.release,
    p.same_provider = 'billing' as is_wide, l.received_date, l.claim_id, l.line_number
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  left join ref.unit_limit u on u.procedure_code = l.procedure_code and u.setting = p.ncci_setting
    and u.valid_from <= l.service_date and (u.valid_to is null or l.service_date < u.valid_to)
  left join (select modifier_set from core.modifier_set where list_contains(modifiers, 'JW')) w on w.modifier_set = l.modifier_set
  semi join (select distinct procedure_code, setting from ref.unit_limit where adjudication in (2, 3) and unit_limit > 0) k
    on k.procedure_code = l.procedure_code and k.setting = p.ncci_setting
  where not l.is_denied and coalesce(p.uses_ncci, true)
    and (u.procedure_code is null or (u.adjudication in (2, 3) and u.unit_limit > 0))
),
counted as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, procedure_code, units, amount, amount_basis, is_waste, uses_ncci,
    unit_limit, adjudication, release, 1 as lines_day, units as units_day, case when is_waste then 0 else units end as given_units, 0 as given_later,
    amount as strict_amount, date_span, units <= 0 or units <> floor(units) as odd_units, rendering_npi as provider
  from line
  anti join core.repeated_line using (line_id)
  where not is_wide
  union all
  select l.line_id, l.patient_id, l.rendering_npi, l.billing_npi, l.payer_id, l.service_date, l.procedure_code, l.units, l.amount, l.amount_basis,
    l.is_waste, l.uses_ncci, l.unit_limit, l.adjudication, l.release, r.group_lines, r.group_units,
    coalesce(sum(l.units) filter (not l.is_waste) over g, 0),
    coalesce(sum(l.units) filter (not l.is_waste) over (g order by r.line_order rows between 1 following and unbounded following), 0),
    case when count(l.amount) over g = r.group_lines then sum(l.amount) over g end, bool_or(l.date_span) over g,
    bool_or(l.units <= 0 or l.units <> floor(l.units)) over g, l.rendering_npi
  from line l
  join core.repeated_line r on r.line_id = l.line_id
  where not l.is_wide
  window g as (partition by r.group_id)
  union all
  -- the few payers for whom all rendering providers of a group are one
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, procedure_code, units, amount, amount_basis, is_waste, uses_ncci,
    unit_limit, adjudication, release, count(*) over g, sum(units) over g, coalesce(sum(units) filter (not is_waste) over g, 0),
    coalesce(sum(units) filter (not is_waste) over (
      g order by received_date nulls first, claim_id, line_number, line_id rows between 1 following and unbounded following), 0),
    case when count(amount) over g = count(*) over g then sum(amount) over g end, bool_or(date_span) over g,
    bool_or(units <= 0 or units <> floor(units)) over g, ''
  from line
  where is_wide
  window g as (partition by patient_id, service_date, payer_id, billing_npi, procedure_code)
),
judged as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, procedure_code, units, amount, amount_basis, unit_limit, adjudication,
    release, lines_day, units_day, given_units, given_later, is_waste, strict_amount, provider,
    case when uses_ncci is null then 'payer-rule-unknown' when unit_limit is null then 'no-reference-for-date' when date_span then 'date-span'
      when odd_units then 'units-not-billable' when given_units <= unit_limit and units_day > unit_limit then 'waste-units' end as reason,
    given_units > unit_limit as above
  from counted
),
decided as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, procedure_code, units, amount, amount_basis, unit_limit, adjudication,
    release, lines_day, units_day, given_units, given_later, is_waste, strict_amount, provider, reason,
    case when reason is not null then 'cannot_tell' when above then 'finding' else 'pass' end as verdict
  from judged
)
select line_id, case when verdict = 'finding' then concat_ws('|', patient_id, service_date, payer_id, billing_npi, provider, procedure_code) end
    as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict, reason,
  case when verdict = 'finding' then case when is_waste and amount is not null then cast(0 as decimal(12, 2)) else
    cents(amount * cast(least(units, greatest(given_units - unit_limit - given_later, 0)) as integer) / units) end
  end as amount_at_risk,
  amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    units_day: cast(units_day as integer),
    waste_units: cast(units_day - given_units as integer),
    lines_day: lines_day,
    unit_limit: unit_limit,
    excess_units: cast(given_units - unit_limit as integer),
    adjudication: adjudication,
    appealable: adjudication = 3,
    release: release,
    table_applied: 'table of ' || regexp_replace(release, '^MUE-', '') || ' applied to ' || service_date,
    strict_amount: cast(strict_amount as decimal(12, 2))
  } end as evidence
from decided
