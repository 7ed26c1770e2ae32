"""Decisions about findings: why a finding is gone, worklists out and in, what a decision does and does not hide, and what payers made of findings."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from claimaudit import catalog, cli, jobs, registry
from claimaudit.audit import HISTORY, _record_rules, audit, record_run
from claimaudit.build import build, reconcile
from claimaudit.decisions import intake, marts, worklist
from claimaudit.engine import Engine
from claimaudit.errors import InputError, UsageError
from claimaudit.ingest import ingest
from claimaudit.model import Check
from claimaudit.reference import load_reference
from claimaudit.settings import Settings
from tests.test_states import AROUND, ERROR, THERAPIST, line

Row = dict[str, Any]

# Why a finding is gone ----------------------------------------------------------------------------------------------

CHECKS = registry.checks()
ROOT = Path(__file__).resolve().parent.parent


class Practice:
    """One database, audited run after run with few checks and without pages."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.runs = engine, folder, 0
        for table in HISTORY:
            engine.execute(f"drop table if exists {table}")

    def run(
        self, lines: list[dict[str, str]], checks: list[Check], discipline: str = "PT", **payer: str
    ) -> dict[tuple[str, str], Any]:
        """State, resolution and reason of each finding of the next run, by check and patient; `payer`: what the payer wants."""
        self.runs += 1
        key = f"{self.runs:02d}"
        inputs = self.folder / key
        inputs.mkdir()
        write_csv(inputs / "claim_lines.csv", lines)
        write_csv(inputs / "payers.csv", [{"payer_id": "MEDB", "payer_class": "medicare_b", **payer}])
        write_csv(inputs / "providers.csv", [{"npi": THERAPIST, "discipline": discipline}])
        ingest(self.engine, [inputs])
        wanted = {name for check in checks for name in check.reads} | {"core.superseded_line", "core.check_enabled"}
        build(self.engine, key, date(2026, 12, 31), wanted={name for name in wanted if name.startswith("core.")})
        reconcile(self.engine)
        assert not audit(self.engine, key, checks)
        record_run(self.engine, "test", ("", "", ""), checks, (), 0)
        rows = self.engine.rows(
            "select check_code, patient_id, state, resolution, resolution_reason from audit.observation where run_key = ?",
            [key],
        )
        return {(code, patient): (state, resolution, reason) for code, patient, state, resolution, reason in rows}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("practice") / "db", threads=1) as engine:
        load_reference(engine, CHECKS.values())
        yield engine


@pytest.fixture
def practice(engine: Engine, tmp_path: Path) -> Practice:
    return Practice(engine, tmp_path)


REPLACES = {"claim_frequency": "7", "original_claim_id": "C1", "received_date": "2026-04-01"}
VOIDS = REPLACES | {"claim_frequency": "8"}
# What became of a claim with two units of 97161, which is one too many: its records in the next input, and why the finding is gone.
GONE: dict[str, tuple[list[dict[str, str]], str, str | None]] = {
    "replaced": ([ERROR, line("C1R", "2026-03-02", **REPLACES)], "corrected", "replaced"),
    "voided": ([ERROR, line("C1V", "2026-03-02", **VOIDS)], "corrected", "voided"),
    "other units": ([ERROR | {"units": "1"}], "corrected", "changed"),
    "other code": ([ERROR | {"procedure_code": "97162", "units": "1"}], "corrected", "changed"),
    "denied": ([ERROR | {"line_status": "denied", "carc_codes": "CO-151"}], "corrected", "remitted"),
    "sent again": (
        [
            ERROR | {"line_status": "denied", "processed_date": "2026-04-01"},
            line("C9", "2026-03-02", received_date="2026-05-01"),
        ],
        "corrected",
        "resubmitted",
    ),
    "left": ([], "left-input", None),
}


def _of(patient: str, lines: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same claims as those of one patient, under numbers of that patient's own."""
    names = ("claim_id", "original_claim_id")
    return [
        row | {"patient_id": patient, **{name: f"{patient} {row[name]}" for name in names if row.get(name)}}
        for row in lines
    ]


def test_a_corrected_claim_is_told_from_one_that_left_the_input(practice: Practice) -> None:
    check = [CHECKS["UNT108"]]
    practice.run([*AROUND, *(row for how in GONE for row in _of(how, [ERROR]))], check)
    found = practice.run([*AROUND, *(row for how, (lines, _, _) in GONE.items() for row in _of(how, lines))], check)
    assert found == {("UNT108", how): ("resolved", resolution, reason) for how, (_, resolution, reason) in GONE.items()}


def _never(check: Check) -> Check:
    """The check under a rule that finds nothing."""
    return replace(check, sql=check.sql.replace("'finding'", "'pass'"))


def test_a_changed_rule_is_told_from_a_changed_claim(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check is another, one is removed, one is turned off for the payer; and one finds the provider another."""
    codes = ("UNT108", "UNT110", "BIL103", "MOD104")
    half = [ERROR | {"units": "1.5"}]
    late = [line("L1", "2026-03-02", received_date="2027-06-01")]
    same, changed, renumbered = _of("same", [ERROR]), _of("changed", [ERROR]), _of("renumbered", [ERROR])
    others = [*_of("half", half), *_of("late", late)]
    first = practice.run([*AROUND, *same, *changed, *renumbered, *others], [CHECKS[code] for code in codes], "OT")
    assert {(code, state) for (code, _), (state, _, _) in first.items()} == {(code, "new") for code in codes}
    monkeypatch.setattr(registry, "checks", lambda: CHECKS | {"UNT110": replace(CHECKS["UNT110"], status="removed")})
    practice.engine.execute(
        """insert into ref.payer_switch by name select 'MEDB' as payer_id, 'enabled:BIL103' as switch, 'false' as value,
        date '1900-01-01' as valid_from"""
    )
    try:
        gone = practice.run(
            [
                *AROUND,
                *same,
                changed[0] | {"units": "1"},
                renumbered[0] | {"claim_id": "Z7", "line_number": "4"},
                *others,
            ],
            [_never(CHECKS["UNT108"]), CHECKS["BIL103"], CHECKS["MOD104"]],
            "PT",
        )
    finally:
        practice.engine.execute("delete from ref.payer_switch where switch = 'enabled:BIL103'")
    assert gone["UNT108", "same"] == ("resolved", "rule-changed", "check-changed")
    assert gone["UNT108", "changed"] == ("resolved", "corrected", "changed")
    assert gone["UNT108", "renumbered"] == ("resolved", "rule-changed", "check-changed"), (
        "numbers are not what was billed"
    )
    assert gone["UNT110", "half"] == ("resolved", "rule-changed", "check-removed")
    assert gone["BIL103", "late"] == ("resolved", "rule-changed", "check-not-enabled")
    assert gone["MOD104", "same"] == ("resolved", "other-data", None)
    assert gone["MOD104", "changed"] == ("resolved", "corrected", "changed")


def test_a_payer_who_wants_something_else_corrects_no_claim(practice: Practice) -> None:
    """The line is as it was, and MOD101 is not asked any more; MOD104 does not ask what changed, and its finding is gone with the provider's discipline."""
    bare = [ERROR | {"units": "1", "modifier_1": ""}]
    same, mended, other = _of("same", bare), _of("mended", bare), _of("other", [ERROR | {"units": "1"}])
    checks = [CHECKS["MOD101"], CHECKS["MOD104"]]
    first = practice.run([*AROUND, *same, *mended, *other], checks, "OT", requires_discipline_modifier="true")
    assert {key for key in first if key[0] == "MOD101"} == {("MOD101", "same"), ("MOD101", "mended")}
    lines = [*AROUND, *same, mended[0] | {"modifier_1": "GP"}, *other]
    gone = practice.run(lines, checks, "PT", requires_discipline_modifier="false")
    assert gone["MOD101", "same"] == ("resolved", "rule-changed", "payer-changed")
    assert gone["MOD101", "mended"] == ("resolved", "corrected", "changed")
    assert gone["MOD104", "other"] == ("resolved", "other-data", None)


def test_what_is_part_of_a_rule(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its statement, the macros that it calls, its parameters, and releases that it reads through core tables; and whether it looks at denials."""
    for name in ("audit.judged", "audit.run_check", "audit.run_payer"):
        engine.create(catalog.tables()[name])
    checks = [CHECKS[code] for code in ("UNT108", "MOD101", "EVL104", "BIL111")]
    macros_of = catalog.macros_of

    def digests() -> dict[str, tuple[str, str, str]]:
        engine.execute("delete from audit.run_check")
        _record_rules(engine, "r", checks)
        rows = engine.rows("select check_code, rule_digest, parameter_digest, reference_digest from audit.run_check")
        return {code: tuple(rest) for code, *rest in rows}

    for check in checks:
        engine.execute("insert into audit.judged values (?)", [check.code])
    before = digests()
    assert dict(engine.rows("select check_code, reads_denial from audit.run_check")) == {
        "UNT108": True,
        "MOD101": False,
        "EVL104": True,  # by core.evaluation_line
        "BIL111": True,
    }
    switches = dict(engine.rows("select check_code, payer_switches from audit.run_check"))
    assert switches["MOD101"] == ["requires_discipline_modifier"] and "timely_filing_days" not in switches["BIL111"]
    assert digests() == before
    with engine.transaction():
        engine.execute("update ref.release set digest = 'another' where set = 'payer_class'")
        engine.execute("update ref.param set value = value + 1 where check_code = 'BIL111'")
        after = digests()
        engine.execute("update ref.release set digest = 'one' where set = 'vial'")
        assert digests()["UNT108"] == after["UNT108"]
        engine.execute("delete from audit.run_check")
    half_up = catalog.macros_of("select cents(1)")
    monkeypatch.setattr(
        catalog, "macros_of", lambda sql: {f"{text} other" if text in half_up else text for text in macros_of(sql)}
    )
    engine.execute("delete from audit.run_check")
    assert {code for code, parts in digests().items() if parts[0] != before[code][0]} == {"UNT108"}
    assert after["BIL111"][0] == before["BIL111"][0] and after["BIL111"][1] != before["BIL111"][1]
    assert after["UNT108"][1] == before["UNT108"][1] and after["UNT108"][2] != before["UNT108"][2]


# Decisions, over recorded runs ---------------------------------------------------------------------------------------


class World:
    """A database of recorded runs: what they observed is given, so that decisions are tested by themselves."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        for name in (*HISTORY, "stg.claim_line", "audit.viewed"):
            engine.create(catalog.tables()[name])

    @contextmanager
    def open(self) -> Iterator[Engine]:
        yield self.engine

    def run(self, key: str, as_of: str, *findings: Row, data_to: str | None = None) -> None:
        """Record a run that saw these findings; `data_to`: the last day that its input names."""
        with self.open() as engine:
            engine.execute(
                "insert into audit.run by name select ? as run_key, cast(? as date) as as_of, cast(? as date) as data_to",
                [key, as_of, data_to or as_of],
            )
            for given in findings:
                row = {
                    "run_key": key, "check_code": "UNT108", "check_name": "untimed", "severity": "error", "state": "new", "direction": "over",
                    "provider_npi": THERAPIST, "payer_id": "MEDB", "patient_id": "P1", "service_date": date(2026, 3, 2), "amount_at_risk": Decimal("100.00"),
                    "amount_basis": "allowed", "message": "Two units.", "fix": "Bill one.", "digest": "d1", **given,
                }  # fmt: skip
                names = ", ".join(f"? as {name}" for name in row)
                engine.execute(f"insert into audit.observation by name select {names}", list(row.values()))
                engine.execute(
                    "insert into audit.finding select ?, 'UNT108', 'claim_line', ?, cast(? as date) where ? not in (select finding_id from audit.finding)",
                    [row["finding_id"], key, as_of, row["finding_id"]],
                )

    def decide(self, finding: str, decision: str, on: str, run_key: str = "1", **other: Any) -> None:
        """Record a decision as an import does."""
        fields = {
            "finding_id": finding, "run_key": run_key, "decision": decision, "decided_on": on, "reviewer": "Ann", "reason_code": "why",
            "expiry": "2027-01-31" if decision == "suppressed" else "", "approver": "Bob" if decision == "suppressed" else "", **other,
        }  # fmt: skip
        path = self.folder / f"decided-{len(list(self.folder.iterdir()))}.csv"
        write_csv(path, [fields])
        with self.open() as engine:
            done = intake.take_in(engine, path, None)
        assert (done.recorded, done.problems) == (1, [])

    def see(self, run_key: str | None = None) -> dict[str, Row]:
        """mart.decision by finding, in the eyes of a run."""
        with self.open() as engine:
            marts.look_at(engine, run_key)
            marts.build(engine, marts.DECISIONS)
            return {row["finding_id"]: row for row in engine.dicts("select * from mart.decision")}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.open() as engine:
            return engine.rows(sql)


def write_csv(path: Path, rows: list[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


A, B, C = "aaaaaaaaaaaaaaa1", "bbbbbbbbbbbbbbb2", "ccccccccccccccc3"


def recorded(db: Path | None) -> Engine:
    """A database with the reference tables that decisions read."""
    engine = Engine(db, threads=1)
    for name in ("overpayment_rule", "precision_rule"):
        table = catalog.tables()[f"ref.{name}"]
        engine.load_csv(table, (ROOT / "sql" / "ref" / "defaults" / str(table.defaults)).read_bytes())
    return engine


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    with recorded(None) as engine:
        yield engine


@pytest.fixture
def world(memory: Engine, tmp_path: Path) -> World:
    return World(memory, tmp_path)


def finding(name: str, **other: Any) -> Row:
    return {"finding_id": name, **other}


def test_no_error_hides_from_the_work_and_not_from_the_count(world: World) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B))
    world.decide(A, "not_an_error", "2026-11-10")
    world.run("2", "2026-11-30", finding(A, state="reopened"), finding(B, state="unchanged"))
    seen = world.see("2")[A]
    assert (seen["standing"], seen["is_hidden"], seen["is_open"]) == ("in-force", True, False)
    rows = world.rows(
        "select findings, open, new_open, new_hidden, not_an_error, hidden_over from mart.work where is_total"
    )
    assert rows == [(2, 1, 0, 1, 1, Decimal("100.00"))]


def test_no_error_is_said_of_what_was_seen(world: World) -> None:
    """With another amount or message it is another question, and open again."""
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "not_an_error", "2026-11-10")
    world.run("2", "2026-11-30", finding(A, state="updated", digest="d2"))
    assert (world.see("2")[A]["standing"], world.see("2")[A]["is_open"]) == ("updated", True)
    assert world.see("1")[A]["standing"] == "in-force"


@pytest.mark.parametrize(
    ("as_of", "standing"), [("2027-01-30", "in-force"), ("2027-01-31", "in-force"), ("2027-02-01", "expired")]
)
def test_a_suppression_holds_through_its_last_day(world: World, as_of: str, standing: str) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "suppressed", "2026-11-10")
    world.run("2", as_of, finding(A, state="unchanged"))
    seen = world.see()[A]
    assert (seen["standing"], seen["is_hidden"]) == (standing, standing == "in-force")
    faults = world.rows("select kind, why from mart.suppression_fault")
    assert [kind for kind, _ in faults] == ([] if standing == "in-force" else ["expired"])
    assert all("2027-01-31" in why for _, why in faults)


@pytest.mark.parametrize(
    ("ceiling", "standing"), [("", "in-force"), ("100.01", "in-force"), ("100", "in-force"), ("99.99", "breached")]
)
def test_a_suppression_holds_up_to_its_ceiling(world: World, ceiling: str, standing: str) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "suppressed", "2026-11-10", ceiling=ceiling)
    assert world.see()[A]["standing"] == standing
    why = [row[0] for row in world.rows("select why from mart.suppression_fault where kind = 'breached'")]
    assert why == (["The amount at risk, 100.00, is above the ceiling of 99.99."] if standing == "breached" else [])


def test_a_suppression_of_something_else_is_breached(world: World) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "suppressed", "2026-11-10", ceiling="500")
    world.run("2", "2026-11-30", finding(A, state="updated", digest="d2", amount_at_risk=Decimal("120.00")))
    assert (world.see()[A]["standing"], world.see()[A]["is_open"]) == ("breached", True)
    world.run("3", "2027-03-31", finding(A, state="unchanged", digest="d2"))
    world.see()
    assert world.rows("select kind from mart.suppression_fault order by kind") == [("breached",), ("expired",)]


def test_a_suppression_that_hides_nothing_is_unused(world: World) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B))
    world.decide(A, "suppressed", "2026-11-10")
    world.decide(B, "suppressed", "2026-11-10")
    world.run("2", "2026-11-30", finding(A, state="resolved", resolution="corrected"))
    world.run("3", "2026-12-31")
    # B was not looked at, which says nothing of it
    assert {name: row["standing"] for name, row in world.see("3").items()} == {A: "unused", B: "in-force"}
    assert world.rows("select kind, finding_id from mart.suppression_fault") == [("unused", A)]


@pytest.mark.parametrize(
    ("data_to", "standing"),
    [("2026-11-09", "awaiting-data"), ("2026-11-10", "awaiting-data"), ("2026-11-11", "contradicted")],
)
def test_corrected_is_held_against_later_data(world: World, data_to: str, standing: str) -> None:
    world.run("1", "2026-10-31", finding(A), data_to="2026-11-30")
    world.decide(A, "corrected", "2026-11-10")
    assert world.see()[A]["standing"] == "awaiting-data", "the run that was answered is no later one"
    world.run("2", "2026-11-30", finding(A, state="unchanged"), data_to=data_to)
    seen = world.see()[A]
    assert (seen["standing"], seen["is_open"]) == (standing, standing == "contradicted")


@pytest.mark.parametrize(
    ("resolution", "standing"),
    [
        ("corrected", "verified"),
        ("other-data", "verified"),
        ("rule-changed", "unverified"),
        ("left-input", "unverified"),
    ],
)
def test_corrected_and_gone(world: World, resolution: str, standing: str) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "corrected", "2026-11-10")
    world.run("2", "2026-11-30", finding(A, state="resolved", resolution=resolution))
    assert world.see()[A]["standing"] == standing
    assert world.rows(f"select resolved, resolved_{resolution.replace('-', '_')} from mart.work where is_total") == [
        (1, 1)
    ]


def test_the_last_decision_counts_and_the_others_stay(world: World) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.decide(A, "under_review", "2026-11-10")
    world.decide(A, "confirmed", "2026-11-12")
    world.decide(A, "not_an_error", "2026-11-11")
    seen = world.see()[A]
    assert (seen["decision"], seen["decisions"], seen["is_open"]) == ("confirmed", 3, True)
    world.decide(A, "not_an_error", "2026-11-12")  # the same day: what was recorded last
    assert world.see()[A]["decision"] == "not_an_error"


def test_a_run_knows_no_decision_about_a_later_one(world: World) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.run("2", "2026-11-30", finding(A, state="unchanged"))
    world.decide(A, "not_an_error", "2026-12-03", run_key="2")
    assert A in world.see("2") and world.see("1") == {}


# The worklist ---------------------------------------------------------------------------------------------------------

HOSTILE = '=HYPERLINK("http://x.example","y")'


def _filled(path: Path, **answers: Any) -> None:
    """Fill in the first finding of a worklist as a spreadsheet program would."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.active
        head = [cell.value for cell in sheet[1]]
        for name, value in answers.items():
            cell = sheet.cell(2, head.index(name) + 1)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        book.save(path)
        return
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= {name: worklist.guarded(str(value)) for name, value in answers.items()}
    write_csv(path, rows)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_out_and_in_again(world: World, tmp_path: Path, suffix: str) -> None:
    """Text that looks like a formula comes back letter by letter, dates and money by their type."""
    path = tmp_path / f"list{suffix}"
    world.run(
        "1",
        "2026-10-31",
        finding(A, message=HOSTILE, amount_at_risk=Decimal("1234.50")),
        finding(B, amount_at_risk=None),
    )
    with world.open() as engine:
        assert worklist.export(engine, path, CHECKS, None, open_only=False) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry for entry in os.listdir(tmp_path) if "partial" in entry] == []
    _filled(
        path, decision="suppressed", reviewer="Ann", decided_on=date(2026, 11, 10), reason_code="-policy", note=HOSTILE,
        expiry=date(2027, 1, 31), approver="Bob", ceiling=1500.5,
    )  # fmt: skip
    with world.open() as engine:
        done = intake.take_in(engine, path, None)
        assert (done.recorded, done.blank, done.problems) == (1, 1, [])
        row = engine.dicts("select * from audit.disposition")[0]
        again = intake.take_in(engine, path, date(2026, 12, 1))
        assert (again.recorded, again.repeated) == (0, 1)
    assert {
        "finding_id": A, "decision": "suppressed", "reason_code": "-policy", "note": HOSTILE, "decided_on": date(2026, 11, 10),
        "expires_on": date(2027, 1, 31), "ceiling": Decimal("1500.50"), "amount_at_risk": Decimal("1234.50"), "digest": "d1",
    }.items() <= row.items()  # fmt: skip


def test_the_workbook_is_typed_and_asks(world: World, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    world.run("1", "2026-10-31", finding(A, message=HOSTILE, amount_at_risk=Decimal("-12.50")))
    world.decide(A, "under_review", "2026-11-10")
    with world.open() as engine:
        worklist.export(engine, path, CHECKS, "1", open_only=True)
        first = path.read_bytes()
        worklist.export(engine, path, CHECKS, "1", open_only=True)
    assert path.read_bytes() == first, "the same worklist has the same bytes"
    sheet = openpyxl.load_workbook(path).active
    cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (cells["amount_at_risk"].value, cells["amount_at_risk"].data_type) == (-12.5, "n")
    assert cells["service_date"].is_date and cells["message"].data_type == "s" and cells["message"].value == HOSTILE
    assert cells["proposed_decision"].value == "under_review" and cells["last_decision"].value == "Ann on 2026-11-10"
    assert cells["question"].value and cells["decision"].value is None
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    asked = openpyxl.utils.get_column_letter(list(cells).index("decision") + 1)
    assert rules[f"{asked}2"].formula1.strip('"').split(",") == list(worklist.DECISIONS)
    assert "patient_id" not in cells


def test_a_csv_worklist_guards_text_and_not_numbers(world: World, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    world.run("1", "2026-10-31", finding(A, message="-1 unit", fix="'=x", amount_at_risk=Decimal("-12.50")))
    with world.open() as engine:
        worklist.export(engine, path, CHECKS, None, open_only=False)
    with path.open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["amount_at_risk"], row["message"], row["fix"]) == ("-12.50", "'-1 unit", "''=x")
    assert [intake.unguarded(row[name]) for name in ("message", "fix")] == ["-1 unit", "'=x"]


def test_a_filled_worklist_is_not_written_over(world: World, tmp_path: Path) -> None:
    path, other = tmp_path / "list.csv", tmp_path / "notes.csv"
    other.write_text("my notes\n", "utf-8")
    world.run("1", "2026-10-31", finding(A))
    with world.open() as engine:
        worklist.export(engine, path, CHECKS, None, open_only=False)
        worklist.export(engine, path, CHECKS, None, open_only=False)  # nobody has decided: written again
        _filled(path, decision="confirmed")
        kept = path.read_bytes(), other.read_bytes()
        for taken in (path, other):
            with pytest.raises(UsageError):
                worklist.export(engine, taken, CHECKS, None, open_only=False)
    assert (path.read_bytes(), other.read_bytes()) == kept


def test_open_only_leaves_out_what_nobody_has_to_act_on(world: World, tmp_path: Path) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B), finding(C))
    world.decide(A, "not_an_error", "2026-11-10")
    world.decide(B, "corrected", "2026-11-10")
    with world.open() as engine:
        assert worklist.export(engine, tmp_path / "open.csv", CHECKS, None, open_only=True) == 1
        assert worklist.export(engine, tmp_path / "all.csv", CHECKS, None, open_only=False) == 3


GOOD: Row = {"finding_id": A, "run_key": "1", "decision": "confirmed", "reviewer": "Ann", "decided_on": "2026-11-10"}
SUPPRESSED: Row = GOOD | {
    "decision": "suppressed", "reason_code": "policy", "expiry": "2027-01-31", "approver": "Bob", "ceiling": "10",
}  # fmt: skip
BAD: list[tuple[Row, str]] = [
    (GOOD | {"finding_id": "ffffffffffffffff"}, "finding_id"),
    (GOOD | {"finding_id": "1.23457E+15"}, "finding_id"),
    (GOOD | {"run_key": "9"}, "run_key"),
    (GOOD | {"run_key": "2"}, "run_key"),
    (GOOD | {"decision": "fine"}, "decision"),
    (GOOD | {"reviewer": " "}, "reviewer"),
    (GOOD | {"decided_on": "11/10/2026"}, "decided_on"),
    (GOOD | {"decided_on": "2026-02-30"}, "decided_on"),
    (GOOD | {"decided_on": "2026-12-02"}, "decided_on"),
    (GOOD | {"decision": "not_an_error"}, "reason_code"),
    (GOOD | {"expiry": "2027-01-31"}, "expiry"),
    (GOOD | {"ceiling": "5"}, "ceiling"),
    (GOOD | {"note": "x" * 10_001}, "note"),
    (SUPPRESSED | {"reason_code": ""}, "reason_code"),
    (SUPPRESSED | {"expiry": ""}, "expiry"),
    (SUPPRESSED | {"expiry": "2026-11-10"}, "expiry"),
    (SUPPRESSED | {"expiry": "soon"}, "expiry"),
    (SUPPRESSED | {"approver": ""}, "approver"),
    (SUPPRESSED | {"approver": "  ANN "}, "approver"),
    (SUPPRESSED | {"ceiling": "-1"}, "ceiling"),
    (SUPPRESSED | {"ceiling": "1.005"}, "ceiling"),
    (SUPPRESSED | {"ceiling": "$10"}, "ceiling"),
    (SUPPRESSED | {"ceiling": "1e3"}, "ceiling"),
]


@pytest.fixture
def asked(world: World) -> World:
    """Two runs, of which the second did not see the finding."""
    world.run("1", "2026-10-31", finding(A))
    world.run("2", "2026-11-30", finding(B))
    return world


def test_every_bad_cell_is_named(asked: World, tmp_path: Path) -> None:
    """Each in a file of its own, because a file decides on a finding once."""
    with asked.open() as engine:
        for row, column in BAD:
            path = tmp_path / "bad.csv"
            write_csv(path, [row])
            done = intake.take_in(engine, path, date(2026, 12, 1))
            assert done.recorded == 0 and [(p.row, p.column) for p in done.problems] == [(2, column)], row
            for problem in done.problems:
                assert problem.cause and problem.remedy and A not in problem.cause + problem.remedy
        assert engine.value("select count(*) from audit.disposition") == 0


def test_good_rows_go_in_and_bad_ones_are_named(world: World, tmp_path: Path) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B), finding(C))
    path = tmp_path / "mixed.csv"
    rows = [GOOD, GOOD | {"finding_id": B, "reviewer": ""}, GOOD | {"finding_id": C, "decision": ""}, GOOD]
    write_csv(path, rows)
    with world.open() as engine:
        done = intake.take_in(engine, path, None)
    assert (done.recorded, done.blank) == (1, 1)
    assert [(problem.row, problem.column) for problem in done.problems] == [(3, "reviewer"), (5, "finding_id")]
    # corrected and imported again: only what is new goes in
    rows[1]["reviewer"] = "Ann"
    write_csv(path, rows[:3])
    with world.open() as engine:
        done = intake.take_in(engine, path, None)
    assert (done.recorded, done.repeated) == (1, 1)


def test_a_row_that_is_answered_without_a_decision_is_counted(world: World, tmp_path: Path) -> None:
    """A reviewer may stand in all rows beforehand; a note or a reason is an answer whose decision was forgotten."""
    world.run("1", "2026-10-31", finding(A), finding(B), finding(C))
    path = tmp_path / "forgotten.csv"
    plain = GOOD | {"decision": "", "decided_on": ""}
    write_csv(path, [GOOD, plain | {"finding_id": B}, plain | {"finding_id": C, "note": "see the chart"}])
    with world.open() as engine:
        done = intake.take_in(engine, path, None)
    assert (done.recorded, done.blank, done.answered, done.problems) == (1, 2, 1, [])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_that_are_not_separated_by_commas(separator: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\ufeff" + separator.join(GOOD) + "\n" + separator.join(map(str, GOOD.values())) + "\n", "utf-8")
    with pytest.raises(InputError, match="^The cells of list.csv are not separated by commas"):
        list(intake.rows(path))


def test_an_import_that_is_cut_off_leaves_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B))
    path = tmp_path / "two.csv"
    write_csv(path, [GOOD, GOOD | {"finding_id": B}])
    execute = Engine.execute

    def cut(self: Engine, sql: str, params: Any = None) -> None:
        execute(self, sql, params)
        if "insert into audit.disposition" in sql:
            raise KeyboardInterrupt

    with world.open() as engine:
        monkeypatch.setattr(Engine, "execute", cut)
        with pytest.raises(KeyboardInterrupt):
            intake.take_in(engine, path, None)
        monkeypatch.undo()
        assert engine.value("select count(*) from audit.disposition") == 0
        assert intake.take_in(engine, path, None).recorded == 2
        assert engine.rows("select entry, source_row from audit.disposition order by entry") == [(1, 2), (2, 3)]


def test_a_first_file_again_does_not_take_back_a_later_decision(world: World, tmp_path: Path) -> None:
    world.run("1", "2026-10-31", finding(A))
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    write_csv(first, [GOOD])
    write_csv(second, [GOOD | {"decision": "corrected"}])
    with world.open() as engine:
        assert [intake.take_in(engine, path, None).recorded for path in (first, second, first, second)] == [1, 1, 0, 0]
    assert world.see()[A]["decision"] == "corrected"


BROKEN = {
    "empty.csv": b"",
    "other.csv": b"a,b\n1,2\n",
    "short.csv": b"finding_id,decision\n1,2\n",
    "twice.csv": b"finding_id,decision,reviewer,reviewer\n1,2,3,4\n",
    "latin.csv": b"finding_id,decision,reviewer\n1,2,Ren\xe9\n",
    "quote.csv": b'finding_id,decision,reviewer\n1,"2"x,3\n',
    "cut.xlsx": b"PK\x03\x04 cut off",
    "text.xlsx": b"finding_id,decision,reviewer\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_worklist_is_refused(asked: World, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    with asked.open() as engine, pytest.raises(InputError) as refused:
        intake.take_in(engine, tmp_path / name, date(2026, 12, 1))
    assert name in refused.value.cause and refused.value.remedy


def test_a_row_wider_than_its_header_is_refused(asked: World, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(f"finding_id,decision,reviewer\n{A},confirmed,Ann, and Bob\n", "utf-8")
    with asked.open() as engine:
        assert [problem.row for problem in intake.take_in(engine, path, date(2026, 12, 1)).problems] == [2]


# The baseline and the commands ---------------------------------------------------------------------------------------


def test_a_baseline_hides_from_new_and_never_from_money(world: World) -> None:
    world.run("1", "2026-10-31", finding(A), finding(B), finding(C, direction="under"))
    world.decide(B, "confirmed", "2026-11-01")
    given = ("Ann", "Bob", date(2026, 11, 10), date(2027, 5, 31), None)
    with world.open() as engine:
        assert intake.baseline(engine, None, *given) == (2, 1)
        assert intake.baseline(engine, None, *given) == (0, 3)
    world.run("2", "2026-11-30", finding(A, state="unchanged"), finding(B, state="unchanged"), finding("d" * 16))
    world.see()
    assert world.rows("select findings, new_open, baseline, hidden_over from mart.work where is_total") == [
        (3, 1, 1, Decimal("100.00"))
    ]
    with world.open() as engine:
        for wrong in (("Ann", " ann", *given[2:]), ("Ann", "Bob", date(2026, 11, 10), date(2026, 11, 10), None)):
            with pytest.raises(UsageError):
                intake.baseline(engine, "1", *wrong)
        with pytest.raises(UsageError, match="first run"):
            intake.baseline(engine, "2", *given)


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with recorded(tmp_path / "db") as engine:
        World(engine, tmp_path).run("1", "2026-10-31", finding(A), finding(B))
    db, path = ("--db", str(tmp_path / "db")), tmp_path / "list.csv"
    assert command("disposition", "export", str(path), "--open-only", *db) == 0
    _filled(path, decision="not an error", reviewer="Ann")
    assert command("disposition", "import", str(path), "--on", "2026-11-10", *db) == 3
    printed = capsys.readouterr()
    assert "row 2, column reason_code" in printed.err and A not in printed.err and "Traceback" not in printed.err
    _filled(path, reason_code="by policy")
    assert command("disposition", "import", str(path), *db) == 3, "no day is given"
    assert command("disposition", "import", str(path), "--on", "2026-11-10", *db) == 0
    rows = [GOOD | {"finding_id": B}, GOOD | {"decision": "?"}]
    write_csv(path, rows)
    assert command("disposition", "import", str(path), *db) == 4, "one recorded, one refused"
    capsys.readouterr()
    assert command("disposition", "list", "--standing", "open", *db) == 0
    printed = capsys.readouterr()
    assert B in printed.out and A not in printed.out
    assert "2 findings stand: 1 open (0 undecided), 1 hidden" in printed.out
    assert command("disposition", "list", "--json", *db) == 0
    assert command("disposition", "list", "--standing", "gone", *db) == 2
    assert command("disposition", "export", str(tmp_path / "list.txt"), *db) == 2
    assert command("disposition", "import", str(tmp_path / "none.csv"), *db) == 3
    assert command("disposition", "export", str(path), "--run-key", "9", *db) == 2
    base = ("disposition", "baseline", "--reviewer", "Ann", "--expiry", "2027-01-31", "--on", "2026-11-30", *db)
    assert command(*base, "--approver", "ann") == 2
    assert command(*base, "--approver", "Bob") == 0
    with recorded(tmp_path / "db") as engine:
        later = World.__new__(World)
        later.engine = engine
        later.run("2", "2026-11-30", finding(B, state="resolved", resolution="corrected"))
    capsys.readouterr()
    assert command("disposition", "list", *db) == 0
    said = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert said[B].endswith("(resolved)") and not said[A].endswith("(resolved)")


def test_faults_are_listed_for_spreadsheets(world: World, tmp_path: Path) -> None:
    world.run("1", "2026-10-31", finding(A))
    world.see()
    with world.open() as engine:
        assert marts.write_faults(engine, tmp_path) is None
    world.decide(A, "suppressed", "2026-11-10", ceiling="1", reason_code="=1+1")
    world.see()
    with world.open() as engine:
        path = marts.write_faults(engine, tmp_path)
    assert path is not None
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["kind"], row["reason_code"], row["ceiling"]) for row in rows] == [("breached", "'=1+1", "1.00")]
    world.decide(A, "confirmed", "2026-11-11")
    world.see()
    with world.open() as engine:
        assert marts.write_faults(engine, tmp_path) is None and not path.exists()


# What payers made of findings ----------------------------------------------------------------------------------------


def _precision(
    world: World, *, reads_denial: bool, first: str, decided: list[tuple[str, str, str]], codes: bool = True
) -> Row:
    """mart.precision of a check whose findings are on one line each; `decided`: status, CARC and RARC as they are now."""
    world.run("1", "2026-10-31", *(finding(f"{n:016x}") for n in range(len(decided))))
    with world.open() as engine:
        engine.execute(
            f"""insert into audit.run_check by name select '1' as run_key, 'UNT108' as check_code, 'stable' as status, ? as reads_denial,
            {"[{carc: '151', rarc: 'N362'}]" if codes else "[]"} as denial_codes""",
            [reads_denial],
        )
        for number, (status, carc, rarc) in enumerate(decided):
            engine.execute(
                """insert into audit.observation_line by name select '1' as run_key, ? as finding_id, 'P1' as patient_id, ? as claim_id,
                1 as line_number, date '2026-03-02' as service_date, '97161' as procedure_code, ? as line_status""",
                [f"{number:016x}", f"C{number}", first],
            )
            engine.execute(
                """insert into stg.claim_line by name select 1 as file_id, ? as record_number, 0 as problem_mask, 'P1' as patient_id, ? as claim_id,
                1 as line_number, date '2026-03-02' as service_date, '97161' as procedure_code, ? as line_status,
                list_filter([?], lambda x: x <> '') as carc_codes, list_filter([?], lambda x: x <> '') as rarc_codes""",
                [number, f"C{number}", status, carc, rarc],
            )
        marts.look_at(engine)
        marts.build(engine, marts.PRECISION)
        return engine.dicts("select * from mart.precision")[0]


def test_agreement_of_payers(world: World) -> None:
    decided = [("denied", "CO-151", "N362")] * 15 + [("denied", "151", "")] + [("paid", "CO-45", "")] * 4
    decided += [("denied", "CO-16", "M51"), ("paid", "CO-151", "N362"), ("denied", "CO-151", "M1"), ("pending", "", "")]
    row = _precision(world, reads_denial=True, first="pending", decided=decided)
    counts = ("findings", "left_out", "undecided", "refused", "paid", "other", "decided", "foretold")
    assert [row[name] for name in counts] == [24, 0, 1, 16, 4, 3, 20, 20]
    # Wilson, 16 of 20 at 95 %: 0.584 to 0.919
    assert [round(row[name], 3) for name in ("agreement", "agreement_low", "agreement_high")] == [0.8, 0.584, 0.919]
    assert row["why"] is None


def test_no_grade_below_the_least_number(world: World) -> None:
    row = _precision(world, reads_denial=False, first="pending", decided=[("denied", "151", "")] * 19)
    assert (row["decided"], row["agreement"], row["agreement_low"], row["why"]) == (19, None, None, "too-few")


@pytest.mark.parametrize(("reads_denial", "left_out"), [(True, 20), (False, 0)])
def test_what_a_check_could_not_have_said_otherwise_is_left_out(
    world: World, reads_denial: bool, left_out: int
) -> None:
    """The lines were paid when the check saw them first: one that skips denied lines would always be called wrong."""
    row = _precision(world, reads_denial=reads_denial, first="paid", decided=[("paid", "", "")] * 20)
    assert (row["left_out"], row["paid"], row["foretold"]) == (left_out, 20 - left_out, 0)
    assert row["agreement"] == (None if reads_denial else 0.0)
    assert row["agreement_low"] == (None if reads_denial else 0.0)


def test_a_check_without_declared_reasons_has_no_grade(world: World) -> None:
    row = _precision(world, reads_denial=False, first="pending", decided=[("paid", "", "")] * 20, codes=False)
    assert (row["agreement"], row["why"]) == (None, "no-reason-declared")


def test_the_month_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the run to the worklist and back into its folder: a suppressed finding keeps its row and its money. The other pages, which take longest, are left out."""
    monkeypatch.setattr(jobs, "report", lambda *arguments: [])
    monkeypatch.setattr(jobs, "self_check", lambda checks: [])
    inputs = tmp_path / "in"
    inputs.mkdir()
    write_csv(inputs / "claim_lines.csv", [*AROUND, ERROR])
    write_csv(inputs / "payers.csv", [{"payer_id": "MEDB", "payer_class": "medicare_b"}])
    settings = Settings(
        inputs=[inputs], out=tmp_path / "out", db=tmp_path / "db", run_key="r", select=["UNT108"], threads=1
    )
    assert jobs.run(settings).findings == 1
    out, path, db = tmp_path / "out" / "r", tmp_path / "list.xlsx", ("--db", str(tmp_path / "db"))
    findings = (out / "findings.csv").read_bytes()
    assert not (out / "suppressions.csv").exists() and not (out / "overpayments.html").exists()
    assert command("disposition", "export", str(path), *db) == 0
    _filled(
        path, decision="suppressed", reviewer="Ann", reason_code="policy", expiry=date(2027, 6, 30), approver="Bob", ceiling=1,
    )  # fmt: skip
    assert command("disposition", "import", str(path), "--on", "2027-01-10", *db) == 0
    assert command("overpayment", "open", "K1", "--person", "Ann", "--on", "2026-12-30", *db) == 0
    for step in ("report", "export"):
        assert command(step, *db, "--out", str(tmp_path / "out")) == 0
    assert (out / "findings.csv").read_bytes() == findings
    assert b",breached," in b"," + (out / "suppressions.csv").read_bytes().split(b"\n")[1]
    assert "1 case in the ledger" in (out / "overpayments.html").read_text("utf-8")
    with Engine(tmp_path / "db", read_only=True) as engine:
        assert engine.rows("select decision, state, standing from mart.decision") == [("suppressed", "new", "breached")]
