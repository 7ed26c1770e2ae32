/*---
table: core.accruing_line
grain: one row per line that accrues to the annual therapy threshold, or that was denied because a maximum was reached (CARC 119)
view: true
reads: [core.claim_line, core.modifier_set, core.payer]
columns:
  line_id: {type: BIGINT, is: "the line"}
  account_no: {type: BIGINT, is: "account of the line: core.account"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
  received_date: {type: DATE, is: "day the payer received the claim"}
  processed_date: {type: DATE, is: "day the payer processed the line"}
  bucket: {type: "ENUM('OT', 'PTSLP')", is: "PT and SLP together, or OT"}
  uses_therapy_threshold: {type: BOOLEAN, is: "the payer has the threshold; null = unknown"}
  denied_119: {type: BOOLEAN, is: "denied with CARC 119; adds nothing"}
  has_kx: {type: BOOLEAN, is: "the line carries KX"}
  is_judged: {type: BOOLEAN, is: "false for a line with GA, which accrues when it was paid but needs no KX"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount; null = not known, or denied"}
---
Which lines count towards the annual therapy threshold (therapy-rules 3, rulings 2, 5 and 28): those with exactly one of GP, GO and GN that were not
denied and have none of GA, GX, GY, GZ (GA accrues when the line was paid, and is not judged). Read by both tables of the threshold, each for few of its columns.
*/
with told as (
  select modifier_set, list_contains(modifiers, 'GO') as is_occupational, list_contains(modifiers, 'KX') as has_kx, list_contains(modifiers, 'GA') as has_ga
  from core.modifier_set where discipline_modifiers = 1 and not list_has_any(modifiers, ['GX', 'GY', 'GZ'])
)
select l.line_id, account_of_day(l.day_id) as account_no, l.claim_id, l.line_number, l.rendering_npi as provider_npi, l.procedure_code,
  l.service_date, l.received_date, l.processed_date, case when m.is_occupational then 'OT' else 'PTSLP' end as bucket, p.uses_therapy_threshold,
  l.is_denied as denied_119, m.has_kx, not m.has_ga as is_judged, case when not l.is_denied then l.allowed_amount end as allowed_amount
from core.claim_line l
join core.payer p on p.payer_id = l.payer_id
join told m on m.modifier_set = l.modifier_set
where coalesce(p.uses_therapy_threshold, true)
  and (not m.has_ga or l.line_status = 'paid' or (not l.is_denied and l.paid_amount > 0))
  and (not l.is_denied or l.maximum_reached)
