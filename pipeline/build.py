"""Builds `core.*` from the staged records: claim versions resolved, visit days and running totals made once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

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


_TOTALS = "count(*), coalesce(sum(units), 0), coalesce(sum(charge_amount), 0)"


def reconcile(engine: Engine) -> None:
    """Write the control totals after the build and prove that no accepted line, unit or dollar went missing."""
    engine.execute("delete from audit.control_total where step in ('superseded', 'after-as-of', 'audited')")
    staged = "(select *, (cast(file_id as bigint) << 40) | record_number as line_id from stg.claim_line where problem_mask = 0)"
    engine.execute(
        f"""insert into audit.control_total
        select 'superseded', 'claim_lines', {_TOTALS} from {staged} semi join core.superseded_line using (line_id)
        union all
        select 'after-as-of', 'claim_lines', {_TOTALS} from {staged} join core.run on service_date > core.run.as_of
          anti join core.superseded_line using (line_id)
        union all
        select 'audited', 'claim_lines', {_TOTALS} from core.claim_line"""
    )
    left = engine.rows(
        """select sum(case when step = 'accepted' then records else -records end),
             sum(case when step = 'accepted' then units else -units end),
             sum(case when step = 'accepted' then charge_amount else -charge_amount end)
           from audit.control_total where record_type = 'claim_lines' and step in ('accepted', 'superseded', 'after-as-of', 'audited')"""
    )[0]
    if any(left):
        raise InputError(
            f"The claim lines do not add up after the build: {left[0]} lines, {left[1]} units, {left[2]} dollars are unaccounted for.",
            "Nothing was audited; please report this with the manifest.",
        )
