/*---
code: PRV101
name: minutes-per-visit-above-peers
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
reads: [core.provider_metric]
references:
  - {title: "Medicare comparative billing reports CBR201511 and CBR201702 for physical therapists", section: "measures and peers"}
  - {title: "Benjamini and Hochberg 1995, Controlling the false discovery rate", section: "section 3, the procedure"}
message: "{minutes_per_visit} minutes of timed units per visit over {visits} visits of {patients} patients, against {peer_minutes_per_visit} of {peers} peers; the difference is larger than chance explains."
fix: "Nothing to correct by itself: read a sample of the visits with the most units, and have the provider state what differs in the patients."
---
## What it checks
15 minutes for each timed unit, by visit (patient and date of service), of each rendering NPI with therapy lines that were not denied,
against its peers. A service that stands for several payers counts once; lines over several days are left out. Above the peers by the
one-sided t test of Welch, with the patient as the unit. The rate of false discoveries is held at 5 % over all providers and the measures
of PRV101, PRV102, PRV103, PRV104 and PRV106 together (Benjamini and Hochberg). The span is the last 24 calendar months of the data. Peers
are the other providers of the discipline in the data; fewer than 30 patients of the provider, fewer than 5 peers or fewer than 30
patients of theirs is `cannot_tell`.

## Why it matters
Medicare contractors send this figure to therapists, and payers choose by it whom to audit. A provider who bills more time for each visit
than others will be asked why.

## Known limits
The finding says that the provider differs from others, not that a line is wrong: sicker patients, another mix of payers or a specialty of
the clinic have the same effect. With many patients a small difference is seen as well; its size is in the evidence. An outside peer
table, where one is loaded, takes the place of the providers in the data. A rendering NPI that stands for a whole group is compared like a
person. Units are taken at 15 minutes each, as the reports take them, not at the minutes of the notes. Visits with an evaluation alone
count with none.

## How to answer it
Read some of the provider's visits with the most units against their notes. If the minutes are there, say what differs in the patients; if
not, the findings of UNT101 name the days.
*/
select provider_npi as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  provider_npi, cast(null as varchar) as payer_id, last_date as service_date,
  case when obstacle is not null then 'cannot_tell' when is_above then 'finding' else 'pass' end as verdict,
  case obstacle when 'discipline' then 'provider-discipline-unknown' when 'patients' then 'too-few-patients'
    when 'peers' then 'too-few-peers' end as reason,
  no_amount() as amount_at_risk, 'none' as amount_basis, no_lines() as line_shares,
  case when is_above then {
    minutes_per_visit: cast(cast(value as decimal(18, 1)) as varchar),
    peer_minutes_per_visit: cast(cast(peer_value as decimal(18, 1)) as varchar),
    interval: cast(low as decimal(18, 1)) || ' to ' || cast(high as decimal(18, 1)),
    patients: patients,
    visits: denominator,
    discipline: discipline,
    period: period_from || ' to ' || last_date,
    peers: peers,
    peer_patients: peer_patients,
    peer_source: peer_source,
    p_value: case when p_value < 0.0001 then 'below 0.0001' else cast(cast(p_value as decimal(5, 4)) as varchar) end,
    rate_of_false_discoveries: case when q_value < 0.0001 then 'below 0.0001' else cast(cast(q_value as decimal(5, 4)) as varchar) end,
    tests: tests,
    strip: {value: cast(value as decimal(18, 4)), low: cast(low as decimal(18, 4)), high: cast(high as decimal(18, 4)),
      peer: case when peer_shown then cast(peer_value as decimal(18, 4)) end, values: peer_values}
  } end as evidence
from core.provider_metric
where metric = 'minutes_per_visit'
