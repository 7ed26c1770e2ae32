/*---
table: raw.idr_payers
grain: the one payer of carrier claims of the Integrated Data Repository, as text
reads: [raw.idr_claim_line]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the record"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_name: {type: VARCHAR, is: "name"}
  payer_class: {type: VARCHAR, is: "class; blank = other"}
  units_method: {type: VARCHAR, is: "how minutes become units"}
  uses_ncci: {type: VARCHAR, is: "applies code pairs and unit limits"}
  uses_therapy_threshold: {type: VARCHAR, is: "has the annual threshold"}
  requires_discipline_modifier: {type: VARCHAR, is: "wants GP, GO or GN"}
  requires_assistant_modifier: {type: VARCHAR, is: "wants CQ or CO"}
  requires_certified_plan: {type: VARCHAR, is: "wants a certified plan"}
  bilateral_form: {type: VARCHAR, is: "how two sides are billed"}
  wants_97014: {type: VARCHAR, is: "wants 97014 instead of G0283"}
  timely_filing_days: {type: VARCHAR, is: "days to file"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  ncci_setting: {type: VARCHAR, is: "not in the source"}
  same_provider: {type: VARCHAR, is: "not in the source"}
  requires_rehabilitative_modifier: {type: VARCHAR, is: "not in the source"}
---
They are claims of Medicare Part B.
*/
select min(file_id) as file_id,
  min(record_number) as record_number,
  'MEDICARE-PART-B' as payer_id,
  'Medicare Part B' as payer_name,
  'medicare_b' as payer_class,
  cast(null as varchar) as units_method,
  cast(null as varchar) as uses_ncci,
  cast(null as varchar) as uses_therapy_threshold,
  cast(null as varchar) as requires_discipline_modifier,
  cast(null as varchar) as requires_assistant_modifier,
  cast(null as varchar) as requires_certified_plan,
  cast(null as varchar) as bilateral_form,
  cast(null as varchar) as wants_97014,
  cast(null as varchar) as timely_filing_days,
  cast(null as varchar) as mac,
  cast(null as varchar) as ncci_setting,
  cast(null as varchar) as same_provider,
  cast(null as varchar) as requires_rehabilitative_modifier
from raw.idr_claim_line
where trim(CLM_TYPE_CD) in ('71', '72')
having count(*) > 0
