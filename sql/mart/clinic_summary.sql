/*---
table: mart.clinic_summary
grain: one row per clinic
reads: [mart.provider_summary]
columns:
  clinic_id: {type: VARCHAR, is: "clinic, null for providers without one"}
  providers: {type: BIGINT, is: "providers"}
  lines: {type: BIGINT, is: "lines audited"}
  error_lines: {type: BIGINT, is: "lines an error finding names"}
  error_rate: {type: DOUBLE, is: "error_lines over lines"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told"}
---
Providers are counted at their own clinic, wherever a single line was billed.
*/
select clinic_id, count(*) as providers, sum(lines) as lines, sum(error_lines) as error_lines,
  sum(error_lines) / nullif(sum(lines), 0)::double as error_rate,
  sum(over_amount) as over_amount, sum(under_amount) as under_amount, sum(cannot_tell) as cannot_tell
from mart.provider_summary
group by clinic_id
