/*---
code: INJ110
name: procedure-without-drug
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line, ref.chemodenervation, ref.drug, ref.place_rule]
references:
  - {title: "AAPC pain management newsletter 159007", section: "procedure and drug of a chemodenervation are billed together"}
  - {title: "Noridian JE, botulinum toxin injections", section: "drug and procedure codes that belong together"}
message: "{codes} is billed on a day on which the same billing provider has no line of {missing} for the patient that was not denied."
fix: "Find out who supplied the drug or gave the injection. If it was this practice, bill what is missing as the record supports; if a pharmacy, the patient or another provider, note it."
---
## What it checks
Lines that were not denied, of chemodenervation codes (64611 to 64653) and of botulinum toxins, outside places where the facility bills the drug (19, 21, 22, 24). A
procedure without any line of a toxin for that patient, billing NPI and date, or a toxin without any chemodenervation, is a finding without an amount,
shared by the lines of the day. The payer makes no difference. For a toxin, other procedures in which it may be given count as well (31513, 31570, 31571, 43201, 43236, 46505,
52287, 67345). A procedure beside a drug without a code of its own is `drug-unclassified`; no place of service on the line is `place-of-service-missing`.

## Why it matters
One of the two lines was forgotten, denied, or should not be there.

## Known limits
A drug that a specialty pharmacy supplied, or that the patient brought, is billed by others: that explains the day. Phenol and alcohol are not toxins. A line that was
denied does not count as billed.

## How to answer it
Name who supplied the drug or gave the injection, with the record that shows it.
*/
with line as (
  select l.line_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.procedure_code, l.place_of_service, k.kind
  from core.claim_line l
  join (select procedure_code, kind from ref.drug union select procedure_code, role from ref.chemodenervation) k on k.procedure_code = l.procedure_code
  where not l.is_denied
),
day as (
  select patient_id, billing_npi, service_date, bool_or(kind = 'toxin') as has_toxin, bool_or(kind = 'unclassified') as has_unclassified,
    bool_or(kind = 'chemodenervation') as has_procedure, bool_or(kind = 'other') as has_other,
    string_agg(distinct procedure_code, ', ' order by procedure_code) filter (kind = 'toxin') as toxins,
    string_agg(distinct procedure_code, ', ' order by procedure_code) filter (kind = 'chemodenervation') as procedures
  from line
  group by patient_id, billing_npi, service_date
),
judged as (
  select l.line_id, l.patient_id, l.payer_id, l.billing_npi, l.rendering_npi, l.service_date, l.kind, d.toxins, d.procedures,
    case when l.kind = 'toxin' and (d.has_procedure or d.has_other) or l.kind = 'chemodenervation' and d.has_toxin then 'together'
      when l.kind = 'chemodenervation' and d.has_unclassified then 'drug-unclassified'
      when l.place_of_service is null then 'place-of-service-missing' else 'alone' end as outcome
  from line l
  join day d on d.patient_id = l.patient_id and d.billing_npi = l.billing_npi and d.service_date = l.service_date
  left join ref.place_rule p on p.rule = 'facility_supplies_drug' and p.place_of_service = l.place_of_service
  where l.kind in ('toxin', 'chemodenervation') and p.place_of_service is null
)
select line_id,
  case when outcome = 'alone' then concat_ws('|', patient_id, service_date, payer_id, billing_npi, rendering_npi, kind) end as subject_key,
  rendering_npi as provider_npi, payer_id, service_date,
  case outcome when 'alone' then 'finding' when 'together' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('alone', 'together') then outcome end as reason,
  case when outcome = 'alone' then cast(0 as decimal(12, 2)) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome = 'alone' then {
    codes: case kind when 'toxin' then toxins else procedures end,
    missing: case kind when 'toxin' then 'a chemodenervation' else 'a botulinum toxin' end
  } end as evidence
from judged
