/*---
table: mart.work
grain: one row per rendering provider with findings in this run (or decisions on them), and one for the whole run
reads: [audit.viewed, audit.observation, mart.decision]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI; null for findings without one, and in the row of the whole run"}
  is_total: {type: BOOLEAN, is: "the row of the whole run"}
  findings: {type: BIGINT, is: "findings that stand in this run, whatever was decided"}
  open: {type: BIGINT, is: "of these, waiting for a person: undecided, under review, confirmed, contradicted, or no longer suppressed"}
  undecided: {type: BIGINT, is: "of the open ones, those that nobody has decided on"}
  new_open: {type: BIGINT, is: "new or reopened and open"}
  new_hidden: {type: BIGINT, is: "new or reopened and hidden by a decision"}
  under_review: {type: BIGINT, is: "standing, under review"}
  confirmed: {type: BIGINT, is: "standing, confirmed by a person"}
  not_an_error: {type: BIGINT, is: "standing, hidden as no error"}
  suppressed: {type: BIGINT, is: "standing, hidden by a suppression that is in force, the baseline included"}
  baseline: {type: BIGINT, is: "of these, hidden by the baseline"}
  awaiting_data: {type: BIGINT, is: "standing, said to be corrected, no later data yet"}
  contradicted: {type: BIGINT, is: "standing, said to be corrected, and still found in later data"}
  verified: {type: BIGINT, is: "resolved in this run after a person had said that it was corrected"}
  hidden_over: {type: "DECIMAL(18,2)", is: "money possibly paid over of hidden findings, each finding alone: part of every total, as always"}
  hidden_under: {type: "DECIMAL(18,2)", is: "money possibly billed under of hidden findings"}
  resolved: {type: BIGINT, is: "resolved in this run"}
  resolved_corrected: {type: BIGINT, is: "of these, because the claim was corrected"}
  resolved_rule_changed: {type: BIGINT, is: "of these, withdrawn because the rule changed"}
  resolved_left_input: {type: BIGINT, is: "of these, because the line is no longer in the input"}
  resolved_other_data: {type: BIGINT, is: "of these, because another record changed"}
---
The work that is left of a run, for the index and provider pages. Nothing of it changes a count of findings or an amount anywhere else.
*/
with finding as (
  select o.finding_id, o.provider_npi, o.state, o.resolution, o.direction, o.amount_at_risk, o.state <> 'resolved' as stands, o.state in ('new', 'reopened') as is_new,
    d.decision, d.standing, coalesce(d.is_hidden, false) as is_hidden, coalesce(d.is_open, o.state <> 'resolved') as is_open, coalesce(d.is_baseline, false) as is_baseline
  from audit.observation o
  join audit.viewed v using (run_key)
  left join mart.decision d on d.finding_id = o.finding_id
)
select case when grouping(provider_npi) = 0 then provider_npi end as provider_npi, grouping(provider_npi) = 1 as is_total,
  count(*) filter (stands) as findings,
  count(*) filter (stands and is_open) as open,
  count(*) filter (stands and decision is null) as undecided,
  count(*) filter (is_new and is_open) as new_open,
  count(*) filter (is_new and is_hidden) as new_hidden,
  count(*) filter (stands and decision = 'under_review') as under_review,
  count(*) filter (stands and decision = 'confirmed') as confirmed,
  count(*) filter (stands and is_hidden and decision = 'not_an_error') as not_an_error,
  count(*) filter (stands and is_hidden and decision = 'suppressed') as suppressed,
  count(*) filter (stands and is_hidden and is_baseline) as baseline,
  count(*) filter (stands and standing = 'awaiting-data') as awaiting_data,
  count(*) filter (stands and standing = 'contradicted') as contradicted,
  count(*) filter (not stands and standing = 'verified') as verified,
  coalesce(sum(amount_at_risk) filter (stands and is_hidden and direction = 'over'), 0) as hidden_over,
  coalesce(sum(amount_at_risk) filter (stands and is_hidden and direction = 'under'), 0) as hidden_under,
  count(*) filter (not stands) as resolved,
  count(*) filter (resolution = 'corrected') as resolved_corrected,
  count(*) filter (resolution = 'rule-changed') as resolved_rule_changed,
  count(*) filter (resolution = 'left-input') as resolved_left_input,
  count(*) filter (resolution = 'other-data') as resolved_other_data
from finding
group by grouping sets ((provider_npi), ())
