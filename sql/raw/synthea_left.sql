/*---
table: raw.synthea_left
grain: one record that is no claim line of its source
reads: [raw.synthea_transactions, raw.synthea_claims]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Transactions that are no charges, and institutional claims.
*/
select t.file_id, t.record_number,
  case when trim(t.TYPE) = 'CHARGE' then 'institutional claim' else lower(trim(coalesce(t.TYPE, 'untyped'))) || ' transaction' end as reason, cast(null as varchar) as remedy
from raw.synthea_transactions t
left join (select Id, min(trim(HEALTHCARECLAIMTYPEID1)) as claim_type from raw.synthea_claims group by Id) c on c.Id = t.CLAIMID
where trim(t.TYPE) is distinct from 'CHARGE' or c.claim_type = '2'
