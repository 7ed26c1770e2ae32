/*---
table: core.code_span
grain: one row per procedure_code, valid_from
reads: [ref.procedure, ref.hcpcs]
columns:
  procedure_code: {type: VARCHAR, is: "CPT or HCPCS code"}
  valid_from: {type: DATE, is: "first date of service on which the code exists; 1900-01-01 where none is stated"}
  valid_to: {type: DATE, is: "first date on which it no longer exists; null while open"}
---
When codes exist: the codes of the audit by ref.procedure, and every other HCPCS Level II code by the release that was loaded, if one was.
*/
select procedure_code, valid_from, valid_to from ref.procedure
union all
select code, valid_from, valid_to from ref.hcpcs where kind = 'code' and code not in (select procedure_code from ref.procedure)
