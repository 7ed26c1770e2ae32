/*---
table: core.check_enabled
grain: one row per payer and check, or family of checks, of which the payer's switches say whether it is enabled
reads: [ref.payer_switch, core.run]
columns:
  check_code: {type: VARCHAR, is: "code of a check, or the three letters of a family"}
  payer_id: {type: VARCHAR, is: "payer"}
  is_enabled: {type: BOOLEAN, is: "false: what the check examines for this payer is answered `check-not-enabled`"}
---
What is said of a check outweighs what is said of its family; a check of which nothing is said is enabled.
*/
select switch[9:] as check_code, payer_id, value = 'true' as is_enabled
from ref.payer_switch cross join core.run
where starts_with(switch, 'enabled:') and valid_from <= as_of and (valid_to is null or as_of < valid_to)
