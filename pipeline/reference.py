"""Loads the dated reference tables: the shipped defaults of `sql/ref/defaults` and the parameters of the checks."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable

from . import catalog
from .engine import Engine
from .model import Check
from .resources import sql_root

EPOCH = "1900-01-01"


def load_reference(engine: Engine, checks: Iterable[Check]) -> None:
    """Create and fill every `ref.*` table; the parameters are those of `checks`."""
    for table in catalog.build_order("ref"):
        if table.defaults:
            engine.load_csv(table, _defaults(table.defaults))
        else:
            engine.create(table)
    rows = [
        (check.code, name, EPOCH, spec["default"], spec["why"])
        for check in checks
        for name, spec in sorted(check.params.items())
    ]
    for row in rows:
        engine.execute("insert into ref.param values (?, ?, null, cast(? as date), null, ?, ?)", row)


def reference_digest() -> str:
    """sha256 over the shipped reference files, by name."""
    digest = hashlib.sha256()
    for table in catalog.build_order("ref"):
        if table.defaults:
            digest.update(f"{table.defaults}\n".encode() + _defaults(table.defaults))
    return digest.hexdigest()


def _defaults(name: str) -> bytes:
    content = (sql_root() / "ref" / "defaults" / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content
