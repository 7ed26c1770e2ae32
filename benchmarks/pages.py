"""How fast provider pages render: `python benchmarks/pages.py DATABASE` with the database of a finished run.

Fetches and renders every provider page of that run again and again for about ten seconds on one thread, and prints pages per processor
second and the mean size of a page. Writing to disk is left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from claimaudit import jobs, registry, report
from claimaudit.engine import Engine


def main() -> None:
    with Engine(Path(sys.argv[1]), read_only=True, threads=1) as engine:
        run_key = jobs.current_run(engine)
        run = engine.dicts("select * from mart.run_summary")[0]
        assert run["run_key"] == run_key, "render the run first"
        book = {check.code: report._check(check) for check in registry.checks().values()}
        common = report._Common(run)
        last = engine.value("select max(provider_no) from mart.provider_summary")
        pages, size, started = 0, 0, time.process_time()
        while time.process_time() - started < 10:
            for _, body in report._provider_pages(engine, common, book, 1, last):
                pages, size = pages + 1, size + len(body)
        spent = time.process_time() - started
    print(
        f"{pages / spent:.0f} provider pages a processor second, {size / pages / 1024:.0f} KiB a page ({pages} pages)"
    )


if __name__ == "__main__":
    main()
