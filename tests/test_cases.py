"""Every case of every check, through the real staging, core and check SQL, and the page that prints what came out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from claimaudit import casekit, docs, worked
from claimaudit.model import Case, Check

ROOT = Path(__file__).resolve().parent.parent
CHECKS = docs.in_tree()
BY_CHECK = [pytest.param(check, id=check.code) for check in CHECKS]
BY_CASE = [
    pytest.param(check, case, id=f"{check.code}-{case.name}") for check in CHECKS for case in casekit.cases(check)
]


@cache
def engine() -> worked.Engine:
    """Planning is most of what a case costs, and few rows need no plan but the plain one: the twins and the larger suites run with the optimizer."""
    engine = worked.new_engine(CHECKS)
    engine.execute("pragma disable_optimizer")
    return engine


@cache
def results(code: str) -> dict[str, list[dict[str, str | None]]]:
    """The rows that come out of each case of a check, by the name of the case."""
    check = next(check for check in CHECKS if check.code == code)
    return {case.name: worked.run_case(engine(), check, case) for case in casekit.cases(check)}


@pytest.mark.parametrize(("check", "case"), BY_CASE)
def test_case(check: Check, case: Case) -> None:
    rows = results(check.code)[case.name]
    drawn = sorted({name for row in case.expect for name in row})
    got = sorted([[str(row.get(name)) for name in drawn] for row in rows])
    want = sorted([[str(row[name]) for name in drawn] for row in case.expect])
    assert got == want, f"columns {drawn}; {case.why}; all rows: {rows}"
    if case.name.startswith("silent_"):
        assert not rows
    else:
        verdict = {"flag": "finding", "pass": "pass", "cannot": "cannot_tell"}[case.name.split("_")[0]]
        assert verdict in {row["verdict"] for row in rows}, f"no {verdict} among {rows}"


@pytest.mark.parametrize("check", BY_CHECK)
def test_page_is_current(check: Check) -> None:
    """On a difference run `claimaudit docs` and look at what changed."""
    page = ROOT / "docs" / "checks" / f"{check.code}.md"
    assert page.read_text("utf-8") == docs.page(check, list(results(check.code).values()))


@pytest.mark.parametrize("check", BY_CHECK)
def test_cases_are_complete(check: Check) -> None:
    found = casekit.cases(check)
    assert any(case.name.startswith("flag_") for case in found)
    assert any(case.name.startswith("pass_") for case in found)
    if "cannot_tell" in check.sql:
        assert any(case.name.startswith("cannot_tell_") for case in found)
