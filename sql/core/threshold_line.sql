/*---
table: core.threshold_line
grain: one row per line that accrues to the annual therapy threshold, or that was denied because a maximum was reached (CARC 119)
reads: [core.claim_line, core.modifier_set, core.payer, core.therapy_accumulator, ref.therapy_threshold]
columns:
  line_id: {type: BIGINT, is: "the line"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  claim_id: {type: VARCHAR, is: "claim number"}
  line_number: {type: INTEGER, is: "line of the claim"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  procedure_code: {type: VARCHAR, is: "code"}
  service_date: {type: DATE, is: "date of service"}
  year: {type: INTEGER, is: "calendar year of the service date"}
  bucket: {type: VARCHAR, is: "PTSLP or OT"}
  denied_119: {type: BOOLEAN, is: "denied with CARC 119; adds nothing"}
  has_kx: {type: BOOLEAN, is: "the line carries KX"}
  is_judged: {type: BOOLEAN, is: "false for a line with GA, which accrues when it was paid but needs no KX"}
  uses_therapy_threshold: {type: BOOLEAN, is: "the payer has the threshold; null = unknown"}
  order_basis: {type: VARCHAR, is: "processed, received or service: the one date that all lines of the year and bucket have; this and the next five are null when it is unknown whether the payer has the threshold"}
  order_date: {type: DATE, is: "the line's date on that basis"}
  running_before: {type: "DECIMAL(18,2)", is: "known allowed total before the line, spending elsewhere included"}
  running_after: {type: "DECIMAL(18,2)", is: "known allowed total with the line"}
  spending_elsewhere: {type: "DECIMAL(18,2)", is: "spending elsewhere counted in the totals"}
  spending_undated: {type: "DECIMAL(18,2)", is: "spending elsewhere that has no date and is not counted"}
  allowed_amount: {type: "DECIMAL(12,2)", is: "allowed amount of the line; null = not known, adds nothing"}
  threshold: {type: "DECIMAL(12,2)", is: "the year's amount; null when no row is loaded"}
  review_amount: {type: "DECIMAL(12,2)", is: "the year's targeted review amount; null when there is none"}
  citation: {type: VARCHAR, is: "source of the year's amounts"}
---
Running totals of the annual therapy threshold per patient, payer, calendar year and bucket (PT and SLP together; OT), over all providers in the data
(therapy-rules 3, rulings 2, 5 and 28). A line accrues when it carries exactly one of GP, GO and GN, was not denied, and has none of GA, GX, GY, GZ
(GA accrues when the line was paid, and is not judged). Order: processed, else received, else service date, then claim and line; one basis for the whole year and bucket.
*/
with told as (
  select modifier_set, list_contains(modifiers, 'GO') as is_occupational, list_contains(modifiers, 'KX') as has_kx, list_contains(modifiers, 'GA') as has_ga
  from core.modifier_set where discipline_modifiers = 1 and not list_has_any(modifiers, ['GX', 'GY', 'GZ'])
),
-- read anew by each reader, which takes few columns, rather than written down
line as not materialized (
  select l.line_id, l.patient_id, l.payer_id, l.claim_id, l.line_number, l.rendering_npi as provider_npi, l.procedure_code,
    year(l.service_date) as year, case when m.is_occupational then 'OT' else 'PTSLP' end as bucket,
    l.is_denied as denied_119, m.has_kx, not m.has_ga as is_judged, p.uses_therapy_threshold,
    l.service_date, l.received_date, l.processed_date, case when not l.is_denied then l.allowed_amount end as allowed_amount
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  join told m on m.modifier_set = l.modifier_set
  where coalesce(p.uses_therapy_threshold, true)
    and (not m.has_ga or l.line_status = 'paid' or (not l.is_denied and l.paid_amount > 0))
    and (not l.is_denied or l.maximum_reached)
),
-- one basis of order for all lines of a patient, payer, year and bucket; from here on such a group is one number
basis as materialized (
  select row_number() over () as group_id, *
  from (
    select patient_id, payer_id, year, bucket,
      case when count(processed_date) = count(*) then 'processed' when count(received_date) = count(*) then 'received' else 'service' end as order_basis
    from line where uses_therapy_threshold
    group by patient_id, payer_id, year, bucket
  )
),
ordered as (
  select b.group_id, l.line_id, l.claim_id, l.line_number, l.provider_npi, l.procedure_code, l.service_date, l.denied_119, l.has_kx, l.is_judged,
    l.allowed_amount,
    case b.order_basis when 'processed' then l.processed_date when 'received' then l.received_date else l.service_date end as order_date
  from line l join basis b using (patient_id, payer_id, year, bucket)
  where l.uses_therapy_threshold
),
running as (
  select *, coalesce(sum(allowed_amount) over (
      partition by group_id order by order_date, claim_id, line_number rows between unbounded preceding and current row), 0) as total
  from ordered
),
undated as (
  select patient_id, year, bucket, max(amount_used) as amount_used from core.therapy_accumulator where as_of_date is null
  group by patient_id, year, bucket
),
dated as (select * from core.therapy_accumulator where as_of_date is not null),
-- the latest statement of spending elsewhere that is not after the line, for the few patients who have one
elsewhere as (
  select r.line_id, a.amount_used
  from (
    select o.line_id, o.order_date, b.patient_id, b.year, b.bucket
    from ordered o join (select * from basis semi join dated using (patient_id, year, bucket)) b using (group_id)
  ) r
  asof join dated a
    on a.patient_id = r.patient_id and a.year = r.year and a.bucket = r.bucket and r.order_date >= a.as_of_date
),
added_up as (
  select r.line_id, b.patient_id, b.payer_id, r.claim_id, r.line_number, r.provider_npi, r.procedure_code, r.service_date,
    b.year, b.bucket, r.denied_119, r.has_kx, r.is_judged, true as uses_therapy_threshold, b.order_basis, r.order_date,
    r.total - coalesce(r.allowed_amount, 0) + coalesce(e.amount_used, 0) as running_before,
    r.total + coalesce(e.amount_used, 0) as running_after,
    coalesce(e.amount_used, 0) as spending_elsewhere, coalesce(u.amount_used, 0) as spending_undated, r.allowed_amount
  from running r
  join basis b on b.group_id = r.group_id
  left join elsewhere e on e.line_id = r.line_id
  left join undated u on u.patient_id = b.patient_id and u.year = b.year and u.bucket = b.bucket
  union all by name
  -- where it is not known whether the payer has the threshold, nothing is added up
  select line_id, patient_id, payer_id, claim_id, line_number, provider_npi, procedure_code, service_date, year, bucket, denied_119, has_kx,
    is_judged, uses_therapy_threshold, allowed_amount
  from line where uses_therapy_threshold is null
)
select l.*, t.amount as threshold, t.review_amount, t.citation
from added_up l
-- amounts are given by calendar year, so that the year finds the row (or, in 2012, the two rows)
left join ref.therapy_threshold t on year(t.valid_from) = l.year and t.valid_from <= l.service_date
  and (t.valid_to is null or l.service_date < t.valid_to)
