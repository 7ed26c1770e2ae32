/*---
table: audit.standing
grain: one row, or none
columns:
  run_key: {type: VARCHAR, is: "finished run that the staged, core and audit tables are of"}
  rules: {type: VARCHAR, is: "sha256 over version, settings, checks and statements by which it judged"}
  reference: {type: VARCHAR, is: "sha256 over its reference tables and the day on which they were known"}
---
From what a run may go on. It is written when a whole run is audited and taken away before anything of it is changed, so that after a run that was killed, or a step that
ran alone, the next run does everything.
*/
