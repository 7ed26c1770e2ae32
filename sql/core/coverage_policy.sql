/*---
table: core.coverage_policy
grain: one row per usable row of the loaded coverage policies
reads: [stg.coverage_policy]
columns:
  policy_id: {type: VARCHAR, is: "policy"}
  policy_version: {type: VARCHAR, is: "version; null = none given"}
  payer_id: {type: VARCHAR, is: "payer; null = every payer of the contractor"}
  mac: {type: VARCHAR, is: "Medicare contractor; null = whatever the payer's"}
  region: {type: VARCHAR, is: "contractor, or state where the payer has none; null = everywhere"}
  code_low: {type: VARCHAR, is: "first procedure code"}
  code_high: {type: VARCHAR, is: "last procedure code"}
  role: {type: VARCHAR, is: "covered, noncovered, primary_required, secondary_required, either or authorization"}
  is_paired: {type: BOOLEAN, is: "a diagnosis of this row needs one of another group beside it"}
  group_name: {type: VARCHAR, is: "number of its group, else its role"}
  pair_name: {type: VARCHAR, is: "group that it pairs with; null = none named"}
  dx_low: {type: VARCHAR, is: "first diagnosis in capitals, without dot"}
  dx_high: {type: VARCHAR, is: "last diagnosis; a stem stands for all codes below it"}
  places: {type: "VARCHAR[]", is: "role authorization: places of service; empty = every place"}
  dos_from: {type: DATE, is: "first date of service"}
  dos_to: {type: DATE, is: "last date of service; null = open"}
---
Coverage policies as loaded; none is shipped. Lists of primary and secondary diagnoses pair by their group numbers. A row that names no partner pairs
with the list of the other role. Authorization is by code and place: a row of that
role with a diagnosis is not used. `either` with a partner may stand first or second, without one it is a covered diagnosis.
*/
select policy_id, policy_version, payer_id, mac, region, upper(code_low) as code_low, upper(coalesce(code_high, code_low)) as code_high,
  coalesce(role, 'covered') as role,
  coalesce(role in ('primary_required', 'secondary_required') or (role = 'either' and pair_group_no is not null), false) as is_paired,
  coalesce(cast(group_no as varchar), role, 'covered') as group_name,
  coalesce(cast(pair_group_no as varchar), case role when 'primary_required' then 'secondary_required' when 'secondary_required' then 'primary_required' end) as pair_name,
  upper(replace(dx_low, '.', '')) as dx_low, upper(replace(coalesce(dx_high, dx_low), '.', '')) as dx_high,
  places, dos_from, dos_to
from stg.coverage_policy
where problem_mask = 0 and (dx_low is null or role is distinct from 'authorization')
