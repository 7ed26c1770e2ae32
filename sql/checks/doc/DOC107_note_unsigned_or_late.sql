/*---
code: DOC107
name: note-unsigned-or-late
status: stable
since: 0.2.0
severity: review
subject: visit_day
partition_by: patient_id
payers: all
direction: none
needs: [note_signed_date]
reads: [core.visit_day, core.visit, core.note_staff, core.claim_line]
references:
  - {title: "Medicare Benefit Policy Manual (Pub 100-02), chapter 15", section: "220.3 E, treatment note: signature and professional identity"}
message: "The note of the visit on {service_date} {why}."
fix: "Show the signature, or the log of an earlier one. An unsigned note can be attested to by the person who treated; it is not dated back."
---
## What it checks
Every visit day (patient, date, billing NPI, discipline, payer) with a therapy line that was not denied. A day is a finding without an amount when a note of it has no date of
signature, or one after the day on which the payer received the first of the day's lines. The notes are those of everyone seen on lines of that billing NPI
and discipline. Not told: `note-not-recorded` (UNT105 asks for the note), `signature-not-recorded` where no note of that billing NPI
has a date of signature, and `received-date-missing` where a note was signed after the visit and a line of the day has no received date.

## Why it matters
The signed note is the record of what was billed; a claim sent before it rests on nothing.

## Known limits
It sees the date that was exported, not the log of the record system. A claim that was replaced is known by its last version's received date.

## How to answer it
Show the signature log, or who attested and when.
*/
with recorded as (select distinct billing_npi from core.note_staff where signature_recorded),
note as (
  select d.day_id, bool_or(v.note_signed_date is null) as is_unsigned, max(v.note_signed_date) as signed_date
  from core.visit_day d
  join core.visit v on d.patient_id = v.patient_id and d.service_date = v.service_date
    and (d.discipline = v.discipline or d.discipline = '' or v.discipline = '')
  semi join core.note_staff s on s.billing_npi = d.billing_npi and s.discipline = d.discipline and s.staff_npi = v.rendering_npi
  group by d.day_id
),
-- a note signed by the end of the visit's day cannot be later than the claim
received as (
  select d.day_id, min(l.received_date) as received_date, count(l.received_date) < count(*) as is_missing
  from core.claim_line l
  join (
    select v.day_id, unnest(v.lines) as line_id from core.visit_day v join note n on n.day_id = v.day_id where n.signed_date > v.service_date
  ) d on d.line_id = l.line_id
  group by d.day_id
),
told as (
  select d.patient_id, d.service_date, d.billing_npi, d.discipline, d.payer_id, d.provider_npi, d.lines, n.signed_date, r.received_date,
    case when n.day_id is null then 'note-not-recorded'
      when n.signed_date > r.received_date then 'late'
      when b.billing_npi is null then 'signature-not-recorded'
      when n.is_unsigned then 'unsigned'
      when r.is_missing then 'received-date-missing'
      else 'timely' end as outcome
  from core.visit_day d
  left join note n on n.day_id = d.day_id
  left join received r on r.day_id = d.day_id
  left join recorded b on b.billing_npi = d.billing_npi
)
select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi,
  case when outcome in ('late', 'unsigned') then 'finding' when outcome = 'timely' then 'pass' else 'cannot_tell' end as verdict,
  case when outcome not in ('late', 'unsigned', 'timely') then outcome end as reason,
  case when outcome in ('late', 'unsigned') then 0.00::decimal(12, 2) end as amount_at_risk,
  'none' as amount_basis,
  case when outcome in ('late', 'unsigned') then list_transform(list_sort(lines), lambda i: {line_id: i, amount: 0.00::decimal(12, 2)}) end as line_shares,
  case when outcome in ('late', 'unsigned') then {
    service_date: service_date,
    discipline: discipline,
    why: case when outcome = 'late' then 'was signed on ' || signed_date || ', after the claim was received on ' || received_date
      else 'has no date of signature' end,
    signed_date: signed_date,
    received_date: received_date
  } end as evidence
from told
