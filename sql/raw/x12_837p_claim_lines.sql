/*---
table: raw.x12_837p_claim_lines
grain: one claim line of professional claims in X12, as text
reads: [raw.x12_837p]
columns: raw.claim_lines
---
The patient is the member number; a dependent under it is told apart by first name and birth date. The day on which the transaction was made stands
for the day the payer received it. What the line states wins over what its claim states. What payers decided is not in a claim to them: it comes from
remittances.
*/
select file_id,
  record_number,
  claim_id,
  line_number,
  regexp_replace(trim(claim_frequency), '\.0+$', '') as claim_frequency,
  original_claim_id,
  x12_patient(member_id, dependent, first_name, birth_date) as patient_id,
  payer_id,
  billing_npi,
  coalesce(blank(line_rendering_npi), claim_rendering_npi) as rendering_npi,
  coalesce(blank(line_place), claim_place) as place_of_service,
  x12_date(coalesce(blank(line_date), claim_date)) as service_date,
  x12_date_to(coalesce(blank(line_date), claim_date)) as service_date_to,
  x12_date(transaction_date) as received_date,
  cast(null as varchar) as processed_date,
  procedure_code,
  modifier_1,
  modifier_2,
  modifier_3,
  modifier_4,
  x12_number(quantity) as units,
  diagnosis_1,
  diagnosis_2,
  diagnosis_3,
  diagnosis_4,
  diagnosis_5,
  diagnosis_6,
  diagnosis_7,
  diagnosis_8,
  diagnosis_9,
  diagnosis_10,
  diagnosis_11,
  diagnosis_12,
  diagnosis_pointers,
  x12_number(charge_amount) as charge_amount,
  cast(null as varchar) as allowed_amount,
  cast(null as varchar) as paid_amount,
  cast(null as varchar) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  ndc,
  x12_number(ndc_quantity) as ndc_quantity,
  ndc_unit,
  coalesce(blank(line_authorization), claim_authorization) as prior_authorization,
  cast(null as varchar) as clinic_id,
  coalesce(blank(line_state), blank(claim_state), billing_state) as state
from raw.x12_837p
