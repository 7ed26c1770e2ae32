"""The machine-readable outputs of a run: findings, coverage, rejects and the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from . import catalog
from .engine import Engine, quoted

# Text that a spreadsheet would take for a formula gets a leading apostrophe in CSV; Parquet keeps it as it is.
FORMULA = r"^[=+\-@\t\r\n]"
_FORMULA = f"regexp_matches({{0}}, '{FORMULA}')"

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
        columns = [(column.name, column.type) for column in table.columns]
        safe = ", ".join(
            f"case when {_FORMULA.format(column)} then chr(39) || {column} else {column} end as {column}"
            if kind == "VARCHAR"
            else column
            for column, kind in columns
        )
        path = out / f"{name}.csv"
        engine.execute(
            f"copy (select {safe} from {table.name} order by {order}) to {quoted(str(path))} (format csv, header)"
        )
        written.append(path)
        if name in ("findings", "coverage"):
            path = out / f"{name}.parquet"
            pq.write_table(engine.arrow(f"select * from {table.name} order by {order}"), path, compression="zstd")
            written.append(path)
    return written


def write_manifest(out: Path, content: dict[str, Any]) -> Path:
    """Write manifest.json; Decimals and dates as text."""
    path = out / "manifest.json"
    path.write_text(json.dumps(content, indent=2, sort_keys=True, default=str) + "\n", "utf-8")
    return path
