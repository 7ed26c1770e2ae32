/*---
table: mart.run_summary
grain: one row, the run
reads: [core.run, core.claim_line, audit.run, audit.observation, audit.reject, mart.provider_line, mart.provider_money, mart.finding_page, mart.untold]
columns:
  run_key: {type: VARCHAR, is: "run"}
  as_of: {type: DATE, is: "the day the run looks from"}
  window_from: {type: DATE, is: "first service date judged"}
  window_to: {type: DATE, is: "last service date judged"}
  run_before: {type: VARCHAR, is: "the run before, by as-of date and key; null when there is none"}
  as_of_before: {type: DATE, is: "its as-of date"}
  received_to: {type: DATE, is: "last received date on a line; null when none is recorded"}
  version: {type: VARCHAR, is: "version of the program"}
  input_digest: {type: VARCHAR, is: "digest of the inputs"}
  checks_digest: {type: VARCHAR, is: "digest of the checks"}
  reference_digest: {type: VARCHAR, is: "digest of the reference data"}
  checks: {type: "VARCHAR[]", is: "codes that ran"}
  checks_failed: {type: "VARCHAR[]", is: "codes that could not run, or missed the error planted for them"}
  errors_caught: {type: INTEGER, is: "checks that found the error planted for them in the self-check"}
  lines_read: {type: BIGINT, is: "claim lines read"}
  rejected: {type: BIGINT, is: "records that could not be used"}
  lines: {type: BIGINT, is: "lines audited"}
  patients: {type: BIGINT, is: "patients on these lines"}
  providers: {type: BIGINT, is: "rendering providers on these lines"}
  error_lines: {type: BIGINT, is: "lines an error finding names"}
  review_lines: {type: BIGINT, is: "lines a review finding names"}
  error_rate: {type: DOUBLE, is: "error_lines over lines"}
  over_amount: {type: "DECIMAL(18,2)", is: "possibly paid over, each line once per provider"}
  under_amount: {type: "DECIMAL(18,2)", is: "possibly billed under, each line once per provider"}
  findings: {type: BIGINT, is: "findings that stand"}
  errors: {type: BIGINT, is: "of severity error"}
  reviews: {type: BIGINT, is: "of severity review"}
  opportunities: {type: BIGINT, is: "of severity opportunity"}
  infos: {type: BIGINT, is: "of severity info"}
  without_provider: {type: BIGINT, is: "findings that name no provider"}
  new_findings: {type: BIGINT, is: "state new"}
  unchanged: {type: BIGINT, is: "state unchanged"}
  updated: {type: BIGINT, is: "state updated"}
  reopened: {type: BIGINT, is: "state reopened"}
  resolved: {type: BIGINT, is: "state resolved"}
  cannot_tell: {type: BIGINT, is: "subjects that could not be told, over all checks"}
---
The numbers of the index page.
*/
with line as (
  select count(*) as lines, count(distinct patient_id) as patients, count(distinct rendering_npi) as providers,
    max(received_date) as received_to
  from core.claim_line
  join core.run on claim_line.service_date >= coalesce(run.window_from, claim_line.service_date)
    and claim_line.service_date <= coalesce(run.window_to, claim_line.service_date)
),
named as (
  select count(distinct line_id) filter (where has_error) as error_lines,
    count(distinct line_id) filter (where has_review) as review_lines
  from mart.provider_line
),
money as (
  select coalesce(sum(amount) filter (where direction = 'over'), 0) as over_amount,
    coalesce(sum(amount) filter (where direction = 'under'), 0) as under_amount
  from mart.provider_money
),
found as (
  select count(*) as findings,
    count(*) filter (where severity = 'error') as errors,
    count(*) filter (where severity = 'review') as reviews,
    count(*) filter (where severity = 'opportunity') as opportunities,
    count(*) filter (where severity = 'info') as infos,
    count(*) filter (where provider_no is null) as without_provider,
    count(*) filter (where state = 'new') as new_findings,
    count(*) filter (where state = 'unchanged') as unchanged,
    count(*) filter (where state = 'updated') as updated,
    count(*) filter (where state = 'reopened') as reopened
  from mart.finding_page
),
gone as (
  select count(*) as resolved
  from audit.observation
  join core.run on run.run_key = observation.run_key
  where observation.state = 'resolved'
),
before as (
  select max({as_of: run.as_of, run_key: run.run_key}) as run
  from audit.run join core.run as now on (run.as_of, run.run_key) < (now.as_of, now.run_key)
),
open_question as (select coalesce(sum(subjects), 0) as cannot_tell from mart.untold),
refused as (
  select count(*) as rejected from (select distinct file_id, record_number from audit.reject where used is distinct from true)
)
select now.run_key, now.as_of, now.window_from, now.window_to, before.run.run_key as run_before, before.run.as_of as as_of_before, line.received_to, kept.version, kept.input_digest,
  kept.checks_digest, kept.reference_digest, kept.checks, kept.checks_failed, kept.errors_caught, kept.lines_read, refused.rejected, line.lines, line.patients,
  line.providers, named.error_lines, named.review_lines,
  named.error_lines / nullif(line.lines, 0)::double as error_rate,
  money.over_amount, money.under_amount, found.findings, found.errors, found.reviews, found.opportunities, found.infos,
  found.without_provider, found.new_findings, found.unchanged, found.updated, found.reopened, gone.resolved,
  open_question.cannot_tell
from core.run as now
left join audit.run as kept on kept.run_key = now.run_key
cross join line cross join named cross join money cross join found cross join gone cross join open_question
cross join refused cross join before
