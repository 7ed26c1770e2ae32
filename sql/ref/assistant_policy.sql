/*---
table: ref.assistant_policy
grain: one row per valid_from
defaults: assistant_policy.csv
columns:
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  midpoint_rule: {type: BOOLEAN, is: "8 minutes of the therapist keep the last unit, and two units left of 23 to 28 minutes are one each"}
  paid_share: {type: "DECIMAL(5,4)", is: "part of the payment that the modifier takes away; 0 while it changed no payment"}
  allowed_share: {type: "DECIMAL(5,4)", is: "the same as part of the allowed amount, of which Medicare pays 80 percent"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
When services of assistants have to carry CQ or CO, by which policy, and what the modifier costs. Before the first row none is asked for.
*/
