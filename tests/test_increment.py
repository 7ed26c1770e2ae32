"""A run that goes on from the one before it writes what a full run would have written: every file and every verdict, byte for byte."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claimaudit import catalog, increment, jobs
from claimaudit.engine import Engine
from claimaudit.settings import Settings
from tests import formats, worlds
from tests.worlds import Records, Row

HISTORY = ("audit.coverage", "audit.found", "audit.judged", "audit.line_identity", "audit.observation", "audit.observation_line", "audit.finding")
BASE_AS_OF = date(2026, 5, 31)


class Practice:
    """A database and what its runs wrote, in a folder that can be copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.again: int | None = None  # patients judged again by the last run; None: all

    def copy(self, name: str) -> Practice:
        shutil.copytree(self.folder, self.folder.parent / name)
        return Practice(self.folder.parent / name)

    def write(self, contents: formats.Contents) -> None:
        (self.folder / "in").mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (self.folder / "in" / name).write_text(str(content), "utf-8")

    def run(self, run_key: str, **settings: Any) -> Path:
        told: list[str] = []
        jobs.run(
            Settings(
                inputs=[self.folder / "in"], out=self.folder / "out", db=self.folder / "practice.duckdb", run_key=run_key, threads=1, **settings
            ),
            lambda step, detail: told.append(detail) if "judged again" in detail else None,
        )
        self.again = int(told[0].split()[0]) if told else None
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
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = json.loads(files.pop("manifest.json"))
    del manifest["timings"]
    return files | {"manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def assert_same(one: Practice, other: Practice, run_key: str) -> None:
    files, wanted = written(one.folder / "out" / run_key), written(other.folder / "out" / run_key)
    for table in HISTORY:
        assert one.rows(table) == other.rows(table), table
    assert files.keys() == wanted.keys()
    assert [name for name in wanted if files[name] != wanted[name]] == []
    assert_joined(one)


NUMBERS = {"account_no", "patient_no", "day_id", "day_ids", "episode_id", "period_id", "total_id", "group_id", "drug_day", "modifier_set", "diagnosis_set", "practice_no", "line_order"}


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
    there = {row[0] for row in engine.rows("select 'core.' || table_name from information_schema.tables where table_schema = 'core'")}
    return sorted(there)


def _plain(engine: Engine, name: str) -> list[tuple[Any, ...]]:
    """Rows without numbers that only join, and of what lines share only what is used."""
    table = catalog.tables()[name]
    columns = [column.name for column in table.columns if column.name not in NUMBERS]
    listed = [
        f"list_sort({column.name})" if column.type.endswith("[]") and column.name in ("lines", "line_ids", "column_1_lines") else column.name
        for column in table.columns
        if column.name in columns
    ]
    used = ""
    if name == "core.account":
        used = "where patient_id in (select patient_id from stg.claim_line where problem_mask = 0)"
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
    """The month of June, as it comes in July."""
    return record in ("claim_lines", "visits", "visit_services") and row.get("service_date", "") >= "2026-06-01"


@pytest.fixture(scope="module")
def records() -> Records:
    return worlds.world(1)


@pytest.fixture(scope="module")
def base(records: Records, tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The months to May, audited."""
    practice = Practice(tmp_path_factory.mktemp("increment") / "base")
    old, _ = split(records, is_late)
    practice.write(tables(old))
    practice.run("2026-05", as_of=BASE_AS_OF)
    return practice


@pytest.fixture(autouse=True)
def any_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a small practice a month touches most patients."""
    monkeypatch.setattr(increment, "LEAST_PART", 1)


def both_ways(base: Practice, name: str, change: Callable[[Practice], None], run_key: str = "2026-06", **settings: Any) -> Practice:
    """The same change audited by going on and by doing everything, and found to be the same; the one that went on."""
    on, whole = base.copy(f"{name}-on"), base.copy(f"{name}-whole")
    for practice in (on, whole):
        change(practice)
    whole.forget()
    on.run(run_key, **settings)
    whole.run(run_key, **settings)
    assert whole.again is None
    assert on.again is not None, "it went on from the run before"
    assert_same(on, whole, run_key)
    return on


def test_a_month(records: Records, base: Practice) -> None:
    _, new = split(records, is_late)
    on = both_ways(base, "month", lambda practice: practice.write(tables(new, "_june")), as_of=worlds.AS_OF)
    assert on.again and on.again <= worlds.PATIENTS
