/*---
table: mart.provider_summary
grain: one row per provider that gets a page
reads: [core.run, audit.observation, mart.provider, mart.provider_line, mart.provider_money, mart.finding_page, mart.untold]
columns:
  provider_no: {type: INTEGER, is: "page"}
  npi: {type: VARCHAR, is: "NPI"}
  provider_name: {type: VARCHAR, is: "name, null when unknown"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP or null"}
  clinic_id: {type: VARCHAR, is: "clinic, null when unknown"}
  lines: {type: BIGINT, is: "lines audited with this rendering NPI"}
  patients: {type: BIGINT, is: "patients on these lines"}
  first_date: {type: DATE, is: "first service date"}
  last_date: {type: DATE, is: "last service date"}
  error_lines: {type: BIGINT, is: "of these lines, those an error finding names"}
  review_lines: {type: BIGINT, is: "of these lines, those a review finding names"}
  error_rate: {type: DOUBLE, is: "error_lines over lines; null without lines"}
  rate_low: {type: DOUBLE, is: "lower end of the 95 % Wilson interval"}
  rate_high: {type: DOUBLE, is: "upper end of the 95 % Wilson interval"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, each line once"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, each line once"}
  findings: {type: BIGINT, is: "findings that stand"}
  errors: {type: BIGINT, is: "of severity error"}
  reviews: {type: BIGINT, is: "of severity review"}
  opportunities: {type: BIGINT, is: "of severity opportunity"}
  infos: {type: BIGINT, is: "of severity info"}
  new_findings: {type: BIGINT, is: "state new"}
  reopened: {type: BIGINT, is: "state reopened"}
  resolved: {type: BIGINT, is: "state resolved: stood in the last run and stand no more"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told, over all checks"}
---
The rate is exact for the lines audited; the Wilson interval says how far it carries to the provider's practice in general.
*/
with found as (
  select provider_no, count(*) as findings,
    count(*) filter (where severity = 'error') as errors,
    count(*) filter (where severity = 'review') as reviews,
    count(*) filter (where severity = 'opportunity') as opportunities,
    count(*) filter (where severity = 'info') as infos,
    count(*) filter (where state = 'new') as new_findings,
    count(*) filter (where state = 'reopened') as reopened
  from mart.finding_page
  group by provider_no
),
gone as (
  select observation.provider_npi as npi, count(*) as resolved
  from audit.observation
  join core.run on run.run_key = observation.run_key
  where observation.state = 'resolved'
  group by observation.provider_npi
),
named as (
  select npi, count(*) filter (where own and has_error) as error_lines,
    count(*) filter (where own and has_review) as review_lines
  from mart.provider_line
  group by npi
),
money as (
  select provider_no, sum(amount) filter (where direction = 'over') as over_amount,
    sum(amount) filter (where direction = 'under') as under_amount
  from mart.provider_money
  group by provider_no
),
open_question as (
  select provider_no, sum(subjects) as subjects
  from mart.untold
  group by provider_no
),
counted as (
  select provider.*,
    coalesce(named.error_lines, 0) as error_lines,
    coalesce(named.review_lines, 0) as review_lines,
    coalesce(named.error_lines, 0) / nullif(provider.lines, 0)::double as error_rate,
    3.841458820694124 / nullif(provider.lines, 0) as z2n
  from mart.provider
  left join named on named.npi = provider.npi
)
select counted.provider_no, counted.npi, counted.provider_name, counted.discipline, counted.clinic_id, counted.lines,
  counted.patients, counted.first_date, counted.last_date, counted.error_lines, counted.review_lines, counted.error_rate,
  greatest(0, (error_rate + z2n / 2 - sqrt(z2n * (error_rate * (1 - error_rate) + z2n / 4))) / (1 + z2n)) as rate_low,
  least(1, (error_rate + z2n / 2 + sqrt(z2n * (error_rate * (1 - error_rate) + z2n / 4))) / (1 + z2n)) as rate_high,
  coalesce(money.over_amount, 0) as over_amount,
  coalesce(money.under_amount, 0) as under_amount,
  coalesce(found.findings, 0) as findings,
  coalesce(found.errors, 0) as errors,
  coalesce(found.reviews, 0) as reviews,
  coalesce(found.opportunities, 0) as opportunities,
  coalesce(found.infos, 0) as infos,
  coalesce(found.new_findings, 0) as new_findings,
  coalesce(found.reopened, 0) as reopened,
  coalesce(gone.resolved, 0) as resolved,
  coalesce(open_question.subjects, 0) as cannot_tell
from counted
left join money on money.provider_no = counted.provider_no
left join found on found.provider_no = counted.provider_no
left join gone on gone.npi = counted.npi
left join open_question on open_question.provider_no = counted.provider_no
