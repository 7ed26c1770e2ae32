"""Builds the tables of decisions for one run, and writes what of them stands in a run's folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from .. import catalog
from ..engine import Engine
from ..errors import UsageError

LEDGERS = ("audit.disposition", "audit.overpayment_event")
DECISIONS = ("mart.decision", "mart.suppression_fault", "mart.work")
PRECISION = ("mart.precision",)
CLOCK = ("mart.overpayment_clock",)


def look_at(engine: Engine, run_key: str | None = None, day: date | None = None) -> dict[str, Any]:
    """Make a recorded run the one that the tables of decisions look at, the newest unless one is named; returns its row of audit.run.

    `day` is that of the overpayment clock; without it, the run's as-of date.
    """
    known = catalog.tables()
    held = {row[0] for row in engine.rows("select table_schema || '.' || table_name from information_schema.tables")}
    named = "where run_key = ?" if run_key else "where ?::varchar is null"
    order = "order by as_of desc, run_key desc limit 1"
    found = engine.dicts(f"select * from audit.run {named} {order}", [run_key]) if "audit.run" in held else []
    if not found:
        what = f"no run {run_key}" if run_key else "no finished run"
        raise UsageError(f"This database holds {what}.", "`claimaudit runs` lists them.")
    if not held.issuperset(LEDGERS):
        raise UsageError("This database was made by an earlier version.", "Run the audit once with this one.")
    run = found[0]
    engine.create(known["audit.viewed"])
    engine.execute("insert into audit.viewed values (?, ?, ?)", [run["run_key"], run["as_of"], day or run["as_of"]])
    return run


def build(engine: Engine, names: tuple[str, ...]) -> None:
    """Build these marts, and those that they read, for the run that was chosen."""
    for table in catalog.build_order("mart", set(names)):
        engine.build(table)


def prepare(engine: Engine, run_key: str) -> None:
    """Build what the pages of a run read of decisions: mart.decision, mart.suppression_fault, mart.work and mart.precision."""
    look_at(engine, run_key)
    build(engine, (*DECISIONS, *PRECISION))


def write_faults(engine: Engine, out: Path) -> Path | None:
    """Write suppressions.csv, the findings about suppressions of the chosen run, into `out`; without any, take away what stood there."""
    path = out / "suppressions.csv"
    if not engine.value("select count(*) from mart.suppression_fault"):
        path.unlink(missing_ok=True)
        return None
    engine.write_csv(
        "select * from mart.suppression_fault", "kind, check_code, provider_npi nulls first, finding_id", path
    )
    return path
