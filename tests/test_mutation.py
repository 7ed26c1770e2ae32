"""The harness that seeds faults into checks: it must kill where cases are whole, and see what survives where they are not."""

from __future__ import annotations

import pytest

from claimaudit import casekit, registry, worked
from tests import mutation


@pytest.fixture(scope="module")
def engine():
    with worked.new_engine(registry.checks().values()) as engine:
        yield engine


@pytest.mark.parametrize("code", ["BIL101", "MOD102"])
def test_cases_kill_every_fault(engine, code: str) -> None:
    seeded, left = mutation.survivors(engine, registry.checks()[code])
    assert seeded >= 4
    assert not left


def test_faults_survive_thin_cases(engine, monkeypatch: pytest.MonkeyPatch) -> None:
    check = registry.checks()["BIL101"]
    thin = [case for case in casekit.cases(check) if case.name.startswith("silent_")][:1] or casekit.cases(check)[:1]
    monkeypatch.setattr(casekit, "cases", lambda _: thin)
    _, left = mutation.survivors(engine, check)
    assert left


def test_evidence_is_left_alone(engine) -> None:
    check = registry.checks()["MOD102"]
    parsed = [node for _, node in mutation._nodes({"alias": "evidence", "type": "COMPARE_EQUAL"})]
    assert not parsed
    assert all("evidence" in fault.sql for fault in mutation.faults(engine, check))


@pytest.mark.parametrize("code", sorted(mutation.explained()))
def test_what_is_explained_is_seeded(engine, code: str) -> None:
    """An explanation names a fault of the statement as it is: a changed statement drops it or says it anew."""
    assert set(mutation.explained()[code]) <= {fault.what for fault in mutation.faults(engine, registry.checks()[code])}
