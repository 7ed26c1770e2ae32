/*---
table: raw.synpuf_claim_lines
grain: one line of a DE-SynPUF carrier claim as a canonical claim line, as text
reads: [raw.synpuf_carrier]
columns: raw.claim_lines
---
The lines of a claim stand beside each other; line n of record r is numbered (r - 1) * 13 + n. A line is there where it has a code or a
performing provider. The file has neither units nor modifiers, so that its lines cannot be audited: they are read, counted and listed as
rejects. Its diagnoses are ICD-9-CM, as the dates of 2008 to 2010 want.
*/
select file_id,
  (record_number - 1) * 13 + line as record_number,
  CLM_ID as claim_id,
  cast(line as varchar) as line_number,
  cast(null as varchar) as claim_frequency,
  cast(null as varchar) as original_claim_id,
  DESYNPUF_ID as patient_id,
  'MEDICARE-PART-B' as payer_id,
  npis[line] as billing_npi,
  npis[line] as rendering_npi,
  cast(null as varchar) as place_of_service,
  day_of(CLM_FROM_DT) as service_date,
  day_of(CLM_THRU_DT) as service_date_to,
  cast(null as varchar) as received_date,
  cast(null as varchar) as processed_date,
  codes[line] as procedure_code,
  cast(null as varchar) as modifier_1,
  cast(null as varchar) as modifier_2,
  cast(null as varchar) as modifier_3,
  cast(null as varchar) as modifier_4,
  cast(null as varchar) as units,
  diagnosis_of(ICD9_DGNS_CD_1, true, day_of(CLM_FROM_DT)) as diagnosis_1,
  diagnosis_of(ICD9_DGNS_CD_2, true, day_of(CLM_FROM_DT)) as diagnosis_2,
  diagnosis_of(ICD9_DGNS_CD_3, true, day_of(CLM_FROM_DT)) as diagnosis_3,
  diagnosis_of(ICD9_DGNS_CD_4, true, day_of(CLM_FROM_DT)) as diagnosis_4,
  diagnosis_of(ICD9_DGNS_CD_5, true, day_of(CLM_FROM_DT)) as diagnosis_5,
  diagnosis_of(ICD9_DGNS_CD_6, true, day_of(CLM_FROM_DT)) as diagnosis_6,
  diagnosis_of(ICD9_DGNS_CD_7, true, day_of(CLM_FROM_DT)) as diagnosis_7,
  diagnosis_of(ICD9_DGNS_CD_8, true, day_of(CLM_FROM_DT)) as diagnosis_8,
  cast(null as varchar) as diagnosis_9,
  cast(null as varchar) as diagnosis_10,
  cast(null as varchar) as diagnosis_11,
  cast(null as varchar) as diagnosis_12,
  case when blank(pointed[line]) is not null then cast(list_position([blank(ICD9_DGNS_CD_1), blank(ICD9_DGNS_CD_2), blank(ICD9_DGNS_CD_3), blank(ICD9_DGNS_CD_4), blank(ICD9_DGNS_CD_5), blank(ICD9_DGNS_CD_6), blank(ICD9_DGNS_CD_7), blank(ICD9_DGNS_CD_8)],
    blank(pointed[line])) as varchar) end as diagnosis_pointers,
  cast(null as varchar) as charge_amount,
  allowed[line] as allowed_amount,
  paid[line] as paid_amount,
  carrier_status(null, indicators[line]) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  cast(null as varchar) as ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from (
  select *, unnest(generate_series(1, 13)) as line,
    [PRF_PHYSN_NPI_1, PRF_PHYSN_NPI_2, PRF_PHYSN_NPI_3, PRF_PHYSN_NPI_4, PRF_PHYSN_NPI_5, PRF_PHYSN_NPI_6, PRF_PHYSN_NPI_7, PRF_PHYSN_NPI_8, PRF_PHYSN_NPI_9, PRF_PHYSN_NPI_10, PRF_PHYSN_NPI_11, PRF_PHYSN_NPI_12, PRF_PHYSN_NPI_13] as npis,
    [HCPCS_CD_1, HCPCS_CD_2, HCPCS_CD_3, HCPCS_CD_4, HCPCS_CD_5, HCPCS_CD_6, HCPCS_CD_7, HCPCS_CD_8, HCPCS_CD_9, HCPCS_CD_10, HCPCS_CD_11, HCPCS_CD_12, HCPCS_CD_13] as codes,
    [LINE_NCH_PMT_AMT_1, LINE_NCH_PMT_AMT_2, LINE_NCH_PMT_AMT_3, LINE_NCH_PMT_AMT_4, LINE_NCH_PMT_AMT_5, LINE_NCH_PMT_AMT_6, LINE_NCH_PMT_AMT_7, LINE_NCH_PMT_AMT_8, LINE_NCH_PMT_AMT_9, LINE_NCH_PMT_AMT_10, LINE_NCH_PMT_AMT_11, LINE_NCH_PMT_AMT_12, LINE_NCH_PMT_AMT_13] as paid,
    [LINE_ALOWD_CHRG_AMT_1, LINE_ALOWD_CHRG_AMT_2, LINE_ALOWD_CHRG_AMT_3, LINE_ALOWD_CHRG_AMT_4, LINE_ALOWD_CHRG_AMT_5, LINE_ALOWD_CHRG_AMT_6, LINE_ALOWD_CHRG_AMT_7, LINE_ALOWD_CHRG_AMT_8, LINE_ALOWD_CHRG_AMT_9, LINE_ALOWD_CHRG_AMT_10, LINE_ALOWD_CHRG_AMT_11, LINE_ALOWD_CHRG_AMT_12, LINE_ALOWD_CHRG_AMT_13] as allowed,
    [LINE_PRCSG_IND_CD_1, LINE_PRCSG_IND_CD_2, LINE_PRCSG_IND_CD_3, LINE_PRCSG_IND_CD_4, LINE_PRCSG_IND_CD_5, LINE_PRCSG_IND_CD_6, LINE_PRCSG_IND_CD_7, LINE_PRCSG_IND_CD_8, LINE_PRCSG_IND_CD_9, LINE_PRCSG_IND_CD_10, LINE_PRCSG_IND_CD_11, LINE_PRCSG_IND_CD_12, LINE_PRCSG_IND_CD_13] as indicators,
    [LINE_ICD9_DGNS_CD_1, LINE_ICD9_DGNS_CD_2, LINE_ICD9_DGNS_CD_3, LINE_ICD9_DGNS_CD_4, LINE_ICD9_DGNS_CD_5, LINE_ICD9_DGNS_CD_6, LINE_ICD9_DGNS_CD_7, LINE_ICD9_DGNS_CD_8, LINE_ICD9_DGNS_CD_9, LINE_ICD9_DGNS_CD_10, LINE_ICD9_DGNS_CD_11, LINE_ICD9_DGNS_CD_12, LINE_ICD9_DGNS_CD_13] as pointed
  from raw.synpuf_carrier
)
where blank(codes[line]) is not null or blank(npis[line]) is not null
