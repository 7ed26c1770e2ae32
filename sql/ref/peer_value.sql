/*---
table: ref.peer_value
grain: one row per metric, discipline, valid_from
defaults: peer_value.csv
columns:
  metric: {type: VARCHAR, is: "minutes_per_visit, kx_patients, allowed_per_patient, distinct_lines or complex_evaluations"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP"}
  valid_from: {type: DATE, is: "first last-day-of-period on which it holds"}
  valid_to: {type: DATE, is: "first on which it no longer holds; empty while open"}
  peers: {type: BIGINT, is: "providers in the table"}
  patients: {type: BIGINT, is: "their patients"}
  numerator: {type: "DECIMAL(18,2)", is: "minutes, patients with KX, dollars, lines or evaluations counted"}
  denominator: {type: "DECIMAL(18,2)", is: "visits, patients, patients, lines or evaluations they are counted among"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Outside peers of a metric, where the user has them: none is shipped, because peer values differ by state and year. A row here takes the
place of the other providers in the data.
*/
