/*---
table: core.payer
grain: one row per payer_id that is loaded or stands on a claim
reads: [stg.payer, stg.claim_line, ref.payer_class, ref.payer_switch, core.run]
columns:
  payer_id: {type: VARCHAR, is: "payer as the source names it"}
  payer_name: {type: VARCHAR, is: "name, or the payer_id where none is loaded"}
  payer_class: {type: "ENUM('auto', 'commercial', 'medicaid', 'medicare_advantage', 'medicare_b', 'other', 'tricare', 'workers_comp')", is: "medicare_b, medicare_advantage, medicaid, tricare, commercial, workers_comp, auto or other"}
  units_method: {type: "ENUM('cms', 'cpt', 'unknown')", is: "cms (day's minutes together), cpt (each code alone) or unknown"}
  uses_ncci: {type: BOOLEAN, is: "applies code pairs and unit limits; null = unknown"}
  uses_therapy_threshold: {type: BOOLEAN, is: "has the annual therapy threshold; null = unknown"}
  requires_discipline_modifier: {type: BOOLEAN, is: "wants GP, GO or GN; null = unknown"}
  requires_assistant_modifier: {type: BOOLEAN, is: "wants CQ or CO; null = unknown"}
  requires_certified_plan: {type: BOOLEAN, is: "wants a certified plan of care; null = unknown"}
  wants_97014: {type: BOOLEAN, is: "wants 97014 instead of G0283; null = unknown"}
  bilateral_form: {type: VARCHAR, is: "how two sides are billed; null = unknown"}
  timely_filing_days: {type: INTEGER, is: "days to file; null = unknown"}
  mac: {type: VARCHAR, is: "Medicare contractor, where known"}
  ncci_setting: {type: VARCHAR, is: "practitioner or hospital, or medicaid_ before either: whose tables of code pairs and unit limits apply"}
  same_provider: {type: VARCHAR, is: "rendering or billing: who is one provider for code pairs"}
  requires_rehabilitative_modifier: {type: BOOLEAN, is: "wants 96 or 97; null = unknown"}
---
What a payer wants, resolved once: its own dated and cited statement in force on the as-of date, else the loaded row, else the default of its class. A payer with no row is of class `other`,
whose methods are unknown. Unknown stays null and makes the checks that need it `cannot_tell`.
*/
with loaded as (
  select * from stg.payer where problem_mask = 0
  qualify row_number() over (partition by payer_id order by file_id, record_number) = 1
),
class_default as (
  select payer_class,
    max(value) filter (switch = 'units_method') as units_method,
    max(value) filter (switch = 'uses_ncci') as uses_ncci,
    max(value) filter (switch = 'uses_therapy_threshold') as uses_therapy_threshold,
    max(value) filter (switch = 'requires_discipline_modifier') as requires_discipline_modifier,
    max(value) filter (switch = 'requires_assistant_modifier') as requires_assistant_modifier,
    max(value) filter (switch = 'requires_certified_plan') as requires_certified_plan,
    max(value) filter (switch = 'wants_97014') as wants_97014,
    max(value) filter (switch = 'bilateral_form') as bilateral_form,
    max(value) filter (switch = 'requires_rehabilitative_modifier') as requires_rehabilitative_modifier
  from ref.payer_class cross join core.run
  where valid_from <= as_of and (valid_to is null or as_of < valid_to)
  group by payer_class
),
stated as (
  select payer_id, map_from_entries(list(struct_pack(k := switch, v := value) order by switch)) as own
  from ref.payer_switch cross join core.run
  where not starts_with(switch, 'enabled:') and valid_from <= as_of and (valid_to is null or as_of < valid_to)
  group by payer_id
),
known as (
  select payer_id from loaded
  union
  select distinct payer_id from stg.claim_line where problem_mask = 0
)
select k.payer_id,
  coalesce(l.payer_name, k.payer_id) as payer_name,
  coalesce(l.payer_class, 'other') as payer_class,
  coalesce(s.own['units_method'], l.units_method, d.units_method, 'unknown') as units_method,
  strict_boolean(coalesce(s.own['uses_ncci'], cast(l.uses_ncci as varchar), d.uses_ncci)) as uses_ncci,
  strict_boolean(coalesce(s.own['uses_therapy_threshold'], cast(l.uses_therapy_threshold as varchar), d.uses_therapy_threshold)) as uses_therapy_threshold,
  strict_boolean(coalesce(s.own['requires_discipline_modifier'], cast(l.requires_discipline_modifier as varchar), d.requires_discipline_modifier)) as requires_discipline_modifier,
  strict_boolean(coalesce(s.own['requires_assistant_modifier'], cast(l.requires_assistant_modifier as varchar), d.requires_assistant_modifier)) as requires_assistant_modifier,
  strict_boolean(coalesce(s.own['requires_certified_plan'], cast(l.requires_certified_plan as varchar), d.requires_certified_plan)) as requires_certified_plan,
  strict_boolean(coalesce(s.own['wants_97014'], cast(l.wants_97014 as varchar), d.wants_97014)) as wants_97014,
  nullif(coalesce(s.own['bilateral_form'], l.bilateral_form, d.bilateral_form), 'unknown') as bilateral_form,
  case when s.own['timely_filing_days'] is null then l.timely_filing_days else strict_integer(s.own['timely_filing_days']) end as timely_filing_days,
  coalesce(s.own['mac'], l.mac) as mac,
  coalesce(s.own['ncci_setting'], l.ncci_setting, 'practitioner') as ncci_setting,
  coalesce(s.own['same_provider'], l.same_provider, 'rendering') as same_provider,
  strict_boolean(coalesce(s.own['requires_rehabilitative_modifier'], cast(l.requires_rehabilitative_modifier as varchar), d.requires_rehabilitative_modifier)) as requires_rehabilitative_modifier
from known k
left join loaded l using (payer_id)
left join stated s using (payer_id)
left join class_default d on d.payer_class = coalesce(l.payer_class, 'other')
