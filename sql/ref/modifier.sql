/*---
table: ref.modifier
grain: one row per modifier, valid_from
defaults: modifier.csv
columns:
  modifier: {type: VARCHAR, is: "two-character modifier"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  short_label: {type: VARCHAR, is: "short label of our own"}
  kind: {type: VARCHAR, is: "what kind of statement it makes, one of the kinds below"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Only listed modifiers are judged by their dates; an unlisted one passes. A start of 1900-01-01 means before
the audit horizon or not established, so that it can never make a modifier too early. Kinds: discipline,
assistant, distinct, liability, threshold, anatomic, repeat, evaluation_management, drug_waste,
functional_severity, habilitative, telehealth, payment, other.
*/
