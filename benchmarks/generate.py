"""Writes the canonical layout at any size as Parquet, for the benchmark: `python benchmarks/generate.py LINES FOLDER`.

Deterministic, made by DuckDB from row numbers and md5; rows come by date, as an export does, so that patients are scattered over the file. About four lines a visit, 30 visits a patient, three payers, minutes by code;
about one visit in forty bills a unit too many, one line in a hundred lacks its modifier. Amounts stay below the fees of the schedule, and KX begins
with the visit that passes the annual threshold. Not a sample of practice.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

VISITS = """
create or replace temp view visit as
select v as visit_id, v // 30 as patient, v % 30 as nth,
  'P' || lpad(cast((v // 30) * 2654435761 % 4294967296 as varchar), 10, '0') as patient_id,
  'C' || lpad(cast(v * 2654435761 % 4294967296 as varchar), 10, '0') as claim_id,
  date '{first}' + cast((v % 30) * {gap} // 10 + (v // 30) * 2654435761 // 4096 % {spread} as integer) as service_date,
  1000000000 + ((v // 30) % 2000) * 10 as provider,
  ['MCR', 'MCR', 'COMA', 'COMB'][1 + (v // 30) % 4] as payer_id,
  cast(md5_number_lower(cast(v as varchar)) % 1000 as integer) as r
from range({visits}) t(v)
"""

NPI = "cast({0} + (10 - (24 + {luhn}) % 10) % 10 as varchar)"


def luhn(number: str) -> str:
    """SQL for the Luhn sum of the first nine digits of an NPI held as an integer ending in 0."""
    terms = []
    for position in range(9):
        digit = f"(({number} // {10 ** (9 - position)}) % 10)"
        terms.append(f"({digit} * 2) // 10 + ({digit} * 2) % 10" if position % 2 == 0 else digit)
    return " + ".join(terms)


def generate(lines: int, folder: Path, years: int = 0) -> None:
    """Write claim_lines, visits, visit_services, providers and payers for about `lines` lines into `folder`.

    With `years` patients come three times a week for ten weeks, spread evenly over so many years to the end of 2025, and what is of other years is left out;
    the last month stands in `folder/month`, and everything before it in `folder/base`.
    """
    for place in (folder / "base", folder / "month") if years else (folder,):
        place.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    if years:
        days = 365 * years + 70
        con.execute(
            VISITS.format(visits=lines // 4 * days // (365 * years), first=f"{2026 - years}-01-01", gap=24, spread=days)
        )
        con.execute("alter view visit rename to any_visit")
        con.execute(
            f"create temp view visit as select * replace (service_date - 70 as service_date) from any_visit where year(service_date - 70) between {2026 - years} and 2025"
        )
    else:
        con.execute(VISITS.format(visits=lines // 4, first="2025-01-06", gap=70, spread=150))
    npi = NPI.format("provider", luhn=luhn("provider"))
    con.execute(
        f"create temp table provider as select provider, {npi} as npi from (select distinct provider from visit)"
    )
    codes = "[('97110', 15, 21.00), ('97140', 15, 20.00), ('97530', 15, 32.50), ('97112', 12, 23.40)]"
    con.execute(f"""create temp view service as
      select v.*, p.npi, i, c[1] as code, c[2] + (r + i) % 3 as minutes, cast(c[3] as decimal(12, 2)) as fee
      from visit v join provider p using (provider) cross join range(4) s(i)
      cross join lateral (select ({codes})[i + 1] as c)""")

    def write(name: str, sql: str) -> None:
        if not years:
            con.execute(f"copy ({sql}) to '{folder / name}.parquet' (format parquet, compression zstd)")
        elif name in ("providers", "payers"):
            con.execute(f"copy ({sql}) to '{folder / 'base' / name}.parquet' (format parquet, compression zstd)")
        else:
            for place, days in (("base", "< date '2025-12-01'"), ("month", ">= date '2025-12-01'")):
                con.execute(
                    f"copy (from ({sql}) where service_date {days}) to '{folder / place / name}{'' if place == 'base' else '_month'}.parquet' (format parquet, compression zstd)"
                )

    write(
        "visit_services",
        "select patient_id, service_date, npi as rendering_npi, code as procedure_code, minutes, case when r % 50 = 0 then 0 end as assistant_minutes from service order by service_date, patient_id, i",
    )
    write(
        "visits",
        "select patient_id, service_date, npi as rendering_npi, 'PT' as discipline, sum(minutes) as timed_minutes, sum(minutes) + 5 as total_minutes from service group by all order by service_date, patient_id",
    )
    write(
        "claim_lines",
        """select claim_id, i + 1 as line_number, '1' as claim_frequency, null::varchar as original_claim_id, patient_id, payer_id,
        '1999999992' as billing_npi, npi as rendering_npi, '11' as place_of_service, service_date, null::date as service_date_to,
        service_date + 3 as received_date, service_date + 17 as processed_date, code as procedure_code,
        case when (r + i) % 100 <> 7 then 'GP' end as modifier_1, case when nth >= 24 and payer_id = 'MCR' then 'KX' end as modifier_2, null::varchar as modifier_3, null::varchar as modifier_4,
        units, 'M54.50' as diagnosis_1, case when r % 2 = 0 then 'M25.511' end as diagnosis_2, '1' as diagnosis_pointers,
        fee * units * 2 as charge_amount, fee * units as allowed_amount, round(fee * units * 0.8, 2) as paid_amount, 'paid' as line_status,
        'CO-45' as carc_codes, null::varchar as rarc_codes, null::varchar as prior_authorization, 'K' || (patient % 4) as clinic_id, 'OH' as state
      from (select *, 1 + case when i = 0 and r % 40 = 0 then 1 else 0 end as units from service)
      order by service_date, claim_id, line_number""",
    )
    write(
        "providers",
        "select npi, 'Therapist ' || npi as provider_name, 'PT' as discipline, '65' as specialty_code, 'K' || (provider // 10 % 4) as clinic_id from provider",
    )
    write(
        "payers",
        "select * from (values ('MCR', 'Medicare', 'medicare_b', null), ('COMA', 'Commercial A', 'commercial', 'cms'), ('COMB', 'Commercial B', 'commercial', null)) t(payer_id, payer_name, payer_class, units_method)",
    )
    con.close()


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
