/*---
table: mart.decision
grain: one row per finding that a person has decided on
reads: [audit.viewed, audit.run, audit.disposition, audit.observation]
columns:
  finding_id: {type: VARCHAR, is: "finding"}
  check_code: {type: VARCHAR, is: "check"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  direction: {type: VARCHAR, is: "over, under or none"}
  decision: {type: VARCHAR, is: "the last decision: confirmed, not_an_error, corrected, under_review or suppressed"}
  standing: {type: VARCHAR, is: "in-force; of a suppression also expired, breached or unused, of not_an_error also updated; of corrected awaiting-data, contradicted, verified or unverified"}
  is_hidden: {type: BOOLEAN, is: "the finding is kept out of what is new and of the open work; never out of money or findings.csv"}
  is_open: {type: BOOLEAN, is: "the finding stands in this run and waits for a person"}
  is_baseline: {type: BOOLEAN, is: "suppressed with all others of the first run"}
  reviewer: {type: VARCHAR, is: "who decided"}
  decided_on: {type: DATE, is: "day of the decision"}
  decided_in: {type: VARCHAR, is: "run whose worklist was answered"}
  reason_code: {type: VARCHAR, is: "reason"}
  note: {type: VARCHAR, is: "free text"}
  expires_on: {type: DATE, is: "last day on which a suppression holds"}
  approver: {type: VARCHAR, is: "who approved a suppression"}
  ceiling: {type: "DECIMAL(12,2)", is: "most money that a suppression may hide"}
  state: {type: VARCHAR, is: "what this run says of the finding; null when it did not speak of it"}
  last_state: {type: VARCHAR, is: "what was last said of it, by this run or one before"}
  amount_at_risk: {type: "DECIMAL(12,2)", is: "money in question as last said"}
  amount_then: {type: "DECIMAL(12,2)", is: "money in question when it was decided"}
  is_over_ceiling: {type: BOOLEAN, is: "of a suppression: the money in question is above the ceiling"}
  is_updated: {type: BOOLEAN, is: "amount, severity or message are not what they were when it was decided"}
  is_expired: {type: BOOLEAN, is: "of a suppression: its last day is before the as-of date"}
  is_gone: {type: BOOLEAN, is: "what was last said of the finding is that it is resolved"}
  entry: {type: BIGINT, is: "entry in audit.disposition"}
  decisions: {type: BIGINT, is: "decisions ever made on the finding"}
---
What holds of a finding in the eyes of a run: the last decision that answers the worklist of this run or of one before it, and what became of it. A suppression is in force through its
last day, up to its ceiling, and while the finding says what it said. `corrected` is held against the data: gone is `verified` (unless the rule changed or the line left the input, which
proves nothing: `unverified`); still there in a later run whose input names a day after the decision is `contradicted`; until then it is `awaiting-data`.
*/
with upto as (
  select p.run_key, p.as_of, p.data_to from audit.run p cross join audit.viewed v where (p.as_of, p.run_key) <= (v.as_of, v.run_key)
),
decided as (
  select d.*, u.as_of as run_as_of, count(*) over (partition by d.finding_id) as decisions
  from audit.disposition d join upto u using (run_key)
  qualify row_number() over (partition by d.finding_id order by d.decided_on desc, d.entry desc) = 1
),
said as (
  select o.run_key, o.finding_id, o.state, o.resolution, o.check_code, o.provider_npi, o.direction, o.amount_at_risk, o.digest, u.as_of, u.data_to
  from audit.observation o semi join decided using (finding_id) join upto u using (run_key)
),
last_said as (
  select * from said qualify row_number() over (partition by finding_id order by as_of desc, run_key desc) = 1
),
contradicted as (
  select distinct d.finding_id
  from decided d join said s on s.finding_id = d.finding_id
  where d.decision = 'corrected' and s.state <> 'resolved' and s.data_to > d.decided_on and (s.as_of, s.run_key) > (d.run_as_of, d.run_key)
),
judged as (
  select d.*, l.check_code, l.provider_npi, l.direction, case when l.run_key = v.run_key then l.state end as state, l.state as last_state, l.resolution,
    case when l.state <> 'resolved' then l.amount_at_risk end as amount_now,
    coalesce(l.state = 'resolved', false) as is_gone,
    coalesce(l.state <> 'resolved' and l.digest <> d.digest, false) as is_updated,
    coalesce(d.decision = 'suppressed' and l.state <> 'resolved' and l.amount_at_risk > d.ceiling, false) as is_over_ceiling,
    coalesce(d.decision = 'suppressed' and d.expires_on < v.as_of, false) as is_expired,
    c.finding_id is not null as is_contradicted
  from decided d
  cross join audit.viewed v
  left join last_said l on l.finding_id = d.finding_id
  left join contradicted c on c.finding_id = d.finding_id
),
standing as (
  select *, case
    when decision = 'suppressed' and is_gone then 'unused'
    when decision = 'suppressed' and is_expired then 'expired'
    when decision = 'suppressed' and (is_over_ceiling or is_updated) then 'breached'
    when decision = 'not_an_error' and is_updated then 'updated'
    when decision = 'corrected' and is_gone and resolution in ('rule-changed', 'left-input') then 'unverified'
    when decision = 'corrected' and is_gone then 'verified'
    when decision = 'corrected' and is_contradicted then 'contradicted'
    when decision = 'corrected' then 'awaiting-data'
    else 'in-force' end as standing
  from judged
)
select finding_id, check_code, provider_npi, direction, decision, standing,
  decision in ('not_an_error', 'suppressed') and standing = 'in-force' and not is_gone as is_hidden,
  coalesce(state <> 'resolved', false) and not (decision in ('not_an_error', 'suppressed') and standing = 'in-force') and standing <> 'awaiting-data' as is_open,
  decision = 'suppressed' and reason_code = 'baseline' and source_digest is null as is_baseline,
  reviewer, decided_on, run_key as decided_in, reason_code, note, expires_on, approver, ceiling, state, last_state, amount_now as amount_at_risk,
  amount_at_risk as amount_then, is_over_ceiling, is_updated, is_expired, is_gone, entry, decisions
from standing
