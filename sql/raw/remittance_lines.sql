/*---
table: raw.remittance_lines
grain: one claim or service line of a remittance, as text
reads: [raw.x12_835]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "claim or line in the file"}
  level: {type: VARCHAR, is: "claim or line"}
  payment: {type: VARCHAR, is: "number of the payment in the file"}
  payer_name: {type: VARCHAR, is: "payer"}
  payer_number: {type: VARCHAR, is: "the payer's number"}
  payee_npi: {type: VARCHAR, is: "NPI that was paid"}
  trace: {type: VARCHAR, is: "check or trace number"}
  payment_date: {type: VARCHAR, is: "day of the payment"}
  claim_record: {type: VARCHAR, is: "record number of the claim"}
  claim_id: {type: VARCHAR, is: "claim number that the provider gave it"}
  claim_status: {type: VARCHAR, is: "1 to 4 decided, 22 reversal, others as the guide lists them"}
  payer_claim_id: {type: VARCHAR, is: "claim number that the payer gave it"}
  patient_id: {type: VARCHAR, is: "patient"}
  received_date: {type: VARCHAR, is: "day the payer received the claim"}
  procedure_code: {type: VARCHAR, is: "code that was paid"}
  modifier_1: {type: VARCHAR, is: "modifier"}
  modifier_2: {type: VARCHAR, is: "modifier"}
  modifier_3: {type: VARCHAR, is: "modifier"}
  modifier_4: {type: VARCHAR, is: "modifier"}
  units: {type: VARCHAR, is: "units that were paid"}
  billed_code: {type: VARCHAR, is: "code that was billed"}
  billed_modifier_1: {type: VARCHAR, is: "modifier that was billed"}
  billed_modifier_2: {type: VARCHAR, is: "modifier that was billed"}
  billed_modifier_3: {type: VARCHAR, is: "modifier that was billed"}
  billed_modifier_4: {type: VARCHAR, is: "modifier that was billed"}
  billed_units: {type: VARCHAR, is: "units that were billed"}
  service_date: {type: VARCHAR, is: "first date of service"}
  service_date_to: {type: VARCHAR, is: "last date of service"}
  line_control: {type: VARCHAR, is: "line number that the provider gave it"}
  charge_amount: {type: VARCHAR, is: "charge"}
  paid_amount: {type: VARCHAR, is: "paid amount"}
  allowed_amount: {type: VARCHAR, is: "allowed amount, where the payer states it"}
  adjustments: {type: VARCHAR, is: "group-reason=amount, parted by spaces"}
  remarks: {type: VARCHAR, is: "remark codes, parted by spaces"}
---
A service without another billed code was billed as it was paid; units that are left out are one.
*/
select file_id,
  record_number,
  level,
  payment,
  payer_name,
  payer_number,
  payee_npi,
  trace,
  x12_date(payment_date) as payment_date,
  claim_record,
  claim_id,
  claim_status,
  payer_claim_id,
  patient_id,
  x12_date(received_date) as received_date,
  procedure_code,
  modifier_1,
  modifier_2,
  modifier_3,
  modifier_4,
  case when level = 'line' then coalesce(blank(x12_number(units)), '1') end as units,
  coalesce(blank(billed_code), procedure_code) as billed_code,
  case when blank(billed_code) is null then modifier_1 else billed_modifier_1 end as billed_modifier_1,
  case when blank(billed_code) is null then modifier_2 else billed_modifier_2 end as billed_modifier_2,
  case when blank(billed_code) is null then modifier_3 else billed_modifier_3 end as billed_modifier_3,
  case when blank(billed_code) is null then modifier_4 else billed_modifier_4 end as billed_modifier_4,
  case when level = 'line' then coalesce(blank(x12_number(billed_units)), blank(x12_number(units)), '1') end as billed_units,
  x12_date(service_date) as service_date,
  x12_date(service_date_to) as service_date_to,
  line_control,
  x12_number(charge_amount) as charge_amount,
  x12_number(paid_amount) as paid_amount,
  x12_number(allowed_amount) as allowed_amount,
  adjustments,
  remarks
from raw.x12_835
