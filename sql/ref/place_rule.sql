/*---
table: ref.place_rule
grain: one row per rule, place_of_service, valid_from
defaults: place_rule.csv
columns:
  rule: {type: VARCHAR, is: "what holds at the place, one of the words below"}
  place_of_service: {type: VARCHAR, is: "place of service code"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Places of service to which a rule does or does not apply. facility_fee: the fee schedule's facility value applies; facility_supplies_drug: the facility, not the
practice, bills the drug; no_waste_modifier: JW and JZ are not asked for.
*/
