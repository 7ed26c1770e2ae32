/*---
table: core.run
grain: one row, the run that is being built
columns:
  run_key: {type: VARCHAR, is: "name of the run, for example 2026-10"}
  as_of: {type: DATE, is: "last service date that counts; the only notion of now"}
  window_from: {type: DATE, is: "first service date whose findings are reported; null = no lower bound"}
  window_to: {type: DATE, is: "last service date whose findings are reported; null = no upper bound"}
---
Written by the build step from the arguments of the run. Time is an argument, so that the same input gives the same bytes.
*/
