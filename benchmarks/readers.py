"""What reading takes of a whole run with all checks: `python benchmarks/readers.py [lines]`.

About so many claim lines, made up, as canonical CSV, 837P, 837P with its 835, and FHIR. Each is read by its reader alone, from the file to tables of text with the count
and the digest of the file, and audited by a run, in processes of their own; the figure is the share, in processor seconds. The CSV is also read as text by DuckDB
alone, turn about in one process, which the reader should not exceed twice.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import fhir
import pyarrow as pa
import run
import x12
from generate import generate

from claimaudit import ingest
from claimaudit.catalog import tables
from claimaudit.engine import Engine
from claimaudit.readers import Source, readers, text


def recognise(path: Path) -> Source:
    """The file as the reader sees it that recognises it."""
    head = text.examine(path)
    return next(filter(None, (one.recognise(head, ingest.raw_layouts()) for one in readers())))


def read(engine: Engine, path: Path) -> None:
    """The file as tables of text: what its reader does of an ingest."""
    source = recognise(path)
    if source.prepared:
        fhir.reader(engine, path)
    elif source.decoder:
        source.decoder.scan()
        engine.execute("create schema if not exists raw")
        for layout in source.decoder.layouts:
            engine.create(tables()[f"raw.{layout.name}"])
        for batch in source.decoder.batches():
            if batch.rows is not None:
                engine.register("_batch", batch.rows)
                engine.execute(f"insert into raw.{batch.layout} by name from _batch")
        for record, name in source.views.items():
            engine.execute(f"create table {record} as {tables()[name].sql}")
    else:
        scan = text.scan(path, source.head.compression)
        ingest._view(engine, ingest.IngestedFile(1, path.name, "read"), source, ingest._csv_relation(source))
        engine.execute(f"create table {source.record} as from raw.{source.layout.name}")
        assert engine.value(f"select count(*) from {source.record}") == scan.records


def plain_text(path: Path) -> None:
    """The CSV read by DuckDB alone, told nothing but that all of it is text."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute(f"create table t as from read_csv('{path}', all_varchar = true)")


def measured(path: Path) -> dict[str, list[float]]:
    """Processor and wall seconds of the reader, and of DuckDB alone where it can read the file, the best of three turns."""
    ingest.raw_layouts()
    pa.array([""])  # pyarrow loads pandas with its first array, which is no part of the file
    taken: dict[str, list[tuple[float, float]]] = {"reader": []}
    if path.suffix == ".csv":
        taken["duckdb"] = []
    for _ in range(3):
        for name, times in taken.items():
            with Engine(threads=2) as engine:
                used, start = time.process_time(), time.perf_counter()
                if name == "reader":
                    read(engine, path)
                else:
                    plain_text(path)
                times.append((time.process_time() - used, time.perf_counter() - start))
    return {name: [min(times) for times in zip(*taken[name], strict=True)] for name in taken}


def write(folder: Path, lines: int) -> dict[str, list[Path]]:
    """The drops, each with the file whose reader is measured first."""
    made = folder / "made"
    generate(lines, made)
    drops = {name: folder / name for name in ("csv", "837p", "835", "fhir")}
    for drop in drops.values():
        drop.mkdir()
    duckdb.sql(f"copy (from '{made}/claim_lines.parquet') to '{drops['csv']}/lines.csv' (header)")
    x12.write(drops["837p"] / "claims.edi", "837p", lines // 3)
    x12.write(drops["835"] / "remittances.edi", "835", lines // 3)
    x12.write(drops["835"] / "claims.edi", "837p", lines // 3)
    rng = random.Random(1)
    with (drops["fhir"] / "eob.ndjson").open("w", encoding="utf-8") as out:
        for number in range(lines // 3):
            out.write(json.dumps(fhir.claim(number, rng), separators=(",", ":")) + "\n")
    return {name: sorted(drop.iterdir(), reverse=True) for name, drop in drops.items()}


def main() -> None:
    if len(sys.argv) > 2:
        print(json.dumps(measured(Path(sys.argv[2]))))
        return
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        for name, paths in write(Path(scratch), lines).items():
            took: dict[str, float] = {"reader": 0.0}
            for path in paths:
                done = subprocess.run(
                    [sys.executable, __file__, "0", str(path)], capture_output=True, text=True, check=True
                )
                for what, (used, _) in json.loads(done.stdout).items():
                    took[what] = took.get(what, 0.0) + used
            _, used, peak = run.measure(run.RUN, paths[0].parent)
            beside = f", {took['reader'] / took['duckdb']:.1f} times DuckDB alone" if "duckdb" in took else ""
            print(
                f"{name:6} {sum(path.stat().st_size for path in paths) / 1e6:7.1f} MB: reader {took['reader']:5.2f} s{beside}; "
                f"run {used:6.1f} s, peak {peak:,.0f} MiB; share {took['reader'] / used:.1%}",
                flush=True,
            )


if __name__ == "__main__":
    main()
