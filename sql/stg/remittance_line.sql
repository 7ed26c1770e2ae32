/*---
table: stg.remittance_line
grain: one claim or service line of a remittance
reads: [raw.remittance_lines]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "claim or line in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  level: {type: VARCHAR, is: "claim or line"}
  payment: {type: INTEGER, is: "number of the payment in the file"}
  payer_name: {type: VARCHAR, is: "payer"}
  payer_number: {type: VARCHAR, is: "the payer's number"}
  payee_npi: {type: VARCHAR, is: "NPI that was paid"}
  trace: {type: VARCHAR, is: "check or trace number"}
  payment_date: {type: DATE, is: "day of the payment"}
  claim_record: {type: BIGINT, is: "record number of the claim"}
  claim_id: {type: VARCHAR, is: "claim number that the provider gave it"}
  claim_status: {type: VARCHAR, is: "1 to 4 decided, 22 reversal, others as the guide lists them"}
  payer_claim_id: {type: VARCHAR, is: "claim number that the payer gave it"}
  patient_id: {type: VARCHAR, is: "patient"}
  received_date: {type: DATE, is: "day the payer received the claim"}
  procedure_code: {type: VARCHAR, is: "code that was paid"}
  modifiers: {type: "VARCHAR[]", is: "its modifiers in order"}
  units: {type: "DECIMAL(12,3)", is: "units that were paid"}
  billed_code: {type: VARCHAR, is: "code that was billed"}
  billed_modifiers: {type: "VARCHAR[]", is: "its modifiers in order"}
  billed_units: {type: "DECIMAL(12,3)", is: "units that were billed"}
  service_date: {type: DATE, is: "first date of service"}
  service_date_to: {type: DATE, is: "last date of service"}
  line_control: {type: VARCHAR, is: "line number that the provider gave it"}
  charge_amount: {type: "DECIMAL(12,2)", is: "charge"}
  paid_amount: {type: "DECIMAL(12,2)", is: "paid amount"}
  stated_allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount that the payer states"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "that, else what the adjustments leave of it; null = unknown"}
  is_denied: {type: BOOLEAN, is: "nothing was paid and nothing is owed; null = unknown"}
  adjustments: {type: "STRUCT(group_code VARCHAR, reason VARCHAR, amount DECIMAL(12,2))[]", is: "what was taken off the charge (above 0) or added, by group and reason"}
  remarks: {type: "VARCHAR[]", is: "remark codes"}
---
Strict casts of raw.remittance_lines. The allowed amount is what the payer holds payable before the patient's share. Where the payer does not state it, it
follows from the balance of the line (charge less all adjustments is what was paid): what was paid, the patient's deductible, coinsurance and copayment (PR-1,
PR-2, PR-3, PR-66), and what was kept back of a payable amount and not of the price (reasons 104, 105, 137, 144, 161, 223, 225, 237, 253: withholding, penalties, sequestration and
the like). It stays unknown where the line does not balance, and where another payer's decision (OA-22, OA-23) or capitation (24) stands between charge and payment.
A line is denied when nothing was paid and, so reckoned, nothing was payable; all lines of a claim with status 4 are.
*/
with typed as (
  select *, strict_money(charge_amount) as charge, strict_money(paid_amount) as paid, strict_money(allowed_amount) as stated,
    list_transform(regexp_split_to_array(coalesce(blank(adjustments), ''), ' +'), lambda a: struct_pack(
      group_code := nullif(regexp_extract(a, '^([^-]*)-', 1), ''), reason := nullif(regexp_extract(a, '^[^-]*-([^=]*)=', 1), ''),
      amount := strict_money(x12_number(regexp_extract(a, '=(.*)$', 1))))) as taken
  from raw.remittance_lines
),
reckoned as (
  select * exclude (taken), case when blank(adjustments) is null then [] else taken end as taken
  from typed
),
payable as (
  select *,
    charge - paid - coalesce(list_sum(list_transform(taken, lambda a: a.amount)), 0) = 0 as balances,
    coalesce(list_sum(list_transform(list_filter(taken, lambda a: (a.group_code = 'PR' and a.reason in ('1', '2', '3', '66'))
      or a.reason in ('104', '105', '137', '144', '161', '223', '225', '237', '253')), lambda a: a.amount)), 0) + paid as payable,
    len(list_filter(taken, lambda a: a.reason in ('22', '23', '24'))) > 0 as elsewhere
  from reckoned
),
judged as (
  select *, case when level = 'line' then coalesce(stated, case when balances and not elsewhere then payable end) end as allowed
  from payable
)
select file_id, record_number, level,
  strict_integer(payment) as payment,
  blank(payer_name) as payer_name,
  blank(payer_number) as payer_number,
  blank(payee_npi) as payee_npi,
  blank(trace) as trace,
  strict_date(payment_date) as payment_date,
  strict_integer(claim_record) as claim_record,
  blank(claim_id) as claim_id,
  blank(claim_status) as claim_status,
  blank(payer_claim_id) as payer_claim_id,
  blank(patient_id) as patient_id,
  strict_date(received_date) as received_date,
  blank(procedure_code) as procedure_code,
  list_filter([blank(modifier_1), blank(modifier_2), blank(modifier_3), blank(modifier_4)], lambda m: m is not null) as modifiers,
  strict_units(units) as units,
  blank(billed_code) as billed_code,
  list_filter([blank(billed_modifier_1), blank(billed_modifier_2), blank(billed_modifier_3), blank(billed_modifier_4)], lambda m: m is not null) as billed_modifiers,
  strict_units(billed_units) as billed_units,
  strict_date(service_date) as service_date,
  strict_date(service_date_to) as service_date_to,
  blank(line_control) as line_control,
  charge as charge_amount,
  paid as paid_amount,
  stated as stated_allowed_amount,
  allowed as allowed_amount,
  case when trim(claim_status) = '4' then true when paid <> 0 then false when level = 'line' and charge > 0 then allowed = 0
    when level = 'line' and charge = 0 then false end as is_denied,
  taken as adjustments,
  case when blank(remarks) is null then [] else regexp_split_to_array(trim(remarks), ' +') end as remarks,
  (case when blank(claim_id) is null then 1 else 0 end)
    + (case when blank(claim_status) is null then 2 else 0 end)
    + (case when charge is null and (blank(charge_amount) is not null or level = 'claim') then 4 else 0 end)
    + (case when paid is null and (blank(paid_amount) is not null or level = 'claim') then 8 else 0 end)
    + (case when stated is null and blank(allowed_amount) is not null then 16 else 0 end)
    + (case when level = 'line' and blank(procedure_code) is null then 32 else 0 end)
    + (case when level = 'line' and strict_units(units) is null then 64 else 0 end)
    + (case when level = 'line' and strict_units(billed_units) is null then 128 else 0 end)
    + (case when strict_date(service_date) is null and blank(service_date) is not null then 256 else 0 end)
    + (case when strict_date(service_date_to) is null and blank(service_date_to) is not null then 512 else 0 end)
    + (case when strict_date(payment_date) is null and blank(payment_date) is not null then 1024 else 0 end)
    + (case when strict_date(received_date) is null and blank(received_date) is not null then 2048 else 0 end)
    + (case when len(list_filter(taken, lambda a: a.group_code is null or a.reason is null or a.amount is null)) > 0 then 4096 else 0 end) as problem_mask
from judged
