"""A run that goes on from the one before it writes what a full run would have written: every file and every verdict, byte for byte."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claimaudit import catalog, increment, jobs, registry
from claimaudit.engine import Engine
from claimaudit.ingest import raw_layouts
from claimaudit.settings import Settings
from tests import changes, formats, worlds
from tests.worlds import Records, Row

HISTORY = (
    "audit.coverage",
    "audit.found",
    "audit.judged",
    # of other lines a run that goes on needs no identity
    "(from audit.line_identity semi join (select unnest(line_shares).line_id as line_id from audit.found) using (line_id))",
    "audit.observation",
    "audit.observation_line",
    "audit.finding",
)
BASE_AS_OF = date(2026, 4, 30)
# one or more for each table that is made in a way of its own; with all checks the tests are long
SOME = "UNT101 UNT103 UNT105 UNT106 UNT113 MOD101 MOD102 BIL101 BIL103 BIL110 BIL112 CAP102 CAP103 DOC101 DOC103 DOC107 EVL103 DXC101 PRV101 NCC202".split()


class Practice:
    """A database and what its runs wrote, in a folder that can be copied."""

    def __init__(self, folder: Path, checks: list[str]) -> None:
        self.folder, self.checks = folder, checks
        self.again: int | None = None  # patients judged again by the last run; None: all
        self.gave_up = False  # what was judged again did not add up, and everything was done

    def copy(self, name: str) -> Practice:
        shutil.copytree(self.folder, self.folder.parent / name)
        return Practice(self.folder.parent / name, self.checks)

    def write(self, contents: formats.Contents) -> None:
        (self.folder / "in").mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (self.folder / "in" / name).write_text(str(content), "utf-8")

    def run(self, run_key: str, **settings: Any) -> Path:
        told: list[str] = []
        settings = {"select": self.checks, **settings}
        jobs.run(
            Settings(
                inputs=[self.folder / "in"],
                out=self.folder / "out",
                db=self.folder / "practice.duckdb",
                run_key=run_key,
                threads=1,
                **settings,
            ),
            lambda step, detail: told.append(detail) if "judged again" in detail or detail == "merged tables" else None,
        )
        # who is judged again is told before it is known whether it adds up
        self.again = int(told[0].split()[0]) if "merged tables" in told else None
        self.gave_up = bool(told) and self.again is None
        return self.folder / "out" / run_key

    def forget(self) -> None:
        """What stands is forgotten, so that the next run does everything."""
        with self.engine() as engine:
            engine.execute("drop table audit.standing")

    def engine(self) -> Engine:
        return Engine(self.folder / "practice.duckdb")

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with self.engine() as engine:
            return engine.rows(f"select * from {table} order by all")


def written(folder: Path) -> dict[str, bytes]:
    """Every file of a run; the manifest without its timings."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    manifest = json.loads(files.pop("manifest.json"))
    del manifest["timings"]
    return files | {"manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def assert_same(one: Practice, other: Practice, run_key: str) -> None:
    files, wanted = written(one.folder / "out" / run_key), written(other.folder / "out" / run_key)
    for table in HISTORY:
        assert one.rows(table) == other.rows(table), table
    wanted_of = {row[0]: row for row in other.rows("audit.line_identity")}
    assert [row for row in one.rows("audit.line_identity") if row != wanted_of.get(row[0], row)] == []
    assert files.keys() == wanted.keys()
    assert [name for name in wanted if files[name] != wanted[name]] == []
    assert_joined(one)


NUMBERS = {
    "account_no",
    "patient_no",
    "day_id",
    "day_ids",
    "episode_id",
    "period_id",
    "total_id",
    "group_id",
    "drug_day",
    "modifier_set",
    "diagnosis_set",
    "practice_no",
    "line_order",
}


def assert_joined(practice: Practice) -> None:
    """Every number of the core tables still joins what it should: with numbers put aside, they are what a build of everything makes."""
    with practice.engine() as engine:
        stand = {name: _plain(engine, name) for name in _present(engine)}
        joined = {text: engine.rows(text) for text in JOINS if all(name in stand for name in _named(text))}
        for table in catalog.build_order("core"):
            if table.sql and table.name in stand:
                engine.build(table)
        for name, rows in stand.items():
            assert rows == _plain(engine, name), name
        for text, rows in joined.items():
            assert rows == engine.rows(text), text


def _named(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word.startswith("core.")]


def _present(engine: Engine) -> list[str]:
    there = {
        row[0]
        for row in engine.rows(
            "select 'core.' || table_name from information_schema.tables where table_schema = 'core'"
        )
    }
    return sorted(there)


def _plain(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    """Rows without numbers that only join, and of what lines share only what is used."""
    table = catalog.tables()[name]
    columns = [column.name for column in table.columns if column.name not in NUMBERS]
    listed = [
        f"list_sort({column.name})"
        if column.type.endswith("[]") and column.name in ("lines", "line_ids", "column_1_lines")
        else column.name
        for column in table.columns
        if column.name in columns
    ]
    used = ""
    if name == "core.account":
        used = "semi join (from stg.claim_line where problem_mask = 0) using (patient_id, billing_npi, payer_id)"
    if name in increment.SHARED and name != "core.account":
        return []
    order = "order by all" if listed else ""
    return engine.rows(f"select {', '.join(listed) or 'count(*)'} from {name} {used} {order}")


# each number, followed to what it names
JOINS = (
    "select l.line_id, a.patient_id, a.billing_npi, a.payer_id from core.claim_line l join core.account a on a.account_no = account_of_day(l.day_id) order by all",
    "select l.line_id, m.modifier_text, m.shown from core.claim_line l join core.modifier_set m on m.modifier_set = l.modifier_set order by all",
    "select l.line_id, d.diagnosis_text, d.has_pointers from core.claim_line l join core.diagnosis_set d on d.diagnosis_set = l.diagnosis_set order by all",
    "select l.line_id, d.code, d.position, s.state from core.claim_line l join core.diagnosis d on d.diagnosis_set = l.diagnosis_set left join core.diagnosis_state s on s.code = d.code order by all",
    "select l.line_id, d.patient_id, d.service_date from core.claim_line l join core.visit_day d on d.day_id = l.day_id order by all",
    "select d.patient_id, d.service_date, d.payer_id, e.patient_id, e.first_day from core.visit_day d join core.treatment_day t on t.day_id = d.day_id join core.episode e on e.episode_id = t.episode_id order by all",
    "select c.patient_id, c.evaluation_date, e.first_day from core.certification c join core.episode e on e.episode_id = c.episode_id order by all",
    "select e.patient_id, e.first_day, p.payer_id, len(p.day_ids) from core.episode_payer p join core.episode e on e.episode_id = p.episode_id order by all",
    "select t.line_id, p.patient_id, p.year, p.bucket, p.first_day from core.threshold_line t join core.threshold_period p on p.period_id = t.period_id order by all",
    "select a.patient_id, a.first_day, count(*) from core.threshold_period a join core.threshold_period b on b.total_id = a.total_id group by all order by all",
    "select r.line_id, count(*) from core.repeated_line r join core.repeated_line s on s.group_id = r.group_id group by all order by all",
    "select l.line_id, d.service_date, d.given_units from core.drug_line l join core.drug_day d on d.drug_day = l.drug_day order by all",
    "select c.code, c.minutes, d.patient_id, d.service_date from core.day_code c join core.visit_day d on d.day_id = c.day_id order by all",
    "select c.code, c.minutes, d.patient_id, d.service_date from core.code_minutes c join core.visit_day d on d.day_id = c.day_id order by all",
    "select c.modifier, d.patient_id, d.service_date from core.assistant_day c join core.visit_day d on d.day_id = c.day_id order by all",
)


def tables(records: Records, name: str = "") -> formats.Contents:
    """The records as one file each."""
    return {f"{record}{name}.csv": formats.table(rows) for record, rows in records.items() if rows}


def split(records: Records, is_new: Callable[[str, Row], bool]) -> tuple[Records, Records]:
    old: Records = {}
    new: Records = {}
    for record, rows in records.items():
        for row in rows:
            (new if is_new(record, row) else old).setdefault(record, []).append(row)
    return old, new


def is_late(record: str, row: Row) -> bool:
    """May and June, as they come in July."""
    return record in ("claim_lines", "visits", "visit_services") and row.get("service_date", "") >= "2026-05-01"


def _without_pages(engine: Engine, out: Path) -> None:
    """What export reads of the report step; pages are a function of tables, and one test makes them."""


@pytest.fixture(scope="module")
def records() -> Records:
    return worlds.world(1, 32)


@pytest.fixture(
    scope="module", params=[SOME, pytest.param([], marks=pytest.mark.long)], ids=["some checks", "all checks"]
)
def base(request: pytest.FixtureRequest, records: Records, tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The months to April, audited."""
    practice = Practice(tmp_path_factory.mktemp("increment") / "base", request.param)
    old, _ = split(records, is_late)
    practice.write(tables(old))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "render", _without_pages)
        practice.run("2026-04", as_of=BASE_AS_OF)
    return practice


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a small practice a month touches most patients; and pages take longest."""
    monkeypatch.setattr(increment, "LEAST_PART", 1)
    monkeypatch.setattr(increment, "LEAST_LINES", 0)
    if "pages" not in request.node.name:
        monkeypatch.setattr(jobs, "render", _without_pages)


def both_ways(
    base: Practice,
    name: str,
    change: Callable[[Practice], None],
    run_key: str = "2026-06",
    as_of: date | None = worlds.AS_OF,
    **settings: Any,
) -> Practice:
    """The same change audited by going on and by doing everything, and found to be the same; the one that went on."""
    on, whole = base.copy(f"{name}-on"), base.copy(f"{name}-whole")
    for practice in (on, whole):
        change(practice)
    whole.forget()
    on.run(run_key, as_of=as_of, **settings)
    whole.run(run_key, as_of=as_of, **settings)
    assert whole.again is None
    assert on.again is not None, "it went on from the run before"
    assert_same(on, whole, run_key)
    return on


@pytest.mark.long
def test_a_month_with_its_pages(records: Records, base: Practice) -> None:
    _, new = split(records, is_late)
    both_ways(base, "month", lambda practice: practice.write(tables(new, "_june")))


def _of(records: Records, patients: set[str]) -> Records:
    """The records of some patients."""
    return {
        name: kept
        for name, rows in records.items()
        if "patient_id" in (rows[0] if rows else {})
        and (kept := [row for row in rows if row["patient_id"] in patients])
    }


def june(records: Records) -> set[str]:
    """Two patients who have claims after April."""
    return set(
        sorted(
            {row["patient_id"] for row in records["claim_lines"] if row["claim_id"] and is_late("claim_lines", row)}
            - {""}
        )[:2]
    )


def _late_mail(records: Records) -> Records:
    """What may come late of the months before, for few patients: replacements, voids, repeated lines, late claims, other claim numbers for the same."""
    chance = random.Random("late mail")
    lines = [
        row
        for row in records["claim_lines"]
        if row["claim_id"]
        and "2026-01-01" < row["service_date"] < "2026-05-01"
        and row["patient_id"] in ("P003", "P007", "P011")
    ]
    late = []
    for what, row in zip(("7", "8", "1", "again", "late", "split"), chance.sample(lines, 6), strict=True):
        number = f"L{row['claim_id']}"
        received = {"received_date": "2026-06-20"}
        if what in "78":
            late.append(
                row | received | {"claim_id": number, "claim_frequency": what, "original_claim_id": row["claim_id"]}
            )
        elif what == "1":
            late.append(row | received | {"claim_id": number})
        elif what == "again":
            late.append(dict(row))
        elif what == "late":
            late.append(
                row
                | received
                | {"claim_id": number, "service_date": "2026-02-16", "procedure_code": "97112", "units": "3"}
            )
        else:
            late.append(row | received | {"line_number": "9", "units": "1"})
    # twelve costly days of one patient, so that the threshold is passed by the days that stood already
    first = next(row for row in lines if row["payer_id"])
    late += [
        first | {"claim_id": f"T{day}", "line_number": "1", "payer_id": "MEDB", "service_date": f"2026-03-{day:02}", "procedure_code": "97110",
            "units": "2", "charge_amount": "900.00", "allowed_amount": "400.00", "paid_amount": "320.00", "line_status": "paid",
            "received_date": "2026-06-21", "processed_date": "2026-06-25"}
        for day in range(2, 14)
    ]  # fmt: skip
    return {"claim_lines": late}


def test_late_mail(records: Records, base: Practice) -> None:
    on = both_ways(
        base, "late", lambda practice: practice.write(tables(_late_mail(records), "_late")), as_of=BASE_AS_OF
    )
    assert on.again == 3


@pytest.mark.long
def test_month_after_month(records: Records, base: Practice) -> None:
    """Going on from a run that went on, and once more under the same key."""

    def month(number: str) -> Callable[[Practice], None]:
        return lambda practice: practice.write(
            {
                f"{name}_{number}.csv": formats.table(kept)
                for name, rows in split(records, is_late)[1].items()
                if (kept := [row for row in rows if row["service_date"].startswith(f"2026-{number}")])
            }
        )

    on = both_ways(base, "may", month("05"))
    on = both_ways(on, "june", month("06"))
    on = both_ways(on, "mail", lambda practice: practice.write(tables(_late_mail(records), "_late")))
    assert on.again == 3


def test_other_facts(records: Records, base: Practice) -> None:
    """A provider of another discipline, a new provider, a new payer, another row of a payer, plans and an exclusion; files that go and come."""
    payers = [row | ({"units_method": "cpt"} if row["payer_id"] == "BYDAY" else {}) for row in records["payers"]]
    providers = [row | ({"discipline": "OT"} if row["npi"] == worlds.npi(2) else {}) for row in records["providers"]]
    line = next(row for row in records["claim_lines"] if row["patient_id"] == "P004")
    new_line = line | {
        "claim_id": "N1",
        "payer_id": "NEWPAYER",
        "rendering_npi": worlds.npi(40),
        "service_date": "2026-06-05",
    }
    # a note of someone new to the practice, whose first line is of another patient
    note = {
        "patient_id": "P009",
        "service_date": "2026-03-02",
        "rendering_npi": worlds.npi(40),
        "discipline": "PT",
        "timed_minutes": "30",
        "total_minutes": "35",
        "note_signed_date": "2026-03-02",
    }
    service = {
        "patient_id": "P010",
        "service_date": "2026-03-03",
        "rendering_npi": worlds.npi(4),
        "procedure_code": "97110",
        "minutes": "15",
        "assistant_minutes": "8",
    }
    plan = {
        "patient_id": "P012",
        "discipline": "PT",
        "billing_npi": worlds.GROUPS[0],
        "evaluation_date": "2026-01-05",
        "plan_to": "2026-04-05",
        "certified_date": "2026-01-20",
    }
    report = {
        "patient_id": "P013",
        "discipline": "PT",
        "report_date": "2026-02-05",
        "author_npi": worlds.npi(1),
        "author_role": "therapist",
    }

    def change(practice: Practice) -> None:
        practice.write(
            {
                "payers.csv": formats.table([*payers, {"payer_id": "NEWPAYER", "payer_class": "medicare_b"}]),
                "providers.csv": formats.table(
                    [
                        *providers,
                        {"npi": worlds.npi(40), "discipline": "PT", "specialty_code": "65", "active_to": "2026-03-31"},
                    ]
                ),
                "june.csv": formats.table([new_line]),
                "visits_late.csv": formats.table([note]),
                "services_late.csv": formats.table([service]),
                "plans.csv": formats.table([plan]),
                "reports.csv": formats.table([report]),
                "exclusions.csv": formats.table([{"npi": worlds.npi(6), "from_date": "2026-02-01"}]),
            }
        )
        (practice.folder / "in" / "provider_days.csv").unlink()

    both_ways(base, "facts", change, as_of=None)


@pytest.mark.long
def test_an_earlier_first_day(records: Records, base: Practice) -> None:
    """A claim from before everything: the start of episodes is known that was not."""
    line = next(
        row for row in records["claim_lines"] if row["patient_id"] == "P001" and row["billing_npi"] == worlds.GROUPS[0]
    )
    early = line | {"claim_id": "E1", "service_date": "2025-08-01", "received_date": "2025-08-05"}
    both_ways(base, "early", lambda practice: practice.write({"early.csv": formats.table([early])}), as_of=BASE_AS_OF)


@pytest.mark.long
def test_the_as_of_date_moves(base: Practice) -> None:
    """No new file, and another day; then back again under the first key; then nothing at all."""
    on = both_ways(base, "later", lambda practice: None, "2026-07", date(2026, 7, 31))
    assert on.again == 0
    on = both_ways(on, "earlier", lambda practice: None, "2026-03", date(2026, 3, 31))
    assert on.again


def test_a_run_key_that_runs_again_on_another_day(base: Practice) -> None:
    """What it said the first time is no run before it."""
    both_ways(base, "again", lambda practice: None, "2026-04", date(2026, 5, 31))


def test_claims_and_remittances_in_x12(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month of X12 and FHIR; remittances of earlier months touch whom they pay, and those that go leave what the claim itself says."""
    records = formats.source(4, 24)
    old, new = split(records, is_late)
    claims = sorted({row["claim_id"] for row in old["claim_lines"] if row["paid_amount"]})

    def paid(some: set[str], **how: str) -> str:
        return formats.remittances([row for row in old["claim_lines"] if row["claim_id"] in some], **how)

    base = Practice(tmp_path / "base", SOME[::3])
    known = {name: records[name] for name in ("patients", "payers", "providers")}
    base.write({"april.837": formats.professional(old), "april.835": paid(set(claims[::2])), **formats.beside(old)})
    base.run("2026-04", as_of=BASE_AS_OF)

    # such files are dear to read, so that going on is worth while with a tenth of the lines
    monkeypatch.setattr(increment, "LEAST_LINES", 5 * len(old["claim_lines"]))
    first = {claims[1]}
    unnamed = re.sub(r"NM1\*QC[^~]*~\s*", "", paid(first))
    assert unnamed != paid(first)
    only = both_ways(base, "one", lambda practice: practice.write({"one.835": unnamed}), as_of=BASE_AS_OF)
    touched = {row["patient_id"] for row in old["claim_lines"] if row["claim_id"] in first}
    assert only.again == len(touched) == 1

    def month(practice: Practice) -> None:
        lines = new["claim_lines"]
        practice.write(
            {
                "june.837": formats.professional({**known, "claim_lines": lines[::2]}),
                "june.ndjson": formats.explanations({**known, "claim_lines": lines[1::2]}),
                "june.835": paid(set(claims[1:12:2])),
                "back.835": paid(set(claims[:6:2]), reversed_on="2026-06-10"),
            }
        )

    on = both_ways(base, "month", month)
    statuses = "select line_status, count(*), sum(paid_amount), count(processed_date) from stg.claim_line group by all order by all"
    with on.engine() as engine:
        told = engine.rows(statuses)

    def without(practice: Practice) -> None:
        for name in ("june.835", "back.835"):
            (practice.folder / "in" / name).unlink()

    gone = both_ways(on, "gone", without, "2026-07")
    with gone.engine() as engine:
        assert engine.rows(statuses) != told
        assert engine.value("select count(*) from stg.line_as_stated where paid_amount is not null") == 0


@pytest.mark.long
def test_a_claim_number_of_two_patients(records: Records, base: Practice) -> None:
    """The other patient of the claim is judged again as well, for the header is of both."""
    lines = {
        patient: next(row for row in records["claim_lines"] if row["patient_id"] == patient)
        for patient in ("P015", "P016")
    }
    shared = lines["P015"] | {"claim_id": lines["P016"]["claim_id"], "line_number": "8"}
    on = both_ways(
        base, "shared", lambda practice: practice.write({"shared.csv": formats.table([shared])}), as_of=BASE_AS_OF
    )
    assert on.again == 2


# When everything is done ------------------------------------------------------------------------------------------------


def _went_on(practice: Practice, **settings: Any) -> bool:
    practice.run("next", **{"as_of": BASE_AS_OF, **settings})
    return practice.again is not None


@pytest.mark.long
def test_what_asks_for_a_whole_run(records: Records, base: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each from the same standing run; and that nothing more was needed."""
    whole = base.copy("reasons")

    def taken(**settings: Any) -> bool:
        shutil.copy(base.folder / "practice.duckdb", whole.folder / "practice.duckdb")
        return _went_on(whole, **settings)

    assert taken()
    assert not taken(date_from=date(2026, 2, 1)), "a window"
    assert not taken(select=["UNT", "PRV"]), "other checks"
    assert not taken(known_as_of=date(2026, 5, 1)), "reference as of another day"
    assert not taken(format="canonical"), "a format that is named"
    layout = whole.folder / "own.toml"
    layout.write_text('recognise = ["Visit"]\n[patients]\npatient_id = "Visit"\n', "utf-8")
    assert not taken(layouts=[layout]), "another layout of exports"
    assert _went_on(whole, layouts=[layout]), "the same layout as in the run before"
    monkeypatch.setattr(increment, "LEAST_PART", 40)
    whole.write(tables(_of(split(records, is_late)[1], june(records)), "_june"))
    assert not taken(as_of=worlds.AS_OF), "too many patients"
    with monkeypatch.context() as few:
        few.setattr(increment, "LEAST_LINES", 1_000_000)
        assert not taken(), "so few lines that the whole is not dearer"
    monkeypatch.setattr(increment, "LEAST_PART", 1)
    (whole.folder / "in" / "claim_lines.csv").rename(whole.folder / "in" / "renamed.csv")
    assert not taken(), "another name"
    (whole.folder / "in" / "renamed.csv").rename(whole.folder / "in" / "claim_lines.csv")
    whole.write({"claims.csv": ",".join(raw_layouts()["synthea_claims"].columns) + "\n"})
    assert not taken(), "files that hold claims only together"


@pytest.mark.parametrize(
    "step", ["build", *(pytest.param(step, marks=pytest.mark.long) for step in ("judge", "merge", "record_run"))]
)
def test_a_killed_run_is_followed_by_a_whole_one(
    records: Records, base: Practice, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    practice = base.copy(f"killed-{step}")
    practice.write(tables(_of(split(records, is_late)[1], june(records)), "_june"))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((jobs, step) if step == "record_run" else (increment._Part, step)), killed)
        with pytest.raises(KeyboardInterrupt):
            practice.run("next", as_of=worlds.AS_OF)
    with practice.engine() as engine:
        assert not engine.rows(
            "select 1 from information_schema.tables where table_schema = 'audit' and table_name = 'standing'"
        )
    practice.run("next", as_of=worlds.AS_OF)
    assert practice.again is None


@pytest.mark.long
def test_a_step_alone_is_followed_by_a_whole_run(base: Practice) -> None:
    practice = base.copy("step")
    settings = Settings(
        inputs=[practice.folder / "in"], db=practice.folder / "practice.duckdb", out=practice.folder / "out"
    )
    with jobs.open_engine(settings) as engine:
        assert engine.rows("select run_key from audit.standing") == [("2026-04",)]
        jobs.build_step(engine, settings)
        assert "audit.standing" not in increment._stand(engine, engine.own_name)


@pytest.mark.long
def test_verdicts_that_do_not_add_up_are_not_carried_on(records: Records, base: Practice) -> None:
    """Where the run before said something else of the touched than they were judged to have, everything is judged."""
    practice = base.copy("odd")
    with practice.engine() as engine:
        engine.execute(
            "update core.claim_line set modifiers = [], modifier_set = -1 where list_contains(?, patient_id)",
            [sorted(june(records))],
        )
        engine.execute(
            "update core.visit_day set timed_units = timed_units + 3 where list_contains(?, patient_id)",
            [sorted(june(records))],
        )
    practice.write(tables(_of(split(records, is_late)[1], june(records)), "_june"))
    practice.run("next", as_of=worlds.AS_OF)
    with practice.engine() as engine:
        assert not engine.value("select count(*) from core.claim_line where modifier_set = -1")
        assert engine.value("select count(distinct check_code) from audit.judged") == len(
            jobs.chosen(Settings(select=practice.checks))
        )
    assert practice.gave_up


# The tables -------------------------------------------------------------------------------------------------------------


def test_every_core_table_has_its_place() -> None:
    """A table of patients says of whom its rows are, and reads no table that is made after it; what is everyone's reads nothing of patients."""
    known = {name: table for name, table in catalog.tables().items() if table.schema == "core"}
    assert increment.FACTS | increment.AFTER | {increment.STAFF} | set(increment.SHARED) < known.keys()
    for name, table in known.items():
        if name in increment.FACTS:
            assert not {read for read in table.reads if read.startswith("core.")} - increment.FACTS, name
        elif name not in increment.AFTER:
            assert not set(table.reads) & increment.AFTER, name
            if name != increment.STAFF and name not in increment.SHARED:
                assert increment.of_touched(table)


def test_who_reads_the_as_of_date_is_known() -> None:
    """The as-of date reaches patients through the days that it lets in, payers and switches; whoever else asks for it must be looked at here."""
    assert {name for name, table in catalog.tables().items() if table.schema == "core" and "core.run" in table.reads} == {
        "core.check_enabled", "core.claim_header", "core.claim_line", "core.correction", "core.pattern_period", "core.payer", "core.visit",
        "core.visit_service",
    }  # fmt: skip
    # a verdict that hangs on the as-of date in another way than by coming of age is judged over everyone
    asking = {code: check.ripens_after for code, check in registry.checks().items() if "core.run" in check.reads}
    assert asking == {
        "DOC101": "ref.certification_rule.timely_days",
        "EVL103": "window_days",
        "UNT106": "waiting_days",
    }
    for code in asking:
        for name in registry.checks()[code].reads:
            table = catalog.tables()[name]
            if table.schema == "core" and name not in increment.FACTS | increment.AFTER and not table.is_view:
                assert {"patient_id", "day_id"} & {column.name for column in table.columns}, f"{code} reads {name}"


# Anything at all --------------------------------------------------------------------------------------------------------


def _lives(seeds: range, steps: int, folder: Path, checks: list[str]) -> Counter[str]:
    told: Counter[str] = Counter()
    for seed in seeds:
        life = changes.Life(seed, folder / str(seed), checks)
        try:
            for number in range(steps):
                life.step(joined=number == steps - 1)
        except changes.Differs as error:
            pytest.fail(f"seed {seed}: {error}\n" + "\n".join(life.log))
        told += life.told
    return told


def test_a_life_at_random(tmp_path: Path) -> None:
    told = _lives(range(2, 3), 2, tmp_path, SOME[::4])
    assert told["went on"], told


@pytest.mark.long
def test_lives_at_random(tmp_path: Path) -> None:
    """Many more seeds are run by hand: see tests/changes.py."""
    told = _lives(range(3, 5), 5, tmp_path, [])
    assert told["went on"] >= 4 and not told["errors"], told
