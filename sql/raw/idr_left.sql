/*---
table: raw.idr_left
grain: one record that is no claim line of its source
reads: [raw.idr_claim_line, raw.idr_claim]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Claims of other types, and versions that no longer hold.
*/
select l.file_id, l.record_number, case when trim(l.CLM_TYPE_CD) in ('71', '72') then 'version that is not the final action' else 'not a carrier claim' end as reason,
  cast(null as varchar) as remedy
from raw.idr_claim_line l
left join (
  select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, max(blank(CLM_FINL_ACTN_IND)) as final from raw.idr_claim group by all
) f on f.GEO_BENE_SK = l.GEO_BENE_SK and f.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK and f.CLM_TYPE_CD = l.CLM_TYPE_CD and f.CLM_NUM_SK = l.CLM_NUM_SK
where trim(l.CLM_TYPE_CD) is null or trim(l.CLM_TYPE_CD) not in ('71', '72') or f.final = 'N'
