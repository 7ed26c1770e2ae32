/*---
code: PRV103
name: allowed-per-patient-above-peers
status: stable
since: 0.2.0
severity: review
subject: provider
partition_by: provider_npi
payers: all
direction: none
needs: [allowed_amount]
reads: [core.provider_metric]
references:
  - {title: "Medicare comparative billing reports CBR201511 and CBR201702 for physical therapists", section: "measures and peers"}
  - {title: "Benjamini and Hochberg 1995, Controlling the false discovery rate", section: "section 3, the procedure"}
message: "{allowed_per_patient} allowed for each of {patients} patients, against {peer_allowed_per_patient} for the patients of {peers} peers; the difference is larger than chance explains."
fix: "Nothing to correct by itself: find out whether visits, units or payers make the difference, and have the provider state what differs in the patients."
---
## What it checks
The mean allowed amount for each patient of a rendering NPI, over therapy lines that were not denied, against the patients of its peers. A
patient with a line without an allowed amount is left out; where the number of patients depends on them the answer is
`allowed-amount-missing`. Above the peers by the one-sided t test of Welch, with the patient as the unit. The rate of false discoveries is
held at 5 % over all providers and the measures of PRV101, PRV102, PRV103, PRV104 and PRV106 together (Benjamini and Hochberg). The span
is the last 24 calendar months of the data. Peers are the other providers of the discipline in the data; fewer than 30 patients of the
provider, fewer than 5 peers or fewer than 30 patients of theirs is `cannot_tell`.

## Why it matters
Comparative billing reports give this figure, and it moves with everything: visits, units, codes. It tells a payer whose patients cost
more.

## Known limits
The finding says that the provider differs from others, not that a line is wrong: sicker patients, another mix of payers or a specialty of
the clinic have the same effect. With many patients a small difference is seen as well; its size is in the evidence. An outside peer
table, where one is loaded, takes the place of the providers in the data. A rendering NPI that stands for a whole group is compared like a
person. Payers pay the same service differently, and the figure takes all payers together. Patients treated by several providers count
with each of them, with that provider's lines.

## How to answer it
Compare visits for each patient, units for each visit and payers with the others; PRV101 and CAP104 show part of it. State what differs in
the patients.
*/
select provider_npi as subject_key, cast(null as varchar) as billing_npi, cast(null as varchar) as patient_id,
  provider_npi, cast(null as varchar) as payer_id, last_date as service_date,
  case when obstacle is not null then 'cannot_tell' when is_above then 'finding' else 'pass' end as verdict,
  case obstacle when 'discipline' then 'provider-discipline-unknown' when 'patients' then 'too-few-patients' when 'unknown' then 'allowed-amount-missing'
    when 'peers' then 'too-few-peers' end as reason,
  no_amount() as amount_at_risk, 'none' as amount_basis, no_lines() as line_shares,
  case when is_above then {
    allowed_per_patient: cast(value / 100 as decimal(12, 2)),
    peer_allowed_per_patient: cast(peer_value / 100 as decimal(12, 2)),
    interval: cast(low / 100 as decimal(18, 2)) || ' to ' || cast(high / 100 as decimal(18, 2)),
    patients: patients,
    discipline: discipline,
    period: period_from || ' to ' || last_date,
    peers: peers,
    peer_patients: peer_patients,
    peer_source: peer_source,
    p_value: case when p_value < 0.0001 then 'below 0.0001' else cast(cast(p_value as decimal(5, 4)) as varchar) end,
    rate_of_false_discoveries: case when q_value < 0.0001 then 'below 0.0001' else cast(cast(q_value as decimal(5, 4)) as varchar) end,
    tests: tests,
    strip: {value: cast(value / 100 as decimal(18, 4)), low: cast(low / 100 as decimal(18, 4)), high: cast(high / 100 as decimal(18, 4)),
      peer: case when peer_shown then cast(peer_value / 100 as decimal(18, 4)) end, values: list_transform(peer_values, lambda v: cast(v / 100 as decimal(18, 4)))}
  } end as evidence
from core.provider_metric
where metric = 'allowed_per_patient'
