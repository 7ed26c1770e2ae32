/*---
table: core.coverage_line
grain: one row per claim line whose code stands in a diagnosis list of a coverage policy that is, or may be, its payer's and region's
reads: [core.claim_line, core.coverage_policy, core.payer, core.diagnosis_set, core.source_file]
columns:
  line_id: {type: BIGINT, is: "the line"}
  outcome: {type: VARCHAR, is: "listed, noncovered, incomplete or unlisted; else why it cannot be told"}
  lists_covered: {type: BOOLEAN, is: "the policies list diagnoses that are covered, by themselves or beside a second one"}
  lists_noncovered: {type: BOOLEAN, is: "the policies list diagnoses that are not covered"}
  lists_pairs: {type: BOOLEAN, is: "the policies want one diagnosis of each of two groups"}
  noncovered_seen: {type: BOOLEAN, is: "a judged diagnosis is on the list of those not covered"}
  policies: {type: VARCHAR, is: "policies in force, with their versions"}
  diagnoses: {type: VARCHAR, is: "the judged diagnoses, with dots"}
  noncovered: {type: VARCHAR, is: "those of them that are not covered"}
  missing: {type: VARCHAR, is: "groups of which a diagnosis is missing"}
---
Diagnoses of a line against the lists of its payer and region (coding-rules 5.4, ruling 60). The region is the payer's contractor, else the state of the
line. All rows of code, payer, region and date are one rule: first the list of what is not covered, then the groups that need each other, then the list of what is
covered. A diagnosis that is covered by itself needs no second one. Lines share few combinations of code, payer, state and date, and few of policies and
diagnoses: each is judged once.
*/
with rule as materialized (
  select dense_rank() over (order by policy_id, policy_version, payer_id, mac, region, code_low, code_high, dos_from, dos_to) as scope_no,
    dense_rank() over (order by policy_id, policy_version) as policy_no, *
  from core.coverage_policy where role <> 'authorization'
),
scope as materialized (
  select distinct scope_no, policy_no, policy_id, policy_version, payer_id, mac, region, code_low, code_high, dos_from, dos_to from rule
),
-- a role names the group of a row as well as its number does; a pair holds only if both its groups have rows
member as materialized (
  select distinct scope_no, policy_no, dx_low, dx_high, unnest([group_name, role]) as group_name from rule where is_paired
),
pair as materialized (
  select distinct r.policy_no, least(r.group_name, r.pair_name) as group_a, greatest(r.group_name, r.pair_name) as group_b
  from rule r
  semi join member m on m.policy_no = r.policy_no and m.group_name = r.pair_name
  -- a list without a partner of its own follows the one that names it
  anti join rule n on n.is_paired and n.policy_no = r.policy_no and n.pair_name = r.group_name
    and r.pair_name in ('primary_required', 'secondary_required') and r.group_name <> r.role
  where r.is_paired
),
code as materialized (
  select c.procedure_code, s.scope_no
  from (select distinct procedure_code from core.claim_line) c join scope s on c.procedure_code between s.code_low and s.code_high
),
place as materialized (
  select distinct procedure_code, payer_id, state, service_date
  from core.claim_line where procedure_code in (select procedure_code from code)
),
matched as (
  select c.procedure_code, c.payer_id, c.state, c.service_date, s.scope_no, s.policy_id, s.policy_version,
    s.dos_from <= c.service_date and (s.dos_to is null or c.service_date <= s.dos_to) as in_force,
    -- null: not known, because the payer's contractor or the state is not given
    (s.mac is null or s.mac = coalesce(p.mac, case when p.payer_class <> 'medicare_b' and s.payer_id is null then '' end))
      and (s.region is null or s.region = coalesce(p.mac, c.state) or (s.mac is not null and s.region = c.state)) as fits
  from place c
  join core.payer p on p.payer_id = c.payer_id
  join code k on k.procedure_code = c.procedure_code
  join scope s on s.scope_no = k.scope_no and (s.payer_id is null or s.payer_id = c.payer_id)
),
applied as materialized (
  select procedure_code, payer_id, state, service_date,
    coalesce(list_sort(list(scope_no) filter (fits and in_force)), []) as scopes, list_sort(list(scope_no) filter (coalesce(fits, true))) as known_scopes,
    bool_or(fits is null) as region_unknown,
    string_agg(distinct policy_id || coalesce(' ' || policy_version, ''), ', ' order by policy_id || coalesce(' ' || policy_version, '')) filter (fits and in_force) as policies
  from matched
  where fits is distinct from false
  group by procedure_code, payer_id, state, service_date
),
-- what the lists hold: those in force, or where none is, those of other dates
listing as (
  select known_scopes, scopes,
    bool_or(role <> 'noncovered') as lists_covered, bool_or(role = 'noncovered') as lists_noncovered, bool_or(p.policy_no is not null) as lists_pairs,
    bool_or(role <> 'noncovered' and not is_paired) as lists_single
  from (select known_scopes, scopes, unnest(case when len(scopes) > 0 then scopes else known_scopes end) as scope_no from (select distinct known_scopes, scopes from applied)) a
  join rule r on r.scope_no = a.scope_no
  left join pair p on r.is_paired and p.policy_no = r.policy_no
  group by known_scopes, scopes
),
line as materialized (
  select l.line_id, l.diagnosis_set, a.scopes, a.known_scopes, a.region_unknown, a.policies, f.has_diagnoses
  from core.claim_line l
  join applied a on a.procedure_code = l.procedure_code and a.payer_id = l.payer_id and a.state is not distinct from l.state and a.service_date = l.service_date
  join core.source_file f on f.file_id = l.line_id >> 40
),
used as materialized (select distinct diagnosis_set, scopes from line where len(scopes) > 0),
judged_code as materialized (
  select distinct u.diagnosis_set, unnest(s.pointed) as code
  from (select distinct diagnosis_set from used) u join core.diagnosis_set s on s.diagnosis_set = u.diagnosis_set
),
hit as materialized (
  select distinct c.code, r.scope_no, r.policy_no, r.role = 'noncovered' as is_noncovered, r.is_paired, r.dx_low, r.dx_high
  from (select distinct code from judged_code) c
  join rule r on c.code >= r.dx_low and left(c.code, len(r.dx_high)) <= r.dx_high
),
seen as materialized (
  select u.diagnosis_set, u.scopes, c.code, h.scope_no, h.policy_no, h.is_noncovered, h.is_paired, h.dx_low, h.dx_high
  from used u
  join judged_code c on c.diagnosis_set = u.diagnosis_set
  join hit h on h.code = c.code and list_contains(u.scopes, h.scope_no)
),
found as (
  select diagnosis_set, scopes, bool_or(is_noncovered) as noncovered_seen, bool_or(not is_noncovered and not is_paired) as covered_seen,
    bool_or(is_paired) as paired_seen,
    string_agg(distinct dotted(code), ', '
      order by dotted(code)) filter (is_noncovered) as noncovered
  from seen
  group by diagnosis_set, scopes
),
-- the pairs of the policies in force, and of which of their groups the line has a diagnosis
pair_state as (
  select w.diagnosis_set, w.scopes, p.group_a, p.group_b,
    coalesce(bool_or(m.group_name = p.group_a), false) as has_a, coalesce(bool_or(m.group_name = p.group_b), false) as has_b
  from (select distinct diagnosis_set, scopes, unnest(scopes) as scope_no from used) w
  join scope s on s.scope_no = w.scope_no
  join pair p on p.policy_no = s.policy_no
  left join seen v on v.diagnosis_set = w.diagnosis_set and v.scopes = w.scopes and v.policy_no = p.policy_no and v.is_paired
  left join member m on m.scope_no = v.scope_no and m.dx_low = v.dx_low and m.dx_high = v.dx_high
  group by w.diagnosis_set, w.scopes, p.policy_no, p.group_a, p.group_b
),
paired as (
  select diagnosis_set, scopes, bool_or(has_a and has_b) as satisfied,
    -- what would complete the pairs of which one group is there; where none is, both groups of all
    coalesce(string_agg(distinct case when has_a then group_b else group_a end, ' or ' order by case when has_a then group_b else group_a end)
        filter (has_a <> has_b),
      string_agg(distinct group_a || ' with ' || group_b, ' or ' order by group_a || ' with ' || group_b)) as missing
  from pair_state
  group by diagnosis_set, scopes
)
select l.line_id,
  case when len(l.scopes) = 0 and l.region_unknown then 'region-missing'
    when len(l.scopes) = 0 then 'policy-version-not-loaded'
    when not l.has_diagnoses then 'diagnoses-not-recorded'
    when d.has_pointers and f.noncovered_seen then 'noncovered'
    -- a list whose partner has no rows covers by itself
    when f.covered_seen or p.satisfied or (f.paired_seen and not g.lists_pairs) then 'listed'
    when not g.lists_covered and not coalesce(f.noncovered_seen, false) then 'listed'
    when d.foreign_codes then 'diagnoses-not-recorded'
    when not d.has_pointers then 'pointers-not-recorded'
    when l.region_unknown then 'region-missing'
    when g.lists_pairs and (f.paired_seen or not g.lists_single) then 'incomplete'
    else 'unlisted' end as outcome,
  g.lists_covered, g.lists_noncovered, g.lists_pairs, coalesce(f.noncovered_seen, false) as noncovered_seen, l.policies,
  array_to_string(list_transform(d.pointed, lambda c: dotted(c)), ', ') as diagnoses,
  f.noncovered, p.missing
from line l
join core.diagnosis_set d on d.diagnosis_set = l.diagnosis_set
join listing g on g.known_scopes = l.known_scopes and g.scopes = l.scopes
left join found f on f.diagnosis_set = l.diagnosis_set and f.scopes = l.scopes
left join paired p on p.diagnosis_set = l.diagnosis_set and p.scopes = l.scopes
