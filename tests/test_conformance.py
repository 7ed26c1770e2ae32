"""Worked examples of the published rules (tests/data/conformance_a.csv), and the allocation rule tried exhaustively.

`inputs` and `billed` become canonical records by `world_of`; `JUDGES` holds what must give the expected verdicts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from claimaudit import registry, worked
from tests.twin import CHECKS as twin_codes
from tests.twin import Records, Reference, Verdict, judge
from tests.twin.unt import units_of, valid_allocations

Row = dict[str, str]
Judge = Callable[[Records, date | None], list[Verdict]]

with (Path(__file__).parent / "data" / "conformance_a.csv").open(encoding="utf-8", newline="") as handle:
    ROWS: list[Row] = list(csv.DictReader(handle))

# Rows whose check is not judged by the twin, and why.
NOT_YET: dict[str, str] = {
    "U37": "group or one-on-one is EVL105, which needs the group size",
    **dict.fromkeys(
        "C01 C02 C03 C04 C09 C10 C12 C14 C15 C16 C18 C20".split(), "assistant modifiers by minutes: MOD105 and MOD106"
    ),
    "C24": "what Medicare and the patient pay on a CQ line is arithmetic of MOD105, not a verdict",
    "M04": "bundled code: NCC401",
    **dict.fromkeys("P01 P02 P03".split(), "expected amount with the therapy reduction: BIL111"),
    **dict.fromkeys("D01 D02 D04".split(), "certification of the plan: DOC101 and DOC102"),
    "D06": "progress report: DOC104",
    "F01": "functional reporting: FLR101",
    **dict.fromkeys("I01 I03 I04".split(), "diagnosis codes: DXC101 to DXC103; a description is not on a claim line"),
    "L01": "timely filing: BIL103",
    "O01": "a duty with a deadline, not a check",
    **dict.fromkeys("S01 S02 S03 S04 S08".split(), "sampling statistics, not a check"),
    **dict.fromkeys("B01 B03".split(), "provider patterns: PRV101 and PRV102"),
}
REFERENCE = Reference.load()
CHECKS = [check for code, check in registry.checks().items() if code in twin_codes]


@cache
def engine() -> worked.Engine:
    return worked.new_engine(CHECKS)


def judge_by_sql(records: Records, as_of: date | None) -> list[Verdict]:
    """The verdicts of the checks' SQL over the same records, in the form of the twin's."""
    worked.prepare(engine(), records, CHECKS, as_of)
    found = []
    for check in CHECKS:
        for row in worked.judge_records(engine(), check):
            if check.subject == "claim_line":
                key: tuple[object, ...] = ("claim_line", row["claim_id"], str(row["line_number"]))
            else:
                key = (check.subject, row["patient_id"] or row["provider_npi"], row["service_date"])
            found.append(Verdict(check.code, row["verdict"], row["reason"] or "", row["severity"] or "", key))
    return found


JUDGES: dict[str, Judge] = {"twin": lambda records, as_of: judge(records, as_of, REFERENCE), "sql": judge_by_sql}

UNITS_ROWS = [row for row in ROWS if row["topic"] == "units"]
VERDICT_ROWS = [row for row in ROWS if row["topic"] != "units" and row["id"] not in NOT_YET]
BILLING = "1999999992"
PAYERS: list[Row] = [
    {"payer_id": "cms", "payer_class": "medicare_b"},
    {"payer_id": "cpt", "payer_class": "commercial", "units_method": "cpt"},
]
PROVIDERS: list[Row] = [
    {"npi": "1000000004", "discipline": "PT", "specialty_code": "65"},
    {"npi": "1000000046", "specialty_code": "08"},
]


def world_of(row: Row, billed: str | None = None) -> Records:
    """Canonical records of a row: a line per item of `billed` (`97110-GP-KXx2`), minutes or amounts from `inputs`.

    `97110=24` are a code's minutes, `T=40` and `total=38` the note's; ` | ` separates patients; `allowed 10.00 20.00`
    repeats the line with these amounts on one claim; `40 patients` repeats the day.
    """
    day = row["dos"] if len(row["dos"]) == 10 else "2025-03-03"
    payer = "cpt" if row["payer_rule"] == "cpt" else "cms"
    npi = PROVIDERS[1 if row["inputs"] == "physician" else 0]["npi"]
    items = (row["billed"] if billed is None else billed).split()
    worlds = [row["inputs"]]
    if row["inputs"].endswith(" patients"):
        worlds = [""] * int(row["inputs"].split()[0])
    elif " | " in row["inputs"]:
        worlds = row["inputs"].split(" | ")
    records: Records = {"payers": PAYERS, "providers": PROVIDERS, "claim_lines": [], "visits": [], "visit_services": []}
    for number, facts in enumerate(worlds, start=1):
        patient = f"P{number}"
        visit = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
        minutes = dict(fact.split("=") for fact in facts.split() if "=" in fact)
        amounts = facts.split()[1:] if facts.startswith("allowed ") else ["29.06"]
        if minutes:
            codes = {code: own for code, own in minutes.items() if code not in ("T", "total")}
            note = {"timed_minutes": minutes.get("T", ""), "total_minutes": minutes.get("total", "")}
            records["visits"].append({**visit, **note})
            records["visit_services"] += [{**visit, "procedure_code": c, "minutes": own} for c, own in codes.items()]
        for line, (item, amount) in enumerate(product(items, amounts), start=1):
            coded, units = item.split("x")
            code, *modifiers = coded.split("-")
            records["claim_lines"].append(
                {
                    **visit,
                    "claim_id": f"C{number}",
                    "line_number": str(line),
                    "payer_id": payer,
                    "billing_npi": BILLING,
                    "received_date": day,
                    "procedure_code": code,
                    "units": units,
                    "allowed_amount": amount,
                    **{f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, start=1)},
                }
            )
    return records


def outcome(judge_of: Judge, records: Records, code: str) -> set[str]:
    return {found.verdict for found in judge_of(records, None) if found.check_code == code}


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", UNITS_ROWS, ids=lambda row: row["id"])
def test_units(judge_of: Judge, row: Row) -> None:
    """Every valid vector passes, one unit more is over, one less is under, and no other vector of the total stands."""
    units, _, vectors = row["expected"].removeprefix("units=").partition("; ")
    total = int(units)
    valid = [dict(item.split("x") for item in vector.split()) for vector in vectors.split(" | ") if vector]
    codes = [fact.split("=")[0] for fact in row["inputs"].split()]
    right = {tuple(int(vector.get(code, 0)) for code in codes) for vector in valid}
    assert right == set() if total == 0 else {sum(vector) for vector in right} == {total}
    # every vector is a patient of one world, so that it is judged in one go
    world: Records = {"payers": PAYERS, "providers": PROVIDERS}
    tried: dict[str, tuple[int, ...]] = {}
    for vector in product(range(total + 2), repeat=len(codes)):
        if not 0 < sum(vector) <= total + 1 or (len(codes) > 3 and sum(vector) < total):
            continue
        patient = f"P{len(tried)}"
        tried[patient] = vector
        billed = " ".join(f"{code}x{count}" for code, count in zip(codes, vector, strict=True) if count)
        for record, rows in world_of(row, billed).items():
            if record not in ("payers", "providers"):
                own = {"patient_id": patient, **({"claim_id": patient} if record == "claim_lines" else {})}
                world.setdefault(record, []).extend({**one, **own} for one in rows)
    found = {(verdict.key[1], verdict.check_code): verdict.verdict for verdict in judge_of(world, None)}
    for patient, vector in tried.items():
        assert found[patient, "UNT101"] == ("finding" if sum(vector) > total else "pass"), vector
        assert found[patient, "UNT102"] == ("finding" if sum(vector) < total else "pass"), vector
        if sum(vector) == total:
            assert found[patient, "UNT103"] == ("pass" if vector in right else "finding"), vector


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", VERDICT_ROWS, ids=lambda row: row["id"])
def test_verdicts(judge_of: Judge, row: Row) -> None:
    """`CODE=verdict`: the check's only verdict; `CODE=verdict@3,4`: the lines that have it; `none`: no subject."""
    records = world_of(row)
    for wanted in row["expected"].split():
        code, _, rest = wanted.partition("=")
        verdict, _, lines = rest.partition("@")
        if lines:
            having = {
                found.key[2]
                for found in judge_of(records, None)
                if (found.check_code, found.verdict) == (code, verdict) and found.key[0] == "claim_line"
            }
            assert having == set(lines.split(",")), wanted
        else:
            assert outcome(judge_of, records, code) == (set() if verdict == "none" else {verdict}), wanted


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
def test_untimed_code_twice(judge_of: Judge) -> None:
    row = next(row for row in ROWS if row["id"] == "U30")
    assert outcome(judge_of, world_of(row, "92521x2"), "UNT108") == {"finding"}


def test_every_row_is_run_or_explained() -> None:
    assert set(NOT_YET) <= {row["id"] for row in ROWS}
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len(UNITS_ROWS) + len(VERDICT_ROWS) + len(NOT_YET) == len(ROWS)


def by_definition(minutes: tuple[int, ...]) -> set[tuple[int, ...]]:
    """The rule in words: k units for each 15k minutes, what is left of the day's units to the largest remainders."""
    total = sum(minutes)
    units = 0 if total < 8 else next(n for n in range(1, 10) if 15 * n - 7 <= total <= 15 * n + 7)
    left = units - sum(own // 15 for own in minutes)
    found = set()
    for extra in product((0, 1), repeat=len(minutes)):
        if sum(extra) != left or any(more and not own % 15 for more, own in zip(extra, minutes, strict=True)):
            continue
        got = [own % 15 for more, own in zip(extra, minutes, strict=True) if more]
        missed = [own % 15 for more, own in zip(extra, minutes, strict=True) if not more]
        if not got or not missed or min(got) >= max(missed):
            found.add(tuple(own // 15 + more for more, own in zip(extra, minutes, strict=True)))
    return found


def test_allocation_exhaustively() -> None:
    """All minute vectors of up to three codes from 0 to 25 minutes."""
    codes = ("97110", "97112", "97140")
    for count in (1, 2, 3):
        for minutes in product(range(26), repeat=count):
            given = dict(zip(codes, minutes, strict=False))
            valid = valid_allocations(given, "cms")
            vectors = {tuple(vector[code] for code in codes[:count]) for vector in valid}
            assert vectors == by_definition(minutes), minutes
            assert vectors, minutes
            assert len(vectors) == len(valid)


def test_units_of_minutes() -> None:
    """The printed table of the manual: 8-22 one unit, 23-37 two, and so on without end."""
    for minutes in range(1441):
        assert units_of(minutes) == (minutes + 7) // 15
