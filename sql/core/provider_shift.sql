/*---
table: core.provider_shift
grain: one row per rendering NPI with a therapy line of the pattern period that was not denied
reads: [core.pattern_provider, core.pattern_period, core.provider_visit, core.claim_line]
columns:
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  last_date: {type: DATE, is: "last day of the period with a therapy line"}
  patients: {type: BIGINT, is: "patients"}
  months: {type: BIGINT, is: "months with enough visits"}
  series: {type: VARCHAR, is: "what parts best: minutes_per_visit, or a code whose share of the month's lines is meant; null when nothing varies or it is not tested"}
  shift_month: {type: DATE, is: "first month after the best split"}
  months_before: {type: BIGINT, is: "months before it"}
  before: {type: "DECIMAL(18,4)", is: "mean of the months before"}
  after: {type: "DECIMAL(18,4)", is: "mean of the months after"}
  explained: {type: "DECIMAL(10,9)", is: "part of the variation between months that the split explains"}
  permutations: {type: BIGINT, is: "permutations behind the p-value"}
  obstacle: {type: VARCHAR, is: "why it is not tested: patients (too few) or months (too few); null when it is"}
  p_value: {type: "DECIMAL(10,9)", is: "permutation p-value of the best split, over all splits and series; null when not tested"}
  tests: {type: BIGINT, is: "providers tested in the run"}
  q_value: {type: "DECIMAL(10,9)", is: "lowest rate of false discoveries at which it is a finding (Benjamini and Hochberg over providers); null when not tested"}
  is_shift: {type: BOOLEAN, is: "q_value is at or below the rate of the rules"}
---
The month from which a provider billed differently (ruling 77). Two kinds of series by month: 15 minutes for each timed unit by visit, and
the share of each code that makes a tenth or more of the lines in some months. Each split into months before and after explains a part of
a series' variation; the largest part over all splits and series is the statistic. It is compared with the same statistic after the months
were put into other orders, all series together, so that the search over splits and series is paid for. The orders are those of
md5_number_lower(number of the permutation, a blank, number of the month): the same in every run. Who is not among the largest 5 % after
39 permutations is left there, the others get 999 new ones and, at 0.5 % or less, 9,999 new ones; no step makes a p-value smaller than it
is. Monthly values are whole numbers of millionths, so that no sum depends on an order.
*/
with visits as (
  select v.provider_npi, cast(date_trunc('month', v.service_date) as date) as month, count(*) as visits, cast(15 * sum(v.timed_units) as bigint) as minutes
  from core.provider_visit v
  group by all
),
enough as (
  select v.provider_npi, v.month, v.visits, v.minutes, row_number() over (partition by v.provider_npi order by v.month) as place,
    count(*) over (partition by v.provider_npi) as months
  from visits v cross join core.pattern_period p
  where v.visits >= p.month_visits
),
examined as (
  select o.provider_npi, o.last_date, o.patients, coalesce(e.months, 0) as months, p.side_months, p.code_share, p.false_discovery_rate,
    case when o.patients < p.least_patients then 'patients' when coalesce(e.months, 0) < p.least_months then 'months' end as obstacle
  from core.pattern_provider o
  cross join core.pattern_period p
  left join (select provider_npi, count(*) as months from enough group by provider_npi) e on e.provider_npi = o.provider_npi
),
coded as (
  select l.rendering_npi as provider_npi, cast(date_trunc('month', l.service_date) as date) as month, l.procedure_code, count(*) as lines
  from core.claim_line l
  join core.pattern_period p on l.service_date between p.period_from and p.period_to
  where l.is_therapy and not l.is_denied and not l.date_span
  group by all
),
month_of_code as (
  select e.provider_npi, e.place, c.procedure_code, cast(round(1000000.0 * c.lines / sum(c.lines) over (partition by e.provider_npi, e.place)) as bigint) as x
  from enough e join coded c on c.provider_npi = e.provider_npi and c.month = e.month
),
common_code as (
  select m.provider_npi, m.procedure_code
  from month_of_code m join examined e on e.provider_npi = m.provider_npi
  where e.obstacle is null and m.x >= 1000000 * e.code_share
  group by m.provider_npi, m.procedure_code
  having count(*) >= min(e.side_months)
),
series as (
  select e.provider_npi, 'minutes_per_visit' as series, e.place, cast(round(1000000.0 * e.minutes / e.visits) as bigint) as x
  from enough e join examined o on o.provider_npi = e.provider_npi
  where o.obstacle is null
  union all
  select c.provider_npi, c.procedure_code, e.place, coalesce(m.x, 0)
  from common_code c
  join enough e on e.provider_npi = c.provider_npi
  left join month_of_code m on m.provider_npi = c.provider_npi and m.procedure_code = c.procedure_code and m.place = e.place
),
-- each series as the list of its months times their number, less the total: whole numbers that add up to nought. One that never varies has no split.
centred as materialized (
  select provider_npi, series, months, total, side_months, list(months * x - total order by place) as y,
    sum(cast(months * x - total as hugeint) * (months * x - total)) / months as variation
  from (
    select s.provider_npi, s.series, s.place, s.x, o.months, o.side_months, sum(s.x) over (partition by s.provider_npi, s.series) as total
    from series s join examined o on o.provider_npi = s.provider_npi
  )
  group by provider_npi, series, months, total, side_months
  having min(months * x - total) < 0
),
split as (
  select provider_npi, series, place, months, total, before,
    round(cast(before as double) * before / (place * (months - place)) / variation, 9) as explained
  from (
    select provider_npi, series, months, total, variation, side_months, place, list_sum(y[1:place]) as before
    from (select *, unnest(range(side_months, months - side_months + 1)) as place from centred)
  )
),
best as (
  select provider_npi, max(explained) as explained,
    arg_min({series: series, place: place, before: (before + place * total) / months, total: total}, (-explained, place, series)) as at
  from split
  group by provider_npi
),
step as (
  select unnest([{step: 1, first: 1, last: 39, enter: 1.0}, {step: 2, first: 40, last: 1038, enter: 0.05}, {step: 3, first: 1039, last: 11037, enter: 0.005}], recursive := true)
),
permuted as (
  with recursive asked as (
    select b.provider_npi, c.months, 0 as step, cast(1 as double) as p_value, cast(0 as bigint) as permutations
    from best b join examined c on c.provider_npi = b.provider_npi
    union all
    select r.provider_npi, r.months, r.step, (1.0 + count(*) filter (r.explained >= b.explained)) / (1.0 + count(*)), count(*)
    from (
      select a.provider_npi, a.months, t.step, n.permutation,
        max(round(list_reduce(list_transform(list_select(c.y, n.places), lambda v: {before: v, most: cast(0 as double)}),
          lambda acc, v, i: {before: acc.before + v.before,
            -- at the i-th element `before` is the sum of the i - 1 months before it
            most: case when i - 1 between c.side_months and c.months - c.side_months
              then greatest(acc.most, cast(acc.before as double) * acc.before / ((i - 1) * (c.months - i + 1))) else acc.most end}).most / c.variation, 9))
          as explained
      from asked a
      join step t on t.step = a.step + 1 and a.p_value <= t.enter
      join (
        select months, permutation, list(place order by md5_number_lower(permutation || ' ' || place), place) as places
        from (
          select months, permutation, unnest(range(1, months + 1)) as place
          from (
            select distinct a.months, unnest(range(t.first, t.last + 1)) as permutation
            from asked a join step t on t.step = a.step + 1 and a.p_value <= t.enter
          )
        )
        group by months, permutation
      ) n on n.months = a.months and n.permutation between t.first and t.last
      join centred c on c.provider_npi = a.provider_npi
      group by a.provider_npi, a.months, t.step, n.permutation
    ) r
    join best b on b.provider_npi = r.provider_npi
    group by r.provider_npi, r.months, r.step
  )
  select provider_npi, arg_max(p_value, step) as p_value, arg_max(permutations, step) as permutations
  from asked
  group by provider_npi
),
tested as (
  select o.provider_npi, cast(round(coalesce(p.p_value, 1), 9) as decimal(10, 9)) as p_value, coalesce(p.permutations, 0) as permutations
  from examined o left join permuted p using (provider_npi)
  where o.obstacle is null
),
ranked as (
  select provider_npi, p_value, permutations, count(*) over () as tests,
    count(*) over (order by p_value range between unbounded preceding and current row) as place
  from tested
),
discovered as (
  select provider_npi, p_value, permutations, tests,
    cast(least(min(p_value * tests / place) over (order by p_value range between current row and unbounded following), 1) as decimal(10, 9)) as q_value
  from ranked
)
select o.provider_npi, o.last_date, o.patients, o.months, b.at.series, e.month as shift_month, b.at.place as months_before,
  cast(b.at.before / b.at.place / 1000000.0 as decimal(18, 4)) as before,
  cast((b.at.total - b.at.before) / (o.months - b.at.place) / 1000000.0 as decimal(18, 4)) as after,
  cast(b.explained as decimal(10, 9)) as explained, d.permutations, o.obstacle, d.p_value, d.tests, d.q_value,
  coalesce(d.q_value <= o.false_discovery_rate, false) as is_shift
from examined o
left join best b on b.provider_npi = o.provider_npi
left join enough e on e.provider_npi = o.provider_npi and e.place = b.at.place + 1
left join discovered d on d.provider_npi = o.provider_npi
