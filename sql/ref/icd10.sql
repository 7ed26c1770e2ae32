/*---
table: ref.icd10
grain: one row per code, valid_from
defaults: icd10.csv.gz
releases: dated
columns:
  code: {type: VARCHAR, is: "ICD-10-CM code in capitals, without dot"}
  billable: {type: BOOLEAN, is: "true: may stand on a claim; false: a header with codes below it"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Which diagnosis codes existed when, from 2015-10-01 on. A code whose row ends without another is gone; one that turns from billable to header has two rows.
Open rows stay in force until a newer list is loaded.
*/
