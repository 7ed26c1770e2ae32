/*---
table: ref.unit_limit
grain: one row per procedure_code, setting, valid_from
defaults: unit_limit.csv
releases: dated
columns:
  procedure_code: {type: VARCHAR, is: "CPT or HCPCS code"}
  setting: {type: VARCHAR, is: "practitioner or hospital"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  unit_limit: {type: INTEGER, is: "most units accepted; 0 where the code is not payable to this setting"}
  adjudication: {type: INTEGER, is: "1 per line; 2 per day, fixed by policy; 3 per day, can be appealed"}
  release: {type: VARCHAR, is: "release in ref.release"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Codes of therapy, chemodenervation and what stands beside them only. A row stays in force until a newer release has the code; the extracts of
2026 hold therapy codes alone, so a code that is absent from them keeps its 2024Q3 row. Before 2024-07-01 no
limit is known.
*/
