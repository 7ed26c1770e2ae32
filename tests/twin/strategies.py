"""Hypothesis strategies for small but nasty claim worlds, as canonical text records.

Everything that they draw is well formed (rejects are tested elsewhere); what is left open by the rules and settled in
DECISIONS.md is drawn too, so that both sides have to agree on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

Row = dict[str, str]

PATIENTS = ("P1", "P2", "P3")
BILLING = ("1999999992", "1999999984", "1999999991")
BAD_CHECK_DIGIT = "1000000005"
CODES = (
    "97110 97110 97140 97140 97112 97530 97116 97035 97150 97161 97164 97165 97010 97014 G0283 97129 97130 90912 90913 "
    "92507 97597 97550 64615 J0585 99213 00142"
).split()
TIMED = ("97110", "97140", "97112", "97530", "97129", "97130", "90913")
DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2012-09-30 2012-10-01 2015-10-01 2017-12-31 2018-01-01 2019-12-31 2020-01-01 2020-02-29 2021-04-18 2021-04-19 "
        "2022-01-01 2024-06-30 2024-07-01 2025-12-31 2026-01-01 2026-03-31 2026-04-01 2026-12-31 2027-01-01"
    ).split()
)
MINUTES = ("0", "1", "5", "7", "8", "10", "14", "15", "22", "23", "30", "37", "38", "45", "52", "53")
UNITS = ("1", "1", "1", "1", "1", "1", "2", "2", "2", "3", "4", "6", "7", "1.0", "0", "-1", "1.5")
AMOUNTS = ("29.06", "29.06", "22.21", "33.33", "87.18", "0.00", "0.01", "100.00", "1205.00", "2410.00", "")
MODIFIER_SETS = tuple(
    text.split()
    for text in (
        "|||GP|GP|GP|GP|GP KX|GP KX|GO|GN|GO KX|GP GO|GP GP|GP CQ|GO CQ|GO CO|CQ|CO CQ GP|GP KX GA|KX GA|GP GA|"
        "GP GA GX|GP GY|GP KX GZ|GA GZ|59|GP 59|59 GP|GP 59 XE|"
        "GP 76|GP XS|GP 52|GP 25|50|26 TC|AT|22 GP|96 97|JW|JZ JW|KX"
    ).split("|")
)
PROVIDERS: tuple[Row, ...] = (
    {"npi": "1000000004", "discipline": "PT", "specialty_code": "65"},
    {"npi": "1000000012", "specialty_code": "65"},
    {"npi": "1000000020", "taxonomy_code": "225X00000X"},
    {"npi": "1000000038", "discipline": "SLP"},
    {"npi": "1000000046", "specialty_code": "08"},
    {"npi": "1000000053"},
    {"npi": BAD_CHECK_DIGIT, "discipline": "PT"},
)
SWITCHES = ("uses_ncci", "uses_therapy_threshold", "requires_discipline_modifier")


@dataclass(frozen=True)
class ClaimWorld:
    """Canonical records and the as-of date of one generated run."""

    records: dict[str, list[Row]] = field(default_factory=dict)
    as_of: date = date(2027, 6, 30)


@st.composite
def payers(draw: st.DrawFn) -> list[Row]:
    """Medicare and one to three other payers; a payer without a row is drawn by the lines too."""
    rows: list[Row] = [{"payer_id": "MCR", "payer_class": "medicare_b"}]
    for number in range(draw(st.integers(1, 3))):
        row = {
            "payer_id": f"PAY{number}",
            "payer_class": draw(
                st.sampled_from(
                    ["commercial", "commercial", "medicare_b", "medicare_advantage", "medicaid", "auto", ""]
                )
            ),
            "units_method": draw(st.sampled_from(["cms", "cpt", "cpt", "unknown", ""])),
        }
        for switch in SWITCHES:
            row[switch] = draw(st.sampled_from(["true", "false", ""]))
        rows.append(row)
    return rows


@st.composite
def claim_line(draw: st.DrawFn, context: dict[str, list[str]], days: list[date]) -> Row:
    day = draw(st.sampled_from(days))
    received = draw(
        st.sampled_from(
            ["", str(day - timedelta(days=1)), str(day), "2021-04-18", "2021-04-19", str(day + timedelta(days=9))]
        )
    )
    processed = draw(st.sampled_from(["", str(day + timedelta(days=20)), str(day + timedelta(days=5))]))
    status = draw(st.sampled_from(["paid", "paid", "", "pending", "unknown", "denied"]))
    amount = draw(st.sampled_from(AMOUNTS))
    row = {
        "patient_id": draw(st.sampled_from(context["patients"])),
        "payer_id": draw(st.sampled_from(context["payers"])),
        "billing_npi": draw(st.sampled_from(context["billing"])),
        "rendering_npi": draw(st.sampled_from(context["npis"])),
        "service_date": str(day),
        "service_date_to": draw(
            st.sampled_from([""] * 9 + [str(day), str(day + timedelta(days=2)), str(day - timedelta(days=1))])
        ),
        "received_date": received,
        "processed_date": processed,
        "procedure_code": draw(st.sampled_from(CODES)),
        "units": draw(st.sampled_from(UNITS)),
        "charge_amount": draw(st.sampled_from(["50.00", "60.00", ""])),
        "allowed_amount": amount,
        "paid_amount": draw(st.sampled_from(["", "20.00", "23.25"])),
        "line_status": status,
        "carc_codes": draw(st.sampled_from(["", "CO-45", "CO-119", "PR-1 PR-119"])) if status == "denied" else "",
    }
    for place, modifier in enumerate(draw(st.sampled_from(MODIFIER_SETS)), start=1):
        row[f"modifier_{place}"] = modifier
    return row


@st.composite
def lines_of(draw: st.DrawFn, context: dict[str, list[str]], days: list[date]) -> list[Row]:
    """Claims of one to three lines, then repeats, split lines, mirrors and later versions of some of them."""
    drawn = draw(st.lists(claim_line(context, days), min_size=1, max_size=7))
    if draw(st.booleans()):
        drawn = [{**row, "processed_date": row["processed_date"] or row["service_date"]} for row in drawn]
    rows: list[Row] = []
    claim = 0
    for row in drawn:
        heads = ("patient_id", "payer_id", "billing_npi", "received_date")
        joined = rows and draw(st.booleans()) and all(rows[-1][name] == row[name] for name in heads)
        if not joined:
            claim += 1
        number = int(rows[-1]["line_number"]) + 1 if joined else 1
        rows.append({**row, "claim_id": f"C{claim}", "line_number": str(number), "claim_frequency": "1"})
    for row in list(rows):
        kind = draw(
            st.sampled_from(["", "", "", "", "twin", "near", "split", "mirror", "replace", "void", "same id", "copy"])
        )
        claim += 1
        new = {**row, "claim_id": f"D{claim}", "line_number": "1"}
        later = draw(st.sampled_from(["", "2021-04-19", "2027-03-01"]))
        if kind == "near":
            new["charge_amount"] = "61.00"
        elif kind == "split":
            new["units"], new["modifier_4"] = "1", draw(st.sampled_from(["76", "CQ", "KX", "XE"]))
        elif kind == "mirror":
            new["units"] = str(-Decimal(row["units"]))
            new["received_date"] = draw(st.sampled_from([row["received_date"], later]))
        elif kind in ("replace", "void"):
            new["original_claim_id"], new["received_date"] = row["claim_id"], later
            new["claim_frequency"] = "7" if kind == "replace" else "8"
            new["units"] = draw(st.sampled_from([row["units"], "2"]))
        elif kind == "same id":
            new = {**row, "received_date": "2027-04-01", "allowed_amount": "31.00"}
        elif kind == "copy":
            new = dict(row)
        if kind:
            rows.append(new)
    return rows


@st.composite
def notes(draw: st.DrawFn, lines: list[Row], npis: list[str]) -> tuple[list[Row], list[Row]]:
    """Visits and per-code minutes around the days of the lines; some days have none, some two, some by someone else."""
    visits: list[Row] = []
    services: list[Row] = []
    minutes = st.sampled_from(MINUTES)
    for patient, day, npi in sorted({(r["patient_id"], r["service_date"], r["rendering_npi"]) for r in lines}):
        who = draw(st.sampled_from([npi, npi, npi, npi, draw(st.sampled_from(npis))]))
        base = {"patient_id": patient, "service_date": day, "rendering_npi": who}
        codes = sorted(
            {
                r["procedure_code"]
                for r in lines
                if (r["patient_id"], r["service_date"], r["rendering_npi"]) == (patient, day, npi)
            }
        )
        total = 0
        if draw(st.booleans()):
            extra = draw(st.lists(st.sampled_from(TIMED), max_size=2))
            kept = [code for code in codes if draw(st.integers(0, 5))] + extra
            for code in kept:
                own, alone = draw(minutes), draw(st.sampled_from(["", "", "0", "7", "8", "15"]))
                if draw(st.integers(0, 7)) == 0:
                    own = ""
                services.append({**base, "procedure_code": code, "minutes": own, "assistant_minutes": alone})
                total += (int(own or 0) + int(alone or 0)) if code[:3] in ("971", "970", "975", "909") else 0
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
            timed = draw(st.one_of(st.just(str(total)), st.just(str(total)), minutes, st.just("")))
            visits.append(
                {**base, "timed_minutes": timed, "total_minutes": draw(st.one_of(minutes, st.just("60"), st.just("")))}
            )
    return visits, services


@st.composite
def worlds(draw: st.DrawFn) -> ClaimWorld:
    """A whole world: at most three patients, three providers and four days."""
    chosen = draw(st.lists(st.sampled_from(PROVIDERS), min_size=1, max_size=3, unique_by=lambda row: row["npi"]))
    payer_rows = draw(payers())
    days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
    days += [days[0] + timedelta(days=1)]
    npis = [row["npi"] for row in chosen]
    context = {
        "patients": list(PATIENTS[: draw(st.integers(1, 3))]),
        "payers": [row["payer_id"] for row in payer_rows] * 3 + ["NOROW"],
        "billing": list(BILLING[: draw(st.integers(1, 3))]) + [npis[0]],
        "npis": npis,
    }
    claim_lines = draw(lines_of(context, days))
    visits, services = draw(notes(claim_lines, npis))
    buckets = st.sampled_from(["PTSLP", "OT"])
    accumulators = [
        {
            "patient_id": patient,
            "year": str(days[0].year),
            "bucket": draw(buckets),
            "amount_used": draw(st.sampled_from(["100.00", "1205.00", "2409.99", "2995.00"])),
            "as_of_date": draw(st.sampled_from(["", str(days[0]), str(days[0] + timedelta(days=10))])),
        }
        for patient in context["patients"]
        if draw(st.booleans())
    ]
    days_known = [
        {"npi": npi, "date": str(days[0]), "clinicians": draw(st.sampled_from(["", "1", "2"]))}
        for npi in npis
        if draw(st.booleans())
    ]
    records = {
        "claim_lines": claim_lines,
        "visits": visits,
        "visit_services": services,
        "providers": [dict(row) for row in chosen if draw(st.integers(0, 5))],
        "payers": payer_rows,
        "therapy_accumulators": accumulators,
        "provider_days": days_known,
    }
    as_of = draw(st.sampled_from([date(2027, 6, 30), days[-1] + timedelta(days=46), days[0]]))
    return ClaimWorld({name: rows for name, rows in records.items() if rows}, as_of)


@st.composite
def minute_days(draw: st.DrawFn) -> ClaimWorld:
    """One visit day of timed codes with per-code minutes, billed near what the minutes earn: for UNT101 to UNT104."""
    day = date(2025, 3, 3)
    codes = draw(st.lists(st.sampled_from(("97110", "97140", "97112", "97530")), min_size=1, max_size=4, unique=True))
    own = {code: draw(st.integers(0, 40)) for code in codes}
    head = {"patient_id": "P1", "service_date": str(day), "rendering_npi": "1000000004"}
    services = [{**head, "procedure_code": code, "minutes": str(minutes)} for code, minutes in own.items()]
    noted = sum(own.values()) + draw(st.sampled_from([0, 0, 0, 0, -1, 1, 15]))
    timed = draw(st.sampled_from([str(max(noted, 0)), str(max(noted, 0)), ""]))
    billed = {code: max(0, (own[code] + 7) // 15 + draw(st.sampled_from([-1, 0, 0, 0, 1]))) for code in codes}
    lines = [
        {
            **head,
            "claim_id": "C1",
            "line_number": str(number),
            "payer_id": "PAY",
            "billing_npi": BILLING[0],
            "procedure_code": code,
            "modifier_1": "GP",
            "units": str(units),
            "allowed_amount": draw(st.sampled_from(["29.06", "22.21", "87.18", "100.00"])),
        }
        for number, (code, units) in enumerate(billed.items(), start=1)
        if units
    ]
    payer = {
        "payer_id": "PAY",
        "payer_class": "commercial",
        "units_method": draw(st.sampled_from(["cms", "cpt", "unknown"])),
    }
    records = {
        "claim_lines": lines,
        "visits": [{**head, "timed_minutes": timed, "total_minutes": ""}] if draw(st.integers(0, 7)) else [],
        "visit_services": services if draw(st.integers(0, 7)) else [],
        "providers": [dict(PROVIDERS[0])],
        "payers": [payer],
    }
    return ClaimWorld({name: rows for name, rows in records.items() if rows}, day)


@st.composite
def busy_days(draw: st.DrawFn) -> ClaimWorld:
    """One clinician's crowded day, some of it billed to two payers or worked by assistants: for UNT111 and UNT112."""
    day = draw(st.sampled_from([date(2019, 12, 31), date(2020, 1, 1), date(2025, 3, 3)]))
    patients = draw(st.integers(1, 28))
    lines: list[Row] = []
    for number in range(patients):
        row = {
            "claim_id": f"C{number}",
            "line_number": "1",
            "patient_id": f"P{number}",
            "payer_id": draw(st.sampled_from(["MCR", "MCR", "MCR", "PAY"])),
            "billing_npi": BILLING[0],
            "rendering_npi": "1000000004",
            "service_date": str(day),
            "procedure_code": draw(st.sampled_from(["97110", "97110", "97140", "97130", "97161", "97150", "97164"])),
            "modifier_1": "GP",
            "modifier_2": draw(st.sampled_from(["", "", "", "CQ"])),
            "units": draw(st.sampled_from(["2", "4", "4", "6", "8", "1.5"])),
            "line_status": draw(st.sampled_from(["", "", "", "denied"])),
        }
        lines.append(row)
        if draw(st.integers(0, 3)) == 0:
            lines.append({**row, "line_number": "2", "procedure_code": "97112", "units": "4"})
        if draw(st.integers(0, 5)) == 0:
            lines.append({**row, "claim_id": f"S{number}", "payer_id": draw(st.sampled_from(["PAY", "MCR"]))})
    records = {
        "claim_lines": lines,
        "providers": [dict(PROVIDERS[0])],
        "payers": [{"payer_id": "MCR", "payer_class": "medicare_b"}, {"payer_id": "PAY", "payer_class": "commercial"}],
        "provider_days": draw(
            st.sampled_from(
                [[], [{"npi": "1000000004", "date": str(day), "clinicians": draw(st.sampled_from(["1", "2", ""]))}]]
            )
        ),
    }
    return ClaimWorld({name: rows for name, rows in records.items() if rows}, day)
