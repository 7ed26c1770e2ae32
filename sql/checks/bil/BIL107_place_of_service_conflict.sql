/*---
code: BIL107
name: place-of-service-conflict
status: stable
since: 0.2.0
severity: review
subject: claim_line
partition_by: none
payers: all
direction: none
needs: [place_of_service]
reads: [core.claim_line, core.provider, ref.specialty, ref.therapist_place]
denial_codes:
  - {carc: "5", rarc: "M77", note: "pairing read on a page for equipment"}
references:
  - {title: "CMS place of service code set", section: "19, 21, 22, 23 and 31"}
  - {title: "CMS physician fee schedule", section: "PC/TC indicator 7: not payable to an independent therapist for hospital patients"}
  - {title: "Consolidated Appropriations Act, 2026", section: "section 6209, telehealth by therapists through 2027-12-31"}
message: "A therapist in private practice billed {procedure_code} with place of service {place_of_service}, where the services are the facility's."
fix: "Correct the place from the record; if the patient was there, ask the facility who bills."
---
## What it checks
Lines that were not denied of providers with specialty 65, 67 or 15 (therapists in private practice). Expected are office, home, assisted living, group home,
nursing facility, rehabilitation facility and, on the dates of the telehealth laws, places 02 and 10. A hospital (19, 21, 22, 23) or a skilled
nursing facility stay (31) is a finding without an amount. Every other place passes, telehealth on other dates too.

## Why it matters
Therapy for patients of a hospital or of a skilled nursing facility stay is paid to the facility; a therapist's own claim for it is paid twice.

## Known limits
The list of places could not be confirmed in a manual. A wrong place is often a default of the billing system. A provider who is known as a therapist but
has no specialty code loaded may be the facility's: `specialty-missing` for the places of a facility. Whether Medicare pays telehealth by therapists outside
the dated laws is not judged: gaps were closed by later laws before.

## How to answer it
Show where the patient was treated, and who the facility's arrangement makes the biller.
*/
with therapist as (
  select npi, specialty_code is not null as is_certain
  from core.provider
  where specialty_code in (select code from ref.specialty where kind = 'specialty') or (specialty_code is null and discipline is not null)
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.place_of_service,
    case when l.place_of_service is null then 'place-of-service-missing'
      when not p.expected and t.is_certain then 'conflict'
      when not p.expected then 'specialty-missing'
      else 'fits' end as state
  from core.claim_line l
  join therapist t on t.npi = l.rendering_npi
  left join ref.therapist_place p on p.place_of_service = l.place_of_service and p.scope in ('all', l.payer_class)
    and p.valid_from <= l.service_date and (p.valid_to is null or l.service_date < p.valid_to)
  where not l.is_denied
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case state when 'fits' then 'pass' when 'conflict' then 'finding' else 'cannot_tell' end as verdict,
  case when state not in ('fits', 'conflict') then state end as reason,
  case when state = 'conflict' then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when state = 'conflict' then {
    procedure_code: procedure_code,
    place_of_service: place_of_service
  } end as evidence
from judged
