/*---
code: COV104
name: prior-authorization-missing
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
needs: [coverage_policies, prior_authorization, place_of_service]
reads: [core.claim_line, core.coverage_policy, core.payer, core.authorization_recorded]
denial_codes:
  - {carc: "197", note: "unconfirmed pairing"}
references:
  - {title: "The payer's list of codes that need prior authorization, as loaded by the user", section: "coverage_policies.csv, role authorization"}
  - {title: "Noridian prior authorization page", section: "hospital outpatient departments: 64612 and 64615 with a toxin"}
message: "{procedure_code} at place of service {place_of_service} needs a prior authorization of this payer ({policies}), and the claim shows none."
fix: "Find the authorization and add its number; whoever asked the payer for it attests to its date and what it covers."
---
## What it checks
Lines, denied ones too, whose code stands in a loaded row of role `authorization` of the payer and region for the place of service and the date. A line is a finding without an amount if neither it nor
another line of its claim has an authorization number.

## Why it matters
The payer denies a service for which it was not asked.

## Known limits
Only what the user loaded is known; no list is shipped. An authorization can exist without being on the claim, and one that is there is not checked against its dates or
units. A billing NPI without an authorization number on any line: `authorization-not-recorded`. No place of service, where the rule names places: `place-of-service-missing`. Neither contractor nor
state: `region-missing`. A date outside the loaded rows: `policy-version-not-loaded`.

## How to answer it
Show the payer's answer to the request.
*/
with rule as (
  select policy_id, policy_version, payer_id, mac, region, code_low, code_high, places, dos_from, dos_to
  from core.coverage_policy where role = 'authorization'
),
code as (
  select c.procedure_code, r.policy_id, r.policy_version, r.payer_id, r.mac, r.region, r.places, r.dos_from, r.dos_to
  from (select distinct procedure_code from core.claim_line) c join rule r on c.procedure_code between r.code_low and r.code_high
),
matched as (
  select l.line_id, l.place_of_service is null and len(r.places) > 0 as place_unknown,
    r.dos_from <= l.service_date and (r.dos_to is null or l.service_date <= r.dos_to) as in_force,
    r.policy_id || coalesce(' ' || r.policy_version, '') as policy,
    -- null: not known, because the payer's contractor or the state is not given
    (r.mac is null or r.mac = coalesce(p.mac, case when p.payer_class <> 'medicare_b' and r.payer_id is null then '' end))
      and (r.region is null or r.region = coalesce(p.mac, l.state) or (r.mac is not null and r.region = l.state)) as fits
  from core.claim_line l
  join core.payer p on p.payer_id = l.payer_id
  join code r on r.procedure_code = l.procedure_code and (r.payer_id is null or r.payer_id = l.payer_id)
  where len(r.places) = 0 or l.place_of_service is null or list_contains(r.places, l.place_of_service)
),
line as (
  select line_id, coalesce(bool_or(fits and in_force and not place_unknown), false) as is_needed,
    bool_or(fits is null) as region_unknown,
    -- in force, of a known region and not needed: only the place is not known
    bool_or(in_force) as place_unknown,
    string_agg(distinct policy, ', ' order by policy) filter (fits and in_force) as policies
  from matched
  where fits is distinct from false
  group by line_id
),
asked as (
  select n.line_id, n.is_needed, n.region_unknown, n.place_unknown, n.policies, l.claim_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date,
    l.procedure_code, l.place_of_service
  from core.claim_line l
  join line n on l.line_id = n.line_id
),
authorized as (
  select distinct a.line_id
  from core.claim_line l
  join asked a on l.claim_id = a.claim_id and l.patient_id = a.patient_id and l.payer_id = a.payer_id
  where l.prior_authorization is not null
),
judged as (
  select a.line_id, a.payer_id, a.rendering_npi, a.service_date, a.procedure_code, a.place_of_service, a.policies,
    case when z.line_id is not null then 'shown'
      when not a.is_needed and a.region_unknown then 'region-missing'
      when not a.is_needed and a.place_unknown then 'place-of-service-missing'
      when not a.is_needed then 'policy-version-not-loaded'
      when r.billing_npi is null then 'authorization-not-recorded'
      else 'missing' end as state
  from asked a
  left join authorized z on z.line_id = a.line_id
  left join core.authorization_recorded r on r.billing_npi = a.billing_npi
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case state when 'shown' then 'pass' when 'missing' then 'finding' else 'cannot_tell' end as verdict,
  case when state not in ('shown', 'missing') then state end as reason,
  case when state = 'missing' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when state = 'missing' then {
    procedure_code: procedure_code,
    place_of_service: coalesce(place_of_service, 'not given'),
    policies: policies
  } end as evidence
from judged
