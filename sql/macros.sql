-- Small shared expressions. The engine loads this file first; in a DuckDB shell: `.read sql/macros.sql`.

-- Strict casts: blank is unknown (null); anything that is not exactly of the form is null as well, and the caller compares.
-- What the cast writes back letter by letter has the form; only the rest is matched (spaces around it, zeros at the end).
-- Few texts have spaces to take off, and taking none off would copy each.
create or replace temp macro blank(t) as
  case when starts_with(t, ' ') or ends_with(t, ' ') or t = '' then nullif(trim(t), '') else t end;
create or replace temp macro strict_date(t) as
  case when length(t) = 10 and cast(try_cast(t as date) as varchar) = t then try_cast(t as date)
    when regexp_full_match(trim(t), '[0-9]{4}-[0-9]{2}-[0-9]{2}') then try_cast(trim(t) as date) end;
create or replace temp macro strict_time(t) as
  case when regexp_full_match(trim(t), '[0-9]{2}:[0-9]{2}') then try_cast(trim(t) || ':00' as time) end;
create or replace temp macro strict_integer(t) as
  case when length(t) <= 9 and cast(try_cast(t as uinteger) as varchar) = t then try_cast(t as integer)
    when regexp_full_match(trim(t), '[0-9]{1,9}(\.0+)?') then try_cast(regexp_extract(trim(t), '^[0-9]+') as integer) end;
-- what no line and no visit holds is no number of its column: sums, products and running totals then fit their types
create or replace temp macro strict_small_integer(t) as
  case when length(t) <= 5 and cast(try_cast(t as uinteger) as varchar) = t then try_cast(t as integer)
    when regexp_full_match(trim(t), '[0-9]{1,5}(\.0+)?') then try_cast(regexp_extract(trim(t), '^[0-9]+') as integer) end;
create or replace temp macro strict_units(t) as
  case when length(t) <= 6 and cast(try_cast(t as integer) as varchar) = t then cast(try_cast(t as integer) as decimal(12, 3))
    when regexp_full_match(trim(t), '-?[0-9]{1,6}(\.[0-9]{1,3}0*)?') then try_cast(trim(t) as decimal(12, 3)) end;
create or replace temp macro strict_money(t) as
  case when cast(try_cast(t as decimal(9, 2)) as varchar) = t then cast(try_cast(t as decimal(9, 2)) as decimal(12, 2))
    when regexp_full_match(trim(t), '-?[0-9]{1,7}(\.[0-9]{1,2}0*)?') then try_cast(trim(t) as decimal(12, 2)) end;
create or replace temp macro strict_payment(t) as
  case when regexp_full_match(trim(t), '-?[0-9]{1,10}(\.[0-9]{1,2}0*)?') then try_cast(trim(t) as decimal(12, 2)) end;
create or replace temp macro strict_boolean(t) as
  case when lower(trim(t)) in ('true', 'yes', 'y', '1') then true when lower(trim(t)) in ('false', 'no', 'n', '0') then false end;

-- The modifiers of stg.claim_line as a list.
create or replace temp macro modifiers_of(modifier_text) as case when modifier_text = '' then [] else string_split(modifier_text, chr(31)) end;

-- Fifteen-minute units that whole minutes earn: one from 8 minutes, two from 23, and so on
-- (Medicare Claims Processing Manual, chapter 5, section 20.2 C). For one code alone it is the midpoint rule.
create or replace temp macro units_of_minutes(minutes) as (minutes + 7) // 15;

-- A visit day as one number: the patient's account, the discipline and the date; `core.account` has the account. Any date that a line can have is
-- within 800,000 days of 1970, and a number is taken apart as exactly as it was put together.
create or replace temp macro visit_day_id(account_no, discipline, service_date) as
  (account_no * 4 + case discipline when 'PT' then 1 when 'OT' then 2 when 'SLP' then 3 else 0 end) * 4194304
    + 800000 + (service_date - date '1970-01-01');
create or replace temp macro account_of_day(day_id) as day_id >> 24;
create or replace temp macro discipline_of_day(day_id) as case (day_id >> 22) & 3 when 1 then 'PT' when 2 then 'OT' when 3 then 'SLP' else '' end;
-- account and date of a visit day, whatever the discipline
create or replace temp macro account_day(day_id) as (day_id >> 24) << 22 | (day_id & 4194303);
create or replace temp macro date_of_day(day_id) as date '1970-01-01' + cast((day_id & 4194303) - 800000 as integer);

-- NPI check digit: Luhn over 80840 and the ten digits (the prefix adds 24 to the sum).
create or replace temp macro npi_is_valid(npi) as
  case when not regexp_full_match(npi, '[0-9]{10}') then false else (24
    + cast(npi[2] as integer) + cast(npi[4] as integer) + cast(npi[6] as integer) + cast(npi[8] as integer) + cast(npi[10] as integer)
    + (cast(npi[1] as integer) * 2) // 10 + (cast(npi[1] as integer) * 2) % 10
    + (cast(npi[3] as integer) * 2) // 10 + (cast(npi[3] as integer) * 2) % 10
    + (cast(npi[5] as integer) * 2) // 10 + (cast(npi[5] as integer) * 2) % 10
    + (cast(npi[7] as integer) * 2) // 10 + (cast(npi[7] as integer) * 2) % 10
    + (cast(npi[9] as integer) * 2) // 10 + (cast(npi[9] as integer) * 2) % 10) % 10 = 0 end;

-- Dates of CMS research files (30-May-2015) as ISO text; anything else stays as it is, for the strict cast to refuse.
create or replace temp macro rif_date(t) as
  coalesce(strftime(try_strptime(trim(t), '%d-%b-%Y'), '%Y-%m-%d'), t);
-- 20080229 as ISO text, and the day of an instant (2014-05-06T08:34:30Z); anything else stays as it is.
create or replace temp macro day_of(t) as
  case when regexp_full_match(trim(t), '[0-9]{8}') then trim(t)[1:4] || '-' || trim(t)[5:6] || '-' || trim(t)[7:8] else t end;
create or replace temp macro instant_day(t) as
  case when regexp_full_match(trim(t), '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*') then trim(t)[1:10] else t end;
-- A number exported as a fraction (1437702123.0) without it.
create or replace temp macro whole_number(t) as regexp_replace(trim(t), '\.0+$', '');
-- Status of a Medicare carrier line: denied when the claim was (0) or the processing indicator says so (benefits, coverage, necessity,
-- duplicates, invalid or bundled), paid when it says allowed, else unknown.
create or replace temp macro carrier_status(denial, indicator) as
  case when trim(denial) = '0' or trim(indicator) in ('B', 'C', 'D', 'I', 'L', 'M', 'N', 'P', 'Z') then 'denied'
    when trim(indicator) = 'A' then 'paid' else 'unknown' end;
-- Values as practice-management programs export them, as the canonical layout writes them; what is not of the form stays, for the strict cast to refuse.
-- A date by the formats of its layout; an amount without currency signs and separators of thousands, negative in brackets or with the minus behind it;
-- minutes from 45 min, 1 hr 15 min, 1:15; pointers with any separator.
create or replace temp macro export_date(t, formats) as
  case when year(try_strptime(t, formats)) > 1900 then strftime(try_strptime(t, formats), '%Y-%m-%d') else t end;
create or replace temp macro export_amount(t) as
  case when regexp_full_match(t, '\(?-?[$€£]? ?-?[0-9]+(,[0-9]{3})*(\.[0-9]*)?\)?-?( ?USD)?')
    then (case when t[1] = '(' or contains(t, '-') then '-' else '' end) || regexp_replace(regexp_extract(t, '[0-9][0-9,.]*'), ',|\.$', '', 'g') else t end;
create or replace temp macro export_minutes(t) as
  case when regexp_full_match(t, '[0-9]{1,2}:[0-9]{2}')
      then cast(cast(split_part(t, ':', 1) as integer) * 60 + cast(split_part(t, ':', 2) as integer) as varchar)
    when regexp_full_match(lower(t), '([0-9]{1,2} *(h|hrs?|hours?)\.?)?[ ,]*(and)? *([0-9]{1,3} *(m|mins?|minutes?)\.?)?') and t <> ''
      then cast(60 * coalesce(try_cast(regexp_extract(lower(t), '([0-9]+) *h', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(lower(t), '([0-9]+) *m', 1) as integer), 0) as varchar)
    else t end;
create or replace temp macro export_pointers(t) as trim(regexp_replace(t, '[^0-9A-Za-z]+', ':', 'g'), ':');
-- A diagnosis of a payer's file that is ICD-9-CM, by what the file says or by its digits, on a date of ICD-10-CM: with the name of its system.
create or replace temp macro diagnosis_of(code, is_icd_9, day) as
  case when (is_icd_9 or regexp_full_match(trim(code), '[0-9]{3}\.?[0-9]{0,2}')) and trim(day) >= '2015-10-01' then 'ICD-9-CM ' || blank(code) else code end;

-- Forms of codes, whatever a list says of them. HCPCS and CPT have five characters with two digits in the middle (97110, G0283, 0101T, WC002). A diagnosis is
-- one of another system when a payer's file says so (diagnosis_of) or when it is a number of six digits or more (SNOMED CT); whatever else stands there was billed as a
-- diagnosis, and DXC101 says of it that it is unknown.
create or replace temp macro is_procedure_code(t) as
  case when length(t) = 5 and cast(try_cast(t as uinteger) as varchar) = t then true else regexp_full_match(t, '[0-9A-Za-z]{2}[0-9]{2}[0-9A-Za-z]') end;
create or replace temp macro is_icd(t) as not regexp_full_match(t, 'ICD-9-CM .*|[0-9]{6,}');

-- A diagnosis as the code set writes it: claims in X12 have no dot, others may. Text of another form stays as it is.
create or replace temp macro dotted(t) as
  case when regexp_full_match(t, '[A-Za-z][0-9][0-9A-Za-z]\.?[0-9A-Za-z]{1,4}') then upper(t[1:3] || '.' || ltrim(t[4:], '.')) else t end;

-- Dates of X12: a day (20260301) or two (20260301-20260331); anything else stays as it is, for the strict cast to refuse.
create or replace temp macro x12_day(t) as
  case when length(t) = 8 and regexp_full_match(t, '[0-9]{8}') then t[1:4] || '-' || t[5:6] || '-' || t[7:8] else t end;
create or replace temp macro x12_date(t) as case when contains(t, '-') then x12_day(split_part(trim(t), '-', 1)) else x12_day(trim(t)) end;
create or replace temp macro x12_date_to(t) as case when contains(t, '-') then x12_day(split_part(trim(t), '-', 2)) end;
-- Numbers of X12 leave out a leading zero (.5) and may end with the point (12.).
create or replace temp macro x12_number(t) as regexp_replace(regexp_replace(trim(t), '^(-?)\.', '\10.'), '\.$', '');
-- A patient of X12: the member number; dependents who share it are told apart by a digest of first name and birth date, which shows neither.
create or replace temp macro x12_patient(member, dependent, first_name, birth_date) as
  case when dependent = 'Y' then blank(member) || '-' || left(md5(upper(trim(coalesce(first_name, ''))) || '|' || trim(coalesce(birth_date, ''))), 8) else blank(member) end;

-- Upper tails of the standard normal and of Student's t distribution (df real), which DuckDB does not have. tests/test_statistics.py holds them
-- against 40-digit values: absolute error below 1e-15 (normal), 1e-12 up to 10,000 degrees of freedom and 2e-10 up to 1,000,000.
-- Normal: power series near the middle, Laplace's continued fraction beyond 3.
create or replace temp macro normal_upper_tail(z) as
  case when abs(z) < 3 then 0.5 - exp(-z * z / 2.0) / sqrt(2 * pi()) * z
      * list_reduce(range(59, 0, -1), lambda acc, k: 1.0 + acc * (z * z) / (2 * k + 1), cast(1.0 as double))
    when z < 0 then 1.0 - exp(-z * z / 2.0) / sqrt(2 * pi())
      / list_reduce(range(80, 0, -1), lambda acc, k: abs(z) + k / acc, cast(abs(z) as double))
    else exp(-z * z / 2.0) / sqrt(2 * pi()) / list_reduce(range(80, 0, -1), lambda acc, k: z + k / acc, cast(z as double)) end;
-- The regularised incomplete beta function by 120 terms of its continued fraction, for x up to (a + 1) / (a + b + 2).
create or replace temp macro beta_fraction(x, a, b) as
  exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * ln(x) + b * ln(1.0 - x)) / a
    / list_reduce(range(120, 0, -1), lambda acc, k:
        1.0 + case when k % 2 = 0 then (k // 2) * (b - k // 2) else -(a + k // 2) * (a + b + k // 2) end * x / ((a + k - 1.0) * (a + k)) / acc,
      cast(1.0 as double));
create or replace temp macro t_upper_tail(t, df) as
  case when t = 0 then 0.5
    when df / (df + t * t) > (df / 2.0 + 1) / (df / 2.0 + 2.5) then
      0.5 - sign(t) * beta_fraction(t * t / (df + t * t), cast(0.5 as double), df / 2.0) / 2.0
    when t > 0 then beta_fraction(df / (df + t * t), df / 2.0, cast(0.5 as double)) / 2.0
    else 1.0 - beta_fraction(df / (df + t * t), df / 2.0, cast(0.5 as double)) / 2.0 end;

-- What a finding without money and without lines returns: nothing at risk, listed on no line.
-- How much likelier k of n are at their own rate than at the rate of K of N, as a logarithm.
create or replace temp macro surprise(k, n, all_k, all_n) as
  case when k <= 0 then 0 else k * ln(k / n / (all_k / all_n)) end
  + case when k >= n then 0 else (n - k) * ln((1 - k / n) / (1 - all_k / all_n)) end;

-- A name at a length that a page can hold.
create or replace temp macro shown_name(t) as case when length(trim(t)) > 120 then trim(t)[1:119] || '…' else nullif(trim(t), '') end;

-- A share of an amount in cents. A division is a binary fraction in DuckDB, which has half a cent a little above or below; six decimals give it back.
create or replace temp macro cents(share) as cast(round(cast(share as decimal(18, 6)), 2) as decimal(12, 2));
create or replace temp macro no_amount() as cast(0 as decimal(12, 2));
create or replace temp macro no_lines() as cast([] as struct(line_id bigint, amount decimal(12, 2))[]);

-- A finding is known by its check and by its key: what the check calls its subject, else the content identity of its line.
create or replace temp macro finding_id(check_code, key) as left(md5(concat_ws('|', check_code, key)), 16);
