"""Worked examples: records given in memory go through the real staging, core and check SQL.

The tests, the documentation pages and the twins' comparison all use it, so that an example can never say what the code does not do.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from . import casekit, catalog
from .audit import subject_key, template_sql, verdict_columns
from .build import build, last_service_date
from .engine import Engine
from .model import Case, Check, Table
from .reference import load_reference, set_parameters

Records = dict[str, list[dict[str, str | None]]]


class _Bench(Engine):
    """In memory, for the same tables built over and over from few rows: they are emptied instead of made anew, and their statements planned once.

    Whoever drops one of its tables or views must not build it here again.
    """

    def __init__(self) -> None:
        super().__init__(threads=1)
        self._made: set[str] = set()
        self._planned: dict[str, str] = {}

    def create(self, table: Table, *, keep: bool = False) -> None:
        if table.name in self._made and not keep:
            self.execute(f"delete from {table.name}")
        else:
            super().create(table, keep=keep)
            self._note(table)

    def build(self, table: Table) -> None:
        if table.is_view and table.name in self._made:
            return
        super().build(table)
        if table.is_view:
            self._note(table)

    def _fill(self, table: Table, before: str = "") -> None:
        if "asof join" in table.sql:  # DuckDB 2.0 fails inside when a planned one runs a second time
            super()._fill(table)
            return
        if table.sql not in self._planned:
            self._planned[table.sql] = f"statement_{len(self._planned)}"
            super()._fill(table, f"prepare {self._planned[table.sql]} as ")
        self.execute(f"execute {self._planned[table.sql]}")

    def _note(self, table: Table) -> None:
        self._made.add(table.name)
        # what was planned before a table was made is planned anew at each use
        for statement in self._planned.values():
            self.execute(f"deallocate {statement}")
        self._planned.clear()


def new_engine(checks: Iterable[Check]) -> Engine:
    """An in-memory engine with the reference tables and the parameters of `checks` loaded."""
    engine = _Bench()
    load_reference(engine, checks)
    return engine


def _needs(checks: Iterable[Check]) -> set[str]:
    """Every table that the checks read, directly or not."""
    known = catalog.tables()
    needed: set[str] = {"core.run", "core.claim_line", "stg.visit", "stg.visit_service"}
    todo = [name for check in checks for name in check.reads] + sorted(needed)
    while todo:
        name = todo.pop()
        if name in known:
            needed.add(name)
            todo += [read for read in known[name].reads if read not in needed]
    return needed


def stage(engine: Engine, records: Records, needed: set[str], standing: Collection[str] = ()) -> None:
    """Put canonical records (text by column; missing = blank) into `raw` and cast them into `stg`; not into what is `standing`.

    Claim lines are of file 1 and the other records of file 0, unless a row names another by `file_id`.
    """
    for table in catalog.build_order("raw", needed):
        if table.name in standing:
            continue
        engine.create(table)
        rows = records.get(table.name.removeprefix("raw."), [])
        if not rows:
            continue
        names = [column.name for column in table.columns if column.type == "VARCHAR"]
        unknown = sorted({key for row in rows for key in row} - {*names, "file_id"})
        if unknown:
            raise ValueError(f"{table.name} has no column {unknown[0]!r}")
        data: dict[str, Any] = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
        usual = 1 if table.name == "raw.claim_lines" else 0
        data["file_id"] = pa.array([int(row.get("file_id") or usual) for row in rows], pa.int32())
        data["record_number"] = pa.array(range(1, len(rows) + 1), pa.int64())
        engine.register("_records", pa.table(data))
        engine.execute(f"insert into {table.name} by name select * from _records")
        engine.unregister("_records")
    for table in catalog.build_order("stg", needed):
        if table.name not in standing:
            engine.build(table)


# What stands in an engine from the last time: per table, what it was made from.
_STANDING: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()


def prepare(engine: Engine, records: Records, checks: Iterable[Check], as_of: date | None = None) -> date:
    """Stage the records and build every core table that the checks read; returns the as-of date used."""
    _STANDING.pop(engine, None)
    return prepare_next(engine, records, checks, as_of)


def prepare_next(engine: Engine, records: Records, checks: Iterable[Check], as_of: date | None = None) -> date:
    """`prepare`, where the reference tables are those of the last time: a table made from the same records, direct and indirect, is left standing."""
    needed = _needs(checks)
    stood = _STANDING.pop(engine, {})
    made_from: dict[str, int] = {}
    for table in catalog.build_order("raw", needed):
        made_from[table.name] = _mark(tuple(row.items()) for row in records.get(table.name.removeprefix("raw."), []))
    for table in catalog.build_order("stg", needed):
        made_from[table.name] = _mark(made_from.get(name) for name in table.reads)
    stage(engine, records, needed, _same(made_from, stood))
    as_of = as_of or last_service_date(engine)
    for table in catalog.build_order("core", needed):
        made_from[table.name] = _mark(made_from.get(name) for name in table.reads) if table.sql else hash(as_of)
    build(engine, "worked", as_of, wanted=needed, standing=_same(made_from, stood))
    _STANDING[engine] = {**stood, **made_from}
    return as_of


def judge_records(engine: Engine, check: Check, columns: Collection[str] = ()) -> list[dict[str, Any]]:
    """The rows that a check returns over the core tables, with claim and line shown and evidence as a dictionary; its `columns` are asked for unless given."""
    columns = columns or verdict_columns(engine, check)
    severity = "coalesce(v.severity, ?)" if "severity" in columns else "?"
    message = f"case when v.verdict = 'finding' then {template_sql(check.message)} end as message"
    fix = f"case when v.verdict = 'finding' then {template_sql(check.fix)} end as fix"
    if check.subject == "claim_line":
        sql = f"""select v.* exclude (line_id), l.claim_id, l.line_number, l.patient_id, l.billing_npi, {message}, {fix},
            case when v.verdict = 'finding' then {severity} end as final_severity
          from ({check.sql}) v left join core.claim_line l on l.line_id = v.line_id
          order by l.claim_id, l.line_number, l.payer_id, v.verdict, cast(v.evidence as varchar)"""
    else:
        sql = f"""select v.*, {message}, {fix}, case when v.verdict = 'finding' then {severity} end as final_severity
          from ({check.sql}) v order by {subject_key(columns)}, v.service_date, v.payer_id"""
    rows = engine.dicts(sql, [check.severity])
    for row in rows:
        row["severity"] = row.pop("final_severity")
    if check.subject != "claim_line":
        names = dict(
            (line_id, (claim_id, number))
            for line_id, claim_id, number in engine.rows("select line_id, claim_id, line_number from core.claim_line")
        )
        for row in rows:
            row["share_by_line"] = {names[share["line_id"]]: share["amount"] for share in row.pop("line_shares") or []}
    return rows


def run_case(engine: Engine, check: Check, case: Case) -> list[dict[str, str | None]]:
    """Run a case; the rows as text, with the columns that an `expect` table may draw."""
    prepare_case(engine, check, case)
    return shown_rows(engine, check)


def prepare_case(engine: Engine, check: Check, case: Case) -> None:
    """Stage the records of a case and build what `check` reads; a case differs from the one before in few records."""
    prepare_next(engine, casekit.records(case), [check], date.fromisoformat(case.as_of) if case.as_of else None)
    if check.params:
        set_parameters(engine, check, case.given.get("param", []))


def _mark(parts: Iterable[Hashable]) -> int:
    return hash(tuple(parts))


def _same(made_from: dict[str, int], stood: dict[str, int]) -> set[str]:
    return {name for name, origin in made_from.items() if name in stood and stood[name] == origin}


def shown_rows(engine: Engine, check: Check, columns: Collection[str] = ()) -> list[dict[str, str | None]]:
    """The rows that `check` returns over the prepared records, as text."""
    return [_as_text(row) for row in judge_records(engine, check, columns)]


def _as_text(row: dict[str, Any]) -> dict[str, str | None]:
    shown: dict[str, str | None] = {}
    for name, value in row.items():
        if name == "evidence":
            for key, entry in (value or {}).items():
                shown[f"evidence.{key}"] = _text(entry)
        elif name == "share_by_line":
            shown["shares"] = " ".join(f"{c}/{n}={_text(a)}" for (c, n), a in sorted(value.items())) or None
        else:
            shown[name] = _text(value)
    return shown


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
