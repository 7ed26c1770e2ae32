/*---
table: mart.cause_statement
grain: one row per cause, with what a sentence about it says
reads: [core.payer, mart.cause, mart.cause_finding, mart.provider]
columns:
  place: {type: BIGINT, is: "1 for the cause of most findings"}
  check_code: {type: VARCHAR, is: "check"}
  round: {type: INTEGER, is: "with check_code it names the cause"}
  unit: {type: VARCHAR, is: "line or day"}
  npi: {type: VARCHAR, is: "rendering NPI; null = not of one provider"}
  provider_name: {type: VARCHAR, is: "name of the provider"}
  clinic_id: {type: VARCHAR, is: "clinic; null = not of one clinic"}
  payer_name: {type: VARCHAR, is: "payer as a reader knows it; null = not of one payer"}
  procedure_code: {type: VARCHAR, is: "code that the cause names, else the one that all its findings are on; null = several"}
  modifiers: {type: VARCHAR, is: "modifiers, empty text for none; null = any"}
  since: {type: DATE, is: "first date of service of its findings, where there were lines before without the cause; null otherwise"}
  findings: {type: BIGINT, is: "findings"}
  subjects: {type: BIGINT, is: "lines or visit days that it speaks of"}
  other_findings: {type: BIGINT, is: "findings of the check that it does not explain"}
  other_subjects: {type: BIGINT, is: "lines or visit days that it does not speak of"}
  over_amount: {type: "DECIMAL(18,2)", is: "amount at risk of being paid over"}
  under_amount: {type: "DECIMAL(18,2)", is: "amount possibly underbilled"}
  needed: {type: BOOLEAN, is: "among the fewest causes that together explain 90 % of the findings, as far as causes do"}
  explained: {type: BIGINT, is: "findings of this cause and those before it"}
  all_findings: {type: BIGINT, is: "findings in which a cause was looked for"}
---
The causes of the run, most findings first.
*/
with ordered as (
  select c.*, row_number() over w as place, sum(c.findings) over w as explained, (select count(*) from mart.cause_finding) as all_findings
  from mart.cause c
  window w as (order by c.findings desc, c.over_amount desc, c.check_code, c.round rows between unbounded preceding and current row)
)
select o.place, o.check_code, o.round, o.unit, o.provider_npi as npi, p.provider_name, o.clinic_id,
  case when o.payer_id is not null then coalesce(nullif(trim(y.payer_name), ''), o.payer_id) end as payer_name,
  coalesce(o.procedure_code, o.only_code) as procedure_code, o.modifiers, case when o.since is not null then o.first_date end as since,
  o.findings, o.subjects, o.other_findings, o.other_subjects, o.over_amount, o.under_amount,
  o.explained - o.findings < 0.9 * o.all_findings as needed, cast(o.explained as bigint) as explained, o.all_findings
from ordered o
left join mart.provider p on p.npi = o.provider_npi
left join core.payer y on y.payer_id = o.payer_id
