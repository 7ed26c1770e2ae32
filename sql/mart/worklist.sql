/*---
table: mart.worklist
grain: one row per finding that stands in a run
reads: [audit.viewed, audit.observation, audit.observation_line, mart.decision]
columns:
  finding_id: {type: VARCHAR, is: "finding"}
  run_key: {type: VARCHAR, is: "run"}
  check_code: {type: VARCHAR, is: "check"}
  check_name: {type: VARCHAR, is: "name of the check"}
  severity: {type: VARCHAR, is: "error, review, opportunity or info"}
  state: {type: VARCHAR, is: "new, unchanged, updated or reopened"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  claim_id: {type: VARCHAR, is: "claim of the first line it is listed on"}
  lines: {type: VARCHAR, is: "line numbers on that claim, then those on other claims, twenty at most, and how many more"}
  service_date: {type: DATE, is: "date of service"}
  last_date: {type: DATE, is: "last date of the lines it is listed on"}
  procedure_codes: {type: VARCHAR, is: "codes of the lines"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question; null when unknown"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  direction: {type: VARCHAR, is: "over, under or none"}
  message: {type: VARCHAR, is: "the finding in one sentence"}
  fix: {type: VARCHAR, is: "suggested correction"}
  proposed_decision: {type: VARCHAR, is: "the last decision on the finding"}
  standing: {type: VARCHAR, is: "what became of it"}
  last_decision: {type: VARCHAR, is: "who decided it and when"}
  is_open: {type: BOOLEAN, is: "the finding waits for a person"}
---
What a reviewer goes through. Patients are not named: the claim is enough to find the record.
*/
with listed as (
  select finding_id, claim_id, line_number, service_date, procedure_code,
    row_number() over (partition by finding_id order by service_date, claim_id, line_number) as place,
    first_value(claim_id) over (partition by finding_id order by service_date, claim_id, line_number) as first_claim
  from audit.observation_line join audit.viewed using (run_key)
),
line as (
  select finding_id, min(first_claim) as claim_id, max(service_date) as last_date,
    array_to_string(list_sort(list_distinct(list(procedure_code))), ' ') as procedure_codes,
    array_to_string(list(case when claim_id = first_claim then '' else claim_id || ' ' end || line_number order by place) filter (place <= 20), ', ')
      || case when count(*) > 20 then ' and ' || (count(*) - 20) || ' more in findings.csv' else '' end as lines
  from listed group by finding_id
)
select o.finding_id, o.run_key, o.check_code, o.check_name, o.severity, o.state, o.provider_npi, o.payer_id, l.claim_id, l.lines, o.service_date,
  coalesce(l.last_date, o.service_date) as last_date, l.procedure_codes, o.amount_at_risk, o.amount_basis, o.direction, o.message, o.fix,
  d.decision as proposed_decision, d.standing, d.reviewer || ' on ' || d.decided_on as last_decision, coalesce(d.is_open, true) as is_open
from audit.observation o
join audit.viewed v using (run_key)
left join line l using (finding_id)
left join mart.decision d using (finding_id)
where o.state <> 'resolved'
