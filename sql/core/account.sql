/*---
table: core.account
grain: one row per patient, billing NPI and payer of a usable claim line
reads: [stg.claim_line]
columns:
  account_no: {type: BIGINT, is: "joins only, never shown"}
  patient_no: {type: BIGINT, is: "the patient; joins only, never shown"}
  patient_id: {type: VARCHAR, is: "patient"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
---
Lines are many and accounts are few: a number for each lets what is asked of every visit day group and join one integer instead of four texts.
*/
select row_number() over (order by patient_id, billing_npi, payer_id) as account_no, dense_rank() over (order by patient_id) as patient_no,
  patient_id, billing_npi, payer_id
from (select distinct patient_id, billing_npi, payer_id from stg.claim_line where problem_mask = 0)
