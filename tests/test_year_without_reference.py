"""A year that no reference table covers: what needs its amount says so; what keeps its last row in force goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from claimaudit import registry, worked
from claimaudit.engine import Engine

CODES = ("CAP101", "CAP102", "CAP104", "NCC202", "UNT101", "UNT110", "MOD101", "BIL101")
CHECKS = [registry.checks()[code] for code in CODES]
NONE = "no-reference-for-date"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with worked.new_engine(CHECKS) as engine:
        yield engine


def _line(claim: str, day: str, code: str, units: str, *modifiers: str) -> dict[str, str | None]:
    named = {f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, start=1)}
    return {
        "claim_id": claim,
        "line_number": "1",
        "patient_id": "P1",
        "payer_id": "MEDB",
        "billing_npi": "1999999992",
        "rendering_npi": "1000000004",
        "service_date": day,
        "received_date": day,
        "processed_date": day,
        "procedure_code": code,
        "units": units,
        "charge_amount": "9000.00",
        "allowed_amount": "4000.00",
        "line_status": "paid",
        **named,
    }


def _judged(engine: Engine, *lines: dict[str, str | None]) -> dict[str, dict[str, tuple[str, str | None]]]:
    """Verdict and reason of each check by claim."""
    payers: list[dict[str, str | None]] = [{"payer_id": "MEDB", "payer_class": "medicare_b"}]
    providers: list[dict[str, str | None]] = [{"npi": "1000000004", "discipline": "PT", "specialty_code": "65"}]
    records = {"claim_lines": list(lines), "payers": payers, "providers": providers}
    worked.prepare(engine, records, CHECKS, date(2027, 12, 31))
    return {
        check.code: {
            row.get("claim_id") or str(row["service_date"]): (row["verdict"], row["reason"])
            for row in worked.judge_records(engine, check)
        }
        for check in CHECKS
    }


def test_no_threshold_is_borrowed_from_another_year(engine: Engine) -> None:
    """2027 has no threshold: 4,000 above any known one is not called above, and KX below none is not called early. Its review amount is known."""
    judged = _judged(
        engine,
        _line("A26", "2026-12-30", "97110", "1", "GP"),
        _line("A27", "2027-01-04", "97110", "1", "GP"),
        _line("K27", "2027-01-05", "97110", "1", "GP", "KX"),
    )
    assert judged["CAP101"]["A26"] == ("finding", None)
    assert judged["CAP101"]["A27"] == judged["CAP101"]["K27"] == ("cannot_tell", NONE)
    # without KX there is nothing that CAP102 could question, whatever the amount
    assert judged["CAP102"] == {"A26": ("pass", None), "A27": ("pass", None), "K27": ("cannot_tell", NONE)}
    assert judged["CAP104"]["A26"] == ("finding", None)
    assert judged["CAP104"]["A27"] == ("finding", None)
    assert judged["CAP104"]["K27"] == ("pass", None)


def test_days_of_a_year_before_its_amount_count_and_are_not_told(engine: Engine) -> None:
    """An amount that begins or ends within a year leaves the other days of the year in the total, and in the coverage."""
    rows = engine.rows("select * from ref.therapy_threshold")
    engine.execute(
        "update ref.therapy_threshold set valid_from = date '2026-03-01', valid_to = date '2026-11-01' where year(valid_from) = 2026"
    )
    try:
        judged = _judged(
            engine,
            _line("before", "2026-02-28", "97110", "1", "GP"),
            _line("first", "2026-03-01", "97110", "1", "GP"),
            _line("last", "2026-10-31", "97110", "1", "GP"),
            _line("after", "2026-11-01", "97110", "1", "GP"),
        )
        assert judged["CAP101"] == {
            "before": ("cannot_tell", NONE),
            "first": ("finding", None),
            "last": ("finding", None),
            "after": ("cannot_tell", NONE),
        }
        totals = engine.rows("select running_after from core.threshold_line order by position")
        assert totals == [(4000,), (8000,), (12000,), (16000,)]
    finally:
        engine.execute("delete from ref.therapy_threshold")
        for row in rows:
            engine.execute("insert into ref.therapy_threshold values (?, ?, ?, ?, ?)", row)


def test_the_newest_limits_stay_in_force(engine: Engine) -> None:
    """Units of 2027 are judged by the newest release, those before the first one by none."""
    days = {"before": "2024-06-30", "first": "2024-07-01", "later": "2027-06-30"}
    judged = _judged(engine, *(_line(claim, day, "97140", "20", "GP", "KX") for claim, day in days.items()))
    assert judged["NCC202"] == {"before": ("cannot_tell", NONE), "first": ("finding", None), "later": ("finding", None)}
    row = next(row for row in worked.judge_records(engine, registry.checks()["NCC202"]) if row["claim_id"] == "later")
    newest = engine.value(
        "select max_by(release, valid_from) from ref.unit_limit where procedure_code = '97140' and setting = 'practitioner'"
    )
    assert row["evidence"]["release"] == newest
    assert "2027-06-30" in row["evidence"]["table_applied"]


def test_within_the_limit_is_still_a_pass(engine: Engine) -> None:
    judged = _judged(engine, _line("later", "2027-06-30", "97140", "1", "GP"))
    assert judged["NCC202"] == {"later": ("pass", None)}


def test_what_needs_no_table_of_the_year_is_judged(engine: Engine) -> None:
    judged = _judged(engine, _line("A27", "2027-01-04", "97110", "1.5"))
    assert judged["UNT110"]["A27"] == ("finding", None)
    assert judged["MOD101"]["A27"] == ("finding", None)
    assert judged["BIL101"]["A27"] == ("pass", None)
    assert {reason for verdicts in judged.values() for _, reason in verdicts.values()} <= {
        None,
        NONE,
        "units-not-billable",
        "minutes-not-recorded",
    }
