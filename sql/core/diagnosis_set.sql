/*---
table: core.diagnosis_set
grain: one row per distinct list of diagnoses and pointers, and whether its file records pointers
reads: [stg.claim_line, core.source_file]
columns:
  diagnosis_set: {type: BIGINT, is: "joins only, never shown"}
  diagnosis_text: {type: VARCHAR, is: "as in stg.claim_line; empty text where the line has neither diagnosis nor pointer"}
  has_pointers: {type: BOOLEAN, is: "the file of the line records pointers"}
  diagnoses: {type: "VARCHAR[]", is: "diagnoses as written, by position, up to the last one given"}
  pointers: {type: "VARCHAR[]", is: "pointers of the line as written; empty for none"}
  positions: {type: "INTEGER[]", is: "the position that each pointer names: 1 to 12, or A to L as on the paper form; null where it is none"}
  pointed: {type: "VARCHAR[]", is: "codes in capitals without dot that the line points at, in pointer order; every diagnosis of the claim where the file records no pointers"}
  foreign_codes: {type: BOOLEAN, is: "a diagnosis is a code of another system; it is in audit.reject and in no list of codes"}
---
Many lines share few lists of diagnoses, so that each list is taken apart and judged once, and lines follow by diagnosis_set.
*/
with part as (
  select row_number() over (order by diagnosis_text, has_pointers) as diagnosis_set, *,
    case when diagnosis_text = '' then []
      else string_split(split_part(diagnosis_text, chr(30), 1), chr(31)) end as slots,
    -- letters may stand without anything between them
    case when contains(diagnosis_text, chr(30)) then list_filter(regexp_split_to_array(
      regexp_replace(split_part(diagnosis_text, chr(30), 2), '([A-La-l])', '\1 ', 'g'), '[:, ]+'), lambda p: p <> '') else [] end as pointers
  from (
    select distinct coalesce(s.diagnosis_text, '') as diagnosis_text, f.has_pointers
    from stg.claim_line s join core.source_file f using (file_id) where s.problem_mask = 0
  )
),
trimmed as (
  select * exclude (slots),
    list_transform(pointers, lambda p: case when regexp_full_match(p, '0?[1-9]|1[0-2]') then cast(p as integer)
      when regexp_full_match(p, '[A-La-l]') then ascii(upper(p)) - 64 end) as positions,
    slots[1:coalesce(list_max(list_transform(slots, lambda d, i: case when d <> '' then i end)), 0)] as diagnoses from part
)
select diagnosis_set, diagnosis_text, has_pointers, diagnoses, pointers, positions,
  list_transform(list_filter(case when has_pointers
      then list_transform(positions, lambda p: diagnoses[p])
      else diagnoses end, lambda d: d <> '' and is_icd(d)), lambda d: upper(replace(d, '.', ''))) as pointed,
  len(list_filter(diagnoses, lambda d: d <> '' and not is_icd(d))) > 0 as foreign_codes
from trimmed
