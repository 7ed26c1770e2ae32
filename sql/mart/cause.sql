/*---
table: mart.cause
grain: one row per check and segment of the claims that explains its findings
reads: []
columns:
  round: {type: INTEGER, is: "1 for the segment of a check that was found first, and so on"}
  check_code: {type: VARCHAR, is: "check"}
  unit: {type: VARCHAR, is: "line or day"}
  provider_npi: {type: VARCHAR, is: "rendering NPI of the segment; null = any"}
  clinic_id: {type: VARCHAR, is: "clinic; null = any"}
  payer_id: {type: VARCHAR, is: "payer; null = any"}
  procedure_code: {type: VARCHAR, is: "code; null = any"}
  modifiers: {type: VARCHAR, is: "modifiers in alphabetical order, empty text for none; null = any"}
  since: {type: DATE, is: "first month; null = all of them"}
  findings: {type: BIGINT, is: "findings of the check in the segment that no earlier segment explains"}
  subjects: {type: BIGINT, is: "lines or visit days of the segment that no earlier segment holds"}
  other_findings: {type: BIGINT, is: "findings of the check outside that no earlier segment explains"}
  other_subjects: {type: BIGINT, is: "lines or visit days outside"}
  over_amount: {type: "DECIMAL(18,2)", is: "amount at risk of being paid over"}
  under_amount: {type: "DECIMAL(18,2)", is: "amount possibly underbilled"}
  first_date: {type: DATE, is: "first date of service of these findings"}
  last_date: {type: DATE, is: "last one"}
  only_code: {type: VARCHAR, is: "the code that all these findings are on; null when there are several"}
  score: {type: "DECIMAL(12,3)", is: "logarithm of how much likelier the findings are with the segment than without it, less the cost of naming it"}
---
Filled round by round from mart.cause_round.
*/
