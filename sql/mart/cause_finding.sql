/*---
table: mart.cause_finding
grain: one row per finding of this run in which a cause is looked for
reads: [core.run, core.claim_line, core.modifier_set, audit.observation, audit.observation_line, mart.provider]
columns:
  finding_id: {type: VARCHAR, is: "identity of the finding"}
  check_code: {type: VARCHAR, is: "check"}
  unit: {type: VARCHAR, is: "line, or day: what its rate is counted over"}
  provider_npi: {type: VARCHAR, is: "rendering NPI; empty text when it names none"}
  clinic_id: {type: VARCHAR, is: "clinic of the provider; empty text when unknown"}
  payer_id: {type: VARCHAR, is: "payer; empty text when it names none"}
  procedure_code: {type: VARCHAR, is: "code of the line; empty text for findings on days"}
  modifiers: {type: VARCHAR, is: "modifiers of the line in alphabetical order; null where they are what the check is about, and for findings on days"}
  month: {type: DATE, is: "first day of the month of service"}
  service_date: {type: DATE, is: "date of service"}
  over_amount: {type: "DECIMAL(12,2)", is: "amount at risk of being paid over"}
  under_amount: {type: "DECIMAL(12,2)", is: "amount possibly underbilled"}
---
Findings that stand, by what they could have in common. Patterns of a provider are left out: they are statements of this kind already. So are
`info` findings, which name no fault. The modifiers of a line explain nothing where the check asks for them (MOD, CAP).
*/
select o.finding_id, o.check_code, case when o.subject = 'claim_line' then 'line' else 'day' end as unit,
  coalesce(o.provider_npi, '') as provider_npi, coalesce(p.clinic_id, '') as clinic_id, coalesce(o.payer_id, '') as payer_id,
  coalesce(l.procedure_code, '') as procedure_code,
  case when o.subject = 'claim_line' and o.check_code[1:3] not in ('MOD', 'CAP') then coalesce(l.modifiers, '') end as modifiers,
  cast(date_trunc('month', o.service_date) as date) as month, o.service_date,
  case when o.direction = 'over' then coalesce(o.amount_at_risk, 0) else 0 end as over_amount,
  case when o.direction = 'under' then coalesce(o.amount_at_risk, 0) else 0 end as under_amount
from audit.observation o
join core.run using (run_key)
left join mart.provider p on p.npi = o.provider_npi
left join (
  select x.finding_id, min(c.procedure_code) as procedure_code, min(array_to_string(list_sort(list_distinct(m.modifiers)), ' ')) as modifiers
  from audit.observation_line x
  join core.run using (run_key)
  join core.claim_line c on c.line_id = x.line_id
  join core.modifier_set m on m.modifier_set = c.modifier_set
  group by x.finding_id
) l on l.finding_id = o.finding_id and o.subject = 'claim_line'
where o.state <> 'resolved' and o.severity <> 'info' and o.subject <> 'provider' and o.service_date is not null
