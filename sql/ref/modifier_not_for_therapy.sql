/*---
table: ref.modifier_not_for_therapy
grain: one row per modifier, scope, valid_from
defaults: modifier_not_for_therapy.csv
columns:
  modifier: {type: VARCHAR, is: "modifier that does not belong on a therapy code"}
  scope: {type: VARCHAR, is: "always: codes of status always; timed15: 15-minute codes of status always or sometimes"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Modifiers that are not expected on therapy codes. Some payers once asked for them, so a finding is for review.
*/
