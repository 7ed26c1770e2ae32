/*---
code: UNT103
name: timed-units-misallocated
status: stable
since: 0.1.0
severity: error
subject: visit_day
partition_by: patient_id
payers: all
direction: over
reads: [core.visit_day, core.day_code, core.claim_line, ref.fee_schedule]
references:
  - {title: "Medicare Claims Processing Manual, chapter 5", section: "20.2 C, units of several timed codes of one day"}
  - {title: "CPT convention for timed codes", section: "each code's minutes stand alone"}
message: "The timed units are billed as {billed}; the minutes by code support {valid}."
fix: "Correct the units by code to {valid}, unless the therapist can attest to other minutes by code from the record of that day."
---
## What it checks
Every visit day (patient, date, billing NPI, discipline, payer) with a timed 15-minute code that was not denied. The units billed by code
are compared with the valid allocations of the minutes by code:

- day's minutes together (`cms`): each code has its whole 15 minutes; the units that the day's minutes earn beyond that go, one each, to
  the codes with most minutes left over. Equal remainders give several valid allocations, and each of them passes;
- each code alone (`cpt`): the one allocation of (minutes + 7) / 15 units, whole part, to each code.

With the right number of units, any other allocation is a finding. With fewer units, it is a finding when some code has more than in any
valid allocation. With more units the day passes here: that is UNT101. Where the payer's method is unknown it is a finding only if
it holds under both methods; under one of them, `units-method-unknown`. First and additional codes that share their minutes (97129 with
97130, 90912 with 90913) count as one code.

The amount: what the billed units stand for, less what the dearest valid allocation stands for, never below zero; of the two methods,
where both are tried, the smaller. With fewer units than the minutes earn that is mostly zero. A unit's amount is the code's amount of the
day divided by its units, for a code that is not billed the national fee; where neither is known the finding has no amount. The amount is
placed on the lines of the codes billed beyond, from the last line to the first (received, claim, line).

## Why it matters
Units on a code that did not earn them pay at another rate than what was treated, and the note by code disproves them.

## Known limits
Minutes by code are voluntary for Medicare: without them (`minutes-per-code-not-recorded`), or where they do not add up to the note's timed
minutes (`note-minutes-inconsistent`), only totals are judged. The manual's fifth example (equal minutes below 8) is confirmed as to the free
choice, not as to its own minutes. Units that are missing as well are UNT102's.

## How to answer it
Show the minutes of each code in the note. Where the note's split is wrong, the therapist must attest to the right one.
*/
with day as (
  select day_id, patient_id, service_date, billing_npi, discipline, payer_id, provider_npi, units_method, timed_minutes, timed_units,
    lowest_unit_basis,
    case when has_date_span then 'date-span' when has_odd_units then 'units-not-billable' when minutes_shared then 'minutes-shared'
      when timed_minutes is null then 'minutes-not-recorded'
      when code_minutes_total is null then 'minutes-per-code-not-recorded'
      when note_timed_minutes <> code_minutes_total then 'note-minutes-inconsistent' end as untold,
    -- most days: each code has what its own minutes earn, which is valid under either method, also with fewer units than the day earns
    codes_plain as plain
  from core.visit_day where timed_codes > 0
),
doubtful as (
  select d.day_id, d.service_date, d.units_method, d.timed_minutes, d.timed_units, c.codes
  from day d
  join (
    select day_id, list({code: code, units: coalesce(units, 0), minutes: coalesce(minutes, 0)} order by code) as codes
    from core.day_code semi join (select day_id from day where untold is null and not plain) using (day_id)
    group by day_id
  ) c on c.day_id = d.day_id
),
-- low and high: the fewest and the most units that a code has in a valid allocation; alike when each code stands alone
alone as (
  select *,
    case when units_method <> 'cms' then list_transform(codes, lambda c: {code: c.code, units: c.units, minutes: c.minutes,
      low: units_of_minutes(c.minutes), high: units_of_minutes(c.minutes)}) end as alone_bounds,
    case when units_method <> 'cpt' then units_of_minutes(timed_minutes) end as together_units,
    -- units beyond the whole fifteens, to be given by remainder
    case when units_method <> 'cpt' then
      units_of_minutes(timed_minutes) - cast(list_sum(list_transform(codes, lambda c: c.minutes // 15)) as bigint) end as extra_units,
    case when units_method <> 'cpt' then list_reverse_sort(list_transform(codes, lambda c: c.minutes % 15)) end as remainders
  from doubtful
),
-- remainder of the last code that gets an extra unit: above it certain, at it possible, below it none
together as (
  select * exclude (remainders), case when extra_units > 0 then remainders[extra_units] when extra_units = 0 then 15 end as last_remainder
  from alone
),
bounded as (
  select *,
    list_sum(list_transform(alone_bounds, lambda c: c.low)) as alone_units,
    case when last_remainder is not null then list_transform(codes, lambda c: {code: c.code, units: c.units, minutes: c.minutes,
      low: c.minutes // 15 + case when c.minutes % 15 > last_remainder then 1 else 0 end,
      high: c.minutes // 15 + case when c.minutes % 15 >= last_remainder then 1 else 0 end}) end as together_bounds
  from together
),
tried as (
  select * exclude (extra_units, last_remainder),
    timed_units <= together_units
      and len(list_filter(together_bounds, lambda c: c.units > c.high or (timed_units = together_units and c.units < c.low))) > 0 as wrong_together,
    timed_units <= alone_units and len(list_filter(alone_bounds, lambda c: c.units > c.high)) > 0 as wrong_alone
  from bounded
),
judged as (
  select *,
    case when wrong_together <> wrong_alone then 'units-method-unknown' end as reason,
    coalesce(wrong_together, true) and coalesce(wrong_alone, true) as is_finding
  from tried
),
-- from here on only the findings
billed as (
  select d.day_id, l.allocation_code as code,
    case when count(l.amount) = count(*) then cast(sum(l.amount) / sum(l.units) as decimal(18, 6)) end as unit_amount
  from core.claim_line l
  join (select v.day_id, unnest(v.lines) as line_id from core.visit_day v join judged j on j.day_id = v.day_id and j.is_finding) d on l.line_id = d.line_id
  where l.unit_type = 'timed15'
  group by d.day_id, l.allocation_code
),
priced as (
  select day_id, code, unit_amount from billed
  union all
  select c.day_id, c.code, round((f.work_rvu + f.pe_rvu_nonfacility + f.mp_rvu) * f.conversion_factor, 2)
  from (select day_id, service_date, unnest(codes).code as code from judged where is_finding) c
  anti join billed b on b.day_id = c.day_id and b.code = c.code
  join ref.fee_schedule f on f.procedure_code = c.code and f.valid_from <= c.service_date
    and (f.valid_to is null or c.service_date < f.valid_to)
),
bound as (
  select day_id, 'together' as method, together_units as units_supported, unnest(together_bounds) as c from judged where is_finding and wrong_together
  union all
  select day_id, 'alone', alone_units, unnest(alone_bounds) from judged where is_finding and wrong_alone
),
ranked as (
  select b.day_id, b.method, b.units_supported, b.c.code as code, b.c.units as units, b.c.minutes as minutes, b.c.low as low,
    b.c.low < b.c.high as tied, p.unit_amount,
    b.units_supported - sum(b.c.low) over (partition by b.day_id, b.method) as extras,
    row_number() over (partition by b.day_id, b.method, b.c.low < b.c.high
      order by p.unit_amount desc nulls last, b.c.code) as place
  from bound b
  left join priced p on p.day_id = b.day_id and p.code = b.c.code
),
-- the dearest valid allocation: of the codes with equal remainders the dearest come first
dearest as (
  select *, low + case when tied and place <= extras then 1 else 0 end as supported from ranked
),
settled as (
  select *, greatest(units - supported, 0) as beyond, sum(greatest(units - supported, 0)) over (partition by day_id, method) as units_moved
  from dearest
),
difference as (
  select day_id, method, any_value(units_supported) as units_supported, any_value(units_moved) as units_moved,
    case when count(*) filter (unit_amount is null and units <> supported) = 0 then
      cast(greatest(round(sum(coalesce(unit_amount, 0) * (units - supported)), 2), 0) as decimal(12, 2)) end as amount,
    list({code: code, minutes: minutes, units: cast(units as integer), supported: cast(supported as integer)} order by code) as codes,
    string_agg(code || ' x' || cast(units as integer), ' + ' order by code) filter (units > 0) as billed,
    string_agg(code || ' x' || cast(supported as integer), ' + ' order by code) filter (supported > 0) as dearest_text,
    count(*) filter (tied) as ties, any_value(extras) as extras
  from settled
  group by day_id, method
),
-- the valid allocations in words; with more than four equal codes the dearest one stands for all
choice as (
  select day_id, method, unnest(list_filter(range(cast(1 as bigint) << ties), lambda m: bit_count(m) = extras)) as chosen
  from difference where ties <= 4
),
allocated as (
  select h.day_id, h.method, h.chosen, r.code, r.low + case when r.tied and (h.chosen >> (r.place - 1)) & 1 = 1 then 1 else 0 end as units
  from choice h join ranked r on r.day_id = h.day_id and r.method = h.method
),
named as (
  select day_id, method, list(allocation) as allocations
  from (
    select day_id, method, chosen, string_agg(code || ' x' || units, ' + ' order by code) as allocation
    from allocated where units > 0
    group by day_id, method, chosen
  )
  group by day_id, method
),
-- where both methods were tried, the smaller amount stands, and no amount where one is not known
finding as (
  select d.*,
    list_aggregate(list_sort(list_distinct(flatten(list(coalesce(n.allocations,
      [d.dearest_text || case when d.extras < d.ties then ' or the like with another of ' || d.ties || ' codes' else '' end]))
      over (partition by d.day_id)))), 'string_agg', ' or ') as valid
  from difference d left join named n on n.day_id = d.day_id and n.method = d.method
  qualify row_number() over (partition by d.day_id order by d.amount nulls first, d.method) = 1
),
line as (
  select d.day_id, l.line_id, f.units_moved, f.amount,
    least(l.units, greatest(s.beyond - coalesce(sum(l.units) over (partition by d.day_id, l.allocation_code
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc
      rows between unbounded preceding and 1 preceding), 0), 0)) as units_beyond,
    row_number() over (partition by d.day_id
      order by l.received_date desc nulls last, l.claim_id desc, l.line_number desc, l.line_id desc) as place
  from core.claim_line l
  join (select day_id, unnest(lines) as line_id from core.visit_day semi join finding using (day_id)) d on l.line_id = d.line_id
  join finding f on f.day_id = d.day_id
  join settled s on s.day_id = f.day_id and s.method = f.method and s.code = l.allocation_code
  where l.unit_type = 'timed15'
),
counted as (
  select *, sum(units_beyond) over (partition by day_id order by place rows unbounded preceding) as beyond_so_far from line
),
share as (
  select day_id, list({line_id: line_id, amount: cast(cents(beyond_so_far * amount / units_moved)
    - cents((beyond_so_far - units_beyond) * amount / units_moved) as decimal(12, 2))} order by place) as line_shares
  from counted
  group by day_id
)
select j.patient_id, j.service_date, j.billing_npi, j.discipline, j.payer_id, j.provider_npi,
  case when coalesce(j.untold, t.reason) is not null then 'cannot_tell' when t.is_finding then 'finding' else 'pass' end as verdict,
  coalesce(j.untold, t.reason) as reason,
  f.amount as amount_at_risk,
  case when f.amount is null then 'none' else j.lowest_unit_basis end as amount_basis,
  s.line_shares,
  case when t.is_finding then {
    timed_minutes: j.timed_minutes,
    units_billed: cast(j.timed_units as integer),
    units_supported: cast(f.units_supported as integer),
    method: j.units_method,
    codes: f.codes,
    billed: f.billed,
    valid: f.valid
  } end as evidence
from day j
left join judged t using (day_id)
left join finding f using (day_id)
left join share s using (day_id)
