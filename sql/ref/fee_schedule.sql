/*---
table: ref.fee_schedule
grain: one row per procedure_code, valid_from
defaults: fee_schedule.csv
releases: dated
columns:
  procedure_code: {type: VARCHAR, is: "CPT or HCPCS code"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  status: {type: VARCHAR, is: "A active, B bundled, C contractor priced, I invalid, N non-covered, R restricted"}
  work_rvu: {type: "DECIMAL(9,2)", is: "work relative value; null where nothing is priced or the value was not read"}
  pe_rvu_nonfacility: {type: "DECIMAL(9,2)", is: "practice expense relative value outside a facility"}
  mp_rvu: {type: "DECIMAL(9,2)", is: "malpractice relative value"}
  conversion_factor: {type: "DECIMAL(9,4)", is: "dollars per unit; 2026: not for qualifying participants"}
  multiple_procedure: {type: VARCHAR, is: "multiple procedure indicator; 5 = therapy reduction of the practice expense"}
  pctc: {type: VARCHAR, is: "professional and technical component indicator; 7 = therapy service"}
  bilateral: {type: VARCHAR, is: "bilateral indicator; 0 = modifier 50 does not apply"}
  release: {type: VARCHAR, is: "release in ref.release"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Therapy and chemodenervation codes, national values (no geographic factor). Relative values are given for statuses A and R
with a price. A code whose 2026 value was not read keeps its status and indicators from October 2025 and has
no value. Dates before 2024-03-09 have no row.
*/
