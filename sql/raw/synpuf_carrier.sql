/*---
table: raw.synpuf_carrier
grain: one carrier claim of the DE-SynPUF with up to 13 lines, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  DESYNPUF_ID: {type: VARCHAR, is: "patient", required: true}
  CLM_ID: {type: VARCHAR, is: "claim", required: true}
  CLM_FROM_DT: {type: VARCHAR, is: "first day of the claim", required: true}
  CLM_THRU_DT: {type: VARCHAR, is: "last day of the claim"}
  ICD9_DGNS_CD_1: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_2: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_3: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_4: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_5: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_6: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_7: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  ICD9_DGNS_CD_8: {type: VARCHAR, is: "diagnosis of the claim, no point"}
  PRF_PHYSN_NPI_1: {type: VARCHAR, is: "performing NPI of line 1", required: true}
  PRF_PHYSN_NPI_2: {type: VARCHAR, is: "performing NPI of line 2"}
  PRF_PHYSN_NPI_3: {type: VARCHAR, is: "performing NPI of line 3"}
  PRF_PHYSN_NPI_4: {type: VARCHAR, is: "performing NPI of line 4"}
  PRF_PHYSN_NPI_5: {type: VARCHAR, is: "performing NPI of line 5"}
  PRF_PHYSN_NPI_6: {type: VARCHAR, is: "performing NPI of line 6"}
  PRF_PHYSN_NPI_7: {type: VARCHAR, is: "performing NPI of line 7"}
  PRF_PHYSN_NPI_8: {type: VARCHAR, is: "performing NPI of line 8"}
  PRF_PHYSN_NPI_9: {type: VARCHAR, is: "performing NPI of line 9"}
  PRF_PHYSN_NPI_10: {type: VARCHAR, is: "performing NPI of line 10"}
  PRF_PHYSN_NPI_11: {type: VARCHAR, is: "performing NPI of line 11"}
  PRF_PHYSN_NPI_12: {type: VARCHAR, is: "performing NPI of line 12"}
  PRF_PHYSN_NPI_13: {type: VARCHAR, is: "performing NPI of line 13"}
  HCPCS_CD_1: {type: VARCHAR, is: "HCPCS or CPT code of line 1", required: true}
  HCPCS_CD_2: {type: VARCHAR, is: "HCPCS or CPT code of line 2"}
  HCPCS_CD_3: {type: VARCHAR, is: "HCPCS or CPT code of line 3"}
  HCPCS_CD_4: {type: VARCHAR, is: "HCPCS or CPT code of line 4"}
  HCPCS_CD_5: {type: VARCHAR, is: "HCPCS or CPT code of line 5"}
  HCPCS_CD_6: {type: VARCHAR, is: "HCPCS or CPT code of line 6"}
  HCPCS_CD_7: {type: VARCHAR, is: "HCPCS or CPT code of line 7"}
  HCPCS_CD_8: {type: VARCHAR, is: "HCPCS or CPT code of line 8"}
  HCPCS_CD_9: {type: VARCHAR, is: "HCPCS or CPT code of line 9"}
  HCPCS_CD_10: {type: VARCHAR, is: "HCPCS or CPT code of line 10"}
  HCPCS_CD_11: {type: VARCHAR, is: "HCPCS or CPT code of line 11"}
  HCPCS_CD_12: {type: VARCHAR, is: "HCPCS or CPT code of line 12"}
  HCPCS_CD_13: {type: VARCHAR, is: "HCPCS or CPT code of line 13"}
  LINE_NCH_PMT_AMT_1: {type: VARCHAR, is: "Medicare payment of line 1"}
  LINE_NCH_PMT_AMT_2: {type: VARCHAR, is: "Medicare payment of line 2"}
  LINE_NCH_PMT_AMT_3: {type: VARCHAR, is: "Medicare payment of line 3"}
  LINE_NCH_PMT_AMT_4: {type: VARCHAR, is: "Medicare payment of line 4"}
  LINE_NCH_PMT_AMT_5: {type: VARCHAR, is: "Medicare payment of line 5"}
  LINE_NCH_PMT_AMT_6: {type: VARCHAR, is: "Medicare payment of line 6"}
  LINE_NCH_PMT_AMT_7: {type: VARCHAR, is: "Medicare payment of line 7"}
  LINE_NCH_PMT_AMT_8: {type: VARCHAR, is: "Medicare payment of line 8"}
  LINE_NCH_PMT_AMT_9: {type: VARCHAR, is: "Medicare payment of line 9"}
  LINE_NCH_PMT_AMT_10: {type: VARCHAR, is: "Medicare payment of line 10"}
  LINE_NCH_PMT_AMT_11: {type: VARCHAR, is: "Medicare payment of line 11"}
  LINE_NCH_PMT_AMT_12: {type: VARCHAR, is: "Medicare payment of line 12"}
  LINE_NCH_PMT_AMT_13: {type: VARCHAR, is: "Medicare payment of line 13"}
  LINE_ALOWD_CHRG_AMT_1: {type: VARCHAR, is: "allowed amount of line 1"}
  LINE_ALOWD_CHRG_AMT_2: {type: VARCHAR, is: "allowed amount of line 2"}
  LINE_ALOWD_CHRG_AMT_3: {type: VARCHAR, is: "allowed amount of line 3"}
  LINE_ALOWD_CHRG_AMT_4: {type: VARCHAR, is: "allowed amount of line 4"}
  LINE_ALOWD_CHRG_AMT_5: {type: VARCHAR, is: "allowed amount of line 5"}
  LINE_ALOWD_CHRG_AMT_6: {type: VARCHAR, is: "allowed amount of line 6"}
  LINE_ALOWD_CHRG_AMT_7: {type: VARCHAR, is: "allowed amount of line 7"}
  LINE_ALOWD_CHRG_AMT_8: {type: VARCHAR, is: "allowed amount of line 8"}
  LINE_ALOWD_CHRG_AMT_9: {type: VARCHAR, is: "allowed amount of line 9"}
  LINE_ALOWD_CHRG_AMT_10: {type: VARCHAR, is: "allowed amount of line 10"}
  LINE_ALOWD_CHRG_AMT_11: {type: VARCHAR, is: "allowed amount of line 11"}
  LINE_ALOWD_CHRG_AMT_12: {type: VARCHAR, is: "allowed amount of line 12"}
  LINE_ALOWD_CHRG_AMT_13: {type: VARCHAR, is: "allowed amount of line 13"}
  LINE_PRCSG_IND_CD_1: {type: VARCHAR, is: "processing indicator of line 1; A = allowed"}
  LINE_PRCSG_IND_CD_2: {type: VARCHAR, is: "processing indicator of line 2; A = allowed"}
  LINE_PRCSG_IND_CD_3: {type: VARCHAR, is: "processing indicator of line 3; A = allowed"}
  LINE_PRCSG_IND_CD_4: {type: VARCHAR, is: "processing indicator of line 4; A = allowed"}
  LINE_PRCSG_IND_CD_5: {type: VARCHAR, is: "processing indicator of line 5; A = allowed"}
  LINE_PRCSG_IND_CD_6: {type: VARCHAR, is: "processing indicator of line 6; A = allowed"}
  LINE_PRCSG_IND_CD_7: {type: VARCHAR, is: "processing indicator of line 7; A = allowed"}
  LINE_PRCSG_IND_CD_8: {type: VARCHAR, is: "processing indicator of line 8; A = allowed"}
  LINE_PRCSG_IND_CD_9: {type: VARCHAR, is: "processing indicator of line 9; A = allowed"}
  LINE_PRCSG_IND_CD_10: {type: VARCHAR, is: "processing indicator of line 10; A = allowed"}
  LINE_PRCSG_IND_CD_11: {type: VARCHAR, is: "processing indicator of line 11; A = allowed"}
  LINE_PRCSG_IND_CD_12: {type: VARCHAR, is: "processing indicator of line 12; A = allowed"}
  LINE_PRCSG_IND_CD_13: {type: VARCHAR, is: "processing indicator of line 13; A = allowed"}
  LINE_ICD9_DGNS_CD_1: {type: VARCHAR, is: "the one diagnosis that line 1 points at"}
  LINE_ICD9_DGNS_CD_2: {type: VARCHAR, is: "the one diagnosis that line 2 points at"}
  LINE_ICD9_DGNS_CD_3: {type: VARCHAR, is: "the one diagnosis that line 3 points at"}
  LINE_ICD9_DGNS_CD_4: {type: VARCHAR, is: "the one diagnosis that line 4 points at"}
  LINE_ICD9_DGNS_CD_5: {type: VARCHAR, is: "the one diagnosis that line 5 points at"}
  LINE_ICD9_DGNS_CD_6: {type: VARCHAR, is: "the one diagnosis that line 6 points at"}
  LINE_ICD9_DGNS_CD_7: {type: VARCHAR, is: "the one diagnosis that line 7 points at"}
  LINE_ICD9_DGNS_CD_8: {type: VARCHAR, is: "the one diagnosis that line 8 points at"}
  LINE_ICD9_DGNS_CD_9: {type: VARCHAR, is: "the one diagnosis that line 9 points at"}
  LINE_ICD9_DGNS_CD_10: {type: VARCHAR, is: "the one diagnosis that line 10 points at"}
  LINE_ICD9_DGNS_CD_11: {type: VARCHAR, is: "the one diagnosis that line 11 points at"}
  LINE_ICD9_DGNS_CD_12: {type: VARCHAR, is: "the one diagnosis that line 12 points at"}
  LINE_ICD9_DGNS_CD_13: {type: VARCHAR, is: "the one diagnosis that line 13 points at"}
---
The columns of the CMS 2008 to 2010 Data Entrepreneurs synthetic public use file of carrier claims that an audit uses.
*/
