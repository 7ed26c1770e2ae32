/*---
table: ref.release
grain: one row per release
defaults: release.csv
columns:
  release: {type: VARCHAR, is: "name of the release"}
  set: {type: VARCHAR, is: "reference table that it fills, without the schema"}
  publisher: {type: VARCHAR, is: "who published it"}
  published_on: {type: DATE, is: "day of publication, else the first day in force"}
  valid_from: {type: DATE, is: "first date of service that a row of it covers"}
  valid_to: {type: DATE, is: "first date of service that no row covers; empty while open"}
  licence_note: {type: VARCHAR, is: "terms under which the values are given here"}
  setting: {type: VARCHAR, is: "setting whose rows it holds, joined by blanks; null where a set has none", derived: true}
  rows: {type: BIGINT, is: "rows as published; of a starter those in use", derived: true}
  digest: {type: VARCHAR, is: "sha256 of what was published, over all its files; of a starter that of its CSV", derived: true}
  starter: {type: BOOLEAN, is: "true for a set that comes with the program, false for a loaded file"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
What the reference tables of this run were filled from. The starter sets are extracts; an official file loaded by the user takes their
place. A release that fills nothing in this run (it was not yet published on the date asked for, or a newer one speaks) is not listed.
*/
