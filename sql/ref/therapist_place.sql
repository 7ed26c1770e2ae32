/*---
table: ref.therapist_place
grain: one row per place_of_service and valid_from
defaults: therapist_place.csv
columns:
  place_of_service: {type: VARCHAR, is: "place of service code"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  expected: {type: BOOLEAN, is: "true: a therapist in private practice bills from there; false: the services are the facility's"}
  scope: {type: VARCHAR, is: "all, or medicare_b: the row speaks of Medicare Part B alone"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Where therapists in private practice treat. Of places without a row nothing is said. The telehealth places hold for Medicare by the dates of the laws that
allowed them; of other dates nothing is said, because gaps were closed by later laws before.
*/
