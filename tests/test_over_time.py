"""Claims over time: the same claims in every format, and drops that say them otherwise or change them, in one database."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimaudit import registry
from claimaudit.audit import HISTORY, audit, record_run
from claimaudit.build import build, reconcile
from claimaudit.engine import Engine
from claimaudit.export import export
from claimaudit.ingest import ingest
from claimaudit.reference import load_reference
from tests import formats, worlds
from tests.formats import Contents
from tests.worlds import Records

CHECKS = list(registry.checks().values())
# of lines, claims, visit days, episodes, diagnoses, running totals; those that count versions and repeats are all here
SOME_CHECKS = [
    check
    for check in CHECKS
    if check.code
    in "MOD101 MOD104 UNT101 UNT105 UNT108 UNT109 UNT110 BIL101 BIL102 BIL106 BIL112 DXC101 DXC103 DXC110 CAP101 DOC101 NCC202 EVL103".split()
]

# One source, three formats ------------------------------------------------------------------------------------------


def outcome(folder: Path, contents: Contents) -> tuple[bytes, bytes]:
    """findings.csv and coverage.csv of an audit of the files in a database of its own, by all checks."""
    inputs = formats.drop(folder / "in", contents)
    with Engine(threads=1, folders=[folder]) as engine:
        ingest(engine, [inputs])
        load_reference(engine, CHECKS)
        build(engine, "run", worlds.AS_OF)
        reconcile(engine)
        assert not audit(engine, "run", CHECKS)
        (folder / "out").mkdir()
        export(engine, folder / "out")
        assert engine.rows("select distinct file_name, column_name, reason from audit.reject") == []
    return (folder / "out" / "findings.csv").read_bytes(), (folder / "out" / "coverage.csv").read_bytes()


@pytest.fixture(scope="module")
def source() -> Records:
    return formats.source(3)


@pytest.fixture(scope="module")
def canonical(source: Records, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    return outcome(tmp_path_factory.mktemp("canonical"), formats.as_canonical(source))


def test_the_source_is_worth_comparing(canonical: tuple[bytes, bytes]) -> None:
    found = Counter(row["check_code"] for row in csv.DictReader(io.StringIO(canonical[0].decode())))
    assert len(found) >= 40, found


@pytest.mark.parametrize("written", [formats.as_x12, formats.as_fhir])
def test_every_format_gives_the_same_findings(
    source: Records, canonical: tuple[bytes, bytes], tmp_path: Path, written: Callable[[Records], Contents]
) -> None:
    assert outcome(tmp_path, written(source)) == canonical


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 30))
def test_every_format_gives_the_same_findings_in_other_worlds(seed: int, tmp_path: Path) -> None:
    records = formats.source(seed, 60)
    results = {
        written.__name__: outcome(tmp_path / written.__name__, written(records))
        for written in (formats.as_canonical, formats.as_x12, formats.as_fhir)
    }
    assert results["as_x12"] == results["as_canonical"]
    assert results["as_fhir"] == results["as_canonical"]


# Drop after drop in one database ------------------------------------------------------------------------------------


class History:
    """One database, audited run after run."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.runs = engine, folder, 0
        for table in HISTORY:
            engine.execute(f"drop table if exists {table}")

    def run(self, contents: Contents, checks: list[Any] = SOME_CHECKS) -> dict[str, dict[str, Any]]:
        """Audit the files as the next run; what it observed by finding."""
        self.runs += 1
        key = f"{self.runs:02d}"
        inputs = formats.drop(self.folder / key, contents)
        wanted = {table for check in checks for table in check.reads} | {"core.superseded_line"}
        ingest(self.engine, [inputs])
        build(self.engine, key, worlds.AS_OF, wanted={name for name in wanted if name.startswith("core.")})
        reconcile(self.engine)
        assert not audit(self.engine, key, checks)
        record_run(self.engine, "test", ("", "", ""), checks, (), 0)
        rows = self.engine.dicts("select * from audit.observation where run_key = ?", [key])
        return {row["finding_id"]: row for row in rows}

    def lines(self) -> list[tuple[Any, ...]]:
        """Where the last run listed its findings, without claim and line numbers."""
        return self.engine.rows(
            """select finding_id, service_date, procedure_code, amount_at_risk from audit.observation_line
            where run_key = ? order by all""",
            [f"{self.runs:02d}"],
        )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(threads=1, folders=[tmp_path_factory.getbasetemp()]) as engine:
        load_reference(engine, CHECKS)
        yield engine


@pytest.fixture
def history(engine: Engine, tmp_path: Path) -> History:
    return History(engine, tmp_path)


def states(observed: dict[str, dict[str, Any]]) -> Counter[str]:
    return Counter(row["state"] for row in observed.values())


# The same claims, said otherwise ------------------------------------------------------------------------------------


def _renumbered(records: Records) -> Contents:
    """Other claim numbers in the same order; what one claim says of another follows."""
    known = sorted({row[name] for row in records["claim_lines"] for name in ("claim_id", "original_claim_id")} - {""})
    number = {old: f"2026-{place:05d}" for place, old in enumerate(known, start=1)} | {"": ""}
    lines = [
        row | {name: number[row[name]] for name in ("claim_id", "original_claim_id")} for row in records["claim_lines"]
    ]
    return formats.as_canonical(records | {"claim_lines": lines})


def _other_line_numbers(records: Records) -> Contents:
    lines = [row | {"line_number": str(10 * int(row["line_number"]))} for row in records["claim_lines"]]
    return formats.as_canonical(records | {"claim_lines": lines})


def _shuffled(records: Records) -> Contents:
    chance = random.Random(1)
    return formats.as_canonical({name: chance.sample(rows, len(rows)) for name, rows in records.items()})


def _monthly(records: Records) -> Contents:
    """A file of claims for each month of service, and one of notes."""
    lines = records["claim_lines"]
    months = sorted({row["service_date"][:7] for row in lines})
    return formats.beside(records) | {
        f"{month}.csv": formats.table(row for row in lines if row["service_date"].startswith(month)) for month in months
    }


def _parquet(records: Records) -> Contents:
    files: Contents = {}
    for name, rows in records.items():
        columns = dict.fromkeys(column for row in rows for column in row)
        data = {column: [row.get(column) or None for row in rows] for column in columns}
        sink = io.BytesIO()
        # numbers as numbers, as programs that know the type write them
        typed = {"units": pa.float64(), "line_number": pa.int64(), "charge_amount": pa.decimal128(12, 2)}
        table = pa.table(
            {
                column: pa.array(values, pa.string()).cast(typed[column])
                if column in typed
                else pa.array(values, pa.string())
                for column, values in data.items()
            }
        )
        pq.write_table(table, sink)
        files[f"{name}.parquet"] = sink.getvalue()
    return files


def _gzipped(records: Records) -> Contents:
    return {f"{name}.gz": gzip.compress(content) for name, content in _bytes(formats.as_canonical(records)).items()}


def _zipped(records: Records) -> Contents:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in formats.as_canonical(records).items():
            archive.writestr(f"export/{name}", content)
    return {"drop.zip": packed.getvalue()}


def _bytes(contents: Contents) -> dict[str, bytes]:
    return {name: content.encode() if isinstance(content, str) else content for name, content in contents.items()}


def _padded(records: Records) -> Contents:
    """Blanks around values, columns in another order, and two that nobody asked for."""
    chance = random.Random(2)

    def pad(text: str) -> str:
        return " " * chance.randrange(3) + text + " " * chance.randrange(3)

    padded = {
        name: [
            {"Comment": pad("none"), **{column: pad(text) for column, text in reversed(row.items())}, "x": " "}
            for row in rows
        ]
        for name, rows in records.items()
    }
    return formats.as_canonical(padded)


def _delivered_twice(records: Records) -> Contents:
    whole = formats.as_canonical(records)
    return whole | {f"copy of {name}": content for name, content in whole.items()}


def _overlapping(records: Records) -> Contents:
    """Months 1 to 3, and 2 to the last, with rows in another order: what both hold is said twice."""
    lines = records["claim_lines"]
    return formats.beside(records) | {
        "first.csv": formats.table(row for row in lines if row["service_date"] < "2026-04"),
        "second.csv": formats.table(row for row in reversed(lines) if row["service_date"] >= "2026-02"),
    }


def _mixed(records: Records) -> Contents:
    """Three formats in one drop, a third of the patients each."""

    def part(number: int) -> Records:
        chosen = [row for row in records["claim_lines"] if int(row["patient_id"][1:]) % 3 == number]
        return records | {"claim_lines": chosen}

    claims = {
        "claim_lines.csv": formats.table(part(0)["claim_lines"]),
        "claims.837": formats.professional(part(1)),
        "payments.835": formats.remittances(part(1)["claim_lines"]),
        "claims.ndjson": formats.explanations(part(2)),
    }
    return formats.beside(records) | claims


OTHERWISE: dict[str, Callable[[Records], Contents]] = {
    "exported again": formats.as_canonical,
    "rows shuffled": _shuffled,
    "claims renumbered": _renumbered,
    "lines renumbered": _other_line_numbers,
    "split into months": _monthly,
    "parquet": _parquet,
    "gzip": _gzipped,
    "zip": _zipped,
    "padded": _padded,
    "delivered twice": _delivered_twice,
    "overlapping": _overlapping,
    "x12": formats.as_x12,
    "fhir": formats.as_fhir,
    "formats mixed": _mixed,
}


@pytest.fixture(scope="module")
def practice() -> Records:
    return formats.source(5, 8)


@pytest.fixture(scope="module")
def first(
    practice: Records, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], tuple[History, Any]]:
    """The history after a first run, made once: what the database held then is put back for every test."""
    history = History(engine, tmp_path_factory.mktemp("first"))
    history.run(formats.as_canonical(practice))
    lines = history.lines()
    held = {table: engine.arrow(f"from {table}") for table in HISTORY}

    def put_back(folder: Path) -> tuple[History, Any]:
        again = History(engine, folder)
        for table, rows in held.items():
            engine.register("_held", rows)
            engine.execute(f"create table {table} as from _held")
            engine.unregister("_held")
        again.runs = 1
        return again, lines

    return put_back


@pytest.mark.parametrize("said", OTHERWISE)
def test_the_same_claims_said_otherwise_change_nothing(
    practice: Records, first: Callable[[Path], tuple[History, Any]], tmp_path: Path, said: str
) -> None:
    history, lines = first(tmp_path)
    observed = history.run(OTHERWISE[said](practice))
    assert (
        states(observed) == {"unchanged": len(observed)} and len({row["check_code"] for row in observed.values()}) > 9
    )
    assert history.lines() == lines


def test_merged_files_change_nothing(practice: Records, history: History) -> None:
    history.run(_monthly(practice))
    observed = history.run(formats.as_canonical(practice))
    assert states(observed) == {"unchanged": len(observed)}
