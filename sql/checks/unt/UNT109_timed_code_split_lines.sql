/*---
code: UNT109
name: timed-code-split-lines
status: stable
since: 0.1.0
severity: error
subject: claim_line
partition_by: patient_id
payers: medicare_b
direction: none
needs: [received_date]
reads: [core.claim_line, core.repeated_line]
references:
  - {title: "First Coast Service Options, counting units of timed therapy codes", section: "one line per timed code and day, received from 2021-04-19"}
message: "{procedure_code} stands on {lines_day} lines of one day that could be one line of {units_day} units."
fix: "Add up the minutes of the day and bill the code on one line; the units follow from the total."
---
## What it checks
Lines of codes counted in 15-minute units that Medicare Part B received from 2021-04-19 and did not deny. Two or more lines of one visit day
(patient, date, billing NPI, discipline, payer), rendering NPI and code are a finding, listed on each of them, unless
they differ in CQ or CO, KX, GA, GX, GY or GZ. Exact repeats of a line are left out first: they are BIL101. Where two lines remain and
only one of them has a received date the answer is `received-date-missing`, as it always is for a line without one; a line over several days is `date-span`.

## Why it matters
Medicare adds up all minutes of a timed code on a day and wants them on one line; it rejects the split ones.

## Known limits
The rule was read on a contractor's page. Modifiers such as 59 or 76 do not excuse a second line of a timed code. No amount is put at
risk: one line with the same units would have been payable.

## How to answer it
Show that an assistant furnished one of the lines (CQ, CO), or send a corrected claim with one line.
*/
-- read twice rather than written down: the second reader takes only the few repeated lines
with line as not materialized (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, coalesce(discipline, '') as discipline, procedure_code, units,
    modifiers, charge_amount, ndc, date_span, received_date
  from core.claim_line
  where payer_class = 'medicare_b' and unit_type = 'timed15' and not is_denied and coalesce(received_date >= date '2021-04-19', true)
),
-- every exact repeat but the first belongs to BIL101, whenever it was received
unrepeated as (
  select r.line_id, r.group_id
  from core.claim_line l
  join core.repeated_line r on l.line_id = r.line_id
  where l.payer_class = 'medicare_b' and l.unit_type = 'timed15'
  qualify row_number() over (partition by r.group_id, l.modifiers, l.units, l.charge_amount, l.ndc order by r.line_order) = 1
),
marked as (
  select l.line_id, u.group_id,
    list_aggregate(list_sort(list_filter(l.modifiers, lambda m: m in ('CQ', 'CO', 'KX', 'GA', 'GX', 'GY', 'GZ'))), 'string_agg', ' ') as markers
  from line l
  join unrepeated u on u.line_id = l.line_id
),
counted as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, discipline, procedure_code,
    null as markers, 1 as lines_day, 1 as dated_lines, units as units_day, date_span, true as dated
  from line
  anti join core.repeated_line using (line_id)
  union all
  select l.line_id, l.patient_id, l.rendering_npi, l.billing_npi, l.payer_id, l.service_date, l.discipline, l.procedure_code,
    m.markers, count(*) over g, count(l.received_date) over g, sum(l.units) over g, bool_or(l.date_span) over g, l.received_date is not null
  from line l
  join marked m on m.line_id = l.line_id
  window g as (partition by m.group_id, l.discipline, m.markers)
),
judged as (
  select line_id, patient_id, rendering_npi, billing_npi, payer_id, service_date, discipline, procedure_code, markers, lines_day,
    units_day,
    case when date_span then 'cannot_tell' when lines_day = 1 then 'pass' when dated and dated_lines > 1 then 'finding' else 'cannot_tell' end as verdict,
    case when date_span then 'date-span' when lines_day > 1 and (not dated or dated_lines = 1) then 'received-date-missing' end as reason
  from counted
)
select line_id,
  case when verdict = 'finding' then
    concat_ws('|', patient_id, service_date, billing_npi, discipline, payer_id, rendering_npi, procedure_code, coalesce(markers, '')) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date, verdict, reason, cast(0 as decimal(12, 2)) as amount_at_risk, 'none' as amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    lines_day: lines_day,
    units_day: rtrim(rtrim(cast(units_day as varchar), '0'), '.'),
    markers: markers
  } end as evidence
from judged
