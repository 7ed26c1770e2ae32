/*---
table: raw.fhir_payers
grain: one insurer of the FHIR claims of a file, as text
reads: [raw.fhir_item]
columns: raw.payers
---
Claims of the Medicare services are Part B; of others the resource says no class.
*/
select file_id,
  min(record_number) as record_number,
  payer_id,
  min(payer_name) as payer_name,
  case when payer_id = 'MEDICARE-PART-B' then 'medicare_b' end as payer_class,
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
from raw.fhir_item
where left_out is null and blank(payer_id) is not null
group by file_id, payer_id
