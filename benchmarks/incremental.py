"""What a month costs that is added to three years: `python benchmarks/incremental.py LINES [--x12] [--folder FOLDER] [--pages]`.

LINES of claims over three years are generated into FOLDER (a scratch folder without it): patients come for ten weeks each, spread evenly. All but
the last month is audited; then the last month is added, and audited by going on and, in a copy of the database, by doing everything. Printed are wall seconds,
processor seconds and peak memory of both processes, with two threads, for `ingest`, `build` and `audit`; with `--pages` for a whole `claimaudit run`.
Fewer than about 510,000 lines are judged whole both times. With `--x12` the claim lines come as 837P and 835, a file of each for every month (fewer than 51,000).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import generate
from run import STEPS, in_process

RUN = (
    STEPS
    + """
from pathlib import Path
from claimaudit import jobs
from claimaudit.settings import Settings
folder, db, key, steps = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
settings = Settings(inputs=[folder], db=db, out=db.parent / "out", run_key=key, threads=2, memory_limit="2800MB", preview=True)
if steps == "audit":
    class Done(Exception):
        pass
    def render(engine, stage):
        raise Done
    jobs.render = render
    try:
        jobs.run(settings, step)
    except Done:
        pass
else:
    jobs.run(settings, step)
step("end")
for name, seconds in sorted(spent.items(), key=lambda one: -one[1])[:int(sys.argv[5])]:
    print(f"  {name:60}{seconds:8.2f}")
"""
)


def as_x12(folder: Path) -> None:
    """The claim lines of a folder as 837P and 835 by month; each claim says of all its lines what it says of the first."""
    # the writers of these formats are those of the tests, which stand beside this folder and not in it
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests import formats

    (file,) = folder.glob("claim_lines*.parquet")
    months = duckdb.sql(f"select distinct strftime(service_date, '%Y-%m') from '{file}' order by 1").fetchall()
    for (month,) in months:
        rows = duckdb.sql(
            f"select columns(*)::varchar from '{file}' where strftime(service_date, '%Y-%m') = '{month}' order by claim_id, line_number"
        )
        lines: list[dict[str, str]] = []
        first: dict[str, dict[str, str]] = {}
        for values in rows.fetchall():
            line = {name: value or "" for name, value in zip(rows.columns, values, strict=True)}
            line |= first.setdefault(line["claim_id"], {name: line.get(name, "") for name in formats.HEADER})
            lines.append(line)
        (folder / f"claims_{month}.837").write_text(formats.professional({"claim_lines": lines}), "utf-8")
        (folder / f"paid_{month}.835").write_text(formats.remittances(lines), "utf-8")
    file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--x12", action="store_true", help="claims as 837P and 835")
    parser.add_argument("--pages", action="store_true", help="with report and export")
    parser.add_argument("--shown", type=int, default=0, help="so many of the dearest steps")
    arguments = parser.parse_args()
    steps = "all" if arguments.pages else "audit"
    with tempfile.TemporaryDirectory(dir=os.environ.get("CLAIMAUDIT_BENCH_DIR")) as scratch:
        folder = arguments.folder or Path(scratch) / "data"
        if not (folder / "month").is_dir():
            generate.generate(arguments.lines, folder, years=3)
            if arguments.x12:
                as_x12(folder / "base")
                as_x12(folder / "month")
        place = Path(scratch) / "on"
        place.mkdir()
        given = Path(scratch) / "in"
        shutil.copytree(folder / "base", given)
        measured = {"the months before": in_process(RUN, given, place / "bench.duckdb", "1", steps, 0)}
        shutil.copytree(place, Path(scratch) / "whole")
        shutil.copytree(folder / "month", given, dirs_exist_ok=True)
        measured["one month more"] = in_process(RUN, given, place / "bench.duckdb", "2", steps, arguments.shown)
        with_nothing = Path(scratch) / "whole" / "bench.duckdb"
        subprocess.run(
            [
                sys.executable,
                "-c",
                f"import duckdb; duckdb.connect({str(with_nothing)!r}).execute('drop table audit.standing')",
            ],
            check=True,
        )
        measured["everything again"] = in_process(RUN, given, with_nothing, "2", steps, arguments.shown)
    print(f"{'':20}  wall s   cpu s  peak MiB")
    for name, (wall, cpu, peak) in measured.items():
        print(f"{name:20}{wall:8.1f}{cpu:8.1f}{peak:10.0f}")
    on, whole = measured["one month more"], measured["everything again"]
    print(f"{'ratio':20}{on[0] / whole[0]:8.2f}{on[1] / whole[1]:8.2f}", flush=True)


if __name__ == "__main__":
    main()
