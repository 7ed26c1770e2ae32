/*---
table: mart.suppression_fault
grain: one row per suppression and fault of it
reads: [mart.decision]
columns:
  kind: {type: VARCHAR, is: "expired, breached or unused"}
  finding_id: {type: VARCHAR, is: "finding"}
  check_code: {type: VARCHAR, is: "check"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  reason_code: {type: VARCHAR, is: "reason of the suppression"}
  is_baseline: {type: BOOLEAN, is: "part of a baseline"}
  reviewer: {type: VARCHAR, is: "who decided"}
  approver: {type: VARCHAR, is: "who approved"}
  decided_on: {type: DATE, is: "day of the decision"}
  expires_on: {type: DATE, is: "last day on which it holds"}
  ceiling: {type: "DECIMAL(12,2)", is: "most money that it may hide; null = no limit"}
  amount_then: {type: "DECIMAL(12,2)", is: "money in question when it was decided"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question now; null when the finding is gone or the amount is unknown"}
  why: {type: VARCHAR, is: "what is wrong with it, in one sentence"}
---
Findings about suppressions: those that are past their last day, hide more or something else than what was approved, or hide nothing any more. An expired or breached one hides nothing.
*/
with fault as (
  select *, unnest(list_filter([
      case when is_gone then 'unused' end,
      case when is_expired and not is_gone then 'expired' end,
      case when (is_over_ceiling or is_updated) and not is_gone then 'breached' end], lambda kind: kind is not null)) as kind
  from mart.decision where decision = 'suppressed'
)
select kind, finding_id, check_code, provider_npi, reason_code, is_baseline, reviewer, approver, decided_on, expires_on, ceiling, amount_then, amount_at_risk,
  case kind
    when 'unused' then 'The finding no longer occurs: nothing is left to suppress.'
    when 'expired' then 'Its last day was ' || expires_on || ': the finding is open work again.'
    else concat_ws(' ', case when is_over_ceiling then 'The amount at risk, ' || amount_at_risk || ', is above the ceiling of ' || ceiling || '.' end,
      case when is_updated then 'The finding is not what it was when the suppression was approved.' end) end as why
from fault
