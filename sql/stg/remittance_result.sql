/*---
table: stg.remittance_result
grain: one row per claim line and claim of a remittance that speaks of it
reads: [stg.remittance_match, stg.remittance_line, stg.claim_line]
columns:
  file_id: {type: INTEGER, is: "file of the claim line"}
  record_number: {type: BIGINT, is: "record of the claim line"}
  remittance_file_id: {type: INTEGER, is: "file of the remittance"}
  claim_record: {type: BIGINT, is: "record number of the remittance's claim"}
  state: {type: VARCHAR, is: "stands, earlier, reversed, reversal, repeated, no-decision, or older-than-claim-file"}
  taken_back: {type: BOOLEAN, is: "every payment of the line was reversed, and this is the last reversal"}
  payment_date: {type: DATE, is: "day of the payment"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount; null = unknown"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount; null = unknown"}
  line_status: {type: VARCHAR, is: "paid, denied, pending or unknown"}
  carc_codes: {type: "VARCHAR[]", is: "adjustment reasons with their group, sorted"}
  rarc_codes: {type: "VARCHAR[]", is: "remark codes, sorted"}
  differs: {type: "VARCHAR[]", is: "where it stands: columns of the claim line that state something else"}
---
What each remittance made of a claim line, and which result stands: the last one paid that was not reversed. A reversal (CLP02 22) takes away the
earliest payment of the same amounts. The same payment in two files is one. What a payer split into several service lines is added up. A claim without service lines decides its lines when it paid nothing, or when it
has only one. Statuses that are no decision (forwarded as not ours, predetermination) change nothing.

The last word counts: a result takes the place of what the claim file states, unless that file says that the line was processed after the payment.
*/
with spoken as (
  select m.line_file_id as file_id, m.line_record_number as record_number, m.file_id as remittance_file_id, m.claim_record, m.matched_by = 'claim' as whole_claim, m.lines, r.*
    exclude (file_id, record_number, claim_record)
  from stg.remittance_match m
  join stg.remittance_line r on r.file_id = m.file_id and r.record_number = m.record_number
  where m.line_file_id is not null
),
event as (
  select file_id, record_number, remittance_file_id, claim_record, any_value(claim_status) as claim_status, any_value(payment_date) as payment_date, any_value(trace) as trace, any_value(payer_claim_id) as payer_claim_id,
    bool_or(whole_claim) as whole_claim, any_value(lines) as lines,
    sum(charge_amount) as charge_amount,
    case when count(allowed_amount) = count(*) then sum(allowed_amount) end as allowed_amount,
    sum(paid_amount) as paid_amount,
    case when count(is_denied) = count(*) then bool_and(is_denied) end as is_denied,
    list_sort(list_distinct(flatten(list(list_transform(adjustments, lambda a: a.group_code || '-' || a.reason))))) as carc_codes,
    list_sort(list_distinct(flatten(list(remarks)))) as rarc_codes
  from spoken
  group by file_id, record_number, remittance_file_id, claim_record
),
-- of most lines one event speaks, which needs no order and stands for itself
several as (select file_id, record_number from event group by file_id, record_number having count(*) > 1),
single as (
  -- the same payment in two files is one; twice in one file it is two
  select *, row_number() over (partition by file_id, record_number, trace, payment_date, claim_status, payer_claim_id, charge_amount, paid_amount, nth order by remittance_file_id) as copy
  from (
    select *, row_number() over (partition by file_id, record_number, remittance_file_id, trace, payment_date, claim_status, payer_claim_id, charge_amount, paid_amount order by claim_record) as nth
    from event semi join several using (file_id, record_number)
  )
),
kinds as (
  select *, case when copy > 1 then 'repeated' when claim_status = '22' then 'reversal'
    when claim_status in ('1', '2', '3', '4', '19', '20', '21') then 'decision' else 'no-decision' end as kind
  from (from single union all select *, 1 as nth, 1 as copy from event anti join several using (file_id, record_number))
),
counted as (
  select *,
    count(*) filter (kind = 'reversal') over (partition by file_id, record_number, abs(charge_amount), abs(paid_amount)) as reversals,
    row_number() over (partition by file_id, record_number, kind, abs(charge_amount), abs(paid_amount) order by payment_date nulls first, remittance_file_id, claim_record) as nth_alike
  from kinds semi join several using (file_id, record_number)
),
stated as (
  select * exclude (reversals, nth_alike), case when kind = 'decision' and nth_alike <= reversals then 'reversed' else kind end as state
  from counted
),
ordered as (
  select *, row_number() over (partition by file_id, record_number, state order by payment_date desc nulls last, remittance_file_id desc, claim_record desc) as from_last,
    count(*) filter (state = 'decision') over (partition by file_id, record_number) as standing
  from stated
  union all
  select *, kind as state, 1 as from_last, if(kind = 'decision', 1, 0) as standing from kinds anti join several using (file_id, record_number)
)
select o.file_id, o.record_number, o.remittance_file_id, o.claim_record,
  case when o.state = 'decision' and o.from_last > 1 then 'earlier'
    when o.state = 'decision' and c.processed_date > o.payment_date then 'older-than-claim-file'
    when o.state = 'decision' then 'stands' else o.state end as state,
  o.state = 'reversal' and o.from_last = 1 and o.standing = 0 and not coalesce(c.processed_date > o.payment_date, false) as taken_back,
  o.payment_date, o.charge_amount,
  case when not o.whole_claim then o.allowed_amount end as allowed_amount,
  case when o.state = 'reversal' then 0 when not o.whole_claim or o.lines = 1 or o.paid_amount = 0 then o.paid_amount end as paid_amount,
  case when o.state = 'reversal' then 'pending' when o.is_denied then 'denied' when not o.is_denied then 'paid' else 'unknown' end as line_status,
  o.carc_codes, o.rarc_codes,
  case when o.state = 'decision' and o.from_last = 1 then list_filter([
    case when c.paid_amount <> o.paid_amount and not o.whole_claim then 'paid_amount' end,
    case when c.allowed_amount <> o.allowed_amount and not o.whole_claim then 'allowed_amount' end,
    case when c.line_status <> 'unknown' and o.is_denied is not null and (c.line_status = 'denied') <> o.is_denied then 'line_status' end
  ], lambda name: name is not null) else [] end as differs
from ordered o
join stg.claim_line c on c.file_id = o.file_id and c.record_number = o.record_number
