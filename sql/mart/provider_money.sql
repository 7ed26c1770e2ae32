/*---
table: mart.provider_money
grain: one row per provider, direction, basis
reads: [mart.provider, mart.provider_line, mart.finding_page]
columns:
  provider_no: {type: INTEGER, is: "page; null for findings that name no provider"}
  direction: {type: VARCHAR, is: "over or under"}
  amount_basis: {type: VARCHAR, is: "allowed, paid or fee-schedule"}
  lines: {type: BIGINT, is: "claim lines counted"}
  amount: {type: "DECIMAL(18,2)", is: "sum over these lines, each counted once"}
---
Money both ways. Over and under are never netted. The rare finding with an amount and no claim line counts at its own amount.
*/
with every as (
  select npi, 'over' as direction, over_basis as amount_basis, over_amount as amount
  from mart.provider_line where over_amount > 0
  union all
  select npi, 'under', under_basis, under_amount
  from mart.provider_line where under_amount > 0
  union all
  select provider.npi, finding_page.direction, finding_page.amount_basis, finding_page.amount_at_risk
  from mart.finding_page
  left join mart.provider on provider.provider_no = finding_page.provider_no
  where finding_page.line_count = 0 and finding_page.amount_at_risk > 0 and finding_page.direction in ('over', 'under')
)
select provider.provider_no, every.direction, every.amount_basis, count(*) as lines, sum(every.amount) as amount
from every
left join mart.provider on provider.npi = every.npi
group by provider.provider_no, every.direction, every.amount_basis
