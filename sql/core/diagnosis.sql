/*---
table: core.diagnosis
grain: one row per diagnosis_set and position with a diagnosis
reads: [core.diagnosis_set]
columns:
  diagnosis_set: {type: BIGINT, is: "joins core.claim_line and core.diagnosis_set"}
  position: {type: INTEGER, is: "position on the claim, 1 to 12"}
  diagnosis: {type: VARCHAR, is: "as the code set writes it, in capitals with its dot; text of another form as it stands"}
  code: {type: VARCHAR, is: "in capitals, without dot"}
  is_pointed: {type: BOOLEAN, is: "the line points at it; true for every diagnosis where the file records no pointers"}
---
The diagnoses of core.diagnosis_set one by one. A code of another system (SNOMED CT, ICD-9-CM) is not judged: audit.reject lists it.
*/
select diagnosis_set, position, dotted(diagnoses[position]) as diagnosis, upper(replace(diagnoses[position], '.', '')) as code,
  case when has_pointers then coalesce(list_contains(positions, position), false) else true end as is_pointed
from (select *, unnest(generate_series(1, len(diagnoses))) as position from core.diagnosis_set)
where diagnoses[position] <> '' and is_icd(diagnoses[position])
