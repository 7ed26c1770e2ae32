/*---
table: core.provider_metric
grain: one row per rendering NPI and metric that applies to it
reads: [core.provider_patient, core.pattern_provider, core.pattern_period, ref.peer_value]
columns:
  metric: {type: VARCHAR, is: "minutes_per_visit, kx_patients, allowed_per_patient, distinct_lines or complex_evaluations"}
  provider_npi: {type: VARCHAR, is: "rendering NPI"}
  discipline: {type: VARCHAR, is: "PT, OT or SLP; null = unknown"}
  period_from: {type: DATE, is: "first day of the period"}
  last_date: {type: DATE, is: "the provider's last day in the period"}
  patients: {type: BIGINT, is: "patients that enter the metric"}
  patients_with: {type: BIGINT, is: "of these, patients with what the metric counts"}
  numerator: {type: BIGINT, is: "minutes, patients with KX, cents, lines or evaluations counted"}
  denominator: {type: BIGINT, is: "visits, patients, patients, lines or evaluations they are counted among"}
  value: {type: "DECIMAL(18,6)", is: "numerator by denominator"}
  low: {type: "DECIMAL(18,6)", is: "value less 1.96 standard errors"}
  high: {type: "DECIMAL(18,6)", is: "value and 1.96 standard errors"}
  peer_source: {type: VARCHAR, is: "data, or the citation of the loaded row"}
  peers: {type: BIGINT, is: "other providers of the discipline with the metric"}
  peer_patients: {type: BIGINT, is: "their patients; one who goes to two peers counts twice"}
  peer_value: {type: "DECIMAL(18,6)", is: "numerator of all peers by their denominator"}
  peer_shown: {type: BOOLEAN, is: "peer_value rests on no cell of fewer patients than may be shown"}
  peer_values: {type: "DECIMAL(18,4)[]", is: "only where q_value reaches the rate: values of single peers that may be shown, sorted; above 60 peers, 60 of them evenly by rank"}
  obstacle: {type: VARCHAR, is: "why it is not tested: discipline (unknown), unknown (of too many patients), patients (too few) or peers (too few); null when it is"}
  p_value: {type: "DECIMAL(10,9)", is: "one-sided; null when not tested"}
  tests: {type: BIGINT, is: "tests of the run, over providers and metrics"}
  q_value: {type: "DECIMAL(10,9)", is: "lowest rate of false discoveries at which it is a finding (Benjamini and Hochberg); null when not tested"}
  is_above: {type: BOOLEAN, is: "q_value is at or below the rate of the rules"}
---
Each provider against the other providers of the discipline (ruling 77, therapy-rules 10.6). A metric is a ratio of two sums over
patients, and the patient is the unit: its standard error comes from the differences between patients (linearised ratio), so that many
visits or lines of one patient do not count as many observations. Welch's one-sided t test against the peers together; against a loaded
peer row, whose spread is not known, the one-sample t test. For shares also the one-sided chi-square test of the 2x2 table without
continuity correction, as in comparative billing reports; the larger of the two p-values counts, because chi-square alone takes the lines
of a patient for independent and is too small where few are expected. The rate of false discoveries is held over all tests of the run.
Sums are whole numbers; p-values are rounded before they are ranked.
*/
with observed as (
  select 'minutes_per_visit' as metric, provider_npi, minutes as m, visits as v, minutes > 0 as is_with from core.provider_patient where visits > 0
  union all
  select 'kx_patients', provider_npi, cast(has_kx as bigint), 1, has_kx from core.provider_patient where threshold_lines > 0
  union all
  select 'allowed_per_patient', provider_npi, allowed_cents, 1, allowed_cents > 0 from core.provider_patient where allowed_cents is not null
  union all
  select 'distinct_lines', provider_npi, distinct_lines, lines, distinct_lines > 0 from core.provider_patient
  union all
  select 'complex_evaluations', provider_npi, complex_evaluations, evaluations, complex_evaluations > 0 from core.provider_patient where evaluations > 0
),
summed as (
  select metric, provider_npi, count(*) as n, count(*) filter (is_with) as n_with,
    sum(cast(m as hugeint)) as m, sum(cast(v as hugeint)) as v,
    sum(cast(m as hugeint) * m) as mm, sum(cast(m as hugeint) * v) as mv, sum(cast(v as hugeint) * v) as vv
  from observed
  group by metric, provider_npi
),
-- patients who would enter the metric if more were known of them
unknown as (
  select 'allowed_per_patient' as metric, provider_npi, count(*) as n
  from core.provider_patient where allowed_cents is null group by provider_npi
  union all
  select 'kx_patients', provider_npi, count(*)
  from core.provider_patient where threshold_lines = 0 and unknown_threshold_lines > 0 group by provider_npi
),
examined as (
  select coalesce(s.metric, u.metric) as metric, coalesce(s.provider_npi, u.provider_npi) as provider_npi,
    coalesce(s.n, 0) as n, coalesce(s.n_with, 0) as n_with, s.m, s.v, s.mm, s.mv, s.vv, coalesce(u.n, 0) as n_unknown
  from summed s
  full join unknown u on u.metric = s.metric and u.provider_npi = s.provider_npi
),
named as (
  select e.*, p.discipline, p.last_date from examined e join core.pattern_provider p using (provider_npi)
),
everyone as (
  select metric, discipline, count(*) as providers, sum(n) as n, sum(n_with) as n_with, sum(m) as m, sum(v) as v, sum(mm) as mm, sum(mv) as mv, sum(vv) as vv
  from named
  where discipline is not null and n > 0
  group by metric, discipline
),
compared as (
  select a.metric, a.provider_npi, a.discipline, s.period_from, a.last_date, a.n, a.n_with, a.m, a.v, a.mm, a.mv, a.vv, a.n_unknown,
    s.least_patients, s.least_peers, s.shown_patients, s.false_discovery_rate,
    coalesce(x.citation, 'data') as peer_source, x.metric is not null as is_loaded,
    coalesce(x.peers, e.providers - cast(a.n > 0 as integer), 0) as peers,
    coalesce(x.patients, e.n - a.n, 0) as peer_n,
    case when x.metric is null then e.n_with - a.n_with end as peer_n_with,
    case when x.metric is null then cast(e.m - coalesce(a.m, 0) as double)
      else cast(x.numerator * case when a.metric = 'allowed_per_patient' then 100 else 1 end as double) end as peer_m,
    case when x.metric is null then cast(e.v - coalesce(a.v, 0) as double) else cast(x.denominator as double) end as peer_v,
    -- sum of squared residuals times the square of the denominator: whole numbers, and nought where no two patients differ
    a.v * a.v * a.mm - 2 * a.m * a.v * a.mv + a.m * a.m * a.vv as spread,
    case when x.metric is null then
      (e.v - a.v) * (e.v - a.v) * (e.mm - a.mm) - 2 * (e.m - a.m) * (e.v - a.v) * (e.mv - a.mv) + (e.m - a.m) * (e.m - a.m) * (e.vv - a.vv) end as peer_spread
  from named a
  cross join core.pattern_period s
  left join everyone e on e.metric = a.metric and e.discipline = a.discipline
  left join ref.peer_value x on x.metric = a.metric and x.discipline = a.discipline and x.valid_from <= s.period_to
    and (x.valid_to is null or s.period_to < x.valid_to)
),
reasoned as (
  select *,
    case when discipline is null then 'discipline'
      when n < least_patients and n + n_unknown >= least_patients then 'unknown'
      when n < least_patients then 'patients'
      when peers < least_peers or peer_n < least_patients then 'peers' end as obstacle,
    cast(m as double) / cast(v as double) as own, peer_m / nullif(peer_v, 0) as peer,
    case when n > 1 then cast(spread as double) / (cast(v as double) * v * v * v) * n / (n - 1) end as variance,
    case when is_loaded then 0.0 when peer_n > 1 then cast(peer_spread as double) / (peer_v * peer_v * peer_v * peer_v) * peer_n / (peer_n - 1) end
      as peer_variance
  from compared
),
measured as (
  select *, (m + peer_m) / (v + peer_v) as pooled,
    -- Welch and Satterthwaite; with a loaded row this is n - 1
    case when obstacle is null and variance + peer_variance > 0 then (variance + peer_variance) * (variance + peer_variance)
      / (variance * variance / (n - 1) + case when is_loaded then 0.0 else peer_variance * peer_variance / (peer_n - 1) end) end as df
  from reasoned
),
tested as (
  select metric, provider_npi,
    cast(round(greatest(
      case when variance + peer_variance > 0 then t_upper_tail((own - peer) / sqrt(variance + peer_variance), df) when own > peer then 0 else 1 end,
      case when metric not in ('kx_patients', 'distinct_lines', 'complex_evaluations') then 0
        when pooled > 0 and pooled < 1 then normal_upper_tail((own - peer) / sqrt(pooled * (1 - pooled) * (1.0 / v + 1.0 / peer_v))) else 1 end), 9)
      as decimal(10, 9)) as p_value
  from measured
  where obstacle is null
),
ranked as (
  select metric, provider_npi, p_value, count(*) over () as tests,
    count(*) over (order by p_value range between unbounded preceding and current row) as place
  from tested
),
discovered as (
  select metric, provider_npi, p_value, tests,
    cast(least(min(p_value * tests / place) over (order by p_value range between current row and unbounded following), 1) as decimal(10, 9)) as q_value
  from ranked
),
found as (
  select m.metric, m.provider_npi, m.discipline
  from measured m join discovered d on d.metric = m.metric and d.provider_npi = m.provider_npi
  where d.q_value <= m.false_discovery_rate and not m.is_loaded
),
-- single peers with enough patients; for shares neither side may be a small cell
dot as (
  select metric, provider_npi, discipline, cast(own as decimal(18, 4)) as dot
  from measured
  where n >= shown_patients and (metric in ('minutes_per_visit', 'allowed_per_patient')
    or (n_with not between 1 and shown_patients - 1 and n - n_with not between 1 and shown_patients - 1))
),
strip as (
  select f.metric, f.provider_npi, list(d.dot order by d.dot) as dots
  from found f
  join dot d on d.metric = f.metric and d.discipline = f.discipline and d.provider_npi <> f.provider_npi
  group by f.metric, f.provider_npi
)
select m.metric, m.provider_npi, m.discipline, m.period_from, m.last_date, m.n as patients, m.n_with as patients_with,
  cast(m.m as bigint) as numerator, cast(m.v as bigint) as denominator,
  cast(m.own as decimal(18, 6)) as value,
  cast(m.own - 1.96 * sqrt(m.variance) as decimal(18, 6)) as low, cast(m.own + 1.96 * sqrt(m.variance) as decimal(18, 6)) as high,
  m.peer_source, m.peers, m.peer_n as peer_patients,
  cast(m.peer as decimal(18, 6)) as peer_value,
  m.is_loaded or m.metric in ('minutes_per_visit', 'allowed_per_patient')
    or coalesce(m.peer_n_with not between 1 and m.shown_patients - 1 and m.peer_n - m.peer_n_with not between 1 and m.shown_patients - 1, false) as peer_shown,
  case when len(s.dots) > 60 then list_transform(range(60), lambda i: s.dots[1 + (i * (len(s.dots) - 1)) // 59]) else s.dots end as peer_values,
  m.obstacle, d.p_value, d.tests, d.q_value, coalesce(d.q_value <= m.false_discovery_rate, false) as is_above
from measured m
left join discovered d on d.metric = m.metric and d.provider_npi = m.provider_npi
left join strip s on s.metric = m.metric and s.provider_npi = m.provider_npi
