/*---
table: raw.synthea_canonical_payers
grain: one Synthea payer as a canonical payer, as text
reads: [raw.synthea_payers]
columns: raw.payers
---
Of the class nothing is said.
*/
select file_id,
  record_number,
  Id as payer_id,
  NAME as payer_name,
  cast(null as varchar) as payer_class,
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
from raw.synthea_payers
