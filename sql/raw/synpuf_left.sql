/*---
table: raw.synpuf_left
grain: one record that is no claim line of its source
reads: [raw.synpuf_carrier]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  reason: {type: VARCHAR, is: "why it is left out"}
  remedy: {type: VARCHAR, is: "what helps; null where nothing is wrong with it"}
---
A claim none of whose thirteen lines has a code or a performing provider.
*/
select file_id, record_number, 'claim without a line' as reason, cast(null as varchar) as remedy
from raw.synpuf_carrier
where coalesce(blank(HCPCS_CD_1), blank(HCPCS_CD_2), blank(HCPCS_CD_3), blank(HCPCS_CD_4), blank(HCPCS_CD_5), blank(HCPCS_CD_6), blank(HCPCS_CD_7), blank(HCPCS_CD_8), blank(HCPCS_CD_9), blank(HCPCS_CD_10), blank(HCPCS_CD_11), blank(HCPCS_CD_12), blank(HCPCS_CD_13),
  blank(PRF_PHYSN_NPI_1), blank(PRF_PHYSN_NPI_2), blank(PRF_PHYSN_NPI_3), blank(PRF_PHYSN_NPI_4), blank(PRF_PHYSN_NPI_5), blank(PRF_PHYSN_NPI_6), blank(PRF_PHYSN_NPI_7), blank(PRF_PHYSN_NPI_8), blank(PRF_PHYSN_NPI_9), blank(PRF_PHYSN_NPI_10), blank(PRF_PHYSN_NPI_11), blank(PRF_PHYSN_NPI_12), blank(PRF_PHYSN_NPI_13)) is null
