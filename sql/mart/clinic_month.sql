/*---
table: mart.clinic_month
grain: one row per clinic and calendar month of its providers
reads: [mart.provider, mart.provider_month]
columns:
  clinic_id: {type: VARCHAR, is: "clinic; null for providers without one"}
  month: {type: DATE, is: "first day of the month"}
  lines: {type: BIGINT, is: "lines audited"}
  errors: {type: BIGINT, is: "error findings with a service date in the month"}
  reviews: {type: BIGINT, is: "review findings with a service date in the month"}
  stands_out: {type: BOOLEAN, is: "false: only provider pages say it"}
---
mart.provider_month by clinic.
*/
select p.clinic_id, m.month, sum(m.lines) as lines, sum(m.errors) as errors, sum(m.reviews) as reviews, false as stands_out
from mart.provider_month m join mart.provider p using (provider_no)
group by p.clinic_id, m.month
