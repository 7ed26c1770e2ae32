/*---
table: audit.observation
grain: one row per run and finding
reads: [audit.found, audit.line_identity, audit.observation, audit.run, audit.judged, core.run, stg.claim_line]
columns:
  run_key: {type: VARCHAR, is: "run"}
  finding_id: {type: VARCHAR, is: "finding"}
  check_code: {type: VARCHAR, is: "check"}
  check_name: {type: VARCHAR, is: "name of the check"}
  severity: {type: VARCHAR, is: "error, review, opportunity or info"}
  state: {type: VARCHAR, is: "new, unchanged, updated, reopened or resolved, against what was last said of the finding"}
  subject: {type: VARCHAR, is: "what was examined"}
  direction: {type: VARCHAR, is: "over, under or none"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  patient_id: {type: VARCHAR, is: "patient"}
  service_date: {type: DATE, is: "date of service"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question; 0 for resolved; null when unknown"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  message: {type: VARCHAR, is: "the finding in one sentence"}
  fix: {type: VARCHAR, is: "suggested correction"}
  evidence: {type: VARCHAR, is: "evidence as JSON"}
  reason: {type: VARCHAR, is: "reason, where the check gives one"}
  digest: {type: VARCHAR, is: "md5 over what a reader would call the same finding"}
---
What this run saw, against what the last of the runs before it (those with an as-of date and key below this one's) that spoke of
the finding said. A finding that is gone counts as resolved only if its check ran, and its date lies in the window and between
the provider's first and last loaded line, voided and replaced ones included: what was not looked at is not resolved, and stays open until a run looks again.
*/
with single as (
  select f.check_code, f.check_name, f.severity, f.subject, f.direction, coalesce(f.subject_key, i.identity) as key,
    coalesce(f.billing_npi, i.billing_npi) as billing_npi, f.provider_npi, f.payer_id, coalesce(f.patient_id, i.patient_id) as patient_id,
    f.service_date, f.amount_at_risk, f.amount_basis, f.message, f.fix, f.evidence, f.reason
  from audit.found f
  left join audit.line_identity i on i.line_id = f.line_shares[1].line_id
),
-- lines that are one finding (they share a subject_key) become one row
current as (
  select left(md5(concat_ws('|', check_code, key)), 16) as finding_id, check_code, min(check_name) as check_name,
    arg_min(severity, list_position(['error', 'review', 'opportunity', 'info'], severity)) as severity, min(subject) as subject,
    max(direction) as direction, min(billing_npi) as billing_npi, min(provider_npi) as provider_npi, min(payer_id) as payer_id,
    min(patient_id) as patient_id, min(service_date) as service_date, sum(amount_at_risk) as amount_at_risk, min(amount_basis) as amount_basis,
    min(message) as message, min(fix) as fix, min(evidence) as evidence, min(reason) as reason
  from single
  group by check_code, key
),
digested as (
  select *, md5(concat_ws('|', severity, direction, coalesce(cast(amount_at_risk as varchar), '?'), amount_basis, message)) as digest from current
),
earlier as (
  select o.run_key, o.finding_id, o.state, o.digest
  from audit.observation o join audit.run p using (run_key) cross join core.run r
  where (p.as_of, p.run_key) < (r.as_of, r.run_key)
  qualify row_number() over (partition by o.finding_id order by p.as_of desc, p.run_key desc) = 1
),
provider_span as (
  select rendering_npi, min(service_date) as first_day, max(service_date) as last_day
  from stg.claim_line join core.run on service_date <= as_of
  where problem_mask = 0 group by rendering_npi
),
gone as (
  select o.*
  from audit.observation o
  semi join earlier e on e.run_key = o.run_key and e.finding_id = o.finding_id
  join provider_span s on s.rendering_npi = o.provider_npi and o.service_date between s.first_day and s.last_day
  cross join core.run r
  anti join digested d on d.finding_id = o.finding_id
  where o.state <> 'resolved'
    and (r.window_from is null or o.service_date >= r.window_from) and (r.window_to is null or o.service_date <= r.window_to)
    and o.check_code in (select check_code from audit.judged)
)
select r.run_key, d.*,
  case when e.finding_id is null then 'new'
    when e.state = 'resolved' then 'reopened'
    when e.digest = d.digest then 'unchanged' else 'updated' end as state
from digested d
left join earlier e on e.finding_id = d.finding_id
cross join core.run r
union all by name
select r.run_key, g.* exclude (run_key, state, amount_at_risk, message, fix),
  'resolved' as state, cast(0 as decimal(12, 2)) as amount_at_risk,
  'No longer found: ' || regexp_replace(g.message, '^No longer found: ', '') as message, '' as fix
from gone g cross join core.run r
