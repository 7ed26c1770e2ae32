/*---
table: core.payer
grain: one row per payer_id that is loaded or stands on a claim
reads: [stg.payer, stg.claim_line, ref.payer_class, core.run]
columns:
  payer_id: {type: VARCHAR, is: "payer as the source names it"}
  payer_name: {type: VARCHAR, is: "name, or the payer_id where none is loaded"}
  payer_class: {type: VARCHAR, is: "medicare_b, medicare_advantage, medicaid, tricare, commercial, workers_comp, auto or other"}
  units_method: {type: VARCHAR, is: "cms (day's minutes together), cpt (each code alone) or unknown"}
  uses_ncci: {type: BOOLEAN, is: "applies code pairs and unit limits; null = unknown"}
  uses_therapy_threshold: {type: BOOLEAN, is: "has the annual therapy threshold; null = unknown"}
  requires_discipline_modifier: {type: BOOLEAN, is: "wants GP, GO or GN; null = unknown"}
  requires_assistant_modifier: {type: BOOLEAN, is: "wants CQ or CO; null = unknown"}
  requires_certified_plan: {type: BOOLEAN, is: "wants a certified plan of care; null = unknown"}
  wants_97014: {type: BOOLEAN, is: "wants 97014 instead of G0283; null = unknown"}
  bilateral_form: {type: VARCHAR, is: "how two sides are billed; null = unknown"}
  timely_filing_days: {type: INTEGER, is: "days to file; null = unknown"}
  mac: {type: VARCHAR, is: "Medicare contractor, where known"}
  ncci_setting: {type: VARCHAR, is: "practitioner or hospital: whose tables of code pairs and unit limits apply"}
  same_provider: {type: VARCHAR, is: "rendering or billing: who is one provider for code pairs"}
  requires_rehabilitative_modifier: {type: BOOLEAN, is: "wants 96 or 97; null = unknown"}
---
What a payer wants, resolved once: the loaded row, else the default of its class. A payer with no row is of class `other`,
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
    max(value) filter (switch = 'bilateral_form') as bilateral_form
  from ref.payer_class cross join core.run
  where valid_from <= as_of and (valid_to is null or as_of < valid_to)
  group by payer_class
),
known as (
  select payer_id from loaded
  union
  select distinct payer_id from stg.claim_line where problem_mask = 0
)
select k.payer_id,
  coalesce(l.payer_name, k.payer_id) as payer_name,
  coalesce(l.payer_class, 'other') as payer_class,
  coalesce(l.units_method, d.units_method, 'unknown') as units_method,
  coalesce(l.uses_ncci, strict_boolean(d.uses_ncci)) as uses_ncci,
  coalesce(l.uses_therapy_threshold, strict_boolean(d.uses_therapy_threshold)) as uses_therapy_threshold,
  coalesce(l.requires_discipline_modifier, strict_boolean(d.requires_discipline_modifier)) as requires_discipline_modifier,
  coalesce(l.requires_assistant_modifier, strict_boolean(d.requires_assistant_modifier)) as requires_assistant_modifier,
  coalesce(l.requires_certified_plan, strict_boolean(d.requires_certified_plan)) as requires_certified_plan,
  coalesce(l.wants_97014, strict_boolean(d.wants_97014)) as wants_97014,
  coalesce(l.bilateral_form, d.bilateral_form) as bilateral_form,
  l.timely_filing_days,
  l.mac,
  coalesce(l.ncci_setting, 'practitioner') as ncci_setting,
  coalesce(l.same_provider, 'rendering') as same_provider,
  l.requires_rehabilitative_modifier
from known k
left join loaded l using (payer_id)
left join class_default d on d.payer_class = coalesce(l.payer_class, 'other')
