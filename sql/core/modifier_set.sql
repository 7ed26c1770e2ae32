/*---
table: core.modifier_set
grain: one row per distinct sequence of modifiers
reads: [stg.claim_line]
columns:
  modifier_set: {type: INTEGER, is: "joins core.claim_line; never shown"}
  modifier_text: {type: VARCHAR, is: "as in stg.claim_line"}
  modifiers: {type: "VARCHAR[]", is: "modifiers in order, blanks left out"}
  discipline_modifiers: {type: INTEGER, is: "how many of GP, GO and GN are among them"}
  discipline: {type: "ENUM('OT', 'PT', 'SLP')", is: "PT, OT or SLP from a single GP, GO or GN; null otherwise"}
  by_assistant: {type: BOOLEAN, is: "CQ or CO is among them"}
  shown: {type: VARCHAR, is: "the modifiers parted by spaces; empty text for none"}
---
Many lines share few sequences of modifiers, so that a question about modifiers is asked once of each, and lines follow by modifier_set: a check that
reads every line asks this table, and takes the list itself from the line only for what it shows.
*/
with counted as (
  select modifier_text, modifiers, cast(list_contains(modifiers, 'GP') as integer) + cast(list_contains(modifiers, 'GO') as integer)
    + cast(list_contains(modifiers, 'GN') as integer) as discipline_modifiers
  from (
    select modifier_text, modifiers_of(modifier_text) as modifiers
    from (select distinct modifier_text from stg.claim_line where problem_mask = 0)
  )
)
select row_number() over (order by modifiers) as modifier_set, modifier_text, modifiers, discipline_modifiers,
  case when discipline_modifiers = 1 then
    case when list_contains(modifiers, 'GP') then 'PT' when list_contains(modifiers, 'GO') then 'OT' else 'SLP' end end as discipline,
  list_has_any(modifiers, ['CQ', 'CO']) as by_assistant, array_to_string(modifiers, ' ') as shown
from counted
