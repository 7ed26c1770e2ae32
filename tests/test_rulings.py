"""Each ruling on the catalogue has cases that fail without it, and where two rules meet each says what is its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from claimaudit import casekit, registry, worked
from claimaudit.model import Case

DATA = Path(__file__).parent / "data"
RULINGS: dict[int, dict[str, list[str]]] = yaml.safe_load((DATA / "rulings.yml").read_text("utf-8"))
JOINT = yaml.safe_load((DATA / "joint_cases.yml").read_text("utf-8"))


def test_every_ruling_has_cases() -> None:
    assert list(RULINGS) == list(range(1, 80))
    assert all(RULINGS.values())
    known = {code: {case.name for case in casekit.cases(check)} for code, check in registry.checks().items()}
    missing = [
        f"{number}: {code} {name}"
        for number, by_check in RULINGS.items()
        for code, names in by_check.items()
        for name in names
        if name not in known.get(code, set())
    ]
    assert not missing


@cache
def engine() -> worked.Engine:
    return worked.new_engine(registry.checks().values())


@pytest.mark.parametrize("joint", JOINT, ids=lambda joint: joint["case"])
def test_where_two_rules_meet(joint: dict[str, Any]) -> None:
    """The same records judged by each of the named checks."""
    given = {record: casekit.parse_table(record, text) for record, text in joint["given"].items()}
    for code, text in joint["expect"].items():
        expect = casekit.parse_table(code, text)
        case = Case(check_code=code, name=str(joint["case"]), why=str(joint["why"]), given=given, expect=expect)
        rows = worked.run_case(engine(), registry.checks()[code], case)
        drawn = sorted({name for row in expect for name in row})
        got = sorted([[str(row.get(name)) for name in drawn] for row in rows])
        assert got == sorted([[str(row[name]) for name in drawn] for row in expect]), (code, rows)
