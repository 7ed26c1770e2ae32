/*---
table: stg.original_claim
grain: one row per replacing or voiding claim line in X12 whose original is named by the payer's number
reads: [stg.claim_line, stg.remittance_line, stg.line_control]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  original_claim_id: {type: VARCHAR, is: "claim number of the original"}
---
In X12 a replacement or void names its original by the number that the payer gave it (REF F8), while claims go by the number that the provider gave them.
The original is the claim with that number, if there is one; else the claim whose remittance carries the payer's number; else the claim with
the number of the replacement itself, if it was sent before.
*/
with replacing as (
  select c.* from stg.claim_line c
  semi join stg.line_control k on k.file_id = c.file_id and k.record_number = c.record_number
  where c.problem_mask = 0 and c.claim_frequency in ('7', '8') and c.original_claim_id is not null
),
numbered as (
  select payer_claim_id, min(claim_id) as claim_id from stg.remittance_line
  where problem_mask = 0 and level = 'claim' and payer_claim_id is not null
  group by payer_claim_id
  having count(distinct claim_id) = 1
),
sent as (select distinct claim_id, patient_id, payer_id, claim_frequency from stg.claim_line where problem_mask = 0)
select r.file_id, r.record_number, coalesce(n.claim_id, r.claim_id) as original_claim_id
from replacing r
left join numbered n on n.payer_claim_id = r.original_claim_id
where not exists (from sent s where s.claim_id = r.original_claim_id and s.patient_id = r.patient_id and s.payer_id = r.payer_id)
  and (n.claim_id is not null
    or exists (from sent s where s.claim_id = r.claim_id and s.patient_id = r.patient_id and s.payer_id = r.payer_id and s.claim_frequency = '1'))
