/*---
table: core.kx_above
grain: one row per line with KX that accrues to the annual therapy threshold and stands on a claim with a line above the amount
reads: [core.threshold_line, core.threshold_period, core.claim_line]
columns:
  line_id: {type: BIGINT, is: "the line with KX"}
  total: {type: "DECIMAL(18,2)", is: "highest known total among the lines of the claim and bucket that are above the amount, or would be with spending elsewhere of no known date"}
---
KX on a line below the amount is not early where another line of the same claim and bucket is above it: CAP102 asks so of lines, CAP103 of patients.
*/
select line_id, total
from (
  select l.line_id, t.has_kx, max(t.running_after) filter (t.is_above) over (partition by t.total_id, l.claim_id) as total
  from core.claim_line l
  join (
    select t.line_id, t.has_kx, t.running_after, p.total_id, t.running_after + p.spending_undated > p.threshold as is_above
    from core.threshold_line t join core.threshold_period p using (period_id)
    where not t.denied_119 and (t.has_kx or t.running_after + p.spending_undated > p.threshold)
  ) t using (line_id)
)
where has_kx and total is not null
