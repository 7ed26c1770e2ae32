"""The self-check of a run: an error planted for each check, judged by the same statements and the same wrapper, kept out of every output.

A check that was disabled, emptied or broken since its cases were written would otherwise look like a clean month. The planted error of a check is the
first `flag_` case of its file. All of them are one small practice beside the real one: each case under names of its own, so that none sees another. Only
what compares providers with each other sees them all.
It is judged in memory over the shipped reference tables, so that nothing of it can reach the run's database.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from . import casekit, catalog, registry, worked
from .audit import Failure, judge
from .engine import DuckDBError, Engine
from .errors import ClaimAuditError, DefinitionError
from .model import Case, Check

MISSED = "the self-check's planted error was not found"

_NAMES = frozenset("claim_id original_claim_id patient_id payer_id clinic_id".split())
_NPIS = frozenset("npi billing_npi rendering_npi note_author_npi author_npi certifier_npi".split())


def planted(check: Check) -> Case | None:
    """The case whose error the self-check plants for a check; None when it has no `flag_` case."""
    return next((case for case in casekit.cases(check) if case.name.startswith("flag_")), None)


def self_check(checks: Sequence[Check]) -> list[Failure]:
    """Judge the planted errors; returns the checks of `checks` that did not find theirs."""
    unasked = [check for check in checks if check.sql not in _CAUGHT]
    if unasked:
        _CAUGHT.update(_judge_planted(unasked))
    return [Failure(check.code, MISSED) for check in checks if not _CAUGHT[check.sql]]


# Whether a check finds what is planted for it, by its statement: asked once in a process, as a statement does not change while it runs.
_CAUGHT: dict[str, bool] = {}


def _judge_planted(checks: Sequence[Check]) -> dict[str, bool]:
    """Judge the planted errors of some checks over one practice, staged and built once."""
    cases = {check.code: case for check in checks if (case := planted(check))}
    with worked.new_engine(checks) as engine:
        for name in ("audit.judged", "audit.coverage", "audit.found"):
            engine.create(catalog.tables()[name])

        def caught(judged: Sequence[Check]) -> dict[str, bool]:
            built = _built(engine, judged, [cases[check.code] for check in judged if check.code in cases])
            return {check.sql: built and _caught(engine, check, cases.get(check.code)) for check in judged}

        answer = caught(checks)
        # who is compared with others may be one of many here, and stands out in a practice of its own
        for check in checks:
            if check.subject == "provider" and check.code in cases and not answer[check.sql]:
                answer |= caught([check])
    return answer


def _built(engine: Engine, checks: Sequence[Check], cases: Sequence[Case]) -> bool:
    """Stage the records of the cases and build what the checks read, as of the last day that they name; whether that went well."""
    records: worked.Records = {}
    for case in cases:
        for record, rows in _by_itself(case).items():
            records.setdefault(record, []).extend(rows)
    days = [case.as_of for case in cases if case.as_of]
    if len(cases) > 1 or not days:
        days += [row["service_date"] for rows in records.values() for row in rows if row.get("service_date")]
    try:
        worked.prepare_next(engine, records, checks, date.fromisoformat(max(days)))
    except (DuckDBError, ClaimAuditError, ValueError):
        return False
    return True


def _caught(engine: Engine, check: Check, case: Case | None) -> bool:
    if case is None:
        return False
    own = sorted({row[name] or "" for rows in _by_itself(case).values() for row in rows for name in _NPIS & row.keys()})
    try:
        engine.execute("delete from audit.found")
        judge(engine, check, "self-check")
    except (DuckDBError, DefinitionError):
        return False
    found = engine.value("select count(*) from audit.found where list_contains(?, provider_npi)", [own])
    return bool(found == max(1, sum(row.get("verdict", "finding") == "finding" for row in case.expect)))


def _by_itself(case: Case) -> worked.Records:
    """The records of a case with claims, patients, payers and NPIs that no other case has; each case is a file of its own."""
    place = list(registry.checks()).index(case.check_code) + 1
    renamed: worked.Records = {}
    for record, rows in casekit.records(case).items():
        renamed[record] = [
            {
                **{
                    name: f"{case.check_code}-{value}"
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
