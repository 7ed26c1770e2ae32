/*---
table: mart.board
grain: one row per division (all, clinic, month, payer class) and item of it
reads: [core.run, core.claim_line, audit.observation, audit.observation_line, mart.provider]
columns:
  division: {type: VARCHAR, is: "all, clinic, month or payer_class"}
  item: {type: VARCHAR, is: "which one; blank for a clinic that is not named"}
  lines: {type: BIGINT, is: "lines audited"}
  patients: {type: BIGINT, is: "patients on them"}
  few_patients: {type: "VARCHAR[]", is: "which ones, where they are fewer than 11: to count those of several items together"}
  providers: {type: BIGINT, is: "rendering providers on them"}
  error_lines: {type: BIGINT, is: "lines that an error finding names"}
  error_patients: {type: BIGINT, is: "patients on these"}
  few_error_patients: {type: "VARCHAR[]", is: "which ones, as above"}
  over_lines: {type: BIGINT, is: "lines with an amount possibly paid over"}
  over_patients: {type: BIGINT, is: "patients on these"}
  few_over_patients: {type: "VARCHAR[]", is: "which ones, as above"}
  over_amount: {type: "DECIMAL(38,2)", is: "sum of these amounts, each line once at the largest of its findings"}
  under_lines: {type: BIGINT, is: "lines with an amount possibly billed under"}
  under_patients: {type: BIGINT, is: "patients on these"}
  under_amount: {type: "DECIMAL(38,2)", is: "sum of these amounts, in the same way"}
---
What a board may be told of is made from this, after items that are too small were put together. Nothing of it is shown as it is. A line
belongs to the clinic of its rendering provider, to the month of its date and to the class of its payer; no two divisions are crossed.
*/
with named as (
  select observation_line.line_id, bool_or(observation.severity = 'error') as has_error,
    max(observation_line.amount_at_risk) filter (where observation.direction = 'over') as over_amount,
    max(observation_line.amount_at_risk) filter (where observation.direction = 'under') as under_amount
  from audit.observation
  join core.run on run.run_key = observation.run_key
  join audit.observation_line on observation_line.run_key = observation.run_key and observation_line.finding_id = observation.finding_id
  where observation.state <> 'resolved'
  group by observation_line.line_id
),
line as (
  select claim_line.patient_id, claim_line.rendering_npi, coalesce(provider.clinic_id, '') as clinic,
    strftime(claim_line.service_date, '%Y-%m') as month, cast(claim_line.payer_class as varchar) as payer_class,
    coalesce(named.has_error, false) as has_error, coalesce(named.over_amount, 0) as over_amount, coalesce(named.under_amount, 0) as under_amount
  from core.claim_line
  join core.run on claim_line.service_date >= coalesce(run.window_from, claim_line.service_date)
    and claim_line.service_date <= coalesce(run.window_to, claim_line.service_date)
  left join named on named.line_id = claim_line.line_id
  left join mart.provider on provider.npi = claim_line.rendering_npi
)
select case when grouping(clinic) = 0 then 'clinic' when grouping(month) = 0 then 'month' when grouping(payer_class) = 0 then 'payer_class' else 'all' end as division,
  case when grouping(clinic) = 0 then clinic when grouping(month) = 0 then month when grouping(payer_class) = 0 then payer_class else '' end as item,
  count(*) as lines, count(distinct patient_id) as patients,
  case when count(distinct patient_id) < 11 then list(distinct patient_id) end as few_patients, count(distinct rendering_npi) as providers,
  count(*) filter (where has_error) as error_lines, count(distinct patient_id) filter (where has_error) as error_patients,
  case when count(distinct patient_id) filter (where has_error) < 11 then list(distinct patient_id) filter (where has_error) end as few_error_patients,
  count(*) filter (where over_amount > 0) as over_lines, count(distinct patient_id) filter (where over_amount > 0) as over_patients,
  case when count(distinct patient_id) filter (where over_amount > 0) < 11 then list(distinct patient_id) filter (where over_amount > 0) end as few_over_patients,
  coalesce(sum(over_amount) filter (where over_amount > 0), 0) as over_amount,
  count(*) filter (where under_amount > 0) as under_lines, count(distinct patient_id) filter (where under_amount > 0) as under_patients,
  coalesce(sum(under_amount) filter (where under_amount > 0), 0) as under_amount
from line
group by grouping sets ((), (clinic), (month), (payer_class))
