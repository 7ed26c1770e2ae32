/*---
table: mart.finding_line
grain: one row per finding shown as a card and claim line of the visit it is about
reads: [core.run, core.claim_line, audit.observation_line, mart.finding_page, mart.provider]
columns:
  finding_id: {type: VARCHAR, is: "finding"}
  provider_no: {type: INTEGER, is: "page"}
  position: {type: BIGINT, is: "order on the card, at most 24"}
  hidden: {type: BIGINT, is: "lines of the same finding beyond these"}
  service_date: {type: DATE, is: "date of service"}
  claim_id: {type: VARCHAR, is: "claim"}
  line_number: {type: INTEGER, is: "line of the claim"}
  procedure_code: {type: VARCHAR, is: "code billed"}
  modifiers: {type: VARCHAR, is: "modifiers in order, blank for none"}
  units: {type: "DECIMAL(12,3)", is: "units billed"}
  amount: {type: "DECIMAL(12,2)", is: "allowed, else paid; null when unknown"}
  is_denied: {type: BOOLEAN, is: "the payer denied the line"}
  own: {type: BOOLEAN, is: "the provider of the page rendered the line"}
  listed: {type: BOOLEAN, is: "the finding names this line (the others are there for context)"}
  at_risk: {type: "DECIMAL(12,2)", is: "this line's share of the amount in question"}
---
The visit as billed, for the cards. A finding on one day shows every line of that patient, day, billing provider and payer; a
finding on a longer span shows only the lines it names.
*/
with named as (
  select observation_line.finding_id, observation_line.line_id, observation_line.amount_at_risk
  from audit.observation_line
  join core.run on run.run_key = observation_line.run_key
),
card as (
  select finding_id, provider_no, npi, patient_id, service_date, billing_npi, payer_id, subject
  from mart.finding_page
  join mart.provider using (provider_no)
  where shown = 'card'
),
around as (
  select card.finding_id, claim_line.line_id
  from card
  join core.claim_line on claim_line.patient_id = card.patient_id
    and claim_line.service_date = card.service_date
    and claim_line.billing_npi = card.billing_npi
    and (card.payer_id is null or claim_line.payer_id = card.payer_id)
  where card.subject in ('claim_line', 'claim', 'visit_day')
  union
  select named.finding_id, named.line_id from named join card on card.finding_id = named.finding_id
),
ordered as (
  select card.finding_id, card.provider_no, claim_line.service_date, claim_line.claim_id,
    claim_line.line_number, claim_line.procedure_code,
    array_to_string(claim_line.modifiers, ' ') as modifiers, claim_line.units, claim_line.amount,
    coalesce(claim_line.is_denied, false) as is_denied, claim_line.rendering_npi = card.npi as own, named.line_id is not null as listed,
    coalesce(named.amount_at_risk, 0) as at_risk, claim_line.line_id,
    row_number() over (
      partition by card.finding_id
      order by named.line_id is null, claim_line.service_date, claim_line.claim_id, claim_line.line_number,
        claim_line.line_id
    ) as priority,
    count(*) over (partition by card.finding_id) as line_count
  from card
  join around on around.finding_id = card.finding_id
  join core.claim_line on claim_line.line_id = around.line_id
  left join named on named.finding_id = around.finding_id and named.line_id = around.line_id
)
select finding_id, provider_no,
  row_number() over (
    partition by finding_id order by service_date, claim_id, line_number, line_id
  ) as position,
  greatest(line_count - 24, 0) as hidden, service_date, claim_id, line_number, procedure_code, modifiers, units,
  amount, is_denied, own, listed, at_risk
from ordered
where priority <= 24
