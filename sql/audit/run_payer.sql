/*---
table: audit.run_payer
grain: one row per run and payer
columns:
  run_key: {type: VARCHAR, is: "run"}
  payer_id: {type: VARCHAR, is: "payer"}
  switches: {type: "MAP(VARCHAR, VARCHAR)", is: "what the payer wants, by switch: the columns of core.payer but its name; null = unknown"}
---
What each payer was taken to want, so that a later run can tell a corrected claim from a payer that is judged otherwise. Append-only; a run key that runs again replaces its rows.
*/
