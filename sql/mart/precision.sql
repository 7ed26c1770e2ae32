/*---
table: mart.precision
grain: one row per check that ran
reads: [audit.viewed, audit.run, audit.run_check, audit.observation, audit.observation_line, stg.claim_line, ref.precision_rule]
columns:
  check_code: {type: VARCHAR, is: "check"}
  has_codes: {type: BOOLEAN, is: "the check declares for which reasons a payer denies what it finds"}
  reads_denial: {type: BOOLEAN, is: "the check, or a core table that it reads, looks at denials"}
  findings: {type: BIGINT, is: "findings on claim lines, of this run and those before it"}
  left_out: {type: BIGINT, is: "of these, on a line that was decided before the check saw it, where the check looks at denials: its answer could not have been another"}
  undecided: {type: BIGINT, is: "with a line on which the input has no decision of the payer"}
  refused: {type: BIGINT, is: "a line was denied for a reason that the check declares"}
  paid: {type: BIGINT, is: "every line was paid, and none carries such a reason"}
  other: {type: BIGINT, is: "decided otherwise: denied for another reason, or paid with such a reason"}
  decided: {type: BIGINT, is: "refused and paid together: what the payer decided on the point of the check"}
  foretold: {type: BIGINT, is: "of these, found before the payer had decided"}
  agreement: {type: DOUBLE, is: "refused over decided; null below the least number, or where the check declares no reason"}
  agreement_low: {type: DOUBLE, is: "lower end of its interval (Wilson)"}
  agreement_high: {type: DOUBLE, is: "upper end of its interval (Wilson)"}
  least_findings: {type: INTEGER, is: "fewest decided findings for which an agreement is told"}
  why: {type: VARCHAR, is: "why there is none: no-reason-declared, or too-few"}
---
What payers made of the findings of each check: a finding is held against the decision on the very lines it was listed on, as the claim file or the remittances now state it. A reason matches by its
CARC and, where the line carries remarks and the check names one, by that remark too.

It is agreement, not truth: payers pay wrong lines, which is what an audit is for, and deny right ones. And it would go in a circle where a check looks at denials itself (most leave denied
lines out, so that they find on paid lines only): of these checks only findings count that were made before the payer had decided. A denied line that was sent again counts as denied.
*/
with upto as (
  select p.run_key, p.as_of from audit.run p cross join audit.viewed v where (p.as_of, p.run_key) <= (v.as_of, v.run_key)
),
seen as (
  select o.check_code, l.finding_id, l.patient_id, l.claim_id, l.line_number, l.service_date, l.procedure_code,
    arg_min(l.line_status in ('paid', 'denied'), (u.as_of, u.run_key)) as was_decided
  from audit.observation_line l
  join upto u using (run_key)
  join audit.observation o on o.run_key = l.run_key and o.finding_id = l.finding_id
  where l.line_status is not null
  group by all
),
line as (
  select patient_id, claim_id, line_number, service_date, procedure_code, line_status, list_transform(carc_codes, lambda code: regexp_replace(code, '^[A-Z]{2}-', '')) as carcs, rarc_codes
  from stg.claim_line
  semi join seen using (patient_id, claim_id, line_number, service_date, procedure_code)
  where problem_mask = 0 and line_status in ('paid', 'denied')
  qualify row_number() over (
    partition by patient_id, claim_id, line_number, service_date, procedure_code
    order by processed_date desc nulls last, received_date desc nulls last, line_status, paid_amount desc nulls last, units, charge_amount, file_id, record_number) = 1
),
held as (
  select s.check_code, s.finding_id, s.was_decided, l.line_status,
    coalesce(len(list_filter(c.denial_codes, lambda entry: list_contains(l.carcs, entry.carc)
      and (entry.rarc is null or len(l.rarc_codes) = 0 or list_contains(l.rarc_codes, entry.rarc)))) > 0, false) as has_reason
  from seen s
  left join line l using (patient_id, claim_id, line_number, service_date, procedure_code)
  cross join audit.viewed v
  join audit.run_check c on c.run_key = v.run_key and c.check_code = s.check_code
),
finding as (
  select check_code, finding_id, bool_or(was_decided) as was_decided, bool_and(line_status is not null) as is_decided,
    bool_or(coalesce(line_status = 'denied' and has_reason, false)) as is_refused, bool_and(coalesce(line_status = 'paid' and not has_reason, false)) as is_paid
  from held group by check_code, finding_id
),
fate as (
  select c.check_code, len(c.denial_codes) > 0 as has_codes, c.reads_denial, f.was_decided,
    case when f.finding_id is null then null when f.was_decided and c.reads_denial then 'left-out'
      when not f.is_decided then 'undecided' when f.is_refused then 'refused' when f.is_paid then 'paid' else 'other' end as fate
  from audit.run_check c
  join audit.viewed v using (run_key)
  left join finding f on f.check_code = c.check_code
  where c.status <> 'removed'
),
counted as (
  select check_code, any_value(has_codes) as has_codes, any_value(reads_denial) as reads_denial, count(fate) as findings,
    count(*) filter (fate = 'left-out') as left_out, count(*) filter (fate = 'undecided') as undecided,
    count(*) filter (fate = 'refused') as refused, count(*) filter (fate = 'paid') as paid, count(*) filter (fate = 'other') as other,
    count(*) filter (fate in ('refused', 'paid')) as decided, count(*) filter (fate in ('refused', 'paid') and not was_decided) as foretold
  from fate group by check_code
),
rated as (
  select c.*, r.least_findings, cast(r.z as double) as z, case when c.has_codes and c.decided >= r.least_findings then c.refused / c.decided end as agreement
  from counted c
  cross join audit.viewed v
  left join ref.precision_rule r on r.valid_from <= v.as_of and (r.valid_to is null or v.as_of < r.valid_to)
)
select check_code, has_codes, reads_denial, findings, left_out, undecided, refused, paid, other, decided, foretold, agreement,
  case when agreement is not null then greatest(0.0, (agreement + z * z / (2 * decided) - z * sqrt(agreement * (1 - agreement) / decided + z * z / (4.0 * decided * decided))) / (1 + z * z / decided)) end as agreement_low,
  case when agreement is not null then least(1.0, (agreement + z * z / (2 * decided) + z * sqrt(agreement * (1 - agreement) / decided + z * z / (4.0 * decided * decided))) / (1 + z * z / decided)) end as agreement_high,
  least_findings, case when not has_codes then 'no-reason-declared' when agreement is null then 'too-few' end as why
from rated
