/*---
table: mart.scorecard
grain: one row per provider and what its rate is read beside
reads: [core.run, core.claim_line, mart.provider, mart.provider_line]
columns:
  provider_no: {type: INTEGER, is: "page"}
  beside: {type: VARCHAR, is: "own (all lines of the run), recent (own, the last three months), before (own, the months before), clinic or discipline (the other providers of it)"}
  place: {type: INTEGER, is: "order on the page"}
  since: {type: DATE, is: "recent and before: first day of the last three months"}
  lines: {type: BIGINT, is: "lines audited"}
  error_lines: {type: BIGINT, is: "of these lines, those an error finding names"}
  error_rate: {type: DOUBLE, is: "error_lines over lines"}
  rate_low: {type: DOUBLE, is: "lower end of the 95 % Wilson interval"}
  rate_high: {type: DOUBLE, is: "upper end of the 95 % Wilson interval"}
  apart: {type: VARCHAR, is: "higher or lower: the provider's rate against this one (recent against before), where their difference is above 1.96 standard errors; null within chance"}
---
The error rate of a provider beside its own past, its clinic and its discipline. Rows without lines are left out. Others are counted only where they have 11 patients
or more in all, so that no single patient can be read off.
*/
with line as (
  select p.provider_no, p.clinic_id, p.discipline, date_trunc('month', p.last_date)::date - interval 2 month as since, l.service_date, l.line_id,
    coalesce(e.has_error, false) as has_error
  from core.claim_line l
  cross join core.run r
  join mart.provider p on p.npi = l.rendering_npi
  left join mart.provider_line e on e.npi = l.rendering_npi and e.line_id = l.line_id and e.own
  where l.service_date >= coalesce(r.window_from, l.service_date) and l.service_date <= coalesce(r.window_to, l.service_date)
),
own as (
  select provider_no, clinic_id, discipline, cast(since as date) as since, count(*) as lines, count(*) filter (has_error) as error_lines,
    count(*) filter (service_date >= since) as recent_lines, count(*) filter (service_date >= since and has_error) as recent_error_lines
  from line group by all
),
sized as (
  select o.*, p.patients from own o join mart.provider p using (provider_no)
),
-- the others: all of the clinic or discipline less the provider itself
others as (
  select provider_no, 'clinic' as beside, sum(lines) over g - lines as lines, sum(error_lines) over g - error_lines as error_lines, sum(patients) over g - patients as patients
  from sized where clinic_id is not null
  window g as (partition by clinic_id)
  union all
  select provider_no, 'discipline', sum(lines) over g - lines, sum(error_lines) over g - error_lines, sum(patients) over g - patients
  from sized where discipline is not null
  window g as (partition by discipline)
),
counted as (
  select provider_no, 'own' as beside, 1 as place, null as since, lines, error_lines from own
  union all by name
  select provider_no, 'recent' as beside, 2 as place, since, recent_lines as lines, recent_error_lines as error_lines from own where recent_lines < lines
  union all by name
  select provider_no, 'before' as beside, 3 as place, since, lines - recent_lines as lines, error_lines - recent_error_lines as error_lines from own where recent_lines < lines
  union all by name
  select provider_no, beside, case beside when 'clinic' then 4 else 5 end as place, null as since, lines, error_lines from others where lines > 0 and patients >= 11
),
rated as (
  select *, error_lines / lines::double as rate, 3.841458820694124 / lines as z2n from counted where lines > 0
),
compared as (
  select r.*, o.lines as o_lines, o.error_lines as o_errors
  from rated r
  left join rated o on o.provider_no = r.provider_no and o.beside = case r.beside when 'before' then 'recent' when 'own' then null when 'recent' then null else 'own' end
)
select provider_no, beside, place, since, lines, error_lines, rate as error_rate,
  greatest(0, (rate + z2n / 2 - sqrt(z2n * (rate * (1 - rate) + z2n / 4))) / (1 + z2n)) as rate_low,
  least(1, (rate + z2n / 2 + sqrt(z2n * (rate * (1 - rate) + z2n / 4))) / (1 + z2n)) as rate_high,
  case when o_lines is not null and abs(o_errors / o_lines::double - rate)
      > 1.959963984540054 * sqrt((o_errors + error_lines) / (o_lines + lines)::double * (1 - (o_errors + error_lines) / (o_lines + lines)::double) * (1.0 / o_lines + 1.0 / lines))
    then case when o_errors / o_lines::double > rate then 'higher' else 'lower' end end as apart
from compared
