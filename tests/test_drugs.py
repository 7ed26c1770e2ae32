"""Drug days against brute force: what vials hold an amount, and ruling 24 read anew over random days."""

from __future__ import annotations

import csv
import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from claimaudit import casekit, registry, worked

CODES = ("INJ104", "INJ105", "INJ106", "INJ107", "INJ108", "INJ109")
CHECKS = [registry.checks()[code] for code in CODES]
DEFAULTS = Path(__file__).resolve().parent.parent / "sql" / "ref" / "defaults"
DAY = "2024-05-15"
Verdict = tuple[str, str | None]


def table(name: str) -> list[dict[str, str]]:
    with (DEFAULTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNIT = {row["procedure_code"]: int(row["billing_unit"]) for row in table("drug") if row["kind"] == "toxin"}


def sizes(drug: str, statuses: tuple[str, ...]) -> tuple[int, ...]:
    """The vials of a drug in billed units."""
    found = [row for row in table("vial") if row["procedure_code"] == drug and row["status"] in statuses]
    return tuple(sorted(int(row["vial_units"]) // UNIT[drug] for row in found))


@cache
def fill(vials: tuple[int, ...], amount: int) -> int:
    """The smallest sum of whole vials that is no less than the amount, by trying every sum."""
    top = amount + max(vials)
    reached = {0}
    for total in range(1, top + 1):
        if any(total - vial in reached for vial in vials):
            reached.add(total)
    return min(total for total in reached if total >= amount)


def expected(drug: str, lines: list[tuple[int, str]]) -> dict[tuple[str, int], Verdict]:
    """The verdict of each check on each line (units, modifiers) of a day, by the words of ruling 24."""
    confirmed, known = sizes(drug, ("confirmed",)), sizes(drug, ("confirmed", "memory"))
    has_jw, has_jz = (any(modifier in modifiers for _, modifiers in lines) for modifier in ("JW", "JZ"))
    given = sum(units for units, modifiers in lines if "JW" not in modifiers)
    waste = sum(units for units, modifiers in lines if "JW" in modifiers)
    total = given + waste
    fits = {name: fill(vials, total) == total for name, vials in (("confirmed", confirmed), ("known", known))}
    rest = {name: fill(vials, given) - given for name, vials in (("confirmed", confirmed), ("known", known))}
    said: dict[tuple[str, int], Verdict] = {}

    def say(code: str, number: int, finding: bool, unsure: bool = False) -> None:
        reason = "vial-size-unconfirmed" if unsure and not finding else None
        said[code, number] = ("finding" if finding else "cannot_tell" if unsure else "pass", reason)

    for number, (_, modifiers) in enumerate(lines, start=1):
        say("INJ104", number, not has_jw and not has_jz)
        say("INJ105", number, has_jw and has_jz)
        if "JZ" in modifiers and not has_jw:
            say("INJ106", number, not any(fits.values()), unsure=fits["known"] and not fits["confirmed"])
        if "JW" in modifiers and not has_jz:
            above = waste > rest["confirmed"] and waste > rest["known"]
            say("INJ107", number, above)
            unsure = not above and fits["known"] and not fits["confirmed"]
            say("INJ108", number, not any(fits.values()) and not above, unsure=unsure)
            below = waste < rest["confirmed"] and waste < rest["known"]
            say("INJ109", number, below, unsure=waste < rest["confirmed"] and not below)
    return said


def random_days(seed: int, number: int) -> dict[str, tuple[str, list[tuple[int, str]]]]:
    """Days by patient: a drug and its lines. Amounts lie near whole vials more often than not."""
    chance = random.Random(seed)
    days = {}
    for patient in range(number):
        drug = chance.choice(sorted(UNIT))
        vials = sizes(drug, ("confirmed", "memory"))
        lines = []
        for _ in range(chance.randint(1, 3)):
            whole = sum(chance.choices(vials, k=chance.randint(1, 2)))
            lines.append((max(1, whole - chance.choice((0, 0, 1, 5, 25, 40, 75))), chance.choice(("", "", "JZ", "JW"))))
        if chance.random() < 0.4:
            given = sum(units for units, modifiers in lines if modifiers != "JW")
            left = fill(vials, given) - given + chance.choice((0, 0, 0, 1, -1, -10, 30))
            lines = [line for line in lines if line[1] == ""] + ([(left, "JW")] if left > 0 else [])
        if lines:
            days[f"P{patient:04d}"] = (drug, lines)
    return days


@pytest.mark.parametrize("seed", [1, 2])
def test_waste_checks_agree_with_brute_force(seed: int) -> None:
    days = random_days(seed, 400)
    records: list[dict[str, Any]] = [
        {
            **casekit.stock()["defaults"]["claim_lines"],
            "claim_id": f"C{patient}",
            "line_number": str(number),
            "patient_id": patient,
            "service_date": DAY,
            "procedure_code": drug,
            "units": str(units),
            "modifier_1": modifier,
        }
        for patient, (drug, lines) in days.items()
        for number, (units, modifier) in enumerate(lines, start=1)
    ]
    random.Random(seed).shuffle(records)
    want = {
        (code, patient, number): verdict
        for patient, (drug, lines) in days.items()
        for (code, number), verdict in expected(drug, lines).items()
    }
    with worked.new_engine(CHECKS) as engine:
        worked.prepare(
            engine, {"claim_lines": records, "payers": casekit.stock()["given"]["payers"]}, CHECKS, date(2024, 6, 1)
        )
        got = {
            (check.code, row["patient_id"], row["line_number"]): (row["verdict"], row["reason"])
            for check in CHECKS
            for row in worked.judge_records(engine, check)
        }
    assert got == want
    assert {verdict for verdict, _ in want.values()} == {"finding", "pass", "cannot_tell"}


def test_doses_and_vials_are_whole_billed_units() -> None:
    for row in table("vial"):
        assert int(row["vial_units"]) % UNIT[row["procedure_code"]] == 0
    for row in table("drug_dose"):
        assert int(row["day_dose"]) % UNIT[row["procedure_code"]] == 0
        assert int(row["window_dose"]) % UNIT[row["procedure_code"]] == 0


def test_every_drug_has_a_confirmed_vial_a_dose_and_a_code() -> None:
    codes = {row["procedure_code"] for row in table("procedure")}
    for drug in UNIT:
        assert sizes(drug, ("confirmed",))
        assert any(row["procedure_code"] == drug for row in table("drug_dose"))
        assert drug in codes


def test_bilateral_indicators_agree_with_the_fee_schedule() -> None:
    schedule = {row["procedure_code"]: row["bilateral"] for row in table("fee_schedule")}
    rows = [row for row in table("chemodenervation") if not row["valid_to"] and row["role"] == "chemodenervation"]
    assert len(rows) == 13
    assert {row["procedure_code"]: row["bilateral"] for row in rows} == {
        row["procedure_code"]: schedule[row["procedure_code"]] for row in rows
    }
