/*---
table: mart.cause_member
grain: one row per finding that a cause explains
reads: [mart.cause, mart.cause_finding]
columns:
  finding_id: {type: VARCHAR, is: "identity of the finding"}
  provider_npi: {type: VARCHAR, is: "rendering NPI; empty text when it names none"}
  check_code: {type: VARCHAR, is: "check"}
  round: {type: INTEGER, is: "round of the cause; with check_code it names it"}
---
The first segment of its check that holds a finding.
*/
select f.finding_id, f.provider_npi, f.check_code, min(c.round) as round
from mart.cause_finding f
join mart.cause c on c.check_code = f.check_code and c.unit = f.unit and coalesce(c.provider_npi, f.provider_npi) = f.provider_npi
  and coalesce(c.clinic_id, f.clinic_id) = f.clinic_id and coalesce(c.payer_id, f.payer_id) = f.payer_id
  and coalesce(c.procedure_code, f.procedure_code) = f.procedure_code
  and (c.modifiers is null or c.modifiers = f.modifiers) and (c.since is null or c.since <= f.month)
group by f.finding_id, f.provider_npi, f.check_code
