/*---
table: ref.procedure
grain: one row per procedure_code, valid_from
defaults: procedure.csv
columns:
  procedure_code: {type: VARCHAR, is: "CPT or HCPCS code"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  short_label: {type: VARCHAR, is: "short label of our own, not the descriptor"}
  unit_type: {type: "ENUM('area', 'other', 'other_time', 'period', 'section', 'timed15', 'untimed')", is: "what one unit counts: timed15, untimed, other_time, area, section, period, other"}
  minutes_per_unit: {type: INTEGER, is: "minutes of one unit: 15 for timed15, nominal for other_time, else null"}
  disciplines: {type: VARCHAR, is: "disciplines that bill it, joined by /: PT, OT, SLP; empty for no therapy code"}
  therapy_status: {type: "ENUM('always', 'none', 'sometimes')", is: "always, sometimes or none: whether a therapy modifier is due"}
  locked_modifier: {type: VARCHAR, is: "the only discipline modifier accepted (GP, GO, GN); empty if any"}
  locked_from: {type: DATE, is: "first date of service of the lock"}
  allocation_code: {type: VARCHAR, is: "code under which its minutes count; first and additional code share it"}
  evaluation: {type: VARCHAR, is: "evaluation, re-evaluation or empty"}
  successor_code: {type: VARCHAR, is: "codes that replaced it, joined by |"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
A start of 1900-01-01 means before the audit horizon: no source states it and no check rests on it. The
functional reporting, chemodenervation and drug codes are listed for their dates only (status none, unit type
other). A sometimes status that no source confirms says so in its citation.
*/
