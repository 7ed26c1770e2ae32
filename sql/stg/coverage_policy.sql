/*---
table: stg.coverage_policy
grain: one row of a coverage policy
reads: [raw.coverage_policies]
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file"}
  problem_mask: {type: BIGINT, is: "0 = usable; else the sum of 2^bit over stg.problem"}
  payer_id: {type: VARCHAR, is: "payer"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  region: {type: VARCHAR, is: "region"}
  policy_id: {type: VARCHAR, is: "policy"}
  policy_version: {type: VARCHAR, is: "version"}
  code_low: {type: VARCHAR, is: "first code"}
  code_high: {type: VARCHAR, is: "last code"}
  dx_low: {type: VARCHAR, is: "first diagnosis"}
  dx_high: {type: VARCHAR, is: "last diagnosis"}
  group_no: {type: INTEGER, is: "group"}
  role: {type: VARCHAR, is: "role of the list"}
  pair_group_no: {type: INTEGER, is: "group it pairs with"}
  dos_from: {type: DATE, is: "first date of service"}
  dos_to: {type: DATE, is: "last date of service"}
  places: {type: "VARCHAR[]", is: "role authorization: places of service; empty = every place"}
---
Strict casts of raw.coverage_policies: blank is unknown, and what does not have the exact form makes the record a reject.
*/
select file_id,
  record_number,
  blank(payer_id) as payer_id,
  blank(mac) as mac,
  blank(region) as region,
  blank(policy_id) as policy_id,
  blank(policy_version) as policy_version,
  blank(code_low) as code_low,
  blank(code_high) as code_high,
  blank(dx_low) as dx_low,
  blank(dx_high) as dx_high,
  strict_integer(group_no) as group_no,
  blank(role) as role,
  strict_integer(pair_group_no) as pair_group_no,
  strict_date(dos_from) as dos_from,
  strict_date(dos_to) as dos_to,
  case when blank(places) is null then [] else regexp_split_to_array(trim(places), '[ ,;]+') end as places,
  (case when blank(policy_id) is null then 1 else 0 end)
    + (case when blank(code_low) is null then 2 else 0 end)
    + (case when blank(dx_low) is null and blank(role) is distinct from 'authorization' then 4 else 0 end)
    + (case when blank(group_no) is not null and strict_integer(group_no) is null then 8 else 0 end)
    + (case when blank(role) not in ('covered', 'noncovered', 'primary_required', 'secondary_required', 'either', 'authorization') then 16 else 0 end)
    + (case when blank(pair_group_no) is not null and strict_integer(pair_group_no) is null then 32 else 0 end)
    + (case when blank(dos_from) is null then 64 else 0 end)
    + (case when blank(dos_from) is not null and strict_date(dos_from) is null then 128 else 0 end)
    + (case when blank(dos_to) is not null and strict_date(dos_to) is null then 256 else 0 end)
    + (case when blank(payer_id) is null and blank(mac) is null then 512 else 0 end) as problem_mask
from raw.coverage_policies
