/*---
table: mart.provider_line
grain: one row per provider and claim line that a finding of that provider names
reads: [core.run, core.claim_line, audit.observation, audit.observation_line]
columns:
  npi: {type: VARCHAR, is: "provider whose page shows the finding"}
  line_id: {type: BIGINT, is: "claim line"}
  own: {type: BOOLEAN, is: "the line has this provider as rendering NPI"}
  has_error: {type: BOOLEAN, is: "an error finding names the line"}
  has_review: {type: BOOLEAN, is: "a review finding names the line"}
  over_amount: {type: "DECIMAL(12,2)", is: "largest of its amounts possibly paid over"}
  over_basis: {type: VARCHAR, is: "basis of that amount"}
  under_amount: {type: "DECIMAL(12,2)", is: "largest of its amounts possibly billed under"}
  under_basis: {type: VARCHAR, is: "basis of that amount"}
---
A line counts once, at the largest of its findings, over and under apart.
*/
select observation.provider_npi as npi,
  observation_line.line_id,
  bool_or(coalesce(claim_line.rendering_npi = observation.provider_npi, false)) as own,
  bool_or(observation.severity = 'error') as has_error,
  bool_or(observation.severity = 'review') as has_review,
  coalesce(max(observation_line.amount_at_risk) filter (where observation.direction = 'over'), 0) as over_amount,
  first(observation.amount_basis order by observation_line.amount_at_risk desc nulls last, observation.amount_basis)
    filter (where observation.direction = 'over') as over_basis,
  coalesce(max(observation_line.amount_at_risk) filter (where observation.direction = 'under'), 0) as under_amount,
  first(observation.amount_basis order by observation_line.amount_at_risk desc nulls last, observation.amount_basis)
    filter (where observation.direction = 'under') as under_basis
from audit.observation
join core.run on run.run_key = observation.run_key
join audit.observation_line on observation_line.run_key = observation.run_key
  and observation_line.finding_id = observation.finding_id
left join core.claim_line on claim_line.line_id = observation_line.line_id
where observation.state <> 'resolved'
group by observation.provider_npi, observation_line.line_id
