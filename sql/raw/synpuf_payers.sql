/*---
table: raw.synpuf_payers
grain: the one payer of DE-SynPUF carrier claims, as text
reads: [raw.synpuf_carrier]
columns: raw.payers
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
from raw.synpuf_carrier
having count(*) > 0
