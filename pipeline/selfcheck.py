"""The self-check of a run: for each check a planted error, judged by the same statements and the same wrapper, kept out of every output.

A check that was disabled, emptied or broken since its cases were written would otherwise look like a clean month. The planted error of a check is the
first `flag_` case of its file; it is judged in memory over the shipped reference tables, so that nothing of it can reach the run's database.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from . import casekit, catalog, registry, worked
from .audit import Failure, judge
from .engine import DuckDBError, Engine
from .errors import DefinitionError
from .model import Case, Check

MISSED = "the self-check's planted error was not found"


def planted(check: Check) -> Case | None:
    """The case whose error the self-check plants for a check; None when it has no `flag_` case."""
    return next((case for case in casekit.cases(check) if case.name.startswith("flag_")), None)


def self_check(checks: Sequence[Check]) -> list[Failure]:
    """Plant an error for each check and judge it; returns the checks that did not find theirs."""
    return [Failure(check.code, MISSED) for check in checks if not _caught(check)]


@cache
def _engine() -> Engine:
    engine = worked.new_engine(registry.checks().values())
    for name in ("audit.judged", "audit.coverage", "audit.found"):
        engine.create(catalog.tables()[name])
    return engine


def _caught(check: Check) -> bool:
    """Whether a check finds what is planted for it. Asked once in a process: a statement does not change while it runs."""
    if check.digest not in _ASKED:
        _ASKED[check.digest] = _judge_planted(check)
    return _ASKED[check.digest]


_ASKED: dict[str, bool] = {}


def _judge_planted(check: Check) -> bool:
    case = planted(check)
    if case is None:
        return False
    engine = _engine()
    try:
        worked.prepare_case(engine, check, case)
        engine.execute("delete from audit.found")
        judge(engine, check, "self-check")
    except (DuckDBError, DefinitionError):
        return False
    expected = sum(row.get("verdict", "finding") == "finding" for row in case.expect)
    return bool(engine.value("select count(*) from audit.found") == max(expected, 1))
