/*---
table: mart.finding_page
grain: one row per finding that stands in this run
reads: [core.run, core.payer, audit.observation, audit.observation_line, mart.provider]
columns:
  finding_id: {type: VARCHAR, is: "identity of the finding"}
  provider_no: {type: INTEGER, is: "page it is shown on; null when it names no provider"}
  check_code: {type: VARCHAR, is: "check"}
  check_name: {type: VARCHAR, is: "name of the check when it ran"}
  severity: {type: VARCHAR, is: "error, review, opportunity or info"}
  state: {type: VARCHAR, is: "new, unchanged, updated or reopened"}
  subject: {type: VARCHAR, is: "kind of thing examined"}
  direction: {type: VARCHAR, is: "over, under or none"}
  billing_npi: {type: VARCHAR, is: "billing NPI"}
  payer_id: {type: VARCHAR, is: "payer"}
  payer_name: {type: VARCHAR, is: "payer as a reader knows it"}
  patient_id: {type: VARCHAR, is: "patient; the pages mask it"}
  service_date: {type: DATE, is: "date of service; null for findings on a longer span"}
  amount_at_risk: {type: "DECIMAL(18,2)", is: "amount the finding puts in question"}
  amount_basis: {type: VARCHAR, is: "allowed, paid, fee-schedule or none"}
  message: {type: VARCHAR, is: "what was found"}
  fix: {type: VARCHAR, is: "suggested corrected line, or who must attest to what"}
  evidence: {type: VARCHAR, is: "JSON text of the facts the finding rests on"}
  reason: {type: VARCHAR, is: "qualifies the verdict, may be null"}
  line_count: {type: BIGINT, is: "claim lines it is listed on"}
  codes: {type: VARCHAR, is: "procedure codes of these lines"}
  place: {type: VARCHAR, is: "claims and line numbers, the first four"}
  position: {type: BIGINT, is: "rank within provider and check: largest amount first, then date, then identity"}
  shown: {type: VARCHAR, is: "card, row or csv: how the provider page shows it"}
---
What a provider page lists, and in which form. A check shows its first 12 findings as cards and the next 188 as rows; a page
as a whole holds at most 150 cards and 2,000 rows, shared out evenly over its checks, so that it stays under two megabytes.
What is left is counted on the page and complete in findings.csv.
*/
with standing as (
  select observation.*
  from audit.observation
  join core.run on run.run_key = observation.run_key
  where observation.state <> 'resolved'
),
listed as (
  select observation_line.finding_id,
    count(*) as line_count,
    array_to_string(list_sort(list_distinct(list(observation_line.procedure_code))), ', ') as codes,
    list('claim ' || observation_line.claim_id || ' line ' || observation_line.line_number
      order by observation_line.claim_id, observation_line.line_number, observation_line.line_id) as places
  from audit.observation_line
  join core.run on run.run_key = observation_line.run_key
  group by observation_line.finding_id
),
ranked as (
  select standing.*, provider.provider_no, listed.line_count, listed.codes, listed.places,
    shown_name(coalesce(nullif(trim(payer.payer_name), ''), standing.payer_id)) as payer_name,
    row_number() over (
      partition by standing.provider_npi, standing.check_code
      order by standing.amount_at_risk desc nulls last, standing.service_date nulls last, standing.finding_id
    ) as position
  from standing
  left join listed on listed.finding_id = standing.finding_id
  left join core.payer on payer.payer_id = standing.payer_id
  left join mart.provider on provider.npi = standing.provider_npi
),
shared_out as (
  select ranked.*,
    row_number() over (partition by provider_no order by position, check_code, finding_id) as turn
  from ranked
)
select finding_id, provider_no, check_code, check_name, severity, state, subject, direction, billing_npi, payer_id,
  payer_name, patient_id, service_date, coalesce(amount_at_risk, 0) as amount_at_risk, amount_basis, message, fix,
  evidence, reason, coalesce(line_count, 0) as line_count, codes,
  array_to_string(places[1:4], ', ')
    || case when len(places) > 4 then ' and ' || (len(places) - 4) || ' more' else '' end as place,
  position,
  case
    when provider_no is null then 'csv'
    when position <= 12 and turn <= 150 then 'card'
    when position <= 200 and turn <= 2150 then 'row'
    else 'csv'
  end as shown
from shared_out
