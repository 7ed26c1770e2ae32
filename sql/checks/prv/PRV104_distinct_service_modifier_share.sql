/*---
code: PRV104
name: distinct-service-modifier-share
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
reads: [core.provider_metric]
references:
  - {title: "National Correct Coding Initiative policy manual, chapter 1", section: "modifiers 59, XE, XP, XS and XU"}
  - {title: "Medicare comparative billing report CBR201806, debriefing", section: "chi-square test of percentages"}
  - {title: "Benjamini and Hochberg 1995, Controlling the false discovery rate", section: "section 3, the procedure"}
message: "59 or an X modifier is on {modifier_share} of {lines} lines of {patients} patients; on the lines of {peers} peers it is {peer_share}. The difference is larger than chance explains."
fix: "Nothing to correct by itself: read a sample of the lines with the modifier, and have the provider show that the services were separate."
---
## What it checks
The share of a rendering NPI's therapy lines with 59, XE, XP, XS or XU, against the lines of its peers. Lines that were denied do not
count. Above the peers by the one-sided chi-square test of the 2x2 table without continuity correction and the one-sided t test of Welch
with the patient as the unit; the larger p-value counts. The rate of false discoveries is held at 5 % over all providers and the measures
of PRV101, PRV102, PRV103, PRV104 and PRV106 together (Benjamini and Hochberg). The span is the last 24 calendar months of the data. Peers
are the other providers of the discipline in the data; fewer than 30 patients of the provider, fewer than 5 peers or fewer than 30
patients of theirs is `cannot_tell`.

## Why it matters
These modifiers bypass code pairs. A rate above others is a screen that payers run; it decides whose notes are read for separate time and
separate sites.

## Known limits
The finding says that the provider differs from others, not that a line is wrong: sicker patients, another mix of payers or a specialty of
the clinic have the same effect. With many patients a small difference is seen as well; its size is in the evidence. An outside peer
table, where one is loaded, takes the place of the providers in the data. A rendering NPI that stands for a whole group is compared like a
person. A share of the peers that rests on fewer than 11 patients with, or without, what is counted is not shown. A mix of codes with many
pair edits needs the modifier more often; NCC103 lists the pairs that were bypassed, MOD111 the lines where no pair asks for it.

## How to answer it
Take the lines of MOD111 and NCC103 for this provider first, and read whether the notes show separate services.
*/
select provider_npi as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  provider_npi, cast(null as varchar) as payer_id, last_date as service_date,
  case when obstacle is not null then 'cannot_tell' when is_above then 'finding' else 'pass' end as verdict,
  case obstacle when 'discipline' then 'provider-discipline-unknown' when 'patients' then 'too-few-patients'
    when 'peers' then 'too-few-peers' end as reason,
  no_amount() as amount_at_risk, 'none' as amount_basis, no_lines() as line_shares,
  case when is_above then {
    modifier_share: cast(100 * value as decimal(18, 1)) || ' %',
    peer_share: case when peer_shown then cast(100 * peer_value as decimal(18, 1)) || ' %' else 'a share that rests on too few patients to be shown' end,
    interval: greatest(cast(100 * low as decimal(18, 1)), 0) || ' to ' || least(cast(100 * high as decimal(18, 1)), 100) || ' %',
    patients: patients,
    patients_with_modifier: patients_with,
    lines: denominator,
    lines_with_modifier: numerator,
    discipline: discipline,
    period: period_from || ' to ' || last_date,
    peers: peers,
    peer_patients: peer_patients,
    peer_source: peer_source,
    p_value: case when p_value < 0.0001 then 'below 0.0001' else cast(cast(p_value as decimal(5, 4)) as varchar) end,
    rate_of_false_discoveries: case when q_value < 0.0001 then 'below 0.0001' else cast(cast(q_value as decimal(5, 4)) as varchar) end,
    tests: tests,
    strip: {value: cast(value * 100 as decimal(18, 4)), low: cast(low * 100 as decimal(18, 4)), high: cast(high * 100 as decimal(18, 4)),
      peer: case when peer_shown then cast(peer_value * 100 as decimal(18, 4)) end, values: list_transform(peer_values, lambda v: cast(v * 100 as decimal(18, 4)))}
  } end as evidence
from core.provider_metric
where metric = 'distinct_lines'
