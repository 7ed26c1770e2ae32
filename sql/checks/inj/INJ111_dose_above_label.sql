/*---
code: INJ111
name: dose-above-label
status: preview
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: over
reads: [core.drug_line]
references:
  - {title: "Prescribing information of the product", section: "2, dosage and administration; values read in public copies, see the reference set drug_dose"}
message: "{dose_day} units of {product} on the day and {dose_window} within {window_days} days are above the label ({day_dose} and {window_dose})."
fix: "Have the provider show the dose in the record and the reason for it; if the billed units are wrong, correct them."
---
## What it checks
Lines of botulinum toxins without JW that were not denied. The dose given to a patient, in units of the drug, is added up over all providers, for the day and for the days
up to and including it within the window (84 days). A dose of the day or of the window above the highest of the label is one finding on the day's lines. The
units above it, at most those of the day, are at risk, taken from the last line first. A service that stands with several payers (same
patient, date, rendering NPI, code, units and modifiers) counts once. Before the drug's first label row: `no-reference-for-date`. Units that are no positive
whole number anywhere in the window: `units-not-billable`.

## Why it matters
Coverage follows the label; a dose above it has to be explained, for the patient's sake first.

## Known limits
Label values are the highest for adults over all indications, read in public copies and not confirmed; that is why the check ships as a preview. Myobloc's label
names no maximum: the highest dose of its studies stands in. Weight, indication, and doses before the loaded period or elsewhere are not known. Each drug is
counted by itself.

## How to answer it
Show dose, sites and reason in the record.
*/
with service as (
  select patient_id, service_date, procedure_code, billing_unit, day_dose, window_dose, window_days, units, is_countable, max(times) as times
  from (
    select patient_id, service_date, rendering_npi, procedure_code, billing_unit, day_dose, window_dose, window_days, units, modifiers, is_countable, payer_id,
      count(*) as times
    from core.drug_line
    where not is_waste
    group by all
  )
  group by patient_id, service_date, rendering_npi, procedure_code, billing_unit, day_dose, window_dose, window_days, units, modifiers, is_countable
),
day as (
  select patient_id, service_date, procedure_code, day_dose, window_dose, window_days, sum(units * times * billing_unit) as dose,
    bool_and(is_countable) as is_countable
  from service
  group by patient_id, service_date, procedure_code, day_dose, window_dose, window_days
),
dosed as (
  select d.patient_id, d.service_date, d.procedure_code, d.day_dose, d.window_dose, d.window_days, cast(max(d.dose) as bigint) as dose_day,
    cast(sum(e.dose) as bigint) as dose_window, bool_and(e.is_countable) as is_countable
  from day d
  join day e on e.patient_id = d.patient_id and e.procedure_code = d.procedure_code and e.service_date <= d.service_date
    and e.service_date > d.service_date - d.window_days
  group by d.patient_id, d.service_date, d.procedure_code, d.day_dose, d.window_dose, d.window_days
),
line as (
  select l.line_id, l.patient_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.product, l.units, l.amount, l.amount_basis,
    l.window_days, l.day_dose, l.window_dose, d.dose_day, d.dose_window, d.is_countable,
    -- no more than the day itself can be taken back
    least(greatest(d.dose_day - d.day_dose, d.dose_window - d.window_dose), d.dose_day) // l.billing_unit as excess,
    coalesce(sum(l.units) over (
      partition by l.patient_id, l.service_date, l.procedure_code order by l.line_order rows between 1 following and unbounded following), 0)
      as units_later
  from core.drug_line l
  left join dosed d on d.patient_id = l.patient_id and d.service_date = l.service_date and d.procedure_code = l.procedure_code
  where not l.is_waste
),
judged as (
  select line_id, patient_id, rendering_npi, payer_id, service_date, procedure_code, product, units, amount, amount_basis, dose_day, dose_window,
    window_days, day_dose, window_dose, least(units, greatest(excess - units_later, 0)) as lost,
    case when day_dose is null then 'no-reference-for-date' when not is_countable then 'units-not-billable'
      when excess > 0 then 'above' else 'within' end as outcome
  from line
)
select line_id,
  case when outcome = 'above' then concat_ws('|', patient_id, service_date, procedure_code) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'above' then 'finding' when 'within' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('above', 'within') then outcome end as reason,
  case when outcome = 'above' then cents(amount * lost / units) end as amount_at_risk,
  amount_basis,
  case when outcome = 'above' then {
    procedure_code: procedure_code,
    product: product,
    dose_day: dose_day,
    dose_window: dose_window,
    window_days: window_days,
    day_dose: day_dose,
    window_dose: window_dose
  } end as evidence
from judged
