/*---
table: stg.claim_line
grain: one claim line as a payer or practice exported it
reads: [raw.claim_lines]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  claim_frequency: {type: "ENUM('1', '7', '8')", is: "1 original, 7 replacement, 8 void; blank = 1"}
  original_claim_id: {type: VARCHAR, is: "claim that a 7 or 8 points at"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  rendering_npi: {type: VARCHAR, is: "rendering NPI; blank = billing NPI"}
  place_of_service: {type: VARCHAR, is: "place of service"}
  service_date: {type: DATE, is: "first date of service"}
  service_date_to: {type: DATE, is: "last date of service"}
  received_date: {type: DATE, is: "day received by the payer"}
  processed_date: {type: DATE, is: "day processed by the payer"}
  procedure_code: {type: VARCHAR, is: "HCPCS or CPT code"}
  modifier_text: {type: VARCHAR, is: "modifiers in order, parted by the character 31; empty text for none"}
  units: {type: "DECIMAL(12,3)", is: "units"}
  diagnosis_text: {type: VARCHAR, is: "diagnoses by position, then the pointers, parted by the characters 31 and 30; null where the line has neither"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  line_status: {type: "ENUM('denied', 'paid', 'pending', 'unknown')", is: "status; blank = unknown"}
  carc_codes: {type: "VARCHAR[]", is: "adjustment reasons such as CO-97 PR-1"}
  rarc_codes: {type: "VARCHAR[]", is: "remark codes"}
  ndc: {type: VARCHAR, is: "drug code"}
  ndc_quantity: {type: "DECIMAL(12,3)", is: "drug quantity"}
  ndc_unit: {type: VARCHAR, is: "unit of the drug quantity"}
  prior_authorization: {type: VARCHAR, is: "authorization number"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  state: {type: VARCHAR, is: "state"}
---
Strict casts of raw.claim_lines: blank is unknown, and what does not have the exact form makes the record a reject. Each text is cast once,
in `typed`; whether a missing value was blank or not of the form is asked only where it is missing.
*/
with typed as (
  select file_id,
    record_number,
    blank(claim_id) as claim_id,
    line_number as line_number_text,
    strict_integer(line_number) as line_number,
    coalesce(blank(claim_frequency), '1') as claim_frequency,
    blank(original_claim_id) as original_claim_id,
    blank(patient_id) as patient_id,
    blank(payer_id) as payer_id,
    blank(billing_npi) as billing_npi,
    blank(rendering_npi) as rendering_npi,
    blank(place_of_service) as place_of_service,
    service_date as service_date_text,
    strict_date(service_date) as service_date,
    service_date_to as service_date_to_text,
    strict_date(service_date_to) as service_date_to,
    received_date as received_date_text,
    strict_date(received_date) as received_date,
    processed_date as processed_date_text,
    strict_date(processed_date) as processed_date,
    blank(procedure_code) as procedure_code,
    blank(modifier_1) as modifier_1,
    blank(modifier_2) as modifier_2,
    blank(modifier_3) as modifier_3,
    blank(modifier_4) as modifier_4,
    units as units_text,
    strict_units(units) as units,
    blank(diagnosis_1) as d1, blank(diagnosis_2) as d2, blank(diagnosis_3) as d3, blank(diagnosis_4) as d4, blank(diagnosis_5) as d5, blank(diagnosis_6) as d6,
    blank(diagnosis_7) as d7, blank(diagnosis_8) as d8, blank(diagnosis_9) as d9, blank(diagnosis_10) as d10, blank(diagnosis_11) as d11, blank(diagnosis_12) as d12,
    blank(diagnosis_pointers) as diagnosis_pointers,
    charge_amount as charge_amount_text,
    strict_money(charge_amount) as charge_amount,
    allowed_amount as allowed_amount_text,
    strict_money(allowed_amount) as allowed_amount,
    paid_amount as paid_amount_text,
    strict_money(paid_amount) as paid_amount,
    coalesce(blank(line_status), 'unknown') as line_status,
    blank(carc_codes) as carc_text,
    blank(rarc_codes) as rarc_text,
    blank(ndc) as ndc,
    ndc_quantity as ndc_quantity_text,
    strict_units(ndc_quantity) as ndc_quantity,
    blank(ndc_unit) as ndc_unit,
    blank(prior_authorization) as prior_authorization,
    blank(clinic_id) as clinic_id,
    blank(state) as state
  from raw.claim_lines
)
select file_id, record_number, claim_id, line_number, try_cast(claim_frequency as enum('1', '7', '8')) as claim_frequency, original_claim_id, patient_id, payer_id, billing_npi,
  coalesce(rendering_npi, billing_npi) as rendering_npi, place_of_service, service_date, service_date_to, received_date, processed_date,
  procedure_code,
  -- most lines have one modifier, one reason and one or two diagnoses: only the others pay for more
  case when coalesce(modifier_2, modifier_3, modifier_4) is not null then concat_ws(chr(31), modifier_1, modifier_2, modifier_3, modifier_4)
    else coalesce(modifier_1, '') end as modifier_text,
  units,
  -- one text, because lines share few of them: core.diagnosis_set takes each apart once
  case when coalesce(d3, d4, d5, d6, d7, d8, d9, d10, d11, d12) is not null then
      array_to_string(list_transform([d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12], lambda d: coalesce(d, '')), chr(31))
    when d2 is not null then coalesce(d1, '') || chr(31) || d2
    when d1 is not null then d1
    when diagnosis_pointers is not null then '' end || coalesce(chr(30) || diagnosis_pointers, '') as diagnosis_text,
  charge_amount, allowed_amount, paid_amount, try_cast(line_status as enum('denied', 'paid', 'pending', 'unknown')) as line_status,
  case when carc_text is null then [] when contains(carc_text, ' ') then regexp_split_to_array(carc_text, ' +') else [carc_text] end as carc_codes,
  case when rarc_text is null then [] when contains(rarc_text, ' ') then regexp_split_to_array(rarc_text, ' +') else [rarc_text] end as rarc_codes,
  ndc, ndc_quantity, ndc_unit, prior_authorization, clinic_id, state,
  (case when claim_id is null then 1 else 0 end)
    + (case when line_number is not null then 0 when blank(line_number_text) is null then 2 else 4 end)
    + (case when claim_frequency not in ('1', '7', '8') then 8 else 0 end)
    + (case when patient_id is null then 16 else 0 end)
    + (case when payer_id is null then 32 else 0 end)
    + (case when billing_npi is null then 64 else 0 end)
    + (case when service_date is not null then 0 when blank(service_date_text) is null then 128 else 256 end)
    + (case when service_date_to is null and blank(service_date_to_text) is not null then 512 else 0 end)
    + (case when received_date is null and blank(received_date_text) is not null then 1024 else 0 end)
    + (case when processed_date is null and blank(processed_date_text) is not null then 2048 else 0 end)
    + (case when procedure_code is null then 4096 else 0 end)
    + (case when units is not null then 0 when blank(units_text) is null then 8192 else 16384 end)
    + (case when charge_amount is null and blank(charge_amount_text) is not null then 32768 else 0 end)
    + (case when allowed_amount is null and blank(allowed_amount_text) is not null then 65536 else 0 end)
    + (case when paid_amount is null and blank(paid_amount_text) is not null then 131072 else 0 end)
    + (case when line_status not in ('paid', 'denied', 'pending', 'unknown') then 262144 else 0 end)
    + (case when ndc_quantity is null and blank(ndc_quantity_text) is not null then 524288 else 0 end)
    + (case when procedure_code is not null and not is_procedure_code(procedure_code) then 1048576 else 0 end) as problem_mask
from typed
