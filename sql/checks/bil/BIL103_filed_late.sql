/*---
code: BIL103
name: filed-late
status: stable
since: 0.2.0
severity: error
subject: claim_line
partition_by: patient_id
payers: all
direction: over
needs: [received_date]
reads: [core.claim_line, core.claim_version, core.superseded_line, core.payer, ref.federal_holiday, ref.release]
denial_codes:
  - {carc: "29", note: "group CO; no appeal of the denial itself"}
references:
  - {title: "42 CFR 424.44", section: "time limits for filing claims"}
  - {title: "Medicare Claims Processing Manual (Pub. 100-04), chapter 1, section 70", section: "one calendar year from the service (read in copies)"}
  - {title: "5 U.S.C. 6103", section: "federal holidays"}
message: "The claim was received on {received_date}; the last day for a service of {service_date} was {last_day} ({time_allowed})."
fix: "If an exception of the payer's rule applies, keep its proof with the claim; otherwise the line was not payable, and the patient cannot be billed for it."
---
## What it checks
Lines that were not denied, with service dates from 2010-01-01, for Medicare Part B and for payers with filing days. Medicare: the last day is the same
day of the next year, for 29 February the 28th; on a weekend or federal holiday it moves to the next workday. Other payers: service date plus their days,
not moved. The earliest received date among the versions of the claim counts. A line received after the last day is at risk.

## Why it matters
The payer denies a late claim, and who filed late bears the loss.

## Known limits
Exceptions (the payer's own error, retroactive entitlement, disenrolment from a plan) are not in the data. A claim returned as unprocessable was never filed:
only the claim sent after it is judged, by its own date. Where the first version is not loaded, or a version has no received date, a late date cannot
be told to be the first: `original-not-loaded`, `received-date-missing`. Days closed by executive order alone are not known. Some contractors date a claim that came in the evening a day later:
there is no tolerance, and the evidence says when it is one day. After the last day of the holiday set the deadline is not known: `no-reference-for-date`.

## How to answer it
Show the acknowledgement of the first submission, or the exception and its proof.
*/
with payer as (
  select payer_id, payer_class = 'medicare_b' as is_medicare, timely_filing_days
  from core.payer where payer_class = 'medicare_b' or timely_filing_days is not null
),
-- Medicare's last day is worked out once for each date of service: the first of the days from the anniversary on that is no weekend and no holiday
anniversary as (
  select service_date, cast(service_date + interval 1 year as date) as day
  from (select distinct service_date from core.claim_line where service_date >= date '2010-01-01')
),
deadline as (
  select service_date, min(workday) as last_day, min(workday) >= max(r.valid_to) as is_beyond
  from (select service_date, cast(unnest(generate_series(day, day + interval '7 days', interval '1 day')) as date) as workday from anniversary)
  cross join (select max(valid_to) as valid_to from ref.release where "set" = 'federal_holiday') r
  where isodow(workday) < 6 and workday not in (select day from ref.federal_holiday)
  group by service_date
),
chain as (
  select chain, patient_id, payer_id, min(received_date) as received_date,
    bool_or(received_date is null) as has_undated, bool_or(not original_loaded) as lacks_original
  from core.claim_version
  group by chain, patient_id, payer_id
),
version as (
  select distinct v.claim_id, v.patient_id, v.payer_id, c.received_date, c.has_undated, c.lacks_original
  from core.claim_version v join chain c using (chain, patient_id, payer_id)
),
line as (
  select l.line_id, l.claim_id, l.patient_id, l.payer_id, l.rendering_npi, l.service_date, l.procedure_code, l.amount, l.amount_basis, p.is_medicare,
    p.timely_filing_days, p.is_medicare and d.is_beyond as is_beyond,
    case when p.is_medicare then d.last_day else l.service_date + p.timely_filing_days end as last_day,
    least(l.received_date, v.received_date) as received_date, v.has_undated, v.lacks_original
  from core.claim_line l
  join payer p on p.payer_id = l.payer_id
  join deadline d on d.service_date = l.service_date
  left join version v on v.claim_id = l.claim_id and v.patient_id = l.patient_id and v.payer_id = l.payer_id
  where not l.is_denied
),
-- the received date belongs to the claim: a line without it, or with a late one, takes the earliest of its claim, also of a denied line sent again elsewhere
received as (
  select claim_id, patient_id, payer_id, received_date from core.claim_line where received_date is not null
  union all
  select claim_id, patient_id, payer_id, received_date from core.superseded_line where why = 'resubmitted' and received_date is not null
),
sibling as (
  select s.line_id, min(l.received_date) as received_date
  from received l
  join (select line_id, claim_id, patient_id, payer_id from line where received_date is null or received_date > last_day) s on l.claim_id = s.claim_id and l.patient_id = s.patient_id and l.payer_id = s.payer_id
  group by s.line_id
),
judged as (
  select l.line_id, l.rendering_npi, l.payer_id, l.service_date, l.procedure_code, l.amount, l.amount_basis, l.is_medicare, l.timely_filing_days, l.last_day,
    least(l.received_date, s.received_date) as received_date,
    case when least(l.received_date, s.received_date) is null then 'received-date-missing'
      when least(l.received_date, s.received_date) <= l.last_day then 'timely'
      when l.has_undated then 'received-date-missing'
      when l.lacks_original then 'original-not-loaded'
      when l.is_beyond then 'no-reference-for-date'
      else 'late' end as state
  from line l
  left join sibling s on s.line_id = l.line_id
)
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case state when 'timely' then 'pass' when 'late' then 'finding' else 'cannot_tell' end as verdict,
  case when state not in ('timely', 'late') then state end as reason,
  case when state = 'late' then amount end as amount_at_risk,
  amount_basis,
  case when state = 'late' then {
    procedure_code: procedure_code,
    service_date: service_date,
    received_date: received_date,
    last_day: last_day,
    time_allowed: case when is_medicare then 'one calendar year' else timely_filing_days || ' days' end,
    days_late: received_date - last_day,
    lateness: case when received_date - last_day = 1 then 'one-day-late' end
  } end as evidence
from judged
