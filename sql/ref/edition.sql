/*---
table: ref.edition
grain: one row
columns:
  known_as_of: {type: DATE, is: "only releases published by this day are used; null = all that are loaded"}
  digest: {type: VARCHAR, is: "sha256 over everything that the reference tables were filled from"}
  not_known: {type: "VARCHAR[]", is: "sets of a publisher of which no release was known on that day, so that they are empty"}
---
Which state of knowledge the reference tables hold. Reference rows have dates of service; a release has a day of publication: a run as known on a day is
judged by the releases that were out on that day.
*/
