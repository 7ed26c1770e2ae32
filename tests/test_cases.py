"""Every case of every check, through the real staging, core and check SQL."""

from __future__ import annotations

import pytest

from claimaudit import casekit, registry, worked
from claimaudit.model import Case, Check

CHECKS = [registry.parse_check(f"sql/checks/{path}", text) for path, text in registry.found_files().items()]
CASES = [pytest.param(check, case, id=f"{check.code}-{case.name}") for check in CHECKS for case in casekit.cases(check)]


@pytest.fixture(scope="module")
def engine():
    with worked.new_engine(CHECKS) as engine:
        yield engine


@pytest.mark.parametrize(("check", "case"), CASES)
def test_case(engine, check: Check, case: Case) -> None:
    rows = worked.run_case(engine, check, case)
    drawn = sorted({name for row in case.expect for name in row})
    got = sorted([[str(row.get(name)) for name in drawn] for row in rows])
    want = sorted([[str(row[name]) for name in drawn] for row in case.expect])
    assert got == want, f"columns {drawn}; {case.why}; all rows: {rows}"
    if case.name.startswith("silent_"):
        assert not rows
    else:
        verdict = {"flag": "finding", "pass": "pass", "cannot": "cannot_tell"}[case.name.split("_")[0]]
        assert verdict in {row["verdict"] for row in rows}, f"no {verdict} among {rows}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_cases_are_complete(check: Check) -> None:
    found = casekit.cases(check)
    assert any(case.name.startswith("flag_") for case in found)
    assert any(case.name.startswith("pass_") for case in found)
    if "cannot_tell" in check.sql:
        assert any(case.name.startswith("cannot_tell_") for case in found)
