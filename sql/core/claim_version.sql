/*---
table: core.claim_version
grain: one row per submission of a claim that was replaced, voided, sent again, or that replaces or voids another
reads: [stg.claim_line]
columns:
  claim_id: {type: VARCHAR, is: "claim number of the submission"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  claim_frequency: {type: VARCHAR, is: "1 original, 7 replacement, 8 void"}
  original_claim_id: {type: VARCHAR, is: "claim that a 7 or 8 points at"}
  received_date: {type: DATE, is: "day the payer received it"}
  covers_all: {type: BOOLEAN, is: "the submission is every record of the claim number, whatever dates its lines carry"}
  lines: {type: BIGINT, is: "records of the submission"}
  chain: {type: VARCHAR, is: "claim number at the root of the chain of versions"}
  original_loaded: {type: BOOLEAN, is: "for 7 and 8: whether the claim pointed at is loaded"}
  survives: {type: BOOLEAN, is: "the last received version of its chain, and not a void"}
---
Claims over time (ruling 27). A 7 or 8 points by original_claim_id at a claim of the same patient and payer; the same
claim number received twice is two versions. Per chain the last received version survives; nothing survives an 8; an
8 whose original is not loaded is dropped. Lines of one claim
number whose line numbers never collide are one submission, even where their received dates differ: such a header is
inconsistent, and no line may vanish because of it. Claims with one plain submission are not listed: they survive.
*/
with claim_group as (
  select claim_id, patient_id, payer_id,
    min(claim_frequency) <> max(claim_frequency) or min(claim_frequency) <> '1' as special,
    coalesce(min(original_claim_id) <> max(original_claim_id), false) or count(original_claim_id) not in (0, count(*)) as mixed_original,
    coalesce(min(received_date) <> max(received_date), false) or count(received_date) not in (0, count(*)) as mixed_received,
    -- line numbers 1 to 120 as bits of one integer: fewer bits than records means that a number came twice
    max(line_number) > 120 or bit_count(bit_or(cast(1 as hugeint) << least(line_number, 120))) <> count(*) as collides  -- or may: numbers above 120 are counted exactly below
  from stg.claim_line where problem_mask = 0
  group by claim_id, patient_id, payer_id
),
pointed_at as (
  select distinct original_claim_id as claim_id, patient_id, payer_id from stg.claim_line
  where problem_mask = 0 and claim_frequency in ('7', '8') and original_claim_id is not null
),
suspect as (
  select g.* from claim_group g left join pointed_at p using (claim_id, patient_id, payer_id)
  where special or p.claim_id is not null or (collides and (mixed_original or mixed_received))
),
candidate as (
  select u.* exclude (collides), count(distinct s.line_number) < count(*) as collides
  from stg.claim_line s join suspect u using (claim_id, patient_id, payer_id)
  where s.problem_mask = 0
  group by all
),
submission as (
  select s.claim_id, s.patient_id, s.payer_id, s.claim_frequency,
    case when c.special or c.collides then s.original_claim_id end as original_claim_id,
    case when c.special or c.collides then s.received_date end as version_date,
    not (c.special or c.collides) as covers_all,
    min(s.received_date) as received_date, max(s.processed_date) as processed_date, count(*) as lines
  from stg.claim_line s join candidate c using (claim_id, patient_id, payer_id)
  where s.problem_mask = 0
  group by all
),
node as (select distinct claim_id, patient_id, payer_id from submission),
-- the claim pointed at need not be loaded: two replacements of one unloaded original are versions of one claim
edge as (
  select distinct claim_id, patient_id, payer_id, original_claim_id as parent
  from submission
  where claim_frequency in ('7', '8') and original_claim_id <> claim_id
),
ancestor as (
  with recursive reach as (
    select claim_id, patient_id, payer_id, claim_id as upto from node
    union
    select r.claim_id, r.patient_id, r.payer_id, e.parent
    from reach r join edge e on e.claim_id = r.upto and e.patient_id = r.patient_id and e.payer_id = r.payer_id
  )
  select * from reach
),
root as (
  select a.claim_id, a.patient_id, a.payer_id,
    coalesce(min(a.upto) filter (e.claim_id is null), min(a.upto)) as chain
  from ancestor a
  left join (select distinct claim_id, patient_id, payer_id from edge) e
    on e.claim_id = a.upto and e.patient_id = a.patient_id and e.payer_id = a.payer_id
  group by a.claim_id, a.patient_id, a.payer_id
),
chained as (
  select s.*, count(s.received_date) over c < count(*) over c as undated
  from submission s join root using (claim_id, patient_id, payer_id)
  window c as (partition by root.chain, s.patient_id, s.payer_id)
)
select s.claim_id, s.patient_id, s.payer_id, s.claim_frequency, s.original_claim_id, s.received_date, s.covers_all, s.lines, r.chain,
  -- a 7 or 8 that points at its own number has an original only if that number was sent more than once
  case when s.claim_frequency in ('7', '8') then n.claim_id is not null
    and (s.original_claim_id <> s.claim_id or count(*) over (partition by s.claim_id, s.patient_id, s.payer_id) > 1) end as original_loaded,
  s.claim_frequency <> '8' and row_number() over (
    partition by r.chain, s.patient_id, s.payer_id
    -- a chain with a blank received date has no order of receipt: then a void comes after a replacement, and that after an original
    order by case when s.undated then s.claim_frequency end desc, s.received_date desc nulls first, s.claim_frequency desc, s.processed_date desc nulls last, s.claim_id desc, s.original_claim_id desc nulls last
  ) = 1 as survives
from chained s
join root r using (claim_id, patient_id, payer_id)
left join node n on n.claim_id = s.original_claim_id and n.patient_id = s.patient_id and n.payer_id = s.payer_id
