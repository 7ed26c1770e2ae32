/*---
table: ref.geographic_factor
grain: one row per state, valid_from
defaults: geographic_factor.csv
releases: dated
columns:
  state: {type: VARCHAR, is: "state or territory, two letters"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds"}
  work: {type: "DECIMAL(9,3)", is: "highest work factor among the state's localities"}
  practice_expense: {type: "DECIMAL(9,3)", is: "highest practice expense factor among them"}
  malpractice: {type: "DECIMAL(9,3)", is: "highest malpractice factor among them"}
  release: {type: VARCHAR, is: "release in ref.release"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Upper bounds of what the fee schedule pays in a state. A claim names no locality, so that a fee above the bound is above the fee of every locality.
Suburbs of Washington in Maryland and Virginia are paid by the locality of the District of Columbia.
*/
