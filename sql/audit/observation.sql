/*---
table: audit.observation
grain: one row per run and finding
reads: [audit.found, audit.line_identity, audit.former, audit.former_line, audit.observation, audit.judged, audit.run_check, audit.run_payer, audit.coverage, core.run, stg.claim_line]
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
  resolution: {type: VARCHAR, is: "of a resolved finding: corrected, rule-changed, left-input or other-data; null where the run that saw it recorded no digests"}
  resolution_reason: {type: VARCHAR, is: "what of the claim or of the rule is another: words parted by blanks"}
---
What this run saw, against what the last of the runs before it (those with an as-of date and key below this one's) that spoke of
the finding said. A finding that is gone counts as resolved only if its check ran, and its date lies in the window and between
the provider's first and last loaded line, voided and replaced ones included: what was not looked at is not resolved, and stays open until a run looks again. A check that this version no longer runs looks at nothing, and what it had found is resolved as well.

`resolution` says why a finding is gone. `corrected`: a line that it was listed on was changed, replaced, voided or paid otherwise (the reason is its fate in audit.former_line).
`left-input`: a line is no longer in the input at all, which corrects nothing. `rule-changed`: its lines are as they were, and the check is not: its statement, its parameters, the
reference data that it reads, what the payer is said to want, or whether it is enabled for the payer. `other-data`: lines and rule are as they were, so that something else in the input is not: a note, a plan, another claim.
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
  select finding_id(check_code, key) as finding_id, check_code, min(check_name) as check_name,
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
provider_span as (
  select rendering_npi, min(service_date) as first_day, max(service_date) as last_day
  from stg.claim_line join core.run on service_date <= as_of
  where problem_mask = 0 group by rendering_npi
),
gone as (
  select o.*
  from audit.observation o
  semi join audit.former e on e.run_key = o.run_key and e.finding_id = o.finding_id
  join provider_span s on s.rendering_npi = o.provider_npi and o.service_date between s.first_day and s.last_day
  cross join core.run r
  anti join digested d on d.finding_id = o.finding_id
  where o.state <> 'resolved'
    and (r.window_from is null or o.service_date >= r.window_from) and (r.window_to is null or o.service_date <= r.window_to)
    and (o.check_code in (select check_code from audit.judged)
      or o.check_code in (select check_code from audit.run_check c where c.run_key = r.run_key and c.status = 'removed'))
),
fate as (
  select finding_id, list_distinct(list(fate)) as fates, bool_or(fate is null) as is_unknown from audit.former_line group by finding_id
),
not_judged as (
  select check_code, payer_id, min(reason) as reason from audit.coverage semi join core.run using (run_key)
  where verdict = 'cannot_tell' and reason in ('check-not-enabled', 'reference-not-known') group by check_code, payer_id
),
rule as (
  select g.finding_id, coalesce(n.reason,
    nullif(concat_ws(' ', case when c.status = 'removed' then 'check-removed' when c.rule_digest <> p.rule_digest then 'check-changed' end,
      case when c.parameter_digest <> p.parameter_digest then 'parameters-changed' end,
      case when c.reference_digest <> p.reference_digest then 'reference-changed' end,
      case when len(list_filter(c.payer_switches, lambda switch: before.switches[switch] is distinct from now.switches[switch])) > 0 and before.run_key is not null
        and now.run_key is not null then 'payer-changed' end), '')) as changed,
    p.run_key is null as is_unknown
  from gone g
  cross join core.run r
  left join audit.run_check p on p.run_key = g.run_key and p.check_code = g.check_code
  left join audit.run_check c on c.run_key = r.run_key and c.check_code = g.check_code
  left join audit.run_payer before on before.run_key = g.run_key and before.payer_id = g.payer_id
  left join audit.run_payer now on now.run_key = r.run_key and now.payer_id = g.payer_id
  left join not_judged n on n.check_code = g.check_code and n.payer_id is not distinct from g.payer_id
),
explained as (
  select finding_id, resolution, case resolution when 'corrected' then array_to_string(corrections, ' ') when 'rule-changed' then changed end as reason
  from (
    select u.finding_id, u.changed, u.corrections,
      case when len(u.corrections) > 0 then 'corrected' when u.fates_unknown then null when u.has_left then 'left-input'
        when u.changed is not null then 'rule-changed' when u.is_unknown then null else 'other-data' end as resolution
    from (
      select rule.*, coalesce(f.is_unknown, false) as fates_unknown, coalesce(list_contains(f.fates, 'left-input'), false) as has_left,
        list_filter(['voided', 'replaced', 'resubmitted', 'cancelled', 'orphan-void', 'changed', 'remitted', 'repeated'],
          lambda word: list_contains(f.fates, word)) as corrections
      from rule left join fate f using (finding_id)
    ) u
  )
)
select r.run_key, d.*,
  case when e.finding_id is null then 'new'
    when e.state = 'resolved' then 'reopened'
    when e.digest = d.digest then 'unchanged' else 'updated' end as state,
  null as resolution, null as resolution_reason
from digested d
left join audit.former e on e.finding_id = d.finding_id
cross join core.run r
union all by name
select r.run_key, g.* exclude (run_key, state, amount_at_risk, message, fix, resolution, resolution_reason), x.resolution, x.reason as resolution_reason,
  'resolved' as state, cast(0 as decimal(12, 2)) as amount_at_risk,
  'No longer found: ' || regexp_replace(g.message, '^No longer found: ', '') as message, '' as fix
from gone g join explained x using (finding_id) cross join core.run r
