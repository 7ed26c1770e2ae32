/*---
table: stg.remittance_match
grain: one row per row of a remittance and claim line that it speaks of; one row without a line where there is none
reads: [stg.remittance_line, stg.claim_line, stg.line_control, stg.payer]
columns:
  file_id: {type: INTEGER, is: "file of the remittance"}
  record_number: {type: BIGINT, is: "its row: a service line, or a claim without service lines"}
  claim_record: {type: BIGINT, is: "record number of the remittance's claim"}
  line_file_id: {type: INTEGER, is: "file of the claim line; null = none"}
  line_record_number: {type: BIGINT, is: "record of the claim line"}
  matched_by: {type: VARCHAR, is: "control-number, content, date-code-charge, date-code, patient-and-content, or claim"}
  why: {type: VARCHAR, is: "why there is no line: claim-not-loaded, line-not-found, other-payer or several-payers"}
  lines: {type: BIGINT, is: "lines of that submission of the claim"}
---
Which claim line a payer speaks of. The claim is the one with the provider's number (CLP01), else with the payer's (CLP07). Within it a line is found by its
control number (else its line number) if date and either code or charge agree; by date, billed code, modifiers, units and charge, equal lines in
order; by date, code and charge; by date and code where only one is left. A claim that was sent several times is matched once per submission. A claim without service lines
speaks of all lines. Where no claim has the number, a line of the same patient with the same date, code, modifiers, units and charge is taken if it is
the only one.

Of several payers that decided on one claim the one that the claim names counts, by number or name; else the first in line (CLP02: primary before secondary
before tertiary). Reversals carry negative amounts and are matched without their sign.
*/
with remitted as (
  select r.*, coalesce(upper(r.payer_number), upper(r.payer_name), '') as payer_key,
    count(*) filter (level = 'line') over (partition by file_id, claim_record) as services,
    abs(r.charge_amount) as charge, abs(r.billed_units) as count_billed, list_sort(r.billed_modifiers) as mods
  from stg.remittance_line r where problem_mask = 0
),
remitted_claim as (select distinct file_id, claim_record, claim_id, payer_claim_id, claim_status, payer_key, upper(payer_number) as payer_number, upper(payer_name) as payer_name from remitted),
wanted as (select claim_id from remitted_claim union select payer_claim_id from remitted_claim where payer_claim_id is not null),
line as (
  select c.file_id, c.record_number, c.claim_id, c.patient_id, c.payer_id, c.service_date, c.service_date_to, c.procedure_code, c.units, c.charge_amount, c.billing_npi,
    list_sort(modifiers_of(c.modifier_text)) as mods, coalesce(k.control, cast(c.line_number as varchar)) as control,
    hash(c.file_id, c.claim_id, c.patient_id, c.payer_id, c.claim_frequency, c.original_claim_id, c.received_date) as submission, c.line_number
  from stg.claim_line c
  left join stg.line_control k on k.file_id = c.file_id and k.record_number = c.record_number
  where c.problem_mask = 0 and (c.claim_id in (select claim_id from wanted)
    or c.patient_id in (select patient_id from remitted where level = 'line'))
),
numbered_claim as (
  select r.*, coalesce(a.claim_id, b.claim_id) as claim_number
  from remitted_claim r
  left join (select distinct claim_id from line) a on a.claim_id = r.claim_id
  left join (select distinct claim_id from line) b on b.claim_id = r.payer_claim_id
),
payer as (
  select payer_id, list(distinct upper(payer_name)) as payer_names from stg.payer where problem_mask = 0 group by payer_id
),
claim_payer as (
  select l.claim_id, l.payer_id, p.payer_names, count(*) over (partition by l.claim_id) as payers
  from (select distinct claim_id, payer_id from line) l
  left join payer p on p.payer_id = l.payer_id
),
candidate_payer as (
  select c.claim_id, c.payer_id, r.payer_key,
    bool_or(upper(c.payer_id) in (r.payer_number, r.payer_name) or list_contains(c.payer_names, r.payer_name)) is true as named,
    min(case when r.claim_status in ('1', '19') then 1 when r.claim_status in ('2', '20') then 2 when r.claim_status in ('3', '21') then 3 else 9 end) as turn,
    max(c.payers) as payers
  from claim_payer c
  join numbered_claim r on r.claim_number = c.claim_id
  group by c.claim_id, c.payer_id, r.payer_key
),
chosen_payer as (
  select * from candidate_payer where named or payers = 1
  qualify row_number() over (partition by claim_id, payer_id order by named desc, turn, payer_key) = 1
),
-- lines of claims, under the key of the payer who decides on them
sent as (
  select l.*, p.payer_key from line l join chosen_payer p on p.claim_id = l.claim_id and p.payer_id = l.payer_id
),
service as (
  select r.*, n.claim_number
  from remitted r
  join numbered_claim n on n.file_id = r.file_id and n.claim_record = r.claim_record
  where r.level = 'line'
),
by_control as (
  select r.file_id, r.record_number, r.claim_record, l.file_id as line_file_id, l.record_number as line_record_number, l.submission
  from service r
  join sent l on l.claim_id = r.claim_number and l.payer_key = r.payer_key and l.control = r.line_control
    and (r.service_date is null or r.service_date = l.service_date)
    and (l.procedure_code in (r.billed_code, r.procedure_code) or r.charge = abs(l.charge_amount))
),
-- claims of a remittance whose services are not all found in each submission by their control numbers: only these are looked at more closely
unsettled as (
  select w.file_id, w.claim_record
  from (select file_id, claim_record, claim_number, payer_key, count(*) as services from service where claim_number is not null group by all) w
  left join (select claim_id, payer_key, count(distinct submission) as submissions from sent group by all) t on t.claim_id = w.claim_number and t.payer_key = w.payer_key
  left join (select file_id, claim_record, count(distinct (record_number, submission)) as pairs from by_control group by all) c
    on c.file_id = w.file_id and c.claim_record = w.claim_record
  where t.submissions > 0 and coalesce(c.pairs, 0) < w.services * t.submissions
),
doubtful as (
  select r.*,
    row_number() over (partition by r.file_id, r.claim_record, r.service_date, r.billed_code, r.mods, r.count_billed, r.charge order by r.record_number) as nth,
    row_number() over (partition by r.file_id, r.claim_record, r.service_date, r.billed_code, r.charge order by r.record_number) as nth_charge,
    count(*) over (partition by r.file_id, r.claim_record, r.service_date, r.billed_code) as alike
  from service r semi join unsettled u on u.file_id = r.file_id and u.claim_record = r.claim_record
),
own as (
  select l.*,
    row_number() over (partition by submission, service_date, procedure_code, mods, units, charge_amount order by line_number, record_number) as nth,
    row_number() over (partition by submission, service_date, procedure_code, charge_amount order by line_number, record_number) as nth_charge,
    count(*) over (partition by submission, service_date, procedure_code) as alike
  from sent l where claim_id in (select claim_number from doubtful)
),
pair as (
  select c.*, 1 as how from by_control c semi join unsettled u on u.file_id = c.file_id and u.claim_record = c.claim_record
  union all by name
  select r.file_id, r.record_number, r.claim_record, l.file_id as line_file_id, l.record_number as line_record_number, l.submission,
    case
      when r.mods = l.mods and r.count_billed = abs(l.units) and r.charge = abs(l.charge_amount) and r.nth = l.nth then 2
      when r.charge = abs(l.charge_amount) and r.nth_charge = l.nth_charge then 3
      when r.alike = 1 and l.alike = 1 then 4
    end as how
  from doubtful r
  join own l on l.claim_id = r.claim_number and l.payer_key = r.payer_key and l.service_date = r.service_date and l.procedure_code = r.billed_code
),
best_pair as (
  select c.*, 1 as how from by_control c anti join unsettled u on u.file_id = c.file_id and u.claim_record = c.claim_record
  union all by name
  select * from pair where how is not null
  qualify how = min(how) over (partition by file_id, record_number, submission) and how = min(how) over (partition by file_id, claim_record, line_file_id, line_record_number)
),
best as (
  select * from best_pair
  qualify row_number() over (partition by file_id, record_number, submission order by line_record_number) = 1
),
by_patient as (
  select r.file_id, r.record_number, r.claim_record, l.file_id as line_file_id, l.record_number as line_record_number, l.submission, 5 as how
  from service r
  join line l on l.patient_id = r.patient_id and r.service_date = l.service_date and r.billed_code = l.procedure_code and r.mods = l.mods
    and r.count_billed = abs(l.units) and r.charge = abs(l.charge_amount) and (r.payee_npi is null or r.payee_npi = l.billing_npi)
  where r.claim_number is null
  qualify count(*) over (partition by r.file_id, r.record_number) = 1 and count(*) over (partition by r.file_id, r.claim_record, l.file_id, l.record_number) = 1
),
by_claim as (
  select r.file_id, r.record_number, r.claim_record, l.file_id as line_file_id, l.record_number as line_record_number, l.submission, 6 as how
  from remitted r
  join numbered_claim n on n.file_id = r.file_id and n.claim_record = r.claim_record
  join sent l on l.claim_id = n.claim_number and l.payer_key = r.payer_key
    and (r.service_date is null or l.service_date between r.service_date and coalesce(r.service_date_to, r.service_date))
  where r.services = 0
),
found as (
  select f.*, t.lines
  from (from best union all by name from by_patient union all by name from by_claim) f
  join (select submission, count(*) as lines from line group by submission) t using (submission)
)
select r.file_id, r.record_number, r.claim_record, f.line_file_id, f.line_record_number,
  case f.how when 1 then 'control-number' when 2 then 'content' when 3 then 'date-code-charge' when 4 then 'date-code'
    when 5 then 'patient-and-content' when 6 then 'claim' end as matched_by,
  case when f.how is not null then null
    when n.claim_number is null then 'claim-not-loaded'
    when exists (from chosen_payer p where p.claim_id = n.claim_number and p.payer_key = r.payer_key) then 'line-not-found'
    when exists (from chosen_payer p where p.claim_id = n.claim_number) then 'other-payer'
    else 'several-payers' end as why,
  f.lines
from remitted r
join numbered_claim n on n.file_id = r.file_id and n.claim_record = r.claim_record
left join found f on f.file_id = r.file_id and f.record_number = r.record_number
where r.level = 'line' or r.services = 0
