/*---
table: raw.cclf_claim_lines
grain: one line of a CCLF Part B physician claim as a canonical claim line, as text
reads: [raw.cclf_part_b]
columns: raw.claim_lines
---
All versions of a claim share its control number, which is the claim here: an adjustment replaces, a cancellation voids what came before it,
unless an adjustment follows it. The file names no billing NPI and no charge: each rendering provider stands for itself. The line's one
diagnosis becomes the position at which the claim lists it. The status is read as in carrier claims of the RIF layout.
*/
select file_id,
  record_number,
  claim as claim_id,
  CLM_LINE_NUM as line_number,
  case blank(CLM_ADJSMT_TYPE_CD) when '1' then '8' when '2' then '7' end as claim_frequency,
  case when blank(CLM_ADJSMT_TYPE_CD) in ('1', '2') then claim end as original_claim_id,
  BENE_MBI_ID as patient_id,
  'MEDICARE-PART-B' as payer_id,
  coalesce(nullif(blank(RNDRG_PRVDR_NPI_NUM), '~'), nullif(blank(CLM_RNDRG_PRVDR_NPI_NUM), '~')) as billing_npi,
  coalesce(nullif(blank(RNDRG_PRVDR_NPI_NUM), '~'), nullif(blank(CLM_RNDRG_PRVDR_NPI_NUM), '~')) as rendering_npi,
  nullif(blank(CLM_POS_CD), '~') as place_of_service,
  day as service_date,
  day_of(CLM_LINE_THRU_DT) as service_date_to,
  cast(null as varchar) as received_date,
  day_of(CLM_EFCTV_DT) as processed_date,
  nullif(blank(CLM_LINE_HCPCS_CD), '~') as procedure_code,
  nullif(blank(HCPCS_1_MDFR_CD), '~') as modifier_1,
  nullif(blank(HCPCS_2_MDFR_CD), '~') as modifier_2,
  nullif(blank(HCPCS_3_MDFR_CD), '~') as modifier_3,
  coalesce(nullif(blank(HCPCS_4_MDFR_CD), '~'), nullif(blank(HCPCS_5_MDFR_CD), '~')) as modifier_4,
  CLM_LINE_SRVC_UNIT_QTY as units,
  diagnosis_of(nullif(blank(CLM_DGNS_1_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_1,
  diagnosis_of(nullif(blank(CLM_DGNS_2_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_2,
  diagnosis_of(nullif(blank(CLM_DGNS_3_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_3,
  diagnosis_of(nullif(blank(CLM_DGNS_4_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_4,
  diagnosis_of(nullif(blank(CLM_DGNS_5_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_5,
  diagnosis_of(nullif(blank(CLM_DGNS_6_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_6,
  diagnosis_of(nullif(blank(CLM_DGNS_7_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_7,
  diagnosis_of(nullif(blank(CLM_DGNS_8_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_8,
  diagnosis_of(nullif(blank(CLM_DGNS_9_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_9,
  diagnosis_of(nullif(blank(CLM_DGNS_10_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_10,
  diagnosis_of(nullif(blank(CLM_DGNS_11_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_11,
  diagnosis_of(nullif(blank(CLM_DGNS_12_CD), '~'), trim(DGNS_PRCDR_ICD_IND) = '9', day) as diagnosis_12,
  case when nullif(blank(CLM_LINE_DGNS_CD), '~') is not null then cast(list_position([blank(CLM_DGNS_1_CD), blank(CLM_DGNS_2_CD), blank(CLM_DGNS_3_CD), blank(CLM_DGNS_4_CD), blank(CLM_DGNS_5_CD), blank(CLM_DGNS_6_CD),
    blank(CLM_DGNS_7_CD), blank(CLM_DGNS_8_CD), blank(CLM_DGNS_9_CD), blank(CLM_DGNS_10_CD), blank(CLM_DGNS_11_CD), blank(CLM_DGNS_12_CD)], nullif(blank(CLM_LINE_DGNS_CD), '~')) as varchar) end as diagnosis_pointers,
  cast(null as varchar) as charge_amount,
  CLM_LINE_ALOWD_CHRG_AMT as allowed_amount,
  CLM_LINE_CVRD_PD_AMT as paid_amount,
  carrier_status(CLM_CARR_PMT_DNL_CD, CLM_PRCSG_IND_CD) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  cast(null as varchar) as ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from (
  select *, day_of(CLM_LINE_FROM_DT) as day,
    coalesce(nullif(blank(CLM_CNTL_NUM), '~'), trim(CUR_CLM_UNIQ_ID)) as claim,
    blank(CLM_ADJSMT_TYPE_CD) = '1' and coalesce(max(case when blank(CLM_ADJSMT_TYPE_CD) = '2' then day_of(CLM_EFCTV_DT) end)
      over (partition by coalesce(nullif(blank(CLM_CNTL_NUM), '~'), trim(CUR_CLM_UNIQ_ID)), BENE_MBI_ID) >= day_of(CLM_EFCTV_DT), false) as is_adjusted,
    coalesce(nullif(blank(CLM_TYPE_CD), '~'), '71') in ('71', '72') as is_carrier
  from raw.cclf_part_b
)
where is_carrier and not is_adjusted
