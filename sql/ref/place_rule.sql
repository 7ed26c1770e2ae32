/*---
table: ref.place_rule
grain: one row per rule and place_of_service
defaults: place_rule.csv
columns:
  rule: {type: VARCHAR, is: "what holds at the place, one of the words below"}
  place_of_service: {type: VARCHAR, is: "place of service code"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Places of service to which a rule does or does not apply. facility_fee: the fee schedule's facility value applies; facility_supplies_drug: the facility, not the
practice, bills the drug; no_waste_modifier: JW and JZ are not asked for. None of them has changed with the date.
*/
