/*---
table: core.threshold_line
grain: one row per line that accrues to the annual therapy threshold, or that was denied because a maximum was reached (CARC 119)
reads: [core.claim_line, core.payer, core.therapy_accumulator, ref.therapy_threshold]
columns:
  line_id: {type: BIGINT, is: "the line"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "payer"}
  year: {type: INTEGER, is: "calendar year of the service date"}
  bucket: {type: VARCHAR, is: "PTSLP or OT"}
  denied_119: {type: BOOLEAN, is: "denied with CARC 119; adds nothing"}
  order_basis: {type: VARCHAR, is: "processed, received or service: the one date that all lines of the year and bucket have"}
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
Running totals of the annual therapy threshold per patient, calendar year and bucket (PT and SLP together; OT), over all providers in the data
(therapy-rules 3, rulings 5 and 28). A line accrues when it carries exactly one of GP, GO and GN, was not denied, and has none of GA, GX, GY, GZ
(GA accrues when the line was paid). Order: processed, else received, else service date, then claim and line; one basis for the whole year and bucket.
*/
with line as (
  select l.line_id, l.patient_id, l.payer_id, year(l.service_date) as year,
    case when list_contains(l.modifiers, 'GO') then 'OT' else 'PTSLP' end as bucket,
    l.is_denied as denied_119, l.service_date, l.received_date, l.processed_date, l.claim_id, l.line_number,
    case when not l.is_denied then l.allowed_amount end as allowed_amount
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  where coalesce(p.uses_therapy_threshold, true) and l.discipline_modifiers = 1
    and not list_has_any(l.modifiers, ['GX', 'GY', 'GZ'])
    and (not list_contains(l.modifiers, 'GA') or l.line_status = 'paid')
    and (not l.is_denied or list_has_any(l.carc_codes, ['119', 'CO-119', 'PR-119', 'OA-119', 'PI-119', 'CR-119']))
),
based as (
  select *,
    case when count(processed_date) over w = count(*) over w then 'processed'
      when count(received_date) over w = count(*) over w then 'received' else 'service' end as order_basis
  from line
  window w as (partition by patient_id, year, bucket)
),
ordered as (
  select *, case order_basis when 'processed' then processed_date when 'received' then received_date else service_date end as order_date
  from based
),
running as (
  select *, coalesce(sum(allowed_amount) over (
      partition by patient_id, year, bucket order by order_date, claim_id, line_number, payer_id rows between unbounded preceding and current row), 0) as total
  from ordered
),
undated as (
  select patient_id, year, bucket, max(amount_used) as amount_used from core.therapy_accumulator where as_of_date is null
  group by patient_id, year, bucket
),
dated as (select * from core.therapy_accumulator where as_of_date is not null),
elsewhere as (
  select r.*, coalesce(a.amount_used, 0) as spending_elsewhere
  from running r
  asof left join dated a
    on a.patient_id = r.patient_id and a.year = r.year and a.bucket = r.bucket and r.order_date >= a.as_of_date
)
select e.line_id, e.patient_id, e.payer_id, e.year, e.bucket, e.denied_119, e.order_basis, e.order_date,
  e.total - coalesce(e.allowed_amount, 0) + e.spending_elsewhere as running_before,
  e.total + e.spending_elsewhere as running_after,
  e.spending_elsewhere, coalesce(u.amount_used, 0) as spending_undated, e.allowed_amount,
  t.amount as threshold, t.review_amount, t.citation
from elsewhere e
left join undated u using (patient_id, year, bucket)
left join ref.therapy_threshold t on t.valid_from <= e.service_date and (t.valid_to is null or e.service_date < t.valid_to)
