"""The DuckDB connection: the only module that imports duckdb.

The database is locked down before a statement of ours runs: no extension is installed, files outside the folders given
cannot be read or written, spill files stay in `temp_directory` (which must be as private as the database itself).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import csv

from .errors import ClaimAuditError, InputError, UsageError
from .files import FORMULA
from .model import Table
from .resources import sql_root

DuckDBError = duckdb.Error

_LAYERED = ("core", "stg", "audit")  # schemas of a layer above the database

# DuckDB calls a database by the name of its file, and could not tell it from a schema or a database of its own.
_TAKEN = frozenset(("raw", "stg", "core", "ref", "audit", "mart", "main", "temp", "system"))

_FORMULA = f"regexp_matches({{0}}, '{FORMULA}')"


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


class Engine:
    """One connection to one database file (None: in memory)."""

    def __init__(
        self,
        database: Path | None = None,
        *,
        read_only: bool = False,
        threads: int | None = None,
        memory_limit: str | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        """Open the database; `folders` are those whose files SQL may read or write (all if none is given)."""
        if database and Path(database).stem.lower() in _TAKEN:
            raise UsageError(
                f"The database cannot be called {Path(database).name}: its tables stand in a schema of that name.",
                "Choose another name, such as claimaudit.duckdb.",
            )
        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
            # a run changes much and ends with a checkpoint of its own: each one between costs as much
            "checkpoint_threshold": "1GB",
        }
        if threads:
            config["threads"] = threads
        if memory_limit:
            config["memory_limit"] = memory_limit
        spill = Path(f"{database}.spill") if database else None
        if spill:
            config["temp_directory"] = str(spill)
        try:
            self._con = duckdb.connect(str(database) if database else ":memory:", read_only=read_only, config=config)
        except duckdb.IOException as error:
            raise InputError(
                f"The database {Path(str(database)).name} cannot be opened: {str(error).splitlines()[0]}",
                "Another program may have it open, or a newer DuckDB wrote it.",
            ) from error
        self._con.execute("set enable_progress_bar=false")
        self.own_name = str(self._con.execute("select current_database()").fetchall()[0][0])
        if database and not read_only:
            os.chmod(database, 0o600)
        self._scratch = database.parent if database else folders[0] if folders else None
        if folders:
            names = {str(folder.resolve()) + "/" for folder in folders} | ({f"{spill}/"} if spill else set())
            # SQL cannot name a folder whose name is no UTF-8: ingest reads what lies there by another path
            allowed = sorted(name for name in names if name.encode("utf-8", "replace") == os.fsencode(name))
            self._con.execute(f"set allowed_directories=[{', '.join(map(quoted, allowed))}]")
            self._con.execute("set enable_external_access=false")
        self._con.execute((sql_root() / "macros.sql").read_text("utf-8"))

    def close(self) -> None:
        self._con.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def execute(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> None:
        """Run a statement for its effect; errors that show only while rows are produced surface here."""
        self._con.execute(sql, params).fetchall()

    def rows(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query, money as Decimal."""
        return self._con.execute(sql, params).fetchall()

    def dicts(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a query as dictionaries by column name."""
        cursor = self._con.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def each(self, sql: str, size: int = 10_000) -> Iterator[dict[str, Any]]:
        """The rows of a query one by one, as dictionaries, few of them in memory; no other statement may run meanwhile."""
        cursor = self._con.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(size):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def value(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> Any:
        """The single value of a query of one row and one column."""
        rows = self._con.execute(sql, params).fetchall()  # all of it: an open result would keep the connection busy
        return rows[0][0] if rows else None

    def arrow(self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None) -> pa.Table:
        """The result as an Arrow table (money stays decimal128)."""
        return self._con.sql(sql, params=params).to_arrow_table()

    @contextmanager
    def as_written(self) -> Iterator[None]:
        """Statements inside join in the order in which they are written, what is right of a join in memory.

        The lines are many, what is asked of them is little, and the statements of core tables and checks say which is which; the
        optimizer guesses from filters and takes the many into memory.
        """
        self._con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            yield
        finally:
            self._con.execute("reset disabled_optimizers")

    def register(self, name: str, data: pa.Table | pa.RecordBatchReader) -> None:
        """Make Arrow data readable as the view `name`."""
        self._con.register(name, data)

    def unregister(self, name: str) -> None:
        self._con.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._con.execute("begin transaction")
        try:
            yield
        except BaseException:
            self._con.execute("rollback")
            raise
        self._con.execute("commit")

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A private folder beside the database whose files SQL may read; it is deleted afterwards."""
        with tempfile.TemporaryDirectory(prefix=".claimaudit-", dir=self._scratch) as folder:
            yield Path(folder)

    @contextmanager
    def above(self, *layers: str) -> Iterator[None]:
        """Statements inside see the tables of these layers before those of the database, and what they make is made in the first.

        A layer is a database in memory: what is in it hides a table of the same name, and everything else shows through.
        """
        own = self.own_name
        there = {row[0] for row in self.rows("select database_name from duckdb_databases()")}
        for layer in layers:
            if layer not in there:
                self.execute(f"attach ':memory:' as {layer}")
                for schema in _LAYERED:
                    self.execute(f"create schema {layer}.{schema}")
        schemas = [
            row[0]
            for row in self.rows(
                "select schema_name from duckdb_schemas() where database_name = ? and not internal", [own]
            )
        ]
        path = [f"{layer}.{schema}" for layer in layers for schema in _LAYERED] + [
            f'"{own}".{schema}' for schema in schemas
        ]
        self.execute(f"set search_path = {quoted(','.join(path))}")
        try:
            yield
        finally:
            self.execute(f"set search_path = {quoted(f'{chr(34)}{own}{chr(34)}.main')}")

    def forget(self, *layers: str) -> None:
        """Drop layers, where they are there."""
        for layer in layers:
            self.execute(f"detach database if exists {layer}")

    # DDL from declared columns -------------------------------------------------------------------------------------

    def drop(self, table: Table) -> None:
        """Drop the table or view of that name, if there is one."""
        schema, name = table.name.split(".")
        kind = self.value(
            """select 'view' from duckdb_views() where database_name = current_database() and schema_name = $1 and view_name = $2
            union all select 'table' from duckdb_tables() where database_name = current_database() and schema_name = $1 and table_name = $2""",
            [schema, name],
        )
        if kind:
            self._con.execute(f"drop {kind} {table.name}")

    def create(self, table: Table, *, keep: bool = False) -> None:
        """Create the (empty) declared table; with `keep`, one that exists stays and gets the columns that it lacks."""
        self._con.execute(f"create schema if not exists {table.schema}")
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        self._con.execute(f"create {'table if not exists' if keep else 'or replace table'} {table.name} ({columns})")
        for column in table.columns if keep else ():
            self._con.execute(f'alter table {table.name} add column if not exists "{column.name}" {column.type}')

    def build(self, table: Table) -> None:
        """Create the declared table and fill it from its SELECT, columns matched by name; a declared view only reads on."""
        if table.is_view:
            self.drop(table)
            columns = ", ".join(
                f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in table.columns
            )
        else:
            self.create(table)
        try:
            if table.is_view:
                self.execute(f"create view {table.name} as select {columns} from ({table.sql})")
            else:
                self._fill(table)
        except duckdb.Error as error:
            raise ClaimAuditError(
                f"sql/{table.name.replace('.', '/', 1)}.sql could not be built: {type(error).__name__}."
            ) from error

    def _fill(self, table: Table, before: str = "") -> None:
        """Insert what the SELECT of a table returns; `before` stands before the statement."""
        with self.as_written() if table.schema == "core" else nullcontext():
            self.execute(f"{before}insert into {table.name} by name {table.sql}")

    def load_csv(self, table: Table, content: bytes) -> None:
        """Fill a declared table from CSV in UTF-8 (header by name, blank = null); casts are strict."""
        names = [column.name for column in table.columns if not column.derived]
        rows = csv.read_csv(
            pa.BufferReader(content),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        if rows.column_names != names:
            raise ClaimAuditError(f"sql/ref/defaults/{table.defaults}: the columns must be {', '.join(names)}.")
        self.create(table)
        self.register("_csv", rows)
        casts = ", ".join(
            f'cast({"null" if column.derived else f"{chr(34)}{column.name}{chr(34)}"} as {column.type}) as "{column.name}"'
            for column in table.columns
        )
        try:
            self.execute(f"insert into {table.name} select {casts} from _csv")
        except duckdb.Error as error:
            raise ClaimAuditError(f"sql/ref/defaults/{table.defaults} does not fit its columns: {error}") from error
        finally:
            self.unregister("_csv")

    def write_csv(self, sql: str, order: str, path: Path) -> None:
        """Write the rows of a query as CSV, guarded by type: a number stays one, and text that looks like a formula stays text."""
        safe = ", ".join(
            f"case when {_FORMULA.format(column)} then chr(39) || {column} else {column} end as {column}"
            if kind == "VARCHAR"
            else column
            for column, kind, *_ in self.rows(f"describe {sql}")
        )
        self.execute(f"copy (select {safe} from ({sql}) order by {order}) to {quoted(str(path))} (format csv, header)")
