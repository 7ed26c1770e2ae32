/*---
table: raw.fhir_item
grain: one item of a professional FHIR claim, or one other resource with the reason why it is left out, as text
reads: [raw.fhir]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "(resource - 1) * 10000 + item"}
  resource_number: {type: VARCHAR, is: "resource in the file"}
  left_out: {type: VARCHAR, is: "why the resource gives no line; null = it does"}
  remedy: {type: VARCHAR, is: "what helps, where the resource cannot be used"}
  claim_id: {type: VARCHAR, is: "claim"}
  line_number: {type: VARCHAR, is: "sequence of the item"}
  claim_frequency: {type: VARCHAR, is: "7 or 8 for a claim that replaces or is cancelled"}
  original_claim_id: {type: VARCHAR, is: "claim that it replaces or cancels"}
  patient_id: {type: VARCHAR, is: "patient"}
  payer_id: {type: VARCHAR, is: "insurer"}
  payer_name: {type: VARCHAR, is: "name of the insurer"}
  billing_npi: {type: VARCHAR, is: "provider of the claim"}
  rendering_npi: {type: VARCHAR, is: "performing member of the care team"}
  specialty_code: {type: VARCHAR, is: "Medicare specialty of the rendering provider"}
  taxonomy_code: {type: VARCHAR, is: "taxonomy of the rendering provider"}
  place_of_service: {type: VARCHAR, is: "place of service"}
  service_date: {type: VARCHAR, is: "first day"}
  service_date_to: {type: VARCHAR, is: "last day"}
  received_date: {type: VARCHAR, is: "day received"}
  processed_date: {type: VARCHAR, is: "day processed or paid"}
  procedure_code: {type: VARCHAR, is: "HCPCS or CPT code"}
  modifier_1: {type: VARCHAR, is: "modifier"}
  modifier_2: {type: VARCHAR, is: "modifier"}
  modifier_3: {type: VARCHAR, is: "modifier"}
  modifier_4: {type: VARCHAR, is: "modifier"}
  units: {type: VARCHAR, is: "quantity"}
  diagnosis_1: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_2: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_3: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_4: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_5: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_6: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_7: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_8: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_9: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_10: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_11: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_12: {type: VARCHAR, is: "diagnosis code"}
  diagnosis_pointers: {type: VARCHAR, is: "positions of the item's diagnoses"}
  charge_amount: {type: VARCHAR, is: "submitted amount, else the net price"}
  allowed_amount: {type: VARCHAR, is: "eligible amount"}
  paid_amount: {type: VARCHAR, is: "benefit"}
  line_status: {type: VARCHAR, is: "status"}
  carc_codes: {type: VARCHAR, is: "denial reasons"}
  rarc_codes: {type: VARCHAR, is: "remark codes"}
  ndc: {type: VARCHAR, is: "drug code"}
  prior_authorization: {type: VARCHAR, is: "authorization number"}
  resource: {type: VARCHAR, is: "beginning of a resource that cannot be used"}
---
ExplanationOfBenefit and Claim of FHIR R4 and STU3, as the Blue Button, BCDA and AB2D services and the CARIN profiles write them.
Professional claims are those of the type professional or carrier (71, 72). A cancelled claim is the void of itself, one that is related to
a prior claim replaces it. The rendering provider is the performing member of the care team that the item names, else the primary one; the
billing provider is that of the claim, else the organization of the care team. Amounts are found by the codes of their adjudication. Each
resource is taken apart once, and lines, providers and payers follow.
*/
with parsed as (
  select file_id, record_number, resource, try(from_json(resource, '{"resourceType":"VARCHAR","id":"VARCHAR","contained":[{"id":"VARCHAR","identifier":[{"type":{"coding":[{"code":"VARCHAR"}]},"system":"VARCHAR","value":"VARCHAR"}]}],"extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR"}}],"identifier":[{"system":"VARCHAR","value":"VARCHAR"}],"status":"VARCHAR","type":{"coding":[{"system":"VARCHAR","code":"VARCHAR"}]},"use":"VARCHAR","patient":{"reference":"VARCHAR","identifier":{"value":"VARCHAR"}},"provider":{"reference":"VARCHAR","identifier":{"value":"VARCHAR"}},"insurer":{"reference":"VARCHAR","display":"VARCHAR","identifier":{"value":"VARCHAR"}},"billablePeriod":{"start":"VARCHAR","end":"VARCHAR"},"payment":{"date":"VARCHAR"},"related":[{"claim":{"reference":"VARCHAR","identifier":{"value":"VARCHAR"}},"relationship":{"coding":[{"code":"VARCHAR"}]},"reference":{"value":"VARCHAR"}}],"careTeam":[{"extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR"}}],"sequence":"VARCHAR","provider":{"reference":"VARCHAR","identifier":{"value":"VARCHAR"}},"role":{"coding":[{"code":"VARCHAR"}]},"qualification":{"coding":[{"system":"VARCHAR","code":"VARCHAR"}]}}],"supportingInfo":[{"category":{"coding":[{"code":"VARCHAR"}]},"timingDate":"VARCHAR"}],"information":[{"category":{"coding":[{"code":"VARCHAR"}]},"timingDate":"VARCHAR"}],"diagnosis":[{"sequence":"VARCHAR","diagnosisCodeableConcept":{"coding":[{"system":"VARCHAR","code":"VARCHAR"}]}}],"insurance":[{"focal":"VARCHAR","coverage":{"reference":"VARCHAR","display":"VARCHAR","identifier":{"value":"VARCHAR"}},"preAuthRef":["VARCHAR"]}],"item":[{"extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR"}}],"sequence":"VARCHAR","careTeamSequence":["VARCHAR"],"careTeamLinkId":["VARCHAR"],"diagnosisSequence":["VARCHAR"],"diagnosisLinkId":["VARCHAR"],"productOrService":{"extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR"}}],"coding":[{"system":"VARCHAR","code":"VARCHAR"}]},"service":{"extension":[{"url":"VARCHAR","valueCoding":{"code":"VARCHAR"}}],"coding":[{"system":"VARCHAR","code":"VARCHAR"}]},"modifier":[{"coding":[{"code":"VARCHAR"}]}],"servicedPeriod":{"start":"VARCHAR","end":"VARCHAR"},"servicedDate":"VARCHAR","locationCodeableConcept":{"coding":[{"system":"VARCHAR","code":"VARCHAR"}]},"quantity":{"value":"VARCHAR"},"net":{"value":"VARCHAR"},"adjudication":[{"category":{"coding":[{"code":"VARCHAR"}]},"amount":{"value":"VARCHAR"},"reason":{"coding":[{"system":"VARCHAR","code":"VARCHAR"}]}}]}]}')) as r
  from raw.fhir
),
kind as (
  select file_id, record_number, r,
    case when r is null or r.resourceType is null then 'not-json'
      when r.resourceType not in ('ExplanationOfBenefit', 'Claim') then r.resourceType || ' resource'
      when not coalesce(list_has_any(list_transform(r.type.coding, lambda c: c.code), ['professional', 'CARRIER', '71', '72']), false)
        then lower(coalesce(list_filter(list_transform(r.type.coding, lambda c: c.code), lambda t: regexp_full_match(t, '[A-Za-z_-]+'))[1], r.type.coding[1].code, 'untyped')) || ' claim'
      when r.status in ('draft', 'entered-in-error') then r.status || ' claim'
      when r.use in ('preauthorization', 'predetermination', 'proposed') then r.use || ' claim'
      when coalesce(len(r.item), 0) = 0 then 'claim without items'
      when len(r.item) > 10000 then 'too-many-items' end as left_out,
    case when r is null or r.resourceType is null or len(r.item) > 10000 then rtrim(left(resource, 2000), chr(13) || chr(10)) end as text
  from parsed
),
-- what the items of a claim share is worked out once for each claim; a resource that is left out has one item that says nothing
claim as (
  select file_id, record_number, left_out, text, case when left_out is null then r.item else [null] end as items, r.billablePeriod as period,
    coalesce(r.billablePeriod.start, r.item[1].servicedPeriod.start, r.item[1].servicedDate) as first_day,
    coalesce(list_filter(r.identifier, lambda e: ends_with(e.system, '/clm_id'))[1].value, list_filter(r.identifier, lambda e: e.value is not null)[1].value, r.id) as claim_id,
    r.status = 'cancelled' as is_cancelled,
    list_filter(r.related, lambda e: e.relationship.coding[1].code in ('prior', 'replaces'))[1] as prior,
    coalesce(regexp_replace(r.patient.reference, '^.*[/:]', ''), r.patient.identifier.value) as patient_id,
    coalesce(contains(r.type.coding[1].system, 'bluebutton.cms.gov') or r.insurer.identifier.value = 'CMS', false) as is_medicare, r.insurer as insurer,
    list_filter(r.insurance, lambda e: e.focal is distinct from 'false')[1] as cover,
    r.provider as provider,
    case when contains(coalesce(r.provider.reference, ''), '#') or len(list_filter(r.careTeam, lambda t: contains(t.provider.reference, '#'))) > 0
      then list_transform(r.contained, lambda x: {id: x.id, npi: list_filter(x.identifier, lambda e: ends_with(e.system, 'us-npi') or lower(e.type.coding[1].code) = 'npi')[1].value}) end as contained,
    r.careTeam as care_team,
    list_transform(coalesce(r.supportingInfo, r.information), lambda e: {code: e.category.coding[1].code, other: e.category.coding[2].code, day: e.timingDate}) as info,
    r.payment.date as payment_date,
    list_filter(r.extension, lambda e: e.url = 'https://bluebutton.cms.gov/resources/variables/carr_clm_pmt_dnl_cd')[1].valueCoding.code as denial,
    list_sort(list_transform(r.diagnosis, lambda d: {position: try_cast(d.sequence as integer), systems: list_transform(d.diagnosisCodeableConcept.coding, lambda c: coalesce(c.system, '')),
      codes: list_transform(d.diagnosisCodeableConcept.coding, lambda c: c.code)})) as diagnoses,
    len(list_distinct(list_transform(r.item, lambda e: e.sequence))) = len(r.item) as is_numbered
  from kind
),
head as (
  select * exclude (first_day, provider, contained, care_team, info, diagnoses, cover, insurer, prior),
    case when is_cancelled then claim_id else coalesce(prior.reference.value, prior.claim.identifier.value, regexp_replace(prior.claim.reference, '^.*[/:]', '')) end as original_claim_id,
    prior is not null as is_replacement,
    case when is_medicare then 'MEDICARE-PART-B' else coalesce(insurer.identifier.value, regexp_replace(insurer.reference, '^.*[/:]', ''), insurer.display, cover.coverage.identifier.value, regexp_replace(cover.coverage.reference, '^.*[/:]', ''), cover.coverage.display) end as payer_id,
    case when is_medicare then 'Medicare Part B' else insurer.display end as payer_name,
    coalesce(provider.identifier.value, case when contains(provider.reference, '|') then split_part(provider.reference, '|', 2)
        when starts_with(provider.reference, '#') then list_filter(contained, lambda e: e.id = provider.reference[2:])[1].npi end) as provider_npi,
    cover.preAuthRef[1] as prior_authorization,
    list_filter(info, lambda e: e.code = 'clmrecvddate' and e.other is distinct from 'https://bluebutton.cms.gov/resources/variables/nch_wkly_proc_dt')[1].day as received_date,
    coalesce(list_filter(info, lambda e: 'https://bluebutton.cms.gov/resources/variables/nch_wkly_proc_dt' in (e.code, e.other))[1].day, payment_date) as processed_date,
    -- 1 performed the service, 2 leads the team or is its organization, 3 has another part in it
    list_transform(care_team, lambda t: {sequence: t.sequence, npi: coalesce(t.provider.identifier.value, case when contains(t.provider.reference, '|') then split_part(t.provider.reference, '|', 2)
        when starts_with(t.provider.reference, '#') then list_filter(contained, lambda e: e.id = t.provider.reference[2:])[1].npi end),
      part: case when t.role.coding[1].code in ('performing', 'rendering') then 1 when t.role.coding[1].code in ('primary', 'attending') then 2
        when t.role.coding[1].code is null then 2 else 3 end,
      specialty: case when ends_with(t.qualification.coding[1].system, 'prvdr_spclty') then t.qualification.coding[1].code end,
      taxonomy: case when contains(t.qualification.coding[1].system, 'nucc.org') then t.qualification.coding[1].code end,
      organisation: list_filter(t.extension, lambda e: ends_with(e.url, 'us-npi'))[1].valueCoding.code}) as team,
    list_transform(diagnoses, lambda d: diagnosis_of(
        d.codes[coalesce(list_position(list_transform(d.systems, lambda c: contains(c, 'icd-10')), true), 1)],
        contains(d.systems[1], 'icd-9') and len(d.systems) = 1, first_day)) as diagnoses,
    list_transform(diagnoses, lambda d: cast(d.position as varchar)) as positions
  from claim
),
line as (
  select * exclude (items), unnest(items) as i, generate_subscripts(items, 1) as item_number from head
),
item as (
  select * exclude (i), i.sequence as sequence, coalesce(i.productOrService, i.service) as service, coalesce(i.servicedPeriod.start, i.servicedDate) as day, i.servicedPeriod.end as last_day,
    i.modifier as modifier, i.locationCodeableConcept.coding as places, i.quantity.value as units, i.net.value as net,
    coalesce(i.diagnosisSequence, i.diagnosisLinkId) as pointed,
    case when coalesce(len(i.careTeamSequence), len(i.careTeamLinkId), 0) = 0 then team
      else list_filter(team, lambda t: list_contains(coalesce(i.careTeamSequence, i.careTeamLinkId), t.sequence)) end as cared,
    list_filter(i.extension, lambda e: e.url = 'https://bluebutton.cms.gov/resources/variables/line_prcsg_ind_cd')[1].valueCoding.code as indicator,
    list_transform(i.adjudication, lambda a: a.category.coding[1].code) as category, list_transform(i.adjudication, lambda a: a.category.coding[2].code) as category_2,
    list_transform(i.adjudication, lambda a: a.amount.value) as amounts,
    list_filter(flatten(list_transform(i.adjudication, lambda a: a.reason.coding)), lambda c: c.code is not null) as reasons
  from line
),
valued as (
  select *,
    list_filter(cared, lambda t: t.part = 1)[1] as performing, list_filter(cared, lambda t: t.part = 2)[1] as leader,
    coalesce(amounts[list_position(category, 'submitted')], amounts[list_position(category, 'https://bluebutton.cms.gov/resources/variables/line_sbmtd_chrg_amt')], amounts[list_position(category_2, 'https://bluebutton.cms.gov/resources/variables/line_sbmtd_chrg_amt')], net) as charge_amount,
    coalesce(amounts[list_position(category, 'eligible')], amounts[list_position(category, 'allowed')], amounts[list_position(category, 'https://bluebutton.cms.gov/resources/variables/line_alowd_chrg_amt')], amounts[list_position(category_2, 'https://bluebutton.cms.gov/resources/variables/line_alowd_chrg_amt')]) as allowed_amount,
    coalesce(amounts[list_position(category, 'benefit')], amounts[list_position(category, 'https://bluebutton.cms.gov/resources/variables/line_nch_pmt_amt')], amounts[list_position(category_2, 'https://bluebutton.cms.gov/resources/variables/line_nch_pmt_amt')], amounts[list_position(category, 'paidtoprovider')]) as paid_amount,
    case when len(reasons) > 0 then list_transform(list_filter(reasons, lambda c: contains(lower(c.system), 'claim-adjustment-reason')), lambda c: c.code) end as carcs,
    case when len(reasons) > 0 then list_transform(list_filter(reasons, lambda c: contains(lower(c.system), 'remittance-advice-remark')), lambda c: c.code) end as rarcs,
    carrier_status(denial, coalesce(indicator, case when len(reasons) > 0 then list_filter(reasons, lambda c: ends_with(c.system, 'line_prcsg_ind_cd'))[1].code end)) as carrier
  from item
)
select file_id, (record_number - 1) * 10000 + item_number as record_number, cast(record_number as varchar) as resource_number, left_out,
  case left_out when 'not-json' then 'export it again; it is no FHIR resource, or cut off' when 'too-many-items' then 'split the claim; a claim has at most 10,000 items here' end as remedy,
  claim_id, case when left_out is not null then null when is_numbered then sequence else cast(item_number as varchar) end as line_number,
  case when is_cancelled then '8' when is_replacement then '7' end as claim_frequency,
  case when is_cancelled or is_replacement then original_claim_id end as original_claim_id,
  patient_id, payer_id, payer_name,
  coalesce(provider_npi, case when performing is not null then leader.npi end, performing.organisation, leader.organisation, performing.npi, leader.npi) as billing_npi,
  coalesce(performing.npi, leader.npi, provider_npi) as rendering_npi,
  coalesce(performing.specialty, leader.specialty) as specialty_code, coalesce(performing.taxonomy, leader.taxonomy) as taxonomy_code,
  case when len(places) > 1 then coalesce(list_filter(places, lambda c: contains(lower(c.system), 'place') or contains(lower(c.system), 'pos'))[1].code, places[1].code) else places[1].code end as place_of_service,
  instant_day(coalesce(day, period.start)) as service_date, instant_day(coalesce(last_day, case when day is null then period.end end)) as service_date_to,
  received_date, processed_date,
  case when len(service.coding) > 1 then coalesce(list_filter(service.coding, lambda c: contains(lower(c.system), 'hcpcs') or contains(c.system, '/cpt'))[1].code, service.coding[1].code)
    when not contains(coalesce(service.coding[1].system, ''), 'data-absent-reason') then service.coding[1].code end as procedure_code,
  modifier[1].coding[1].code as modifier_1, modifier[2].coding[1].code as modifier_2, modifier[3].coding[1].code as modifier_3, modifier[4].coding[1].code as modifier_4, units,
  diagnoses[1] as diagnosis_1, diagnoses[2] as diagnosis_2, diagnoses[3] as diagnosis_3, diagnoses[4] as diagnosis_4, diagnoses[5] as diagnosis_5, diagnoses[6] as diagnosis_6,
  diagnoses[7] as diagnosis_7, diagnoses[8] as diagnosis_8, diagnoses[9] as diagnosis_9, diagnoses[10] as diagnosis_10, diagnoses[11] as diagnosis_11, diagnoses[12] as diagnosis_12,
  array_to_string(list_transform(pointed, lambda s: list_position(positions, s)), ':') as diagnosis_pointers,
  charge_amount, allowed_amount, paid_amount,
  case when left_out is not null then null when carrier <> 'unknown' then carrier when len(carcs) > 0 and coalesce(try_cast(paid_amount as decimal(12, 2)), 0) = 0 then 'denied'
    when try_cast(paid_amount as decimal(12, 2)) > 0 then 'paid' else 'unknown' end as line_status,
  array_to_string(carcs, ' ') as carc_codes, array_to_string(rarcs, ' ') as rarc_codes,
  list_filter(service.extension, lambda e: ends_with(e.url, '/sid/ndc'))[1].valueCoding.code as ndc,
  prior_authorization, text as resource
from valued
