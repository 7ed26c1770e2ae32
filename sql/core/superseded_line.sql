/*---
table: core.superseded_line
grain: one row per accepted record that no longer stands
reads: [stg.claim_line, core.claim_version]
columns:
  line_id: {type: BIGINT, is: "file and record number as one integer"}
  why: {type: VARCHAR, is: "replaced, voided, orphan-void, repeated, cancelled or resubmitted"}
  claim_id: {type: VARCHAR, is: "claim number of a resubmitted line, whose other lines may stand; null otherwise"}
  patient_id: {type: VARCHAR, is: "its patient"}
  payer_id: {type: VARCHAR, is: "its payer"}
  received_date: {type: DATE, is: "day the payer received it"}
---
What the versions of claims take away, with the reason, so that every accepted record is either audited or here.
`repeated`: the same line of the same submission exported twice (the one processed last stays). `cancelled`: a line with negative
units and the earlier line that it mirrors (same patient, payer, providers, date,
code and modifiers, opposite units, received no later). `resubmitted`: a denied line whose service stands on a later claim under another number (same patient, payer,
providers, date and code; the nth such line of the one claim for the nth of the other), which the payer received only after it had decided on the denied one, or, where no
receipt is dated, decided later: what was denied is no longer asked for. Where the dates do not show this order, both stand.
*/
with version as (
  select *, bool_or(survives) over (partition by chain, patient_id, payer_id) as chain_stands,
    count(*) over (partition by chain, patient_id, payer_id) as versions
  from core.claim_version
),
versioned as (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id, v.survives,
    case when v.survives then null when v.chain_stands then 'replaced' when v.versions = 1 then 'orphan-void' else 'voided' end as why
  from stg.claim_line s
  join version v on v.claim_id = s.claim_id and v.patient_id = s.patient_id and v.payer_id = s.payer_id
    and v.claim_frequency = s.claim_frequency
    and (v.covers_all or (v.received_date is not distinct from s.received_date and v.original_claim_id is not distinct from s.original_claim_id))
  where s.problem_mask = 0
),
colliding as (
  select claim_id, patient_id, payer_id from stg.claim_line where problem_mask = 0
  group by claim_id, patient_id, payer_id
  having max(line_number) > 120 or bit_count(bit_or(cast(1 as hugeint) << least(line_number, 120))) <> count(*)
),
repeated as (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id
  from stg.claim_line s
  join colliding c using (claim_id, patient_id, payer_id)
  left join versioned v on v.line_id = (cast(s.file_id as bigint) << 40) | s.record_number
  where s.problem_mask = 0 and v.why is null
  qualify row_number() over (
    partition by s.claim_id, s.patient_id, s.payer_id, s.line_number
    order by s.processed_date desc nulls last, s.paid_amount desc nulls last, s.allowed_amount desc nulls last, s.charge_amount desc nulls last,
      s.procedure_code, s.units, s.modifier_text, s.file_id, s.record_number
  ) > 1
),
-- only services with a negative line can have a pair
reversed as (
  select distinct patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code
  from stg.claim_line where units < 0 and problem_mask = 0
),
standing as (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id, s.patient_id, s.payer_id, s.billing_npi, s.rendering_npi, s.service_date,
    s.procedure_code, list_sort(modifiers_of(s.modifier_text)) as modifiers, s.units, s.received_date, s.claim_id, s.line_number
  from (select * from stg.claim_line semi join reversed using (patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code)) s
  left join versioned v on v.line_id = (cast(s.file_id as bigint) << 40) | s.record_number
  left join repeated r on r.line_id = (cast(s.file_id as bigint) << 40) | s.record_number
  where s.problem_mask = 0 and v.why is null and r.line_id is null
),
negative as (
  select *, row_number() over w as nth
  from standing where units < 0
  window w as (
    partition by patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, modifiers, units
    order by received_date nulls first, claim_id, line_number, line_id)
),
mirrored as (
  select n.line_id as negative_line_id, s.line_id, n.nth, n.patient_id, n.payer_id, n.billing_npi, n.rendering_npi, n.service_date,
    n.procedure_code, n.modifiers, n.units,
    row_number() over (partition by n.line_id order by s.received_date nulls first, s.claim_id, s.line_number, s.line_id) as candidate,
    count(*) over (partition by n.line_id) as candidates
  from negative n
  join standing s on s.patient_id = n.patient_id and s.payer_id = n.payer_id and s.billing_npi = n.billing_npi and s.rendering_npi = n.rendering_npi
    and s.service_date = n.service_date and s.procedure_code = n.procedure_code and s.modifiers = n.modifiers and s.units = -n.units
    and (n.received_date is null or s.received_date is null or s.received_date <= n.received_date)
),
-- each negative line in turn takes the earliest line that is still free: how many are taken after the nth
taken as (
  select negative_line_id, running, lag(running, 1, 0) over w as before
  from (
    select *, nth + least(0, min(candidates - nth) over (
      partition by patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, modifiers, units order by nth)) as running
    from mirrored where candidate = 1
  )
  window w as (partition by patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, modifiers, units order by nth)
),
pair as (
  select m.line_id, m.negative_line_id
  from mirrored m join taken t on t.negative_line_id = m.negative_line_id and t.running > t.before and m.candidate = t.running
),
-- patients, dates and codes with a denied line and another claim, by one number that is cheap to compare: few are left, and they are joined by what they say
refused as (
  select distinct hash(patient_id, service_date, procedure_code) as service
  from stg.claim_line where line_status = 'denied' and problem_mask = 0
),
sent as materialized (
  select (cast(s.file_id as bigint) << 40) | s.record_number as line_id, s.service, s.patient_id, s.payer_id, s.billing_npi, s.rendering_npi, s.service_date,
    s.procedure_code, s.claim_id, s.line_number, s.units, s.line_status, s.received_date,
    coalesce(s.received_date, s.processed_date) as sent_on, coalesce(s.processed_date, s.received_date) as decided_on
  from (
    select *, hash(patient_id, service_date, procedure_code) as service from stg.claim_line where problem_mask = 0
  ) s
  semi join refused using (service)
),
again as (
  select s.*, row_number() over (
    partition by patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, claim_id order by line_number, line_id) as nth
  from sent s
  semi join (select service from sent group by service having min(claim_id) <> max(claim_id)) using (service)
  anti join (
    select line_id from versioned where why is not null
    union all select line_id from repeated
    union all select line_id from pair
    union all select negative_line_id from pair
  ) x using (line_id)
),
resubmitted as (
  select distinct o.line_id, o.claim_id, o.patient_id, o.payer_id, o.received_date
  from again o
  join again n using (patient_id, payer_id, billing_npi, rendering_npi, service_date, procedure_code, nth)
  where o.line_status = 'denied' and n.claim_id <> o.claim_id and n.units > 0 and n.sent_on >= o.decided_on and n.sent_on > o.sent_on
)
select line_id, why, null as claim_id, null as patient_id, null as payer_id, null as received_date from versioned where why is not null
union all by name select line_id, 'repeated' as why from repeated
union all by name select line_id, 'cancelled' as why from pair
union all by name select negative_line_id as line_id, 'cancelled' as why from pair
union all by name select line_id, 'resubmitted' as why, claim_id, patient_id, payer_id, received_date from resubmitted
