/*---
table: mart.provider
grain: one row per provider that gets a page
reads: [core.run, stg.claim_line, core.claim_line, core.provider, audit.observation]
columns:
  provider_no: {type: INTEGER, is: "ordinal by NPI; the pages are written in ranges of it"}
  npi: {type: VARCHAR, is: "rendering NPI, or the NPI a finding names"}
  provider_name: {type: VARCHAR, is: "name, null when the source has none"}
  discipline: {type: VARCHAR, is: "PT, OT, SLP or null"}
  clinic_id: {type: VARCHAR, is: "clinic of the provider, else the one on most of the lines"}
  lines: {type: BIGINT, is: "lines in the window of the run with this rendering NPI"}
  patients: {type: BIGINT, is: "patients on these lines"}
  first_date: {type: DATE, is: "first service date of these lines"}
  last_date: {type: DATE, is: "last service date of these lines"}
---
Every rendering NPI with audited lines, and every other NPI that a finding of this run names (a billing NPI, or a provider
with notes and no claim), so that no finding is left without a page.
*/
with clinic as (
  select rendering_npi, clinic_id
  from stg.claim_line
  where clinic_id is not null and problem_mask = 0
  group by rendering_npi, clinic_id
  qualify row_number() over (partition by rendering_npi order by count(*) desc, clinic_id) = 1
),
worked as (
  select rendering_npi as npi, count(*) as lines, count(distinct patient_id) as patients,
    min(service_date) as first_date, max(service_date) as last_date
  from core.claim_line
  join core.run on claim_line.service_date >= coalesce(run.window_from, claim_line.service_date)
    and claim_line.service_date <= coalesce(run.window_to, claim_line.service_date)
  group by rendering_npi
),
named as (
  select distinct observation.provider_npi as npi
  from audit.observation
  join core.run on run.run_key = observation.run_key
  where observation.provider_npi is not null
),
everyone as (
  select npi from worked union select npi from named
)
select row_number() over (order by everyone.npi) as provider_no,
  everyone.npi,
  shown_name(provider.provider_name) as provider_name,
  provider.discipline,
  coalesce(provider.clinic_id, clinic.clinic_id) as clinic_id,
  coalesce(worked.lines, 0) as lines,
  coalesce(worked.patients, 0) as patients,
  worked.first_date,
  worked.last_date
from everyone
left join worked on worked.npi = everyone.npi
left join core.provider on provider.npi = everyone.npi
left join clinic on clinic.rendering_npi = everyone.npi
