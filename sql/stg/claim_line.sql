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
  claim_frequency: {type: VARCHAR, is: "1 original, 7 replacement, 8 void; blank = 1"}
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
  modifiers: {type: "VARCHAR[]", is: "modifiers in order, blanks left out"}
  units: {type: "DECIMAL(12,3)", is: "units"}
  diagnoses: {type: "VARCHAR[]", is: "diagnoses, positions 1 to 12 kept up to the last one given"}
  diagnosis_pointers: {type: VARCHAR, is: "pointers such as 1:2"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  line_status: {type: VARCHAR, is: "status; blank = unknown"}
  carc_codes: {type: "VARCHAR[]", is: "adjustment reasons such as CO-97 PR-1"}
  rarc_codes: {type: "VARCHAR[]", is: "remark codes"}
  ndc: {type: VARCHAR, is: "drug code"}
  ndc_quantity: {type: "DECIMAL(12,3)", is: "drug quantity"}
  ndc_unit: {type: VARCHAR, is: "unit of the drug quantity"}
  prior_authorization: {type: VARCHAR, is: "authorization number"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  state: {type: VARCHAR, is: "state"}
---
Strict casts of raw.claim_lines: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(claim_id) as claim_id,
  strict_integer(line_number) as line_number,
  coalesce(blank(claim_frequency), '1') as claim_frequency,
  blank(original_claim_id) as original_claim_id,
  blank(patient_id) as patient_id,
  blank(payer_id) as payer_id,
  blank(billing_npi) as billing_npi,
  coalesce(blank(rendering_npi), blank(billing_npi)) as rendering_npi,
  blank(place_of_service) as place_of_service,
  strict_date(service_date) as service_date,
  strict_date(service_date_to) as service_date_to,
  strict_date(received_date) as received_date,
  strict_date(processed_date) as processed_date,
  blank(procedure_code) as procedure_code,
  list_filter([blank(modifier_1), blank(modifier_2), blank(modifier_3), blank(modifier_4)], lambda m: m is not null) as modifiers,
  strict_units(units) as units,
  case when coalesce(blank(diagnosis_2), blank(diagnosis_3), blank(diagnosis_4), blank(diagnosis_5), blank(diagnosis_6), blank(diagnosis_7),
      blank(diagnosis_8), blank(diagnosis_9), blank(diagnosis_10), blank(diagnosis_11), blank(diagnosis_12)) is null
    then case when blank(diagnosis_1) is null then [] else [blank(diagnosis_1)] end
    else [blank(diagnosis_1), blank(diagnosis_2), blank(diagnosis_3), blank(diagnosis_4), blank(diagnosis_5), blank(diagnosis_6),
      blank(diagnosis_7), blank(diagnosis_8), blank(diagnosis_9), blank(diagnosis_10), blank(diagnosis_11), blank(diagnosis_12)][1:case
      when blank(diagnosis_12) is not null then 12
      when blank(diagnosis_11) is not null then 11
      when blank(diagnosis_10) is not null then 10
      when blank(diagnosis_9) is not null then 9
      when blank(diagnosis_8) is not null then 8
      when blank(diagnosis_7) is not null then 7
      when blank(diagnosis_6) is not null then 6
      when blank(diagnosis_5) is not null then 5
      when blank(diagnosis_4) is not null then 4
      when blank(diagnosis_3) is not null then 3
      else 2 end] end as diagnoses,
  blank(diagnosis_pointers) as diagnosis_pointers,
  strict_money(charge_amount) as charge_amount,
  strict_money(allowed_amount) as allowed_amount,
  strict_money(paid_amount) as paid_amount,
  coalesce(blank(line_status), 'unknown') as line_status,
  case when blank(carc_codes) is null then [] else regexp_split_to_array(trim(carc_codes), ' +') end as carc_codes,
  case when blank(rarc_codes) is null then [] else regexp_split_to_array(trim(rarc_codes), ' +') end as rarc_codes,
  blank(ndc) as ndc,
  strict_units(ndc_quantity) as ndc_quantity,
  blank(ndc_unit) as ndc_unit,
  blank(prior_authorization) as prior_authorization,
  blank(clinic_id) as clinic_id,
  blank(state) as state,
  (case when blank(claim_id) is null then 1 else 0 end)
    + (case when blank(line_number) is null then 2 else 0 end)
    + (case when blank(line_number) is not null and strict_integer(line_number) is null then 4 else 0 end)
    + (case when blank(claim_frequency) not in ('1', '7', '8') then 8 else 0 end)
    + (case when blank(patient_id) is null then 16 else 0 end)
    + (case when blank(payer_id) is null then 32 else 0 end)
    + (case when blank(billing_npi) is null then 64 else 0 end)
    + (case when blank(service_date) is null then 128 else 0 end)
    + (case when blank(service_date) is not null and strict_date(service_date) is null then 256 else 0 end)
    + (case when blank(service_date_to) is not null and strict_date(service_date_to) is null then 512 else 0 end)
    + (case when blank(received_date) is not null and strict_date(received_date) is null then 1024 else 0 end)
    + (case when blank(processed_date) is not null and strict_date(processed_date) is null then 2048 else 0 end)
    + (case when blank(procedure_code) is null then 4096 else 0 end)
    + (case when blank(units) is null then 8192 else 0 end)
    + (case when blank(units) is not null and strict_units(units) is null then 16384 else 0 end)
    + (case when blank(charge_amount) is not null and strict_money(charge_amount) is null then 32768 else 0 end)
    + (case when blank(allowed_amount) is not null and strict_money(allowed_amount) is null then 65536 else 0 end)
    + (case when blank(paid_amount) is not null and strict_money(paid_amount) is null then 131072 else 0 end)
    + (case when blank(line_status) not in ('paid', 'denied', 'pending', 'unknown') then 262144 else 0 end)
    + (case when blank(ndc_quantity) is not null and strict_units(ndc_quantity) is null then 524288 else 0 end) as problem_mask
from raw.claim_lines
