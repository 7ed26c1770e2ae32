/*---
table: mart.cause_round
grain: one row per check whose findings left have a segment in common
reads: [core.run, audit.coverage, mart.cause_finding, mart.cause_cell, mart.cause]
columns:
  round: {type: INTEGER, is: "as in mart.cause"}
  check_code: {type: VARCHAR, is: "as in mart.cause"}
  unit: {type: VARCHAR, is: "as in mart.cause"}
  provider_npi: {type: VARCHAR, is: "as in mart.cause"}
  clinic_id: {type: VARCHAR, is: "as in mart.cause"}
  payer_id: {type: VARCHAR, is: "as in mart.cause"}
  procedure_code: {type: VARCHAR, is: "as in mart.cause"}
  modifiers: {type: VARCHAR, is: "as in mart.cause"}
  since: {type: DATE, is: "as in mart.cause"}
  findings: {type: BIGINT, is: "as in mart.cause"}
  subjects: {type: BIGINT, is: "as in mart.cause"}
  other_findings: {type: BIGINT, is: "as in mart.cause"}
  other_subjects: {type: BIGINT, is: "as in mart.cause"}
  over_amount: {type: "DECIMAL(18,2)", is: "as in mart.cause"}
  under_amount: {type: "DECIMAL(18,2)", is: "as in mart.cause"}
  first_date: {type: DATE, is: "as in mart.cause"}
  last_date: {type: DATE, is: "as in mart.cause"}
  only_code: {type: VARCHAR, is: "as in mart.cause"}
  score: {type: "DECIMAL(12,3)", is: "as in mart.cause"}
---
The segment that says most about the findings of each check which the segments in mart.cause leave over. A segment names up to three of provider or clinic, payer,
code and modifiers, and perhaps the month in which it began. Its findings against its lines, and those outside against theirs, are a likelihood ratio; from its logarithm
is taken what it costs to name the segment (the logarithm of the number of values of each thing named, as many segments are tried), and 11 must be left, so that findings
without a cause have a segment less than once in a thousand checks. The rate inside must be twice that outside. Where every other line of a check has a finding, and no segment stands out, the cause is everywhere.
Lines are those of payers for whom the check examined something, with codes that it has findings on.
*/
with remaining as (
  select f.*
  from mart.cause_finding f
  anti join mart.cause c on c.check_code = f.check_code and coalesce(c.provider_npi, f.provider_npi) = f.provider_npi
    and coalesce(c.clinic_id, f.clinic_id) = f.clinic_id and coalesce(c.payer_id, f.payer_id) = f.payer_id
    and coalesce(c.procedure_code, f.procedure_code) = f.procedure_code
    and (c.modifiers is null or c.modifiers = f.modifiers) and (c.since is null or c.since <= f.month)
),
enough as (
  select check_code, unit, count(*) as findings from remaining group by check_code, unit having count(*) >= 5
),
-- the lines of a check, less those of segments found before
scope as (
  select distinct e.check_code, e.unit, v.payer_id
  from enough e
  join (select check_code, payer_id from audit.coverage join core.run using (run_key) where verdict <> 'cannot_tell') v using (check_code)
),
scope_code as (
  select distinct check_code, procedure_code from mart.cause_finding
),
market as (
  select unit, payer_id, procedure_code, sum(subjects) as subjects from mart.cause_cell group by all
),
whole as (
  select e.check_code, e.unit, e.findings, cast(sum(m.subjects) as double) - coalesce(any_value(c.subjects), 0) as subjects
  from enough e
  join scope s using (check_code, unit)
  join market m on m.unit = e.unit and m.payer_id = s.payer_id
  join scope_code k on k.check_code = e.check_code and k.procedure_code = m.procedure_code
  left join (select check_code, sum(subjects) as subjects from mart.cause group by check_code) c on c.check_code = e.check_code
  group by e.check_code, e.unit, e.findings
),
-- what may be named: at least a tenth of what is left of its check
candidate as (
  select row_number() over (order by check_code, unit, mask, provider_npi, clinic_id, payer_id, procedure_code, modifiers) as candidate, *
  from (
    select r.check_code, r.unit, grouping_id(r.provider_npi, r.clinic_id, r.payer_id, r.procedure_code, r.modifiers) as mask,
      r.provider_npi, r.clinic_id, r.payer_id, r.procedure_code, r.modifiers, count(*) as findings
    from remaining r join enough e using (check_code, unit)
    group by grouping sets (
      (r.check_code, r.unit),
      (r.check_code, r.unit, r.payer_id), (r.check_code, r.unit, r.procedure_code), (r.check_code, r.unit, r.modifiers),
      (r.check_code, r.unit, r.payer_id, r.procedure_code), (r.check_code, r.unit, r.payer_id, r.modifiers), (r.check_code, r.unit, r.procedure_code, r.modifiers),
      (r.check_code, r.unit, r.payer_id, r.procedure_code, r.modifiers),
      (r.check_code, r.unit, r.clinic_id),
      (r.check_code, r.unit, r.clinic_id, r.payer_id), (r.check_code, r.unit, r.clinic_id, r.procedure_code), (r.check_code, r.unit, r.clinic_id, r.modifiers),
      (r.check_code, r.unit, r.clinic_id, r.payer_id, r.procedure_code), (r.check_code, r.unit, r.clinic_id, r.payer_id, r.modifiers),
      (r.check_code, r.unit, r.clinic_id, r.procedure_code, r.modifiers),
      (r.check_code, r.unit, r.provider_npi),
      (r.check_code, r.unit, r.provider_npi, r.payer_id), (r.check_code, r.unit, r.provider_npi, r.procedure_code), (r.check_code, r.unit, r.provider_npi, r.modifiers),
      (r.check_code, r.unit, r.provider_npi, r.payer_id, r.procedure_code), (r.check_code, r.unit, r.provider_npi, r.payer_id, r.modifiers),
      (r.check_code, r.unit, r.provider_npi, r.procedure_code, r.modifiers))
    having count(*) >= 5 and count(*) >= 0.1 * max(e.findings)
  )
  where coalesce(provider_npi, 'any') <> '' and coalesce(clinic_id, 'any') <> '' and coalesce(payer_id, 'any') <> '' and coalesce(procedure_code, 'any') <> ''
    and (mask & 1 = 1 or modifiers is not null)
),
mask as (select distinct unit, mask from candidate),
-- cells meet candidates by the values that a kind of candidate names
cell as (
  select c.*, m.mask, hash(case when m.mask & 16 = 0 then c.provider_npi end, case when m.mask & 8 = 0 then c.clinic_id end, case when m.mask & 4 = 0 then c.payer_id end,
    case when m.mask & 2 = 0 then c.procedure_code end, case when m.mask & 1 = 0 then c.modifiers end) as named
  from mart.cause_cell c join mask m using (unit)
),
named as (
  select *, hash(provider_npi, clinic_id, payer_id, procedure_code, modifiers) as named from candidate
),
of_candidate as (
  select n.candidate, l.month, sum(l.subjects) as subjects
  from cell l
  join named n on n.unit = l.unit and n.mask = l.mask and n.named = l.named
    and coalesce(n.provider_npi, l.provider_npi) = l.provider_npi and coalesce(n.clinic_id, l.clinic_id) = l.clinic_id and coalesce(n.payer_id, l.payer_id) = l.payer_id
    and coalesce(n.procedure_code, l.procedure_code) = l.procedure_code and coalesce(n.modifiers, l.modifiers) = l.modifiers
  join scope s on s.check_code = n.check_code and s.unit = n.unit and s.payer_id = l.payer_id
  join scope_code k on k.check_code = n.check_code and k.procedure_code = l.procedure_code
  anti join mart.cause c on c.check_code = n.check_code and coalesce(c.provider_npi, l.provider_npi) = l.provider_npi
    and coalesce(c.clinic_id, l.clinic_id) = l.clinic_id and coalesce(c.payer_id, l.payer_id) = l.payer_id
    and coalesce(c.procedure_code, l.procedure_code) = l.procedure_code and coalesce(c.modifiers, l.modifiers) = l.modifiers and (c.since is null or c.since <= l.month)
  group by n.candidate, l.month
),
found as (
  select n.candidate, r.month, count(*) as findings
  from remaining r
  join candidate n on n.check_code = r.check_code and n.unit = r.unit and coalesce(n.provider_npi, r.provider_npi) = r.provider_npi
    and coalesce(n.clinic_id, r.clinic_id) = r.clinic_id and coalesce(n.payer_id, r.payer_id) = r.payer_id
    and coalesce(n.procedure_code, r.procedure_code) = r.procedure_code and (n.modifiers is null or n.modifiers = r.modifiers)
  group by n.candidate, r.month
),
-- from each month with findings on, and over all months
span as (
  select candidate, month as since, sum(subjects) over later as subjects, sum(findings) over later as findings,
    row_number() over (partition by candidate order by month) = 1 as is_first, findings > 0 as begins
  from (
    select candidate, month, coalesce(o.subjects, 0) as subjects, coalesce(f.findings, 0) as findings
    from of_candidate o full join found f using (candidate, month)
  )
  window later as (partition by candidate order by month rows between current row and unbounded following)
),
tried as (
  select candidate, case when is_first then null else since end as since, cast(subjects as double) as n, least(cast(findings as double), subjects) as k
  from span where is_first or begins
),
sizes as (
  select unit, ln(count(distinct provider_npi)) as provider, ln(count(distinct clinic_id)) as clinic, ln(count(distinct payer_id)) as payer,
    ln(count(distinct procedure_code)) as code, ln(count(distinct modifiers)) as modifiers, ln(count(distinct month)) as months
  from mart.cause_cell group by unit
),
weighed as (
  select n.*, t.since, t.n, t.k, w.subjects - t.n as other_n, least(w.findings - t.k, w.subjects - t.n) as other_k,
    case when n.provider_npi is null then 0 else z.provider end + case when n.clinic_id is null then 0 else z.clinic end + case when n.payer_id is null then 0 else z.payer end
      + case when n.procedure_code is null then 0 else z.code end + case when n.modifiers is null then 0 else z.modifiers end + case when t.since is null then 0 else z.months end as cost,
    (n.provider_npi is not null)::integer + (n.clinic_id is not null)::integer + (n.payer_id is not null)::integer + (n.procedure_code is not null)::integer
      + (n.modifiers is not null)::integer + (t.since is not null)::integer as names
  from tried t
  join candidate n using (candidate)
  join whole w on w.check_code = n.check_code and w.unit = n.unit
  join sizes z on z.unit = n.unit
  where t.k >= 5
),
scored as (
  select *,
    case when names = 0 then case when k >= 20 and k >= 0.5 * n then 11.0 else -1.0 end
      when other_n <= 0 or k * other_n < 2 * other_k * n then -1.0
      else surprise(k, n, k + other_k, n + other_n) + surprise(other_k, other_n, k + other_k, n + other_n) - cost end as score
  from weighed
),
best as (
  select * from scored
  where score >= 11
  qualify row_number() over (partition by check_code, unit order by round(score, 6) desc, names, mask, candidate, since nulls first) = 1
)
select (select coalesce(max(round), 0) + 1 from mart.cause) as round, b.check_code, b.unit, b.provider_npi, b.clinic_id, b.payer_id, b.procedure_code, b.modifiers, b.since,
  count(*) as findings, cast(b.n as bigint) as subjects, cast(b.other_k as bigint) as other_findings, cast(b.other_n as bigint) as other_subjects,
  sum(r.over_amount) as over_amount, sum(r.under_amount) as under_amount, min(r.service_date) as first_date, max(r.service_date) as last_date,
  case when min(r.procedure_code) = max(r.procedure_code) then nullif(min(r.procedure_code), '') end as only_code, cast(round(b.score, 3) as decimal(12, 3)) as score
from best b
join remaining r on r.check_code = b.check_code and r.unit = b.unit and coalesce(b.provider_npi, r.provider_npi) = r.provider_npi
  and coalesce(b.clinic_id, r.clinic_id) = r.clinic_id and coalesce(b.payer_id, r.payer_id) = r.payer_id
  and coalesce(b.procedure_code, r.procedure_code) = r.procedure_code and (b.modifiers is null or b.modifiers = r.modifiers) and (b.since is null or b.since <= r.month)
group by b.check_code, b.unit, b.provider_npi, b.clinic_id, b.payer_id, b.procedure_code, b.modifiers, b.since, b.n, b.other_k, b.other_n, b.score
