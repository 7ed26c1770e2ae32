"""Cause statements: planted causes are found and named, and findings without a cause have none."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from claimaudit import catalog, causes
from claimaudit.engine import Engine

CLINICS = {f"N{number}": "ABC"[number % 3] for number in range(9)}
PAYERS = ("X", "Y", "Z")
CODES = ("97110", "97140", "97112", "97530")
MODIFIERS = ("", "GP", "59 GP", "GP KX")
MONTHS = [date(2026, month, 1) for month in range(1, 13)]
Line = dict[str, Any]


def practice(seed: int, lines: int = 12_000) -> list[Line]:
    """Lines spread unevenly over providers, payers, codes, modifiers and months."""
    rng = random.Random(seed)
    return [
        {
            "provider_npi": (npi := rng.choice([*CLINICS, "N0", "N0", "N4"])), "clinic_id": CLINICS[npi],
            "payer_id": rng.choices(PAYERS, (5, 3, 1))[0], "procedure_code": rng.choices(CODES, (6, 3, 2, 1))[0],
            "modifiers": rng.choices(MODIFIERS, (1, 6, 2, 2))[0], "month": rng.choice(MONTHS),
        }
        for _ in range(lines)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as made:
        known = catalog.tables()
        for name in ("core.run", "audit.coverage", "mart.cause_finding", "mart.cause_cell"):
            made.create(known[name])
        made.execute("insert into core.run values ('r', date '2026-12-31', null, null)")
        yield made


def fill(engine: Engine, table: str, rows: list[list[Any]]) -> None:
    names = [column.name for column in catalog.tables()[table].columns]
    engine.register("_rows", pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]))
    engine.execute(f"insert into {table} by name select * from _rows")
    engine.unregister("_rows")


def found(engine: Engine, lines: list[Line], wrong: dict[str, Callable[[Line], bool]]) -> list[dict[str, Any]]:
    """The causes of the findings that each check has on its wrong lines."""
    for name in ("audit.coverage", "mart.cause_finding", "mart.cause_cell"):
        engine.execute(f"delete from {name}")
    for check in wrong:
        for payer in PAYERS:
            engine.execute("insert into audit.coverage values ('r', ?, 'N1', ?, 'pass', null, 1, 0)", [check, payer])
    names = ("provider_npi", "clinic_id", "payer_id", "procedure_code", "modifiers", "month")
    cells = Counter(tuple(line[name] for name in names) for line in lines)
    fill(engine, "mart.cause_cell", [["line", *key, size] for key, size in cells.items()])
    findings = [
        [f"{check}-{number}", check, "line", *(line[name] for name in names), line["month"], Decimal(10), Decimal(0)]
        for check, is_wrong in wrong.items()
        for number, line in enumerate(lines)
        if is_wrong(line)
    ]
    fill(engine, "mart.cause_finding", findings)
    causes.search(engine)
    rows = engine.dicts("select * from mart.cause order by check_code, round")
    engine.build(catalog.tables()["mart.cause_member"])
    assert engine.value("select count(*) from mart.cause_member") == sum(row["findings"] for row in rows)
    return rows


def names(row: dict[str, Any]) -> dict[str, Any]:
    parts = ("provider_npi", "clinic_id", "payer_id", "procedure_code", "modifiers", "since")
    return {part: row[part] for part in parts if row[part] is not None}


@pytest.mark.parametrize("seed", range(12))
def test_findings_without_a_cause_have_none(engine: Engine, seed: int) -> None:
    """Shuffled: lines are wrong by chance alone, at four rates."""
    rng = random.Random(f"chance {seed}")
    rates = {"UNT108": 0.002, "BIL101": 0.01, "NCC102": 0.05, "EVL101": 0.3}
    wrong: dict[str, Callable[[Line], bool]] = {
        check: lambda line, rate=rate: rng.random() < rate for check, rate in rates.items()
    }
    assert found(engine, practice(seed), wrong) == []


@pytest.mark.parametrize("noise", [0.0, 0.005])
@pytest.mark.parametrize(
    ("planted", "share"),
    [
        ({"clinic_id": "B", "payer_id": "X", "since": date(2026, 3, 1)}, 0.978),
        ({"provider_npi": "N4"}, 0.2),
        ({"provider_npi": "N4", "procedure_code": "97140"}, 0.9),
        ({"payer_id": "Z"}, 0.5),
        ({"procedure_code": "97530", "modifiers": "59 GP"}, 0.95),
        ({"since": date(2026, 9, 1)}, 0.6),
        ({"clinic_id": "C", "procedure_code": "97112", "payer_id": "Y"}, 0.9),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_planted_cause_is_named(engine: Engine, planted: dict[str, Any], share: float, noise: float) -> None:
    rng = random.Random(f"{planted} {noise}")

    def wrong(line: Line) -> bool:
        inside = all(
            line["month"] >= value if name == "since" else line[name] == value for name, value in planted.items()
        )
        return rng.random() < (share if inside else noise)

    lines = practice(7)
    first, *others = found(engine, lines, {"BIL101": wrong})
    code = planted.get("procedure_code")
    # without noise the check has findings on one code only, so that its lines are of that code and it need not be named
    assert names(first) | ({"procedure_code": first["only_code"]} if code else {}) == planted
    assert not others, "chance findings beside it are no cause"
    assert abs(first["findings"] / first["subjects"] - share) < 0.1
    assert first["over_amount"] == 10 * first["findings"]


def test_two_causes_of_one_check_are_two_statements(engine: Engine) -> None:
    rng = random.Random("two")

    def wrong(line: Line) -> bool:
        return rng.random() < (0.9 if line["provider_npi"] == "N0" else 0.8 if line["payer_id"] == "Z" else 0.004)

    rows = found(engine, practice(3), {"BIL101": wrong})
    assert [names(row) for row in rows] == [{"provider_npi": "N0"}, {"payer_id": "Z"}]
    # the second counts neither the findings nor the lines of the first
    assert 0.7 < rows[1]["findings"] / rows[1]["subjects"] < 0.9


def test_what_is_wrong_everywhere_is_said_so(engine: Engine) -> None:
    rng = random.Random("everywhere")
    (row,) = found(engine, practice(5), {"BIL101": lambda line: rng.random() < 0.7})
    assert names(row) == {}
    assert found(engine, practice(5), {"BIL101": lambda line: rng.random() < 0.4}) == []
