/*---
table: audit.viewed
grain: one row
columns:
  run_key: {type: VARCHAR, is: "run that the tables of decisions look at: the built one, or the one that a command names"}
  as_of: {type: DATE, is: "as-of date of that run, by which suppressions expire"}
  day: {type: DATE, is: "day from which the overpayment clock looks: that as-of date, or the one that a command names"}
---
Time is a table here too: decisions and deadlines are told as of a run, never by the clock.
*/
