/*---
table: raw.idr_claim_lines
grain: one line of a carrier claim of the CMS Integrated Data Repository as a canonical claim line, as text
reads: [raw.idr_claim_line, raw.idr_claim, raw.idr_claim_professional, raw.idr_claim_line_professional, raw.idr_claim_diagnosis, raw.idr_claim_dates]
columns: raw.claim_lines
---
Carrier claims (types 71 and 72) whose version holds. The claim, its professional part, its diagnoses and dates are other files of the same
drop, found by four keys; a line whose claim is not there has no patient and is rejected for it. ~ is blank, and a number may end in .0.
*/
select l.file_id as file_id,
  l.record_number as record_number,
  l.CLM_UNIQ_ID as claim_id,
  l.CLM_LINE_NUM as line_number,
  cast(null as varchar) as claim_frequency,
  cast(null as varchar) as original_claim_id,
  c.patient as patient_id,
  'MEDICARE-PART-B' as payer_id,
  coalesce(whole_number(c.billing), whole_number(nullif(blank(l.CLM_RNDRG_PRVDR_NPI_NUM), '~')), whole_number(c.rendering)) as billing_npi,
  coalesce(whole_number(nullif(blank(l.CLM_RNDRG_PRVDR_NPI_NUM), '~')), whole_number(c.rendering)) as rendering_npi,
  whole_number(nullif(blank(l.CLM_POS_CD), '~')) as place_of_service,
  l.CLM_LINE_FROM_DT as service_date,
  l.CLM_LINE_THRU_DT as service_date_to,
  cast(null as varchar) as received_date,
  coalesce(blank(t.processed), c.paid) as processed_date,
  nullif(blank(l.CLM_LINE_HCPCS_CD), '~') as procedure_code,
  nullif(blank(l.HCPCS_1_MDFR_CD), '~') as modifier_1,
  nullif(blank(l.HCPCS_2_MDFR_CD), '~') as modifier_2,
  nullif(blank(l.HCPCS_3_MDFR_CD), '~') as modifier_3,
  coalesce(nullif(blank(l.HCPCS_4_MDFR_CD), '~'), nullif(blank(l.HCPCS_5_MDFR_CD), '~')) as modifier_4,
  l.CLM_LINE_SRVC_UNIT_QTY as units,
  diagnosis_of(d.codes[1], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_1,
  diagnosis_of(d.codes[2], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_2,
  diagnosis_of(d.codes[3], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_3,
  diagnosis_of(d.codes[4], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_4,
  diagnosis_of(d.codes[5], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_5,
  diagnosis_of(d.codes[6], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_6,
  diagnosis_of(d.codes[7], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_7,
  diagnosis_of(d.codes[8], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_8,
  diagnosis_of(d.codes[9], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_9,
  diagnosis_of(d.codes[10], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_10,
  diagnosis_of(d.codes[11], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_11,
  diagnosis_of(d.codes[12], d.is_9, l.CLM_LINE_FROM_DT) as diagnosis_12,
  case when nullif(blank(l.CLM_LINE_DGNS_CD), '~') is not null then cast(list_position(d.codes, nullif(blank(l.CLM_LINE_DGNS_CD), '~')) as varchar) end as diagnosis_pointers,
  l.CLM_LINE_SBMT_CHRG_AMT as charge_amount,
  l.CLM_LINE_ALOWD_CHRG_AMT as allowed_amount,
  l.CLM_LINE_CVRD_PD_AMT as paid_amount,
  carrier_status(p.denial, i.indicator) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  nullif(blank(l.CLM_LINE_NDC_CD), '~') as ndc,
  nullif(blank(l.CLM_LINE_NDC_QTY), '~') as ndc_quantity,
  nullif(blank(l.CLM_LINE_NDC_QTY_QLFYR_CD), '~') as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from raw.idr_claim_line l
left join (
  select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, max(blank(CLM_FINL_ACTN_IND)) as final, max(nullif(blank(BENE_SK), '~')) as patient,
    max(coalesce(nullif(blank(CLM_BLG_PRVDR_NPI_NUM), '~'), nullif(blank(PRVDR_BLG_PRVDR_NPI_NUM), '~'))) as billing, max(nullif(blank(CLM_RNDRG_PRVDR_NPI_NUM), '~')) as rendering, max(blank(CLM_PD_DT)) as paid
  from raw.idr_claim group by all
) c on c.GEO_BENE_SK = l.GEO_BENE_SK and c.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK and c.CLM_TYPE_CD = l.CLM_TYPE_CD and c.CLM_NUM_SK = l.CLM_NUM_SK
left join (
  select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, max(CLM_CARR_PMT_DNL_CD) as denial from raw.idr_claim_professional group by all
) p on p.GEO_BENE_SK = l.GEO_BENE_SK and p.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK and p.CLM_TYPE_CD = l.CLM_TYPE_CD and p.CLM_NUM_SK = l.CLM_NUM_SK
left join (
  select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, CLM_LINE_NUM, max(CLM_PRCSG_IND_CD) as indicator from raw.idr_claim_line_professional group by all
) i on i.GEO_BENE_SK = l.GEO_BENE_SK and i.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK and i.CLM_TYPE_CD = l.CLM_TYPE_CD and i.CLM_NUM_SK = l.CLM_NUM_SK and i.CLM_LINE_NUM = l.CLM_LINE_NUM
left join (
  select CLM_DT_SGNTR_SK, max(coalesce(blank(CLM_CMS_PROC_DT), blank(CLM_NCH_WKLY_PROC_DT))) as processed from raw.idr_claim_dates group by all
) t on t.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK
left join (
  select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, list(code order by position, code) as codes, bool_or(is_9) as is_9
  from (
    select GEO_BENE_SK, CLM_DT_SGNTR_SK, CLM_TYPE_CD, CLM_NUM_SK, nullif(blank(CLM_DGNS_CD), '~') as code, min(try_cast(CLM_VAL_SQNC_NUM as double)) as position,
      bool_or(left(trim(CLM_DGNS_PRCDR_ICD_IND), 1) = '9') as is_9
    from raw.idr_claim_diagnosis where trim(CLM_PROD_TYPE_CD) = 'D' and nullif(blank(CLM_DGNS_CD), '~') is not null group by all
  ) group by all
) d on d.GEO_BENE_SK = l.GEO_BENE_SK and d.CLM_DT_SGNTR_SK = l.CLM_DT_SGNTR_SK and d.CLM_TYPE_CD = l.CLM_TYPE_CD and d.CLM_NUM_SK = l.CLM_NUM_SK
where trim(l.CLM_TYPE_CD) in ('71', '72') and coalesce(c.final, 'Y') <> 'N'
