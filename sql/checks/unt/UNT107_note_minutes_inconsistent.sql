/*---
code: UNT107
name: note-minutes-inconsistent
status: stable
since: 0.1.0
severity: review
subject: visit_day
partition_by: patient_id
payers: all
direction: none
reads: [core.visit_day, core.day_code]
references:
  - {title: "Medicare Benefit Policy Manual, chapter 15", section: "220.3, treatment note: total timed minutes and total treatment time"}
message: "The minutes recorded for the visit do not agree with each other or with the codes billed: {inconsistency}."
fix: "Compare the note with the claim; only the therapist who treated can correct and attest to the minutes."
---
## What it checks
Every visit day (patient, date, billing NPI, discipline, payer) with a therapy line that was not denied. It is a finding when at least one of
these holds:

- the note's total treatment minutes are fewer than its timed minutes (the note's, else the sum by code);
- the timed minutes of the note and the sum of the minutes by code differ;
- an untimed code is billed, and the total minutes equal the timed minutes: no time is left for it.

97010, G0283 and 97014 are left out of the third: packs and unattended stimulation take none of the therapist's minutes. If none holds, a day
without a note's minutes or without timed minutes is `minutes-not-recorded`; one with a blank total is `total-minutes-not-recorded` where an
untimed code is billed or no minutes by code are there to compare.

## Why it matters
The total and the timed minutes are what the note must show; where they contradict each other, no count of units can be shown to be right.

## Known limits
Minutes by code are voluntary for Medicare; the second comparison is made only where they are recorded for every timed code. Total minutes leave
out rest and time that cannot be billed; some systems record the time in the clinic instead. No amount is put at risk: units are
judged by UNT101 to UNT104.

## How to answer it
Show the signed note. Say which of its numbers is the treatment time, and what the untimed service took.
*/
with day as (
  select day_id, patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, lines, untimed_codes, has_date_span, minutes_shared, timed_minutes,
    note_timed_minutes, note_total_minutes, code_minutes_total,
    untimed_codes is not null as untimed_billed
  from core.visit_day
),
limb as (
  select *,
    coalesce(note_total_minutes < timed_minutes, false) as total_below_timed,
    coalesce(note_timed_minutes <> code_minutes_total, false) as codes_differ,
    coalesce(untimed_billed and note_total_minutes = coalesce(timed_minutes, 0), false) as no_untimed_time
  from day
),
judged as (
  select *,
    case when has_date_span then 'date-span' when minutes_shared then 'minutes-shared'
      when total_below_timed or codes_differ or no_untimed_time then null
      when timed_minutes is null or (note_timed_minutes is null and note_total_minutes is null) then 'minutes-not-recorded'
      when note_total_minutes is null and (untimed_billed or code_minutes_total is null) then 'total-minutes-not-recorded' end as reason,
    reason is null and (total_below_timed or codes_differ or no_untimed_time) as is_finding
  from limb
),
coded as (
  select day_id, list({code: code, minutes: minutes, units: cast(coalesce(units, 0) as integer)} order by code) as codes
  from core.day_code semi join (select day_id from judged where is_finding) using (day_id)
  group by day_id
)
select patient_id, service_date, billing_npi, discipline, payer_id, provider_npi,
  case when reason is not null then 'cannot_tell' when is_finding then 'finding' else 'pass' end as verdict,
  reason,
  cast(0 as decimal(12, 2)) as amount_at_risk,
  'none' as amount_basis,
  case when is_finding then list_transform(list_sort(lines), lambda l: {line_id: l, amount: cast(0 as decimal(12, 2))}) end as line_shares,
  case when is_finding then {
    inconsistency: concat_ws('; ',
      case when total_below_timed then concat('total minutes ', note_total_minutes, ' are fewer than timed minutes ', timed_minutes) end,
      case when codes_differ then concat('the minutes by code add up to ', code_minutes_total, ', the note says ', note_timed_minutes) end,
      case when no_untimed_time then concat('an untimed code is billed and no untimed minutes are left of ', note_total_minutes) end),
    note_timed_minutes: note_timed_minutes,
    code_minutes_total: code_minutes_total,
    note_total_minutes: note_total_minutes,
    codes: codes,
    untimed_codes: list_aggregate(untimed_codes, 'string_agg', ' ')
  } end as evidence
from judged
left join coded using (day_id)
