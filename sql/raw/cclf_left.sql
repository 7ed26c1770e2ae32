/*---
table: raw.cclf_left
grain: one record that is no claim line of its source
reads: [raw.cclf_part_b]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
Other claims, and cancellations after which the file adjusts the claim: the adjustment says what holds.
*/
select file_id, record_number, case when is_carrier then 'cancellation of a claim that was then adjusted' else 'not a physician claim' end as reason,
  cast(null as varchar) as remedy
from (
  select *, day_of(CLM_LINE_FROM_DT) as day,
    coalesce(nullif(blank(CLM_CNTL_NUM), '~'), trim(CUR_CLM_UNIQ_ID)) as claim,
    blank(CLM_ADJSMT_TYPE_CD) = '1' and coalesce(max(case when blank(CLM_ADJSMT_TYPE_CD) = '2' then day_of(CLM_EFCTV_DT) end)
      over (partition by coalesce(nullif(blank(CLM_CNTL_NUM), '~'), trim(CUR_CLM_UNIQ_ID)), BENE_MBI_ID) >= day_of(CLM_EFCTV_DT), false) as is_adjusted,
    coalesce(nullif(blank(CLM_TYPE_CD), '~'), '71') in ('71', '72') as is_carrier
  from raw.cclf_part_b
)
where is_adjusted or not is_carrier
