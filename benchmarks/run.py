"""The benchmark of a whole run against its floor: `python benchmarks/run.py FOLDER [--checks core|CODE,CODE,...] [--repeat N]`.

FOLDER holds Parquet files made by `generate.py`. The floor is what no audit of this kind can do without: one DuckDB pass that reads the
same claim lines, sorts them by patient and date, and groups them by visit day. The run is `ingest`, `build` and `audit`: from the same
Parquet to findings and coverage. Both are processes of their own with the same threads and memory limit, taken in turn; what is printed are wall
seconds, processor seconds, peak resident memory, and the ratio of each pair, after the processor seconds of each step of the run. `--checks core`
takes the 29 checks of the first version, codes or their beginnings take those; without it every check runs, as in `claimaudit run --preview`.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CORE = (
    "UNT101,UNT102,UNT103,UNT104,UNT105,UNT106,UNT107,UNT108,UNT109,UNT110,UNT111,UNT112,MOD101,MOD102,MOD103,MOD104,MOD107,MOD108,MOD109,"
    "MOD110,CAP101,CAP102,CAP104,CAP105,BIL101,BIL102,BIL104,BIL105,NCC202"
)

FLOOR = """
import sys, duckdb
con = duckdb.connect(sys.argv[2], config={"threads": 2, "memory_limit": "2800MB"})
con.execute("set enable_progress_bar=false")
con.execute(f"create table sorted as select * from read_parquet('{sys.argv[1]}/claim_lines.parquet') order by patient_id, service_date")
con.execute("create table day as select patient_id, service_date, billing_npi, rendering_npi, payer_id, count(*) as lines, sum(units) as units, "
            "sum(allowed_amount) as allowed from sorted group by all")
"""

# Processor seconds by step, for code that runs in a process of its own.
STEPS = """
import sys, time
last = [time.process_time(), "start"]
spent = {}
def step(kind, name=""):
    now = time.process_time()
    spent[last[1]] = spent.get(last[1], 0) + now - last[0]
    last[:] = [now, f"{kind} {name}".strip()]
"""

RUN = (
    STEPS
    + """
from pathlib import Path
from claimaudit import jobs, registry
from claimaudit.ingest import ingest
from claimaudit.reference import load_reference
from claimaudit.settings import Settings
settings = Settings(inputs=[Path(sys.argv[1])], db=Path(sys.argv[2]), out=Path(sys.argv[2]).parent / "out", run_key="bench", threads=2,
    memory_limit="2800MB", select=[code for code in sys.argv[3].split(",") if code], preview=True)
with jobs.open_engine(settings) as engine:
    checks = jobs.chosen(settings)
    ingest(engine, settings.inputs, on_progress=lambda name: step("ingest", name))
    step("reference")
    load_reference(engine, registry.checks().values())
    jobs.build_step(engine, settings, step, checks)
    failures = jobs.judge_all(engine, checks, step)
    step("end")
    for name, seconds in spent.items():
        print(f"{name:32}{seconds:8.2f}")
    for kind in ("ingest", "build", "audit", "self-check"):
        print(f"all {kind:28}{sum(seconds for name, seconds in spent.items() if name.startswith(kind)):8.2f}")
    coverage, subjects = engine.rows("select count(*), sum(subjects) from audit.coverage")[0]
    print(f"{len(checks)} checks, {subjects:,} subjects in {coverage:,} rows of coverage, {engine.value('select count(*) from audit.observation'):,} findings, "
        f"failed: {', '.join(failure.check_code for failure in failures) or 'none'}")
"""
)


def in_process(code: str, *arguments: object) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory in MiB of `code` in a process of its own."""
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the process ended with status {status}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(code: str, folder: Path, checks: str = "") -> tuple[float, float, float]:
    """What `in_process` measures, with a fresh database."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("CLAIMAUDIT_BENCH_DIR")) as scratch:
        return in_process(code, folder, f"{scratch}/bench.duckdb", checks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checks", default="", help="core, or codes separated by commas")
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for _ in range(arguments.repeat):
        floor = measure(FLOOR, arguments.folder)
        run = measure(RUN, arguments.folder, CORE if arguments.checks == "core" else arguments.checks)
        print("            wall s   cpu s  peak MiB")
        print(f"floor     {floor[0]:8.1f}{floor[1]:8.1f}{floor[2]:10.0f}")
        print(f"run       {run[0]:8.1f}{run[1]:8.1f}{run[2]:10.0f}")
        print(f"ratio     {run[0] / floor[0]:8.2f}{run[1] / floor[1]:8.2f}", flush=True)


if __name__ == "__main__":
    main()
