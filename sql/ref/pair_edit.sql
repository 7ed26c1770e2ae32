/*---
table: ref.pair_edit
grain: one row per column_1, column_2, setting, valid_from, indicator
defaults: pair_edit.csv
columns:
  column_1: {type: VARCHAR, is: "code that is paid"}
  column_2: {type: VARCHAR, is: "code that is denied beside it"}
  setting: {type: VARCHAR, is: "practitioner or hospital"}
  valid_from: {type: DATE, is: "earliest date of service on which the edit can apply"}
  valid_to: {type: DATE, is: "first date on which it no longer applies; empty while open"}
  certain_from: {type: DATE, is: "first date of service on which it surely applies; between the two its start is not known"}
  indicator: {type: INTEGER, is: "0 no modifier helps; 1 a modifier can; 9 withdrawn, never in force"}
  release: {type: VARCHAR, is: "release in ref.release"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Pairs of codes that are not paid together, among the codes of therapy, chemodenervation and what stands beside them. One pair can have several rows
over time: the key is never the pair alone. A row open in the newest release stays in force until a newer one is loaded.
*/
