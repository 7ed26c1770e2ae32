/*---
table: audit.run_check
grain: one row per run and check that ran in it, or that this version no longer runs
columns:
  run_key: {type: VARCHAR, is: "run"}
  check_code: {type: VARCHAR, is: "check"}
  status: {type: VARCHAR, is: "status of the check: preview, stable, deprecated or removed"}
  rule_digest: {type: VARCHAR, is: "sha256 over its statement, those of the core tables that it reads, and the macros that they call"}
  parameter_digest: {type: VARCHAR, is: "md5 over its parameters"}
  reference_digest: {type: VARCHAR, is: "sha256 over the reference releases that it reads, by itself or through core tables"}
  reads_denial: {type: BOOLEAN, is: "its statement, or one of a core table that it reads, asks whether or why the payer denied a line"}
  denial_codes: {type: "STRUCT(carc VARCHAR, rarc VARCHAR)[]", is: "reasons for which a payer denies what it finds, as its header declares them"}
  payer_switches: {type: "VARCHAR[]", is: "columns of core.payer that its statement names, or one of a core table that it reads"}
---
The rule by which a run judged, so that a later run can tell a corrected claim from a changed rule. Append-only; a run key that runs again replaces its rows.
*/
