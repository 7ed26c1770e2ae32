"""The machine-readable outputs of a run: findings, coverage, rejects and the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from . import catalog
from .engine import Engine

_ORDER = {
    "findings": "provider_npi nulls first, check_code, service_date, patient_id, finding_id, claim_id, line_number",
    "coverage": "all",
    "rejects": "all",
    "files": "all",
    "remittances": "all",
}


def export(engine: Engine, out: Path) -> list[Path]:
    """Write findings.csv, findings.parquet, coverage.csv, coverage.parquet, rejects.csv, files.csv and, if there are remittances, remittances.csv into `out`."""
    written: list[Path] = []
    for name, order in _ORDER.items():
        table = catalog.tables()[f"mart.{name}"]
        engine.build(table)
        if name == "remittances" and not engine.value("select count(*) from mart.remittances"):
            continue
        written += write_rows(
            engine, f"select * from {table.name}", order, out / name, parquet=name in ("findings", "coverage")
        )
    return written


def write_rows(engine: Engine, sql: str, order: str, stem: Path, *, parquet: bool = True) -> list[Path]:
    """Write the rows of a query, in the order given, as `stem`.csv and `stem`.parquet."""
    path = stem.with_name(f"{stem.name}.csv")
    engine.write_csv(sql, order, path)
    if not parquet:
        return [path]
    columnar = stem.with_name(f"{stem.name}.parquet")
    pq.write_table(engine.arrow(f"select * from ({sql}) order by {order}"), columnar, compression="zstd")
    return [path, columnar]


def write_manifest(out: Path, content: dict[str, Any]) -> Path:
    """Write manifest.json; Decimals and dates as text."""
    path = out / "manifest.json"
    path.write_text(json.dumps(content, indent=2, sort_keys=True, default=str) + "\n", "utf-8")
    return path
