"""Several runs in one database: what is new, unchanged, updated, resolved or reopened, and what a run leaves alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claimaudit import cli, jobs, registry
from claimaudit.engine import Engine
from claimaudit.ingest import ingest
from claimaudit.model import Check
from claimaudit.reference import load_reference
from claimaudit.settings import Settings

Row = dict[str, str]

THERAPIST, OTHER = "1000000004", "1000000012"
COLUMNS = (
    "claim_id",
    "line_number",
    "claim_frequency",
    "original_claim_id",
    "patient_id",
    "payer_id",
    "billing_npi",
    "rendering_npi",
    "place_of_service",
    "service_date",
    "received_date",
    "procedure_code",
    "modifier_1",
    "units",
    "charge_amount",
    "allowed_amount",
    "line_status",
)


def line(claim: str, day: str, code: str = "97161", units: str = "1", **other: str) -> Row:
    """A Medicare line of one patient; 97161 with more than one unit is a finding of UNT108."""
    return {
        "claim_id": claim,
        "line_number": "1",
        "patient_id": "P1",
        "payer_id": "MEDB",
        "billing_npi": "1999999992",
        "rendering_npi": THERAPIST,
        "place_of_service": "11",
        "service_date": day,
        "received_date": day,
        "procedure_code": code,
        "modifier_1": "GP",
        "units": units,
        "charge_amount": "200.00",
        "allowed_amount": "100.00",
        "line_status": "paid",
        **other,
    }


# The provider is seen from January to December, so that every day between is looked at.
AROUND = [line("A1", "2026-01-05"), line("A2", "2026-12-30")]
ERROR = line("C1", "2026-03-02", units="2")
CORRECTED = line("C1R", "2026-03-02", claim_frequency="7", original_claim_id="C1", received_date="2026-04-01")
SOME_CHECKS = ("BIL101", "BIL102", "BIL104", "BIL105", "UNT108", "UNT109", "UNT110")
PAYERS = "payer_id,payer_class\nMEDB,medicare_b\n"


def write(folder: Path, lines: list[Row]) -> Path:
    folder.mkdir()
    with (folder / "claim_lines.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(lines)
    (folder / "payers.csv").write_text(PAYERS, "utf-8")
    return folder


class History:
    """One database, audited run after run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs = 0

    def run(
        self,
        key: str,
        lines: list[Row],
        *,
        select: tuple[str, ...] = SOME_CHECKS,
        window: tuple[date | None, date | None] = (None, None),
        checks: list[Check] | None = None,
    ) -> dict[tuple[str, str], str]:
        """Audit the lines as the run `key`, without pages; the state of each finding by check and service date."""
        self.inputs += 1
        inputs = write(self.folder / f"in{self.inputs}", lines)
        with Engine(self.folder / "db", threads=1) as engine:
            ingest(engine, [inputs])
            load_reference(engine, registry.checks().values())
            chosen = checks if checks is not None else registry.select(list(select), [], False)
            settings = Settings(as_of=date(2026, 12, 31), run_key=key, date_from=window[0], date_to=window[1])
            jobs.build_step(engine, settings, checks=chosen)
            jobs.judge_all(engine, chosen)
        return self.states(key)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        with Engine(self.folder / "db", read_only=True) as engine:
            return engine.rows(sql, params)

    def states(self, key: str) -> dict[tuple[str, str], str]:
        rows = self.rows(
            "select check_code, cast(service_date as varchar), state from audit.observation where run_key = ?", key
        )
        states = {(code, day): state for code, day, state in rows}
        assert len(states) == len(rows)
        return states


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


FOUND = ("UNT108", "2026-03-02")


def test_a_finding_through_its_life(history: History) -> None:
    assert history.run("1", [*AROUND, ERROR])[FOUND] == "new"
    assert history.run("2", [*AROUND, ERROR])[FOUND] == "unchanged"
    assert history.run("3", [*AROUND, ERROR, CORRECTED])[FOUND] == "resolved"
    # told once, then silent
    assert FOUND not in history.run("4", [*AROUND, ERROR, CORRECTED])
    assert history.run("5", [*AROUND, ERROR])[FOUND] == "reopened"
    assert history.run("6", [*AROUND, ERROR])[FOUND] == "unchanged"
    ids = history.rows("select distinct finding_id from audit.observation where check_code = 'UNT108'")
    assert len(ids) == 1
    assert history.rows("select first_run from audit.finding where finding_id = ?", *ids[0]) == [("1",)]


def test_a_resolved_finding_asks_for_nothing(history: History) -> None:
    history.run("1", [*AROUND, ERROR])
    history.run("2", [*AROUND, ERROR, CORRECTED])
    rows = history.rows(
        """select amount_at_risk, message, fix from audit.observation
        where run_key = '2' and state = 'resolved' and check_code = 'UNT108'"""
    )
    assert [(str(amount), message.split(": ")[0], fix) for amount, message, fix in rows] == [
        ("0.00", "No longer found", "")
    ]
    assert history.rows(
        """select count(*) from audit.observation_line join audit.observation using (run_key, finding_id)
        where state = 'resolved'"""
    ) == [(0,)]


def test_another_amount_is_an_update(history: History) -> None:
    history.run("1", [*AROUND, ERROR])
    assert history.run("2", [*AROUND, ERROR | {"allowed_amount": "120.00"}])[FOUND] == "updated"
    # what does not concern the reader of the finding is none: the claim number, the day of receipt
    assert history.run("3", [*AROUND, ERROR | {"allowed_amount": "120.00", "claim_id": "Z9"}])[FOUND] == "unchanged"


def test_the_same_run_key_twice_is_one_run(history: History) -> None:
    def everything() -> list[list[tuple[Any, ...]]]:
        tables = ("run", "coverage", "finding", "observation", "observation_line")
        return [history.rows(f"from audit.{table} order by all") for table in tables]

    first = history.run("1", [*AROUND, ERROR])
    kept = everything()
    assert history.run("1", [*AROUND, ERROR]) == first
    assert everything() == kept
    assert set(first.values()) == {"new"}


def test_a_run_key_that_runs_again_replaces_what_it_said(history: History) -> None:
    """Also when later runs exist already: it is compared with those before it, never with itself or a later one."""
    history.run("1", [*AROUND, ERROR])
    history.run("2", [*AROUND, ERROR])
    assert history.run("1", [*AROUND, ERROR])[FOUND] == "new"
    assert FOUND not in history.run("1", [*AROUND, ERROR | {"units": "1"}])
    assert history.rows("select run_key from audit.run order by run_key") == [("1",), ("2",)]
    assert history.rows(
        "select count(*) from audit.coverage where run_key = '1' and check_code = 'UNT108' and verdict = 'finding'"
    ) == [(0,)]


# What was not looked at -----------------------------------------------------------------------------------------


def _narrow_runs() -> dict[str, Callable[[History, str, list[Row]], dict[tuple[str, str], str]]]:
    """Runs that do not look at the second of March, or not with UNT108."""
    return {
        "from": lambda h, key, lines: h.run(key, lines, window=(date(2026, 3, 3), None)),
        "to": lambda h, key, lines: h.run(key, lines, window=(None, date(2026, 3, 1))),
        "select": lambda h, key, lines: h.run(key, lines, select=("BIL", "UNT110")),
        "other files": lambda h, key, lines: h.run(
            key, [line("D1", "2026-05-04"), *(row | {"rendering_npi": OTHER} for row in AROUND)]
        ),
    }


@pytest.mark.parametrize("narrow", _narrow_runs())
def test_what_was_not_looked_at_is_not_resolved(history: History, narrow: str) -> None:
    """Neither by the narrow run nor forgotten by the next whole one."""
    look = _narrow_runs()[narrow]
    history.run("1", [*AROUND, ERROR])
    assert FOUND not in look(history, "2", [*AROUND, ERROR, CORRECTED])
    assert history.run("3", [*AROUND, ERROR])[FOUND] == "unchanged"
    assert FOUND not in look(history, "4", [*AROUND, ERROR, CORRECTED])
    assert history.run("5", [*AROUND, ERROR, CORRECTED])[FOUND] == "resolved"


def test_a_check_that_has_nothing_left_to_examine_resolves(history: History) -> None:
    """UNT109 examines timed lines of Medicare alone; with the only ones gone it returns no row, and it did run."""
    split = [line("S1", "2026-03-02", "97110", line_number=str(number), units=str(number)) for number in (1, 2)]
    assert history.run("1", [*AROUND, *split])[("UNT109", "2026-03-02")] == "new"
    voided = [
        row | {"claim_id": "S1V", "claim_frequency": "8", "original_claim_id": "S1", "received_date": "2026-05-01"}
        for row in split
    ]
    assert history.run("2", [*AROUND, *split, *voided])[("UNT109", "2026-03-02")] == "resolved"


# A check that cannot run ----------------------------------------------------------------------------------------


def _broken(code: str) -> Check:
    """The check with SQL that fails once it meets data."""
    check = registry.checks()[code]
    return replace(check, sql=f"select v.* from ({check.sql}) v where cast('no. ' || v.provider_npi as integer) > 0")


def test_a_failing_check_leaves_the_rest(history: History) -> None:
    history.run("1", [*AROUND, ERROR], select=())
    checks = [_broken(code) if code in ("UNT108", "UNT110") else check for code, check in registry.checks().items()]
    whole = history.rows(
        """select * exclude (run_key) from audit.coverage
        where run_key = '1' and check_code not in ('UNT108', 'UNT110') order by all"""
    )
    assert FOUND not in history.run("2", [*AROUND, ERROR], checks=checks)
    assert history.rows("select checks_failed from audit.run where run_key = '2'") == [(["UNT108", "UNT110"],)]
    assert history.rows("select list_has_any(checks, checks_failed) from audit.run where run_key = '2'") == [(False,)]
    assert history.rows("select * exclude (run_key) from audit.coverage where run_key = '2' order by all") == whole
    # it did not look, so it resolved nothing
    assert history.run("3", [*AROUND, ERROR])[FOUND] == "unchanged"


def test_the_command_says_that_a_run_is_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = write(tmp_path / "in", [*AROUND, ERROR | {"charge_amount": "9173.55"}])
    checks = registry.checks() | {"UNT110": _broken("UNT110")}
    monkeypatch.setattr(registry, "checks", lambda: checks)
    with pytest.raises(SystemExit) as stopped:
        cli.main(
            [
                "run",
                str(inputs),
                "--out",
                str(tmp_path / "out"),
                "--db",
                str(tmp_path / "db"),
                "--run-key",
                "r",
                "--json",
            ]
        )
    assert stopped.value.code == 4
    printed = capsys.readouterr()
    assert "UNT110" in printed.err and "Traceback" not in printed.err
    assert json.loads(printed.out)["incomplete"] == ["UNT110"]
    manifest = json.loads((tmp_path / "out" / "r" / "manifest.json").read_text("utf-8"))
    assert [failure["check"] for failure in manifest["incomplete"]] == ["UNT110"]
    with (tmp_path / "out" / "r" / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert "UNT108" in {row["check_code"] for row in csv.DictReader(file)}
    assert (tmp_path / "out" / "r" / "index.html").is_file()


def test_settings_choose_checks_and_window(tmp_path: Path) -> None:
    """What the command's --select, --from and --to become: only that is in coverage and findings."""
    inputs = write(tmp_path / "in", [*AROUND, ERROR])
    settings = Settings(
        inputs=[inputs],
        out=tmp_path / "out",
        db=tmp_path / "db",
        run_key="w",
        select=["UNT108", "BIL"],
        date_from=date(2026, 3, 1),
        date_to=date(2026, 3, 31),
    )
    assert jobs.run(settings).findings == 1
    with Engine(tmp_path / "db", read_only=True) as engine:
        coverage = dict(engine.rows("select check_code, sum(subjects) from audit.coverage group by check_code"))
    examined = "BIL101 BIL102 BIL103 BIL104 BIL105 BIL108 BIL110 BIL111 BIL112 UNT108".split()
    assert coverage == dict.fromkeys(examined, 1)
