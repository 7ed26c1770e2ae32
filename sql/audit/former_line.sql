/*---
table: audit.former_line
grain: one row per finding that stood before this run and line that it was listed on
reads: [audit.former, audit.observation_line, audit.line_identity, stg.claim_line, core.superseded_line]
columns:
  finding_id: {type: VARCHAR, is: "finding"}
  identity: {type: VARCHAR, is: "content identity of the line"}
  fate: {type: VARCHAR, is: "same, changed, remitted, replaced, voided, orphan-void, repeated, cancelled, resubmitted or left-input; null where no digest was recorded"}
---
What became of the lines of earlier findings. `same`: what was billed and what was paid are as they were. `remitted`: only status, amounts allowed and paid, or reasons
of the payer differ. `changed`: the line says something else, or its claim number is there and the service is not. The other words are those of `core.superseded_line`, of the
record that was the line. `left-input`: no usable record of the service or of its claim is in the input any more.
*/
with line as (
  select f.finding_id, l.identity, regexp_replace(l.identity, '\|[0-9]+$', '') as service, l.patient_id, l.claim_id, l.service_date, l.procedure_code,
    l.content_digest, i.line_id is not null as is_there,
    i.content_digest is distinct from l.content_digest as is_changed, i.payment_digest is distinct from l.payment_digest as is_remitted
  from audit.former f
  join audit.observation_line l using (run_key, finding_id)
  left join audit.line_identity i on i.identity = l.identity
  where f.state <> 'resolved'
),
traced as (
  select distinct identity, service, patient_id, claim_id, service_date, procedure_code, is_there from line where not is_there or is_changed
),
record as (
  select t.identity, s.claim_id = t.claim_id as same_claim, x.why,
    s.service_date = t.service_date and s.procedure_code = t.procedure_code
      and concat_ws('|', s.patient_id, s.payer_id, s.billing_npi, s.rendering_npi, s.service_date, s.procedure_code) = t.service as same_service, t.is_there
  from traced t
  join stg.claim_line s on s.patient_id = t.patient_id
  left join core.superseded_line x on x.line_id = (cast(s.file_id as bigint) << 40) | s.record_number
  where s.problem_mask = 0 and (s.claim_id = t.claim_id or s.original_claim_id = t.claim_id or s.procedure_code = t.procedure_code)
),
-- what took the line away: that of its own claim before that of an equal line of another
trace as (
  select identity,
    coalesce(min(why) filter (same_service and same_claim), min(why) filter (same_service and not is_there)) as why,
    bool_or(same_claim) as claim_is_there
  from record group by identity
)
select l.finding_id, l.identity,
  case when l.content_digest is null then null
    when l.is_there and not l.is_changed and not l.is_remitted then 'same'
    when l.is_there and not l.is_changed then 'remitted'
    when t.why is not null then t.why
    when l.is_there or t.claim_is_there then 'changed'
    else 'left-input' end as fate
from line l left join trace t using (identity)
