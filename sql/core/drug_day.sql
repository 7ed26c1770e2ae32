/*---
table: core.drug_day
grain: one row per patient, billing NPI, payer, service date and drug of which a single-dose vial is confirmed on the date
reads: [core.drug_line, ref.vial]
columns:
  drug_day: {type: BIGINT, is: "joins core.drug_line; never shown"}
  payer_class: {type: VARCHAR, is: "class of the payer"}
  service_date: {type: DATE, is: "first date of service"}
  has_jw: {type: BOOLEAN, is: "a line carries JW"}
  has_jz: {type: BOOLEAN, is: "a line carries JZ"}
  is_countable: {type: BOOLEAN, is: "the units of every line are a positive whole number"}
  given_units: {type: "DECIMAL(18,3)", is: "billed units of the lines without JW"}
  waste_units: {type: "DECIMAL(18,3)", is: "billed units of the lines with JW"}
  vials: {type: VARCHAR, is: "vial sizes in billed units, those from memory marked unconfirmed"}
  confirmed_fill_given: {type: BIGINT, is: "billed units in the smallest set of confirmed vials that holds the given units; null where units cannot be counted"}
  any_fill_given: {type: BIGINT, is: "the same with vials from memory as well"}
  any_fill_total: {type: BIGINT, is: "billed units in the smallest set of any vials that holds given and wasted units together"}
---
Units given and thrown away on a day against the vials of the drug. Given and wasted units are a sum of whole vials exactly when the smallest set of
vials that holds them holds no more. That set follows from the smallest vial alone: any sum of vials is some whole number of it and, of each larger vial, fewer than
it takes to make up whole small ones again; so the few sums of the larger vials are written down once for each list of sizes (`offsets`), and every amount is
filled up from the nearest with small vials. Lines denied are out; ruling 24.
*/
with day as (
  select drug_day, payer_class, service_date, procedure_code, billing_unit, bool_or(is_waste) as has_jw, bool_or(has_jz) as has_jz,
    bool_and(is_countable) as is_countable, coalesce(sum(units) filter (not is_waste), 0) as given_units,
    coalesce(sum(units) filter (is_waste), 0) as waste_units
  from core.drug_line
  group by drug_day, payer_class, service_date, procedure_code, billing_unit
),
stock as (
  select d.service_date, d.procedure_code,
    list(distinct cast(v.vial_units as bigint) order by cast(v.vial_units as bigint)) filter (v.status = 'confirmed') as confirmed,
    list(distinct cast(v.vial_units as bigint) order by cast(v.vial_units as bigint)) as known,
    string_agg((v.vial_units // d.billing_unit) || case when v.status = 'confirmed' then '' else ' (unconfirmed)' end, ', ' order by v.vial_units, v.status) as vials
  from (select distinct service_date, procedure_code, billing_unit from day) d
  join ref.vial v on v.procedure_code = d.procedure_code and v.container = 'single-dose' and v.valid_from <= d.service_date
    and (v.valid_to is null or d.service_date < v.valid_to)
  group by d.service_date, d.procedure_code
  having bool_or(v.status = 'confirmed')
),
sizes as (
  select confirmed as sizes from stock
  union
  select known from stock
),
reach as (
  select sizes, sizes[1] as smallest,
    list_reduce(
      list_transform(sizes, lambda s: case when s = sizes[1] then [cast(0 as bigint)]
        else list_transform(range(0, sizes[1] // list_reduce(sizes, lambda a, b: gcd(a, b))), lambda n: n * s) end),
      lambda a, b: flatten(list_transform(a, lambda x: list_transform(b, lambda y: x + y)))) as offsets
  from sizes
),
amount as (
  select d.drug_day, d.payer_class, d.service_date, d.has_jw, d.has_jz, d.is_countable, d.given_units, d.waste_units, d.billing_unit, s.vials,
    s.confirmed, s.known,
    case when d.is_countable then cast(d.given_units as bigint) * d.billing_unit end as given,
    case when d.is_countable then cast(d.given_units + d.waste_units as bigint) * d.billing_unit end as total
  from day d
  join stock s on s.service_date = d.service_date and s.procedure_code = d.procedure_code
)
select a.drug_day, a.payer_class, a.service_date, a.has_jw, a.has_jz, a.is_countable, a.given_units, a.waste_units, a.vials,
  list_min(list_transform(c.offsets, lambda o: o + c.smallest * greatest(0, (a.given - o + c.smallest - 1) // c.smallest))) // a.billing_unit as confirmed_fill_given,
  list_min(list_transform(k.offsets, lambda o: o + k.smallest * greatest(0, (a.given - o + k.smallest - 1) // k.smallest))) // a.billing_unit as any_fill_given,
  list_min(list_transform(k.offsets, lambda o: o + k.smallest * greatest(0, (a.total - o + k.smallest - 1) // k.smallest))) // a.billing_unit as any_fill_total
from amount a
join reach c on c.sizes = a.confirmed
join reach k on k.sizes = a.known
