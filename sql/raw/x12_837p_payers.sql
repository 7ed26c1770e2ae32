/*---
table: raw.x12_837p_payers
grain: one payer of professional claims in X12, as text
reads: [raw.x12_837p_party]
columns: raw.payers
---
The class follows from the filing indicator of the claims; it is blank where the indicator names none of the classes, or claims to one payer differ.
*/
with payer as (
  select *, case trim(code) when 'MB' then 'medicare_b' when '16' then 'medicare_advantage' when 'MC' then 'medicaid' when 'CH' then 'tricare'
    when 'WC' then 'workers_comp' when 'AM' then 'auto'
    when '12' then 'commercial' when '13' then 'commercial' when '14' then 'commercial' when '15' then 'commercial' when 'BL' then 'commercial'
    when 'CI' then 'commercial' when 'FI' then 'commercial' when 'HM' then 'commercial' end as payer_class
  from raw.x12_837p_party where role = 'payer' and blank(number) is not null
)
select file_id,
  min(record_number) as record_number,
  trim(number) as payer_id,
  arg_min(name, record_number) as payer_name,
  case when count(distinct payer_class) = 1 then min(payer_class) end as payer_class,
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
from payer
group by file_id, trim(number)
