/*---
table: stg.payer
grain: one payer
reads: [raw.payers]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_name: {type: VARCHAR, is: "name"}
  payer_class: {type: VARCHAR, is: "class; blank = other"}
  units_method: {type: VARCHAR, is: "how minutes become units"}
  uses_ncci: {type: BOOLEAN, is: "applies code pairs and unit limits"}
  uses_therapy_threshold: {type: BOOLEAN, is: "has the annual threshold"}
  requires_discipline_modifier: {type: BOOLEAN, is: "wants GP, GO or GN"}
  requires_assistant_modifier: {type: BOOLEAN, is: "wants CQ or CO"}
  requires_certified_plan: {type: BOOLEAN, is: "wants a certified plan"}
  bilateral_form: {type: VARCHAR, is: "how two sides are billed"}
  wants_97014: {type: BOOLEAN, is: "wants 97014 instead of G0283"}
  timely_filing_days: {type: INTEGER, is: "days to file"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  ncci_setting: {type: VARCHAR, is: "practitioner or hospital, or medicaid_ before either"}
  same_provider: {type: VARCHAR, is: "rendering or billing"}
  requires_rehabilitative_modifier: {type: BOOLEAN, is: "wants 96 or 97"}
---
Strict casts of raw.payers: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(payer_id) as payer_id,
  blank(payer_name) as payer_name,
  coalesce(blank(payer_class), 'other') as payer_class,
  blank(units_method) as units_method,
  strict_boolean(uses_ncci) as uses_ncci,
  strict_boolean(uses_therapy_threshold) as uses_therapy_threshold,
  strict_boolean(requires_discipline_modifier) as requires_discipline_modifier,
  strict_boolean(requires_assistant_modifier) as requires_assistant_modifier,
  strict_boolean(requires_certified_plan) as requires_certified_plan,
  blank(bilateral_form) as bilateral_form,
  strict_boolean(wants_97014) as wants_97014,
  strict_integer(timely_filing_days) as timely_filing_days,
  blank(mac) as mac,
  blank(ncci_setting) as ncci_setting,
  blank(same_provider) as same_provider,
  strict_boolean(requires_rehabilitative_modifier) as requires_rehabilitative_modifier,
  (case when blank(payer_id) is null then 1 else 0 end)
    + (case when blank(payer_class) not in ('medicare_b', 'medicare_advantage', 'medicaid', 'tricare', 'commercial', 'workers_comp', 'auto', 'other') then 2 else 0 end)
    + (case when blank(units_method) not in ('cms', 'cpt', 'unknown') then 4 else 0 end)
    + (case when blank(uses_ncci) is not null and strict_boolean(uses_ncci) is null then 8 else 0 end)
    + (case when blank(uses_therapy_threshold) is not null and strict_boolean(uses_therapy_threshold) is null then 16 else 0 end)
    + (case when blank(requires_discipline_modifier) is not null and strict_boolean(requires_discipline_modifier) is null then 32 else 0 end)
    + (case when blank(requires_assistant_modifier) is not null and strict_boolean(requires_assistant_modifier) is null then 64 else 0 end)
    + (case when blank(requires_certified_plan) is not null and strict_boolean(requires_certified_plan) is null then 128 else 0 end)
    + (case when blank(wants_97014) is not null and strict_boolean(wants_97014) is null then 256 else 0 end)
    + (case when blank(timely_filing_days) is not null and strict_integer(timely_filing_days) is null then 512 else 0 end)
    + (case when blank(ncci_setting) not in ('practitioner', 'hospital', 'medicaid_practitioner', 'medicaid_hospital') then 1024 else 0 end)
    + (case when blank(same_provider) not in ('rendering', 'billing') then 2048 else 0 end)
    + (case when blank(requires_rehabilitative_modifier) is not null and strict_boolean(requires_rehabilitative_modifier) is null then 4096 else 0 end) as problem_mask
from raw.payers
