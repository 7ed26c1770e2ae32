/*---
code: BIL110
name: provider-not-active
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: none
payers: all
direction: none
needs: [providers, exclusions]
reads: [core.claim_line, core.provider_activity, core.exclusion]
denial_codes:
  - {carc: "B7", note: "provider was not certified or eligible on the date"}
references:
  - {title: "NGS Medicare remittance messages", section: "B7: provider not eligible on the date"}
message: "On {service_date} the {who}."
fix: "Check the provider's dates and the exclusion with the source; whoever answers for enrolment attests to which is right."
---
## What it checks
The billing and the rendering NPI of lines that were not denied. A service date outside every loaded span of active dates of one of them, or within a loaded exclusion, is
a finding without an amount. A blank first or last day is open; both named days count as inside.

## Why it matters
A payer does not pay for services of a provider who was not enrolled on the date, and a federal payer not for those of one who is excluded.

## Known limits
Active dates are those of the practice's own list, which may be behind. An exclusion list matches by NPI alone, so a person must look at whom it names. Where neither provider is in the
loaded list (that claims name a provider is none) and no exclusions are loaded, there is nothing to compare with: `provider-not-loaded`. A line over several days is judged by its first.

## How to answer it
Show the enrolment and the credentialing record for the date, or the reinstatement.
*/
with loaded as (select distinct npi from core.provider_activity),
-- who can be outside some span at all
bounded as (
  select npi from core.provider_activity group by npi having bool_and(active_from is not null or active_to is not null)
),
watched as (
  select npi from bounded
  union
  select npi from core.exclusion
),
day as (
  select l.rendering_npi as npi, l.service_date from core.claim_line l semi join watched w on w.npi = l.rendering_npi
  union
  select l.billing_npi, l.service_date from core.claim_line l semi join watched w on w.npi = l.billing_npi
),
outside as (
  select d.npi, d.service_date
  from day d
  semi join bounded b on b.npi = d.npi
  anti join core.provider_activity a on a.npi = d.npi and (a.active_from is null or a.active_from <= d.service_date)
    and (a.active_to is null or d.service_date <= a.active_to)
),
excluded as (
  select d.npi, d.service_date, min(e.from_date) as from_date, string_agg(distinct e.source, ', ' order by e.source) as sources
  from day d
  join core.exclusion e on e.npi = d.npi and e.from_date <= d.service_date and (e.to_date is null or d.service_date <= e.to_date)
  group by d.npi, d.service_date
),
bad as (
  select npi, service_date, string_agg(why, ' and ' order by why desc) as why
  from (
    select npi, service_date, 'is outside the active dates' as why from outside
    union all
    select npi, service_date, 'is on the exclusion list' || coalesce(' ' || sources, '') || ' from ' || from_date from excluded
  )
  group by npi, service_date
),
judged as (
  select l.line_id, l.rendering_npi, l.billing_npi, l.payer_id, l.service_date, l.procedure_code, r.why as rendering_why,
    case when l.billing_npi <> l.rendering_npi then b.why end as billing_why,
    case when r.npi is not null or b.npi is not null then 'finding'
      when l.rendering_npi not in (select npi from loaded) and l.billing_npi not in (select npi from loaded)
        and (select count(*) from core.exclusion) = 0 then 'cannot_tell'
      else 'pass' end as verdict
  from core.claim_line l
  left join bad r on r.npi = l.rendering_npi and r.service_date = l.service_date
  left join bad b on b.npi = l.billing_npi and b.service_date = l.service_date
  where not l.is_denied
)
select line_id, rendering_npi as provider_npi, payer_id, service_date, verdict,
  case when verdict = 'cannot_tell' then 'provider-not-loaded' end as reason,
  case when verdict = 'finding' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when verdict = 'finding' then {
    procedure_code: procedure_code,
    service_date: service_date,
    who: concat_ws('; the ', 'rendering provider ' || rendering_npi || ' ' || rendering_why, 'billing provider ' || billing_npi || ' ' || billing_why)
  } end as evidence
from judged
