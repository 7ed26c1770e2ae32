/*---
table: mart.clinic_check
grain: one row per clinic and check that examined something of its providers or could not tell
reads: [mart.provider, mart.provider_check]
columns:
  clinic_id: {type: VARCHAR, is: "clinic; null for providers without one"}
  check_code: {type: VARCHAR, is: "check"}
  examined: {type: BIGINT, is: "subjects with a verdict pass or finding"}
  flagged: {type: BIGINT, is: "subjects with the verdict finding"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told"}
  findings: {type: BIGINT, is: "findings"}
  providers: {type: BIGINT, is: "providers with findings"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, by this check alone"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, by this check alone"}
---
mart.provider_check by clinic.
*/
select p.clinic_id, c.check_code, sum(c.examined) as examined, sum(c.flagged) as flagged, sum(c.cannot_tell) as cannot_tell, sum(c.findings) as findings,
  count(*) filter (c.findings > 0) as providers, sum(c.over_amount) as over_amount, sum(c.under_amount) as under_amount
from mart.provider_check c join mart.provider p using (provider_no)
group by p.clinic_id, c.check_code
