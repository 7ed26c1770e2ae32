/*---
table: ref.specialty
grain: one row per kind and code
defaults: specialty.csv
columns:
  kind: {type: VARCHAR, is: "specialty (Medicare specialty code) or taxonomy (first four characters)"}
  code: {type: VARCHAR, is: "the code, or the first four characters of a taxonomy code"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  citation: {type: VARCHAR, is: "where the fact was read"}
---
Which specialty and taxonomy codes make a provider a therapist in private practice, and of which discipline
(therapy-rules section 4.4).
*/
