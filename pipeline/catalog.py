"""The catalogue of tables: every `sql/<schema>/<table>.sql`, in the order in which they can be built."""

from __future__ import annotations

import re
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from . import header
from .errors import DefinitionError
from .model import Column, Table
from .resources import sql_root, walk

SCHEMAS = ("raw", "stg", "ref", "core", "audit", "mart")
_REQUIRED = frozenset({"table", "grain", "columns"})
_OPTIONAL = frozenset({"reads", "defaults", "view", "key", "scope", "releases", "feeds", "refuse"})


@cache
def tables() -> dict[str, Table]:
    """All declared tables by name, sorted by name."""
    found: dict[str, Table] = {}
    for schema in SCHEMAS:
        for path, file in walk(sql_root() / schema, ".sql", f"{schema}/"):
            parsed = header.parse(f"sql/{path}", file.read_text("utf-8"), _REQUIRED, _OPTIONAL)
            name = parsed.fields["table"]
            if path != name.replace(".", "/", 1) + ".sql":
                raise DefinitionError(f"sql/{path}, line 2: table {name!r} does not match the path.")
            declared = parsed.fields["columns"] or {}
            if isinstance(declared, str):  # a mapping has the columns of the record that it maps to
                declared = _columns_of(f"sql/{path}", declared)
            columns = tuple(
                Column(
                    key, spec["type"], spec["is"], bool(spec.get("required", False)), bool(spec.get("derived", False))
                )
                for key, spec in declared.items()
            )
            found[name] = Table(
                name=name,
                grain=parsed.fields["grain"],
                columns=columns,
                reads=tuple(parsed.fields.get("reads") or ()),
                prose=parsed.prose,
                sql=parsed.sql,
                defaults=parsed.fields.get("defaults"),
                is_view=bool(parsed.fields.get("view", False)),
                **_reference(path, parsed.fields, [column.name for column in columns]),
            )
    return dict(sorted(found.items()))


def _columns_of(where: str, name: str) -> dict[str, Any]:
    """The columns that another table declares, none of them required."""
    path = f"{name.replace('.', '/', 1)}.sql"
    found = dict(walk(sql_root() / name.partition(".")[0], ".sql", f"{name.partition('.')[0]}/"))
    if path not in found:
        raise DefinitionError(f"{where}: columns names {name}, which is no table.")
    columns = header.parse(f"sql/{path}", found[path].read_text("utf-8"), _REQUIRED, _OPTIONAL).fields["columns"]
    return {key: {"type": spec["type"], "is": spec["is"]} for key, spec in columns.items()}


def _reference(path: str, fields: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """What a reference set says of its releases; the key, unless declared, are the columns that `grain` names."""
    if not path.startswith("ref/"):
        return {}
    if fields.get("releases", "whole") not in ("whole", "dated"):
        raise DefinitionError(f"sql/{path}: releases must be whole or dated.")
    words = re.findall(r"\w+", fields["grain"])
    named = [column for column in columns if column in words and column not in ("valid_from", "valid_to")]
    given = {
        name: tuple(fields.get(name) or default)
        for name, default in (("key", named), ("scope", ["setting"] if "setting" in columns else []))
    }
    for name, chosen in given.items():
        if unknown := sorted(set(chosen) - set(columns)):
            raise DefinitionError(f"sql/{path}: {name} names {unknown[0]}, which is no column.")
    return {
        **given,
        "dated": fields.get("releases") == "dated",
        "feeds": fields.get("feeds"),
        "refuse": fields.get("refuse") or {},
    }


@cache
def _macros() -> dict[str, str]:
    """What each macro of `sql/macros.sql` stands for, by its name."""
    text = (sql_root() / "macros.sql").read_text("utf-8")
    return dict(re.findall(r"^create or replace temp macro (\w+)(\(.*?;)$", text, re.MULTILINE | re.DOTALL))


@cache
def macros_of(sql: str) -> frozenset[str]:
    """The macros that a statement calls, by itself or through another one, each as its name and what it stands for."""
    called = set(re.findall(r"\b(\w+)\(", sql)) & _macros().keys()
    return frozenset(f"{name}{_macros()[name]}" for name in called).union(
        *(macros_of(_macros()[name]) for name in called)
    )


def build_order(schema: str, wanted: set[str] | None = None) -> list[Table]:
    """Tables of `schema` in dependency order; with `wanted`, only those needed (directly or not) for these tables."""
    known = {name: table for name, table in tables().items() if table.schema == schema}
    if wanted is not None:
        keep: set[str] = set()
        todo = [name for name in wanted if name in known]
        while todo:
            name = todo.pop()
            if name not in keep:
                keep.add(name)
                todo += [read for read in known[name].reads if read in known]
        known = {name: table for name, table in known.items() if name in keep}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(known):
        sorter.add(name, *sorted(read for read in known[name].reads if read in known and read != name))
    return [known[name] for name in sorter.static_order()]
