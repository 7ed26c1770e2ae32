/*---
table: audit.finding
grain: one row per finding ever seen
columns:
  finding_id: {type: VARCHAR, is: "16 hexadecimal digits from the content identity"}
  check_code: {type: VARCHAR, is: "check"}
  subject: {type: VARCHAR, is: "kind of subject"}
  first_run: {type: VARCHAR, is: "run that saw it first"}
  first_seen_as_of: {type: DATE, is: "as-of date of that run"}
---
Append-only. A reviewer's decision hangs on finding_id.
*/
