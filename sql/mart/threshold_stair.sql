/*---
table: mart.threshold_stair
grain: one row per patient, year, bucket that a threshold card shows, and line that moves its total
reads: [core.threshold_line, core.threshold_period, core.run, audit.observation_line, mart.finding_page]
columns:
  finding_id: {type: VARCHAR, is: "first card of the patient, year, bucket on its page: the picture stands there"}
  provider_no: {type: INTEGER, is: "page"}
  year: {type: INTEGER, is: "calendar year"}
  bucket: {type: VARCHAR, is: "PTSLP or OT"}
  threshold: {type: "DECIMAL(12,2)", is: "annual amount of the year"}
  review_amount: {type: "DECIMAL(12,2)", is: "targeted review amount, null when the year has none"}
  position: {type: BIGINT, is: "order in which the lines accrue"}
  order_date: {type: DATE, is: "date by which the line is ordered"}
  running_before: {type: "DECIMAL(18,2)", is: "total before this line"}
  running_after: {type: "DECIMAL(18,2)", is: "total with this line"}
  has_kx: {type: BOOLEAN, is: "the line carries KX"}
  flagged: {type: BOOLEAN, is: "a finding of the same check in this run names the line"}
---
The staircase of the annual threshold. One picture per patient, year and bucket on a page: the later cards of the same
staircase point to it.
*/
with card as (
  select finding_id, provider_no, check_code, patient_id, payer_id,
    cast(json_extract_string(evidence, '$.year') as integer) as year,
    json_extract_string(evidence, '$.bucket') as bucket
  from mart.finding_page
  where shown = 'card' and check_code in ('CAP101', 'CAP102', 'CAP104')
  qualify row_number() over (partition by provider_no, check_code, patient_id, payer_id, year, bucket order by position) = 1
),
flagged as (
  select distinct finding_page.check_code, observation_line.line_id
  from mart.finding_page
  join audit.observation_line on observation_line.finding_id = finding_page.finding_id
  join core.run on run.run_key = observation_line.run_key
  where finding_page.check_code in ('CAP101', 'CAP102', 'CAP104')
)
select card.finding_id, card.provider_no, card.year, card.bucket,
  threshold_period.threshold, threshold_period.review_amount,
  threshold_line.position,
  threshold_line.order_date, threshold_line.running_before, threshold_line.running_after,
  threshold_line.has_kx,
  flagged.line_id is not null as flagged
from card
join core.threshold_period on threshold_period.patient_id = card.patient_id and threshold_period.payer_id = card.payer_id
  and threshold_period.year = card.year and threshold_period.bucket = card.bucket
join core.threshold_line using (period_id)
left join flagged on flagged.check_code = card.check_code and flagged.line_id = threshold_line.line_id
