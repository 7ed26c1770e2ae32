/*---
table: core.provider
grain: one row per NPI that is loaded or stands on a claim
reads: [stg.provider, stg.claim_line, ref.specialty, ref.provider_taxonomy]
columns:
  npi: {type: VARCHAR, is: "National Provider Identifier as billed"}
  provider_name: {type: VARCHAR, is: "name, or null"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP: as loaded, else by specialty, else by taxonomy; null = unknown"}
  specialty_code: {type: VARCHAR, is: "Medicare specialty code"}
  taxonomy_code: {type: VARCHAR, is: "provider taxonomy code"}
  clinic_id: {type: VARCHAR, is: "clinic"}
  role: {type: VARCHAR, is: "role as loaded"}
  active_from: {type: DATE, is: "first active day; null = open"}
  active_to: {type: DATE, is: "last active day; null = open"}
  private_practice_therapist: {type: BOOLEAN, is: "therapist in private practice: specialty, else taxonomy"}
---
Providers with their discipline resolved once; a taxonomy that is not loaded with the claims is that of the national provider file, where one was added. Of an NPI with several
loaded rows each column is that of the first in file order that has it: a practice's list beside claims that name the taxonomy.
*/
with loaded as (
  select npi, arg_min(provider_name, place) as provider_name, arg_min(discipline, place) as discipline, arg_min(specialty_code, place) as specialty_code,
    arg_min(taxonomy_code, place) as taxonomy_code, arg_min(clinic_id, place) as clinic_id, arg_min(role, place) as role,
    arg_min(active_from, place) as active_from, arg_min(active_to, place) as active_to
  from (select *, (cast(file_id as bigint) << 40) | record_number as place from stg.provider where problem_mask = 0)
  group by npi
),
known as (
  select npi from loaded
  union
  select distinct rendering_npi from stg.claim_line where problem_mask = 0
  union
  select distinct billing_npi from stg.claim_line where problem_mask = 0
)
select k.npi, l.provider_name,
  coalesce(l.discipline, s.discipline, t.discipline) as discipline,
  l.specialty_code, coalesce(l.taxonomy_code, n.taxonomy_code) as taxonomy_code, l.clinic_id, l.role, l.active_from, l.active_to,
  case when l.specialty_code is not null then s.code is not null else t.code is not null end as private_practice_therapist
from known k
left join loaded l using (npi)
left join ref.provider_taxonomy n on n.npi = k.npi
left join ref.specialty s on s.kind = 'specialty' and s.code = l.specialty_code
left join ref.specialty t on t.kind = 'taxonomy' and t.code = left(coalesce(l.taxonomy_code, n.taxonomy_code), 4)
