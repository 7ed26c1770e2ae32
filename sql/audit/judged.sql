/*---
table: audit.judged
grain: one row per check that ran in this run
columns:
  check_code: {type: VARCHAR, is: "check"}
---
Filled by the wrapper around each check. A check that found nothing to examine is here and not in audit.coverage.
*/
