/*---
table: raw.coverage_policies
grain: one row of a coverage policy, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  payer_id: {type: VARCHAR, is: "payer"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  region: {type: VARCHAR, is: "Medicare contractor, or state where the payer has none; blank = everywhere"}
  policy_id: {type: VARCHAR, is: "policy", required: true}
  policy_version: {type: VARCHAR, is: "version"}
  code_low: {type: VARCHAR, is: "first code", required: true}
  code_high: {type: VARCHAR, is: "last code"}
  dx_low: {type: VARCHAR, is: "first diagnosis; a stem stands for all codes below it", required: true}
  dx_high: {type: VARCHAR, is: "last diagnosis"}
  group_no: {type: VARCHAR, is: "group"}
  role: {type: VARCHAR, is: "covered, noncovered, primary_required, secondary_required, either or authorization; blank = covered"}
  pair_group_no: {type: VARCHAR, is: "group of which a second diagnosis is needed beside one of this group"}
  dos_from: {type: VARCHAR, is: "first date of service", required: true}
  dos_to: {type: VARCHAR, is: "last date of service"}
  places: {type: VARCHAR, is: "role authorization: places of service, parted by blanks, such as 19 22; blank = every place"}
---
The canonical layout of this record. All text, exactly as read. A row of role authorization says that the payer asks for prior authorization of the codes at the places. Its
dx_low stays blank: a row of that role with a diagnosis is not used, because authorization is judged by code and place alone.
*/
