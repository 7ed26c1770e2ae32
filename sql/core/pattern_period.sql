/*---
table: core.pattern_period
grain: one row; none when no therapy line was audited
reads: [core.claim_line, core.run, ref.pattern_rule]
columns:
  period_from: {type: DATE, is: "first day compared: the first of a month"}
  period_to: {type: DATE, is: "last day compared: the last therapy line of the window, or up to the as-of date"}
  least_patients: {type: BIGINT, is: "fewest patients of a provider, and of its peers together"}
  least_peers: {type: BIGINT, is: "fewest peers"}
  shown_patients: {type: BIGINT, is: "fewest patients behind a figure about peers"}
  false_discovery_rate: {type: "DECIMAL(18,4)", is: "rate of false discoveries"}
  clone_days: {type: BIGINT, is: "least visit days of a patient that are compared"}
  clone_share: {type: "DECIMAL(18,4)", is: "share of these days that are alike, from which the patient counts"}
  clone_patients: {type: BIGINT, is: "such patients of a provider from which a person looks"}
  least_months: {type: BIGINT, is: "fewest months in which a shift is looked for"}
  side_months: {type: BIGINT, is: "fewest months on either side of a shift"}
  month_visits: {type: BIGINT, is: "fewest visits of such a month"}
  code_share: {type: "DECIMAL(18,4)", is: "share of a month's lines from which a code is looked at"}
---
The span of time in which providers are compared, and the rules of the comparison as they hold on its last day. The span is anchored on
the data, so that an old extract is compared as it stands.
*/
with last as (
  select max(l.service_date) as day
  from core.claim_line l cross join core.run r
  where l.is_therapy and not l.is_denied and (r.window_to is null or l.service_date <= r.window_to)
),
rule as (
  select l.day, q.rule, q.value
  from last l
  join ref.pattern_rule q on q.valid_from <= l.day and (q.valid_to is null or l.day < q.valid_to)
)
select cast(date_trunc('month', day) - to_months(cast(max(value) filter (rule = 'period_months') as integer) - 1) as date) as period_from,
  day as period_to,
  cast(max(value) filter (rule = 'least_patients') as bigint) as least_patients,
  cast(max(value) filter (rule = 'least_peers') as bigint) as least_peers,
  cast(max(value) filter (rule = 'shown_patients') as bigint) as shown_patients,
  max(value) filter (rule = 'false_discovery_rate') as false_discovery_rate,
  cast(max(value) filter (rule = 'clone_days') as bigint) as clone_days,
  max(value) filter (rule = 'clone_share') as clone_share,
  cast(max(value) filter (rule = 'clone_patients') as bigint) as clone_patients,
  cast(max(value) filter (rule = 'least_months') as bigint) as least_months,
  cast(max(value) filter (rule = 'side_months') as bigint) as side_months,
  cast(max(value) filter (rule = 'month_visits') as bigint) as month_visits,
  max(value) filter (rule = 'code_share') as code_share
from rule
group by day
