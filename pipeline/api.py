"""The Python interface: `run_audit` does what the command does, `open_run` opens a finished run for a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from . import jobs
from .engine import Engine
from .errors import UsageError
from .model import RunSummary
from .settings import Settings


def run_audit(settings: Settings) -> RunSummary:
    """Run the whole audit; raises the same errors that give the command its exit codes."""
    return jobs.run(settings)


class Run:
    """A finished run, read-only. Results are pandas DataFrames whose money stays Decimal, or Arrow tables."""

    def __init__(self, run_key: str, db: Path) -> None:
        if not db.is_file():
            raise UsageError(f"There is no database {db}.", "Give `db=`.")
        self._engine = Engine(db, read_only=True)
        self.run_key = run_key
        if run_key not in [run["run_key"] for run in jobs.runs(self._engine)]:
            self._engine.close()
            raise UsageError(f"The database holds no run {run_key!r}.", "`claimaudit runs` lists them.")

    def close(self) -> None:
        self._engine.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def findings(self, arrow: bool = False) -> pd.DataFrame | pa.Table:
        """One row per finding, with its evidence as JSON text."""
        return self._result("select * from audit.observation where run_key = ? order by all", [self.run_key], arrow)

    def coverage(self, arrow: bool = False) -> pd.DataFrame | pa.Table:
        """Counts of every verdict by check, provider, payer and reason."""
        return self._result("select * from audit.coverage where run_key = ? order by all", [self.run_key], arrow)

    def lines(self, provider_npi: str | None = None, arrow: bool = False) -> pd.DataFrame | pa.Table:
        """The audited claim lines, of one rendering provider if given. Only the run built last has them."""
        if jobs.current_run(self._engine) != self.run_key:
            raise UsageError(f"The claim lines of run {self.run_key!r} are no longer in the database.", "Run it again.")
        return self._result(
            """select * exclude (line_id) from core.claim_line where ? is null or rendering_npi = ?
            order by service_date, patient_id, claim_id, line_number, payer_id""",
            [provider_npi, provider_npi],
            arrow,
        )

    def _result(self, sql: str, params: list[Any], arrow: bool) -> pd.DataFrame | pa.Table:
        table = self._engine.arrow(sql, params)
        return table if arrow else table.to_pandas()


def open_run(run_key: str, db: Path | str = "claimaudit.duckdb") -> Run:
    """Open the finished run `run_key` of a database, read-only."""
    return Run(run_key, Path(db))
