/*---
table: ref.payer_switch
grain: one row per payer_id, switch, valid_from
defaults: payer_switch.csv
scope: [payer_id, switch]
refuse:
  "there is no such switch": >-
    not regexp_full_match(switch, 'units_method|uses_ncci|uses_therapy_threshold|requires_discipline_modifier|requires_assistant_modifier|requires_certified_plan|requires_rehabilitative_modifier|wants_97014|bilateral_form|timely_filing_days|mac|ncci_setting|same_provider|enabled:.*')
  "there is no such check or family": "starts_with(switch, 'enabled:') and switch[9:] not in (select code from known_check)"
  "the value is not one that the switch takes": >-
    coalesce(value, '') = '' or not case
      when starts_with(switch, 'enabled:') then value in ('true', 'false')
      when switch = 'units_method' then value in ('cms', 'cpt', 'unknown')
      when switch = 'ncci_setting' then regexp_full_match(value, '(medicaid_)?(practitioner|hospital)')
      when switch = 'same_provider' then value in ('rendering', 'billing')
      when switch = 'bilateral_form' then regexp_full_match(value, '[a-z0-9_]+')
      when switch = 'timely_filing_days' then regexp_full_match(value, '[0-9]{1,5}|unknown')
      when switch = 'mac' then true
      else value in ('true', 'false', 'unknown') end
columns:
  payer_id: {type: VARCHAR, is: "payer as the claims name it"}
  switch: {type: VARCHAR, is: "a payer switch as in payers.csv, or enabled:CODE for one check (enabled:FAM for a family)"}
  value: {type: VARCHAR, is: "its value; unknown takes back what payers.csv or the class says"}
  valid_from: {type: DATE, is: "first as-of date of a run on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: contract, manual or letter, and where in it"}
---
What a payer wants, by its own word: each row outweighs payers.csv, which outweighs the class of the payer. A newer file takes the place of older rows of the
same payer and switch. A check that is not enabled for a payer is still run for it, and answers `check-not-enabled`: the coverage shows what was not judged.
*/
