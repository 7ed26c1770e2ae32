"""Builds `core.*` from the staged records: claim versions resolved, visit days and running totals made once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from . import catalog
from .engine import Engine
from .errors import InputError


def build(
    engine: Engine,
    run_key: str,
    as_of: date | None,
    window: tuple[date | None, date | None] = (None, None),
    wanted: set[str] | None = None,
    standing: Collection[str] = (),
    on_progress: Callable[[str], None] = lambda name: None,
) -> date:
    """Build the core tables (only those that `wanted` needs, when given, and none of `standing`); returns the as-of date used.

    Without `as_of` it is the last service date of the accepted lines. Adds the control totals of the steps superseded,
    after-as-of and audited; raises InputError when they do not add up to the accepted lines.
    """
    as_of = as_of or last_service_date(engine)
    engine.drop(catalog.tables()["audit.standing"])
    run = catalog.tables()["core.run"]
    engine.create(run)
    engine.execute("insert into core.run values (?, ?, ?, ?)", [run_key, as_of, window[0], window[1]])
    for table in catalog.build_order("core", wanted):
        if table.sql and table.name not in standing:
            on_progress(table.name)
            engine.build(table)
    return as_of


def last_service_date(engine: Engine) -> date:
    """The last service date of the accepted lines, visits and services; InputError when no line was accepted."""
    if not engine.value("select count(*) from stg.claim_line where problem_mask = 0"):
        raise InputError(
            "No claim line could be used, so there is nothing to audit.",
            "audit.reject in the database says why for each.",
        )
    dates = " union all ".join(
        f"select max(service_date) as day from stg.{name} where problem_mask = 0"
        for name in ("claim_line", "visit", "visit_service")
    )
    last: date = engine.value(f"select max(day) from ({dates})")
    return last


_SUMS = ("records", "units", "charge_amount", "paid_amount")
# what the records of a step become, by record layout
_PARTS = (
    ("claim_lines", "read", ["rejected", "accepted"]),
    ("claim_lines", "accepted", ["superseded", "after-as-of", "audited"]),
    ("remittance_lines", "read", ["rejected", "accepted"]),
    ("remittance_lines", "accepted", ["heading", "unmatched", "passed-over", "stands"]),
)


def reconcile(engine: Engine) -> None:
    """Write the control totals after the build, file by file and in all, and prove that no record, unit or dollar went missing."""
    engine.build(catalog.tables()["audit.file_total"])
    engine.execute("delete from audit.control_total where step in ('superseded', 'after-as-of', 'audited')")
    engine.execute(
        """insert into audit.control_total
        select step, 'claim_lines', coalesce(sum(records), 0), coalesce(sum(units), 0), coalesce(sum(charge_amount), 0)
        from (values ('superseded'), ('after-as-of'), ('audited')) s(step)
        left join (from audit.file_total where record_type = 'claim_lines') using (step) group by step"""
    )
    for record, whole, parts in _PARTS:
        left = ", ".join(
            f"coalesce(sum({name}) filter (step = '{whole}'), 0)"
            f" - coalesce(sum({name}) filter (list_contains({parts}, step)), 0) as {name}"
            for name in _SUMS
        )
        for row in engine.dicts(
            f"""select file_name, {left} from audit.file_total join (select file_id, file_name from raw.file) using (file_id)
            where record_type = '{record}' group by file_id, file_name order by file_id"""
        ):
            if any(row[name] for name in _SUMS):
                _stop(row["file_name"], whole, [row[name] for name in _SUMS])
    left = engine.rows(
        """select sum(case when step = 'accepted' then records else -records end),
             sum(case when step = 'accepted' then units else -units end),
             sum(case when step = 'accepted' then charge_amount else -charge_amount end), 0
           from audit.control_total where record_type = 'claim_lines' and step in ('accepted', 'superseded', 'after-as-of', 'audited')"""
    )[0]
    if any(left):
        _stop("The input", "accepted", left)


def _stop(where: str, step: str, left: Sequence[Any]) -> None:
    records, units, charge, paid = left
    raise InputError(
        f"{where} does not add up after the build: of what was {step}, {records} records, {units} units, {charge} dollars of charge "
        f"and {paid} dollars of payment are unaccounted for.",
        "Nothing was audited; please report this with the manifest.",
    )
