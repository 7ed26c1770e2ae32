/*---
table: audit.run
grain: one row per run key
columns:
  run_key: {type: VARCHAR, is: "name of the run"}
  as_of: {type: DATE, is: "as-of date"}
  data_to: {type: DATE, is: "last day that an accepted claim line of the input names: received, processed or of service"}
  window_from: {type: DATE, is: "first service date reported; null = open"}
  window_to: {type: DATE, is: "last service date reported; null = open"}
  version: {type: VARCHAR, is: "version of claimaudit"}
  input_digest: {type: VARCHAR, is: "sha256 over the digests of the files read"}
  checks_digest: {type: VARCHAR, is: "sha256 over the checks that ran"}
  reference_digest: {type: VARCHAR, is: "sha256 over the reference tables"}
  checks: {type: "VARCHAR[]", is: "codes that ran"}
  checks_failed: {type: "VARCHAR[]", is: "codes that could not run, or missed the error planted for them"}
  errors_caught: {type: INTEGER, is: "checks that found the error planted for them in the self-check"}
  lines_read: {type: BIGINT, is: "claim line records in the input"}
  lines_rejected: {type: BIGINT, is: "of these, rejected"}
  lines_superseded: {type: BIGINT, is: "of these, replaced, voided, repeated, cancelled or resubmitted"}
  lines_after: {type: BIGINT, is: "of these, after the as-of date"}
  lines_audited: {type: BIGINT, is: "of these, audited"}
---
The runs that were completed. A run key that runs again replaces its row.
*/
