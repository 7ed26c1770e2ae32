/*---
table: raw.rif_carrier_payers
grain: the one payer of CMS carrier claims, as text
reads: [raw.rif_carrier]
columns: raw.payers
---
Carrier claims are paid by Medicare Part B.
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
from raw.rif_carrier
having count(*) > 0
