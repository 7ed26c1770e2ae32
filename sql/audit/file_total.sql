/*---
table: audit.file_total
grain: one row per file that was read and step
reads: [raw.file, stg.claim_line, stg.remittance_line, stg.remittance_match, stg.remittance_result, core.superseded_line, core.claim_line, core.run]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_type: {type: VARCHAR, is: "record layout"}
  step: {type: VARCHAR, is: "read, rejected, accepted; of claim lines also superseded, after-as-of and audited; of remittances heading, unmatched, passed-over and stands"}
  place: {type: INTEGER, is: "order of the steps"}
  records: {type: BIGINT, is: "records"}
  units: {type: "DECIMAL(38,3)", is: "claim lines: sum of units, where they are numbers"}
  charge_amount: {type: "DECIMAL(38,2)", is: "claim lines and remittances: sum of charges, where they are amounts"}
  paid_amount: {type: "DECIMAL(38,2)", is: "the same of what was paid; for claim lines by the file itself or by a remittance"}
---
What became of the records of each file, and of their money. Read = rejected + accepted. Of claim lines accepted = superseded + after the as-of date + audited. Of remittances
accepted = headings (claims whose service lines speak for them; their amounts are those of the lines, and are not counted again) + unmatched (no claim line was found)
+ passed over (earlier, reversed, repeated, no decision, older than the claim file) + stands (decides a claim line). What a file of claims gives beside its lines is not counted here.
*/
with line as (
  select file_id, (cast(file_id as bigint) << 40) | record_number as line_id, problem_mask, service_date, units, charge_amount, paid_amount
  from stg.claim_line
),
remitted as (
  select r.file_id, r.record_number, r.problem_mask, h.file_id is not null as is_heading,
    case when h.file_id is null then r.charge_amount end as charge_amount, case when h.file_id is null then r.paid_amount end as paid_amount
  from stg.remittance_line r
  left join (select distinct file_id, claim_record from stg.remittance_line where level = 'line') h
    on r.level = 'claim' and h.file_id = r.file_id and h.claim_record = r.claim_record
),
spoken as (
  select m.file_id, m.record_number, bool_or(m.line_file_id is not null) as is_matched, coalesce(bool_or(r.state = 'stands'), false) as stands
  from stg.remittance_match m
  left join stg.remittance_result r on r.file_id = m.line_file_id and r.record_number = m.line_record_number
    and r.remittance_file_id = m.file_id and r.claim_record = m.claim_record
  group by m.file_id, m.record_number
),
amount as (
  select file_id, unnest(['read', case when problem_mask = 0 then 'accepted' else 'rejected' end]) as step, count(*) as records,
    sum(units) as units, sum(charge_amount) as charge_amount, sum(paid_amount) as paid_amount
  from line group by file_id, problem_mask = 0
  union all
  select file_id, 'superseded', count(*), sum(units), sum(charge_amount), sum(paid_amount)
  from line semi join core.superseded_line using (line_id) where problem_mask = 0 group by file_id
  union all
  select file_id, 'after-as-of', count(*), sum(units), sum(charge_amount), sum(paid_amount)
  from line join core.run on service_date > core.run.as_of anti join core.superseded_line using (line_id) where problem_mask = 0 group by file_id
  union all
  select cast(line_id >> 40 as integer), 'audited', count(*), sum(units), sum(charge_amount), sum(paid_amount) from core.claim_line group by line_id >> 40
  union all
  select file_id, unnest(['read', case when problem_mask = 0 then 'accepted' else 'rejected' end]), count(*), null, sum(charge_amount), sum(paid_amount)
  from remitted group by file_id, problem_mask = 0
  union all
  select r.file_id, case when r.is_heading then 'heading' when s.stands then 'stands' when s.is_matched then 'passed-over' else 'unmatched' end as kind,
    count(*), null, sum(r.charge_amount), sum(r.paid_amount)
  from remitted r left join spoken s on s.file_id = r.file_id and s.record_number = r.record_number
  where r.problem_mask = 0 group by r.file_id, kind
),
summed as (
  select file_id, step, sum(records) as records, sum(units) as units, sum(charge_amount) as charge_amount, sum(paid_amount) as paid_amount
  from amount group by file_id, step
),
step as (
  select file_id, record_type, records, rejected, unnest(case record_type
      when 'claim_lines' then ['read', 'rejected', 'accepted', 'superseded', 'after-as-of', 'audited']
      when 'remittance_lines' then ['read', 'rejected', 'accepted', 'heading', 'unmatched', 'passed-over', 'stands']
      else ['read', 'rejected', 'accepted'] end) as step, unnest(range(1, 8)) as place
  from raw.file where status = 'read' and record_type is not null
)
select t.file_id, t.record_type, t.step, t.place,
  -- what could not even be staged is counted by the ingest step
  case t.step when 'read' then t.records when 'rejected' then t.rejected when 'accepted' then t.records - t.rejected else coalesce(s.records, 0) end as records,
  case when t.record_type = 'claim_lines' then coalesce(s.units, 0) end as units,
  case when t.record_type in ('claim_lines', 'remittance_lines') then coalesce(s.charge_amount, 0) end as charge_amount,
  case when t.record_type in ('claim_lines', 'remittance_lines') then coalesce(s.paid_amount, 0) end as paid_amount
from step t
left join summed s on s.file_id = t.file_id and s.step = t.step
where t.step is not null
