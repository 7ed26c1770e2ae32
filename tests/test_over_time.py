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
from tests.worlds import Records, Row

CHECKS = list(registry.checks().values())
# of lines, claims, visit days, episodes, diagnoses, running totals; those that count versions and repeats are all here
SOME_CHECKS = [
    check
    for check in CHECKS
    if check.code
    in "MOD101 MOD104 UNT101 UNT105 UNT108 UNT109 UNT110 BIL101 BIL102 BIL106 BIL112 MOD114 INJ102 DXC101 DXC103 DXC110 CAP104 DOC101 NCC202 EVL103".split()
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
        wanted = {table for check in checks for table in check.reads} | {"core.superseded_line", "core.check_enabled"}
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


def _all_at_once(records: Records) -> Contents:
    """Renumbered, shuffled, padded and packed, and the notes delivered twice."""
    lines = _renumbered(records)
    chance = random.Random(3)
    rows = list(csv.DictReader(io.StringIO(str(lines["claim_lines.csv"]))))
    for row in rows:
        row["line_number"] = str(int(row["line_number"]) + 4)
    padded = _padded(records | {"claim_lines": chance.sample(rows, len(rows))})
    packed = {f"{name}.gz": gzip.compress(content) for name, content in _bytes(padded).items()}
    return packed | {"notes again.csv": padded["visits.csv"]}


ONE_BY_ONE: dict[str, Callable[[Records], Contents]] = {
    "exported again": formats.as_canonical,
    "rows shuffled": _shuffled,
    "split into months": _monthly,
    "claims renumbered": _renumbered,
    "lines renumbered": _other_line_numbers,
    "parquet": _parquet,
    "gzip": _gzipped,
    "zip": _zipped,
    "padded": _padded,
    "delivered twice": _delivered_twice,
    "x12": formats.as_x12,
    "fhir": formats.as_fhir,
    "formats mixed": _mixed,
}
OTHERWISE: dict[str, Callable[[Records], Contents]] = {
    "all at once": _all_at_once,
    "overlapping": _overlapping,
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


@pytest.mark.parametrize("said", [*OTHERWISE, *(pytest.param(name, marks=pytest.mark.long) for name in ONE_BY_ONE)])
def test_the_same_claims_said_otherwise_change_nothing(
    practice: Records, first: Callable[[Path], tuple[History, Any]], tmp_path: Path, said: str
) -> None:
    history, lines = first(tmp_path)
    observed = history.run((OTHERWISE | ONE_BY_ONE)[said](practice))
    assert (
        states(observed) == {"unchanged": len(observed)} and len({row["check_code"] for row in observed.values()}) > 9
    )
    assert history.lines() == lines


def test_numbers_dealt_at_random_lose_and_add_nothing(
    practice: Records, first: Callable[[Path], tuple[History, Any]], tmp_path: Path
) -> None:
    """Where received dates tie, claim numbers say which line comes first: what a finding says may change with them, and not which there are."""
    history, _ = first(tmp_path)
    chance = random.Random(9)
    rows = practice["claim_lines"]
    known = sorted({row[name] for row in rows for name in ("claim_id", "original_claim_id")} - {""})
    number = dict(zip(known, chance.sample(range(10**6), len(known)), strict=True))
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        lines.setdefault((row["claim_id"], row["line_number"]), 0)
    for place, key in enumerate(chance.sample(sorted(lines), len(lines)), start=1):
        lines[key] = place
    other = [
        row
        | {name: str(number.get(row[name], "")) for name in ("claim_id", "original_claim_id")}
        | {"line_number": str(lines[row["claim_id"], row["line_number"]])}
        for row in rows
    ]
    observed = history.run(formats.as_canonical(practice | {"claim_lines": other}))
    assert states(observed).keys() <= {"unchanged", "updated"}
    assert {row["check_code"] for row in observed.values()} >= {"BIL101", "BIL102"}


@pytest.mark.long
def test_merged_files_change_nothing(practice: Records, history: History) -> None:
    history.run(_monthly(practice))
    observed = history.run(formats.as_canonical(practice))
    assert states(observed) == {"unchanged": len(observed)}


# Claims that change ----------------------------------------------------------------------------------------------------

# One story is one patient of one therapist; all of them are told in the same runs. Evaluations billed with two units are UNT108's, lines without
# the discipline's modifier MOD101's.

STORY_CHECKS = [check for check in CHECKS if check.code in "UNT108 MOD101 BIL101".split()]
DAY = "2026-03-02"


def bill(claim: str, day: str = DAY, **other: str) -> Row:
    """A line of Medicare's with nothing wrong, paid unless something else is said."""
    return dict.fromkeys(formats.COLUMNS, "") | {
        "claim_id": claim,
        "line_number": "1",
        "payer_id": "MEDB",
        "billing_npi": worlds.GROUPS[0],
        "place_of_service": "11",
        "service_date": day,
        "received_date": day[:8] + "10",
        "processed_date": day[:8] + "24",
        "procedure_code": "97161",
        "modifier_1": "GP",
        "units": "1",
        "diagnosis_1": "M54.50",
        "diagnosis_pointers": "1",
        "charge_amount": "200.00",
        **PAID,
        **other,
    }


PAID = {"allowed_amount": "100.00", "paid_amount": "80.00", "line_status": "paid", "carc_codes": "CO-45 PR-2"}
DENIED = {"allowed_amount": "0.00", "paid_amount": "0.00", "line_status": "denied", "carc_codes": "CO-16"}
UNDECIDED = dict.fromkeys([*PAID, "processed_date"], "")
WRONG = {"units": "2"}
BARE = {"modifier_1": ""}
APRIL = {"received_date": "2026-04-10", "processed_date": "2026-04-24"}
MAY = {"received_date": "2026-05-10", "processed_date": "2026-05-24"}


def replaces(original: str, **other: str) -> dict[str, str]:
    return {"claim_frequency": "7", "original_claim_id": original, **APRIL, **other}


def void(original: str, claim: str = "V1", **other: str) -> Row:
    return bill(claim, claim_frequency="8", original_claim_id=original, **{**APRIL, **UNDECIDED, **other})


# Each story: what the drop of each run holds, and the states of its findings then. A list is claim lines as CSV; X12 is a pair of claim lines and payments.
Drop = list[Row]
Payments = list[tuple[list[Row], str]]
Step = tuple[Drop | tuple[Drop, Payments], list[tuple[str, str]]]


def told(*states: str, check: str = "UNT108") -> list[list[tuple[str, str]]]:
    return [[(check, state)] for state in states]


def story(drops: list[Any], *expected: list[tuple[str, str]]) -> list[Step]:
    assert len(drops) == len(expected)
    return list(zip(drops, expected, strict=True))


C1 = bill("C1", **WRONG)
NOT_YET = bill("C1", **{**WRONG, **UNDECIDED})
REFUSED = bill("C1", **{**BARE, **DENIED})
TWO = [
    bill("C1", procedure_code="97110", modifier_1="KX"),
    bill("C2", procedure_code="97110", **BARE, received_date="2026-03-12"),
]
STORIES: dict[str, list[Step]] = {
    "nothing happens": story([[C1]] * 3, *told("new", "unchanged", "unchanged")),
    "replaced by the correction": story([[C1], [C1, bill("C2", **replaces("C1"))]], *told("new", "resolved")),
    "replaced under its own number": story([[C1], [C1, bill("C1", **replaces("C1"))]], *told("new", "resolved")),
    "replaced and still wrong": story(
        [[C1], [C1, bill("C2", **replaces("C1", units="3"))]] * 1 + [[C1, bill("C2", **replaces("C1", units="3"))]],
        *told("new", "updated", "unchanged"),
    ),
    "only the replacement is sent": story(
        [[C1], [bill("C2", **replaces("C1"))]], [("UNT108", "new")], [("UNT108", "resolved")]
    ),
    "the replacement leaves the line out": story(
        [
            [C1, bill("C1", line_number="2", procedure_code="97110")],
            [
                C1,
                bill("C1", line_number="2", procedure_code="97110"),
                bill("C2", procedure_code="97110", **replaces("C1")),
            ],
        ],
        *told("new", "resolved"),
    ),
    "voided": story([[C1], [C1, void("C1")]], *told("new", "resolved")),
    "voided under its own number": story([[C1], [C1, void("C1", "C1")]], *told("new", "resolved")),
    "voided and billed rightly": story([[C1], [C1, void("C1"), bill("C3", **APRIL)]], *told("new", "resolved")),
    "voided and billed wrongly again": story(
        [[C1], [C1, void("C1"), bill("C3", **WRONG, **APRIL)]], *told("new", "unchanged")
    ),
    "wrong again after the correction": story(
        [
            [C1],
            [C1, bill("C2", **replaces("C1"))],
            [C1, bill("C2", **replaces("C1")), bill("C3", **replaces("C2", **WRONG, **MAY))],
        ],
        *told("new", "resolved", "reopened"),
    ),
    "denied and sent again rightly": story(
        [[REFUSED], [REFUSED, bill("C2", **APRIL)]], *told("new", "resolved", check="MOD101")
    ),
    "denied and sent again wrongly": story(
        [[REFUSED], [REFUSED, bill("C2", **BARE, **APRIL)], [bill("C2", **BARE, **APRIL)]],
        *told("new", "updated", "unchanged", check="MOD101"),
    ),
    "sent, denied, sent again": story(
        [
            [bill("C1", **{**BARE, **WRONG, **UNDECIDED})],
            [bill("C1", **{**BARE, **WRONG, **DENIED})],
            [bill("C1", **{**BARE, **WRONG, **DENIED}), bill("C2", **{**BARE, **WRONG, **APRIL})],
        ],
        [("MOD101", "new"), ("UNT108", "new")],
        [("MOD101", "updated"), ("UNT108", "resolved")],
        [("MOD101", "updated"), ("UNT108", "reopened")],
    ),
    "denied, sent again and not decided yet": story(
        [[REFUSED], [REFUSED, bill("C2", **{**APRIL, **UNDECIDED})]], *told("new", "resolved", check="MOD101")
    ),
    "denied twice, then sent rightly": story(
        [
            [REFUSED],
            [REFUSED, bill("C2", **{**BARE, **APRIL, **DENIED})],
            [REFUSED, bill("C2", **{**BARE, **APRIL, **DENIED}), bill("C3", **MAY)],
        ],
        *told("new", "unchanged", "resolved", check="MOD101"),
    ),
    "sent again before the denial was known": story(
        [[REFUSED], [REFUSED, bill("C2", received_date="2026-03-20")]], *told("new", "unchanged", check="MOD101")
    ),
    "a later claim of the same service": story(
        [
            [bill("C1", modifier_1="KX")],
            [bill("C1", modifier_1="KX"), bill("C2", modifier_1="59", modifier_2="GP", charge_amount="90.00", **APRIL)],
        ],
        *told("new", "unchanged", check="MOD101"),
    ),
    "billed twice": story(
        [
            [bill("C1", procedure_code="97110", **BARE)],
            [bill("C1", procedure_code="97110", **BARE), bill("C2", procedure_code="97110", **BARE, **APRIL)],
        ],
        [("MOD101", "new")],
        [("MOD101", "unchanged"), ("MOD101", "new"), ("BIL101", "new")],
    ),
    "the earlier of two is corrected": story(
        [TWO, [*TWO, bill("C3", procedure_code="97110", **replaces("C1"))]],
        [("MOD101", "new"), ("MOD101", "new")],
        [("MOD101", "resolved"), ("MOD101", "unchanged")],
    ),
    "a month is added": story(
        [[C1], [C1, bill("C2", "2026-05-04", **WRONG)]],
        [("UNT108", "new")],
        [("UNT108", "unchanged"), ("UNT108", "new")],
    ),
    "remitted later": story(
        [([NOT_YET], []), ([NOT_YET], [([C1], "")]), ([NOT_YET], [([C1], "")])], *told("new", "updated", "unchanged")
    ),
    "denied by a later remittance": story(
        [([NOT_YET], []), ([NOT_YET], [([C1 | DENIED], "")])], *told("new", "resolved")
    ),
    "payment reversed and corrected": story(
        [
            ([NOT_YET], [([C1], "")]),
            (
                [NOT_YET],
                [
                    ([C1], ""),
                    ([C1], "2026-04-24"),
                    ([C1 | {"allowed_amount": "150.00", "paid_amount": "120.00", "processed_date": "2026-04-24"}], ""),
                ],
            ),
            (
                [NOT_YET],
                [
                    ([C1], ""),
                    ([C1], "2026-04-24"),
                    ([C1 | {"allowed_amount": "150.00", "paid_amount": "120.00", "processed_date": "2026-04-24"}], ""),
                ],
            ),
        ],
        *told("new", "updated", "unchanged"),
    ),
    "payment reversed, and denied": story(
        [
            ([NOT_YET], [([C1], "")]),
            ([NOT_YET], [([C1], ""), ([C1], "2026-04-24"), ([C1 | DENIED | {"processed_date": "2026-04-25"}], "")]),
        ],
        *told("new", "resolved"),
    ),
    "payment taken back": story(
        [([NOT_YET], [([C1], "")]), ([NOT_YET], [([C1], ""), ([C1], "2026-04-24")])], *told("new", "updated")
    ),
    "replaced by the payer's number": story(
        [([NOT_YET], [([C1], "")]), ([NOT_YET, bill("C2", **{**replaces("ICNC1"), **UNDECIDED})], [([C1], "")])],
        *told("new", "resolved"),
    ),
    "denied by remittance and sent again rightly": story(
        [
            ([REFUSED | UNDECIDED], [([REFUSED], "")]),
            (
                [REFUSED | UNDECIDED, bill("C2", **{**APRIL, **UNDECIDED})],
                [([REFUSED], ""), ([bill("C2", **APRIL)], "")],
            ),
        ],
        *told("new", "resolved", check="MOD101"),
    ),
}
# without other claims of the therapist around them
ALONE: dict[str, list[Step]] = {
    "the only claim is voided": story([[C1], [C1, void("C1")]], *told("new", "resolved")),
    "the only claim is denied and sent again": story(
        [[REFUSED], [REFUSED, bill("C2", **APRIL)]], *told("new", "resolved", check="MOD101")
    ),
    "months 1 to 3, then 2 to 4": story(
        [
            [bill("C1", "2026-01-05", **WRONG), bill("C2", "2026-03-02", **WRONG)],
            [bill("C2", "2026-03-02", **WRONG), bill("C3", "2026-04-06", **WRONG)],
            [bill("C1", "2026-01-05", **WRONG), bill("C2", "2026-03-02", **WRONG), bill("C3", "2026-04-06", **WRONG)],
        ],
        [("UNT108", "new"), ("UNT108", "new")],
        [("UNT108", "unchanged"), ("UNT108", "new")],
        [("UNT108", "unchanged")] * 3,
    ),
}


def _own(number: int, row: Row) -> Row:
    """The line as one of the story's own patient, therapist and claims."""
    ids = {
        name: text if text in ("", "ICNC1") else f"S{number}{text}"
        for name, text in ((name, row[name]) for name in ("claim_id", "original_claim_id"))
    }
    if ids["original_claim_id"] == "ICNC1":
        ids["original_claim_id"] = f"ICNS{number}C1"
    return row | ids | {"patient_id": f"P{number}", "rendering_npi": worlds.npi(200 + number)}


def _drops(stories: list[tuple[str, list[Step]]]) -> Iterator[Contents]:
    """The files of each run: what every story has then; a story that is at its end says nothing more."""
    around = [
        bill("A1", "2026-01-05"),
        bill("A2", "2026-06-29", received_date="2026-06-29", processed_date="2026-06-30"),
    ]
    for step in range(max(len(steps) for _, steps in stories)):
        lines: list[Row] = []
        in_x12: list[Row] = []
        files: Contents = {"payers.csv": "payer_id,payer_name,payer_class\nMEDB,Medicare,medicare_b\n"}
        for number, (name, steps) in enumerate(stories, start=1):
            held = steps[min(step, len(steps) - 1)][0]
            own, payments = held if isinstance(held, tuple) else (held, [])
            (in_x12 if isinstance(held, tuple) else lines).extend(_own(number, row) for row in own)
            if name not in ALONE:
                lines += [_own(number, row) for row in around]
            for place, (rows, reversed_on) in enumerate(payments):
                paid = [_own(number, row) for row in rows]
                files[f"{number}-{place}.835"] = formats.remittances(paid, reversed_on=reversed_on)
        files["claim_lines.csv"] = formats.table(lines)
        files["claims.837"] = formats.professional({"claim_lines": in_x12})
        yield files


@pytest.fixture(scope="module")
def observed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """What each run observed of all stories."""
    history = History(engine, tmp_path_factory.mktemp("stories"))
    return [list(history.run(files, STORY_CHECKS).values()) for files in _drops([*STORIES.items(), *ALONE.items()])]


@pytest.mark.parametrize(("number", "name"), list(enumerate([*STORIES, *ALONE], start=1)))
def test_a_finding_is_followed_through_every_version(
    observed: list[list[dict[str, Any]]], number: int, name: str
) -> None:
    steps = (STORIES | ALONE)[name]
    own = [[row for row in run if row["provider_npi"] == worlds.npi(200 + number)] for run in observed]
    found = [sorted((row["check_code"], row["state"]) for row in run) for run in own]
    assert found[: len(steps)] == [sorted(expected) for _, expected in steps]
    # and nothing more is said of it once nothing more happens
    for run in own[len(steps) :]:
        assert {row["state"] for row in run} <= {"unchanged"}
