"""The self-check of a run: an error planted for each check, judged by the same statements and the same wrapper, kept out of every output.

A check that was disabled, emptied or broken since its cases were written would otherwise look like a clean month. The planted error of a check is the
first `flag_` case of its file. All of them are one small practice beside the real one: each case under names of its own, so that none sees another. Only
what compares providers with each other has a practice of its own.
It is judged in memory over the shipped reference tables, so that nothing of it can reach the run's database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from . import casekit, catalog, registry, worked
from .audit import Failure, judge
from .engine import DuckDBError, Engine
from .errors import DefinitionError
from .model import Case, Check

MISSED = "the self-check's planted error was not found"

_NAMES = frozenset("claim_id original_claim_id patient_id payer_id clinic_id".split())
_NPIS = frozenset("npi billing_npi rendering_npi note_author_npi author_npi certifier_npi".split())


def planted(check: Check) -> Case | None:
    """The case whose error the self-check plants for a check; None when it has no `flag_` case."""
    return next((case for case in casekit.cases(check) if case.name.startswith("flag_")), None)


def self_check(checks: Sequence[Check]) -> list[Failure]:
    """Judge the planted errors; returns the checks of `checks` that did not find theirs."""
    ordered = sorted(checks, key=lambda check: check.subject == "provider")  # the others share what is built
    missed = {check.code for check in ordered if not _caught(check)}
    return [Failure(check.code, MISSED) for check in checks if check.code in missed]


def _caught(check: Check) -> bool:
    """Whether a check finds what is planted for it. Asked once in a process: a statement does not change while it runs."""
    if check.sql not in _ASKED:
        _ASKED[check.sql] = _judge_planted(check)
    return _ASKED[check.sql]


_ASKED: dict[str, bool] = {}


def _judge_planted(check: Check) -> bool:
    case = planted(check)
    if case is None:
        return False
    records = _by_itself(check.code, case)
    own = sorted({row[name] or "" for rows in records.values() for row in rows for name in _NPIS & row.keys()})
    try:
        engine = _alone(check, records, case.as_of) if check.subject == "provider" else _practice(_known())
        engine.execute("delete from audit.found")
        judge(engine, check, "self-check")
    except (DuckDBError, DefinitionError):
        return False
    found = engine.value("select count(*) from audit.found where list_contains(?, provider_npi)", [own])
    return bool(found == max(1, sum(row.get("verdict", "finding") == "finding" for row in case.expect)))


@lru_cache(maxsize=1)
def _engine(known: tuple[str, ...]) -> Engine:
    """An engine for these checks."""
    engine = worked.new_engine(registry.checks().values())
    for name in ("audit.judged", "audit.coverage", "audit.found"):
        engine.create(catalog.tables()[name])
    return engine


def _known() -> tuple[str, ...]:
    return tuple(check.digest + check.sql for check in registry.checks().values())


def _alone(check: Check, records: worked.Records, as_of: str | None) -> Engine:
    """The planted error of one check: a provider is compared with the others, who must not be those of other cases."""
    _practice.cache_clear()
    worked.prepare(_engine(_known()), records, [check], date.fromisoformat(as_of) if as_of else None)
    return _engine(_known())


@lru_cache(maxsize=1)
def _practice(known: tuple[str, ...]) -> Engine:
    """The planted errors of every check that looks at no other providers, staged and built once in memory."""
    checks = [check for check in registry.checks().values() if check.subject != "provider"]
    records: worked.Records = {}
    days = []
    for check in checks:
        case = planted(check)
        for record, rows in _by_itself(check.code, case).items() if case else ():
            records.setdefault(record, []).extend(rows)
        days += [date.fromisoformat(case.as_of)] if case and case.as_of else []
    as_of = worked.prepare(_engine(_known()), records, checks)
    if days and max(days) > as_of:
        worked.prepare(_engine(_known()), records, checks, max(days))
    return _engine(_known())


def _place(code: str) -> int:
    return list(registry.checks()).index(code) + 1


def _by_itself(code: str, case: Case) -> worked.Records:
    """The records of a case with claims, patients, payers and NPIs that no other case has; each case is a file of its own."""
    place = _place(code)
    renamed: worked.Records = {}
    for record, rows in casekit.records(case).items():
        renamed[record] = [
            {
                **{
                    name: f"{code}-{value}"
                    if name in _NAMES and value
                    else _moved(value, place)
                    if name in _NPIS and value
                    else value
                    for name, value in row.items()
                },
                "file_id": str(place),
            }
            for row in rows
        ]
    return renamed


def _moved(npi: str, place: int) -> str:
    """Another NPI for another place: right check digits stay right and wrong ones wrong, and the order of NPIs stays."""
    if len(npi) != 10 or not npi.isdigit():
        return npi
    nine = str(int(npi[:9]) + 1000 * place)
    return nine + str((_check_digit(nine) + int(npi[9]) - _check_digit(npi[:9])) % 10)


def _check_digit(nine: str) -> int:
    """Luhn over 80840 and nine digits (the prefix adds 24 to the sum)."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in nine[::2])
    return -(24 + doubled + sum(int(digit) for digit in nine[1::2])) % 10
