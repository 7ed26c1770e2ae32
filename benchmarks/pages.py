"""How fast provider pages render: `python benchmarks/pages.py DATABASE` with the database of a finished run.

Renders every provider page of that run again and again for about ten seconds on one thread and prints pages per processor second: with the
rows in memory, and with fetching them each time. A run fetches the rows of 200 providers at once, so that the first figure is the one that
holds for it; the sample has 14. Writing to disk is left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from claimaudit import jobs, registry, report
from claimaudit.engine import Engine


class InMemory:
    """An engine that fetches each result once; every caller gets rows of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._results: dict[str, list[dict[str, Any]]] = {}

    def dicts(self, sql: str, params: Any = None) -> list[dict[str, Any]]:
        key = f"{sql} {params}"
        if key not in self._results:
            self._results[key] = self._engine.dicts(sql, params)
        return [dict(row) for row in self._results[key]]


def measure(source: Any, common: Any, book: dict[str, Any], last: int) -> tuple[float, float]:
    """Pages per processor second, and KiB a page."""
    pages, size, started = 0, 0, time.process_time()
    while time.process_time() - started < 10:
        for _, body in report._provider_pages(source, common, book, 1, last):
            pages, size = pages + 1, size + len(body)
    return pages / (time.process_time() - started), size / pages / 1024


def main() -> None:
    with Engine(Path(sys.argv[1]), read_only=True, threads=1) as engine:
        run_key = jobs.current_run(engine)
        run = engine.dicts("select * from mart.run_summary")[0]
        assert run["run_key"] == run_key, "render the run first"
        book = {check.code: report._check(check) for check in registry.checks().values()}
        common = report._Common(run)
        last = engine.value("select max(provider_no) from mart.provider_summary")
        for name, source in (("rows in memory", InMemory(engine)), ("rows fetched each time", engine)):
            rate, size = measure(source, common, book, last)
            print(f"{name:<24}{rate:6.0f} provider pages a processor second, {size:.0f} KiB a page")


if __name__ == "__main__":
    main()
