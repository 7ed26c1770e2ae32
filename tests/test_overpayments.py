"""The ledger of possible overpayments: every boundary of its clock, what a case allows, and that nobody but a person says `identified`."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimaudit import casekit, registry
from claimaudit.decisions import marts, overpayments
from claimaudit.decisions.overpayments import Event, record
from claimaudit.engine import Engine
from claimaudit.errors import InputError, UsageError
from tests.test_dispositions import ROOT, A, B, World, command, finding, recorded, write_csv

Row = dict[str, Any]


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    with recorded(None) as engine:
        yield engine


@pytest.fixture
def ledger(memory: Engine, tmp_path: Path) -> World:
    """A database with one run and an empty ledger."""
    world = World(memory, tmp_path)
    world.run("1", "2026-10-31", finding(A), finding(B))
    return world


def day(text: str) -> date:
    return date.fromisoformat(text)


def case(ledger: World, *acts: tuple[str, str] | tuple[str, str, str], name: str = "K1", **first: Any) -> None:
    """A case, opened on the day of its first act; acts are (act, day) or (act, day, amount)."""
    events = [Event(name, "suspected", day(acts[0][1]), "Ann", **first)] if acts[0][0] != "suspected" else []
    events += [Event(name, act, day(on), "Ann", *(Decimal(amount) for amount in rest)) for act, on, *rest in acts]
    record(ledger.engine, events)


def at(ledger: World, on: str | date) -> Row:
    """The only case of the ledger, as of a day."""
    _, clock, _ = overpayments.cases(ledger.engine, None, day(on) if isinstance(on, str) else on)
    return clock[0]


# The sixty days -------------------------------------------------------------------------------------------------------


def test_day_sixty(ledger: World) -> None:
    """Identified on 1 March 2025 without a related investigation: by 30 April."""
    case(ledger, ("identified", "2025-03-01"))
    assert at(ledger, "2025-03-01")["due_on"] == day("2025-04-30")
    states = {n: at(ledger, day("2025-03-01") + timedelta(n)) for n in (0, 59, 60, 61)}
    assert [(row["state"], row["days_left"]) for row in states.values()] == [
        ("due", 60),
        ("due", 1),
        ("due", 0),
        ("overdue", -1),
    ]


@pytest.mark.parametrize(
    ("identified", "due"),
    [
        ("2028-01-15", "2028-03-15"),
        ("2027-01-15", "2027-03-16"),
        ("2028-02-29", "2028-04-29"),
        ("2025-11-02", "2026-01-01"),
    ],
)
def test_leap_years_and_turns_of_the_year(ledger: World, identified: str, due: str) -> None:
    case(ledger, ("identified", identified))
    assert at(ledger, identified)["due_on"] == day(due)


def test_the_rule_of_the_day_of_identification(ledger: World) -> None:
    """To 31 December 2024 quantified after reasonable diligence, without suspension; from 1 January 2025 by knowledge, with one."""
    case(
        ledger,
        ("suspected", "2024-09-30"),
        ("investigating", "2024-10-01"),
        ("identified", "2024-12-31", "50"),
        name="K1",
    )
    old = at(ledger, "2025-01-01")
    assert (old["due_on"], old["suspended_from"], old["day_180"]) == (day("2025-03-01"), None, None)
    assert old["diligence_to"] == day("2025-03-30") and "quantified" in old["standard"]
    assert "knows no suspension" in old["why"]
    record(ledger.engine, [Event("K1", "withdrawn", day("2025-01-02"), "Ann", note="wrong day", withdraws=3)])
    record(ledger.engine, [Event("K1", "identified", day("2025-01-01"), "Ann")])
    new = at(ledger, "2025-01-02")
    assert (new["day_60"], new["suspended_from"], new["day_180"]) == (
        day("2025-03-02"),
        day("2025-01-01"),
        day("2025-06-30"),
    )
    assert (new["due_on"], new["day_240"], new["diligence_to"]) == (day("2025-08-29"), day("2025-08-29"), None)
    assert "knowingly" in new["standard"] and "401.305" in new["citation"]


def test_before_2025_only_a_quantified_amount_is_identified(ledger: World) -> None:
    case(ledger, ("suspected", "2024-09-30"))
    with pytest.raises(UsageError, match="amount"):
        record(ledger.engine, [Event("K1", "identified", day("2024-12-31"), "Ann")])
    record(ledger.engine, [Event("K1", "identified", day("2025-01-01"), "Ann")])


@pytest.mark.parametrize(
    ("identified", "due"), [("2016-03-13", "2016-05-12"), ("2016-03-14", "2016-05-13"), ("2010-03-22", None)]
)
def test_older_days(ledger: World, identified: str, due: str | None) -> None:
    case(ledger, ("identified", identified, "10"))
    row = at(ledger, "2026-10-31")
    assert (row["due_on"], row["state"]) == (day(due) if due else None, "overdue" if due else "no-rule")


# The suspension -------------------------------------------------------------------------------------------------------


def test_a_suspension_from_the_first_day(ledger: World) -> None:
    """Day 180 is the last day of the suspension; the sixty days follow, and day 240 is the last."""
    case(ledger, ("investigating", "2025-02-20"), ("identified", "2025-03-01"))
    start = day("2025-03-01")
    days = {n: at(ledger, start + timedelta(n)) for n in (0, 60, 61, 179, 180, 181, 240, 241)}
    assert [row["state"] for row in days.values()] == [*["paused"] * 5, "due", "due", "overdue"]
    assert {row["due_on"] for row in days.values()} == {start + timedelta(240)}
    assert (days[0]["suspended_from"], days[0]["suspended_to"]) == (start, start + timedelta(180))
    assert [days[n]["days_left"] for n in (180, 181, 240, 241)] == [60, 59, 0, -1]


def test_the_days_that_had_passed_are_gone(ledger: World) -> None:
    """The investigation begins on day 20: forty days are left after it; the other reading gives all sixty."""
    case(ledger, ("identified", "2025-03-01"), ("investigating", "2025-03-21"))
    row = at(ledger, "2025-04-01")
    assert (row["state"], row["days_used"]) == ("paused", 20)
    assert (row["due_on"], row["latest_on"]) == (day("2025-03-01") + timedelta(220), day("2025-03-01") + timedelta(240))
    assert at(ledger, "2025-03-20")["state"] == "due", "the ledger did not know of it then"


@pytest.mark.parametrize(
    ("began", "due", "used"), [("2025-04-29", 181, 59), ("2025-04-30", 180, 60), ("2025-05-01", 60, None)]
)
def test_an_investigation_that_begins_after_day_sixty_suspends_nothing(
    ledger: World, began: str, due: int, used: int | None
) -> None:
    case(ledger, ("identified", "2025-03-01"), ("investigating", began))
    row = at(ledger, "2025-06-01")
    assert (row["due_on"], row["days_used"]) == (day("2025-03-01") + timedelta(due), used)
    assert ("began after that day" in row["why"]) == (used is None)


@pytest.mark.parametrize(("ended", "last"), [(100, 100), (179, 179), (180, 180), (181, 180), (300, 180)])
def test_the_suspension_ends_with_the_investigation_or_on_day_180(ledger: World, ended: int, last: int) -> None:
    start = day("2025-03-01")
    case(
        ledger,
        ("investigating", "2025-03-01"),
        ("identified", "2025-03-01"),
        ("investigated", str(start + timedelta(ended)), "900"),
    )
    row = at(ledger, start + timedelta(ended))
    assert row["suspended_to"] == start + timedelta(last)
    assert row["due_on"] == start + timedelta(last + 60)
    assert row["state"] == ("due" if ended <= 240 else "overdue"), "the day on which it ended counts already"


@pytest.mark.parametrize("ended", ["2025-02-28", "2025-03-01"])
def test_an_investigation_that_had_ended_suspends_nothing(ledger: World, ended: str) -> None:
    case(ledger, ("investigating", "2025-01-10"), ("investigated", ended, "900"), ("identified", "2025-03-01"))
    row = at(ledger, "2025-03-02")
    assert (row["suspended_from"], row["due_on"]) == (None, day("2025-04-30"))
    assert "had ended before" in row["why"]


# Known, received, returned --------------------------------------------------------------------------------------------


def test_nothing_is_counted_until_a_person_says_so(ledger: World) -> None:
    case(ledger, ("suspected", "2025-03-01"), ("under_review", "2025-03-10"), ("investigating", "2025-03-12"))
    row = at(ledger, "2026-10-31")
    assert (row["state"], row["due_on"], row["days_left"], row["identified_on"]) == ("not-counting", None, None, None)
    # what would hold if knowledge began on the first day is shown, not counted
    assert (row["cautious_60"], row["cautious_240"]) == (day("2025-04-30"), day("2025-10-27"))


def test_six_months_of_diligence_end_with_the_month(ledger: World) -> None:
    case(ledger, ("suspected", "2023-08-31"))
    assert at(ledger, "2024-01-01")["diligence_to"] == day("2024-02-29")


@pytest.mark.parametrize(
    ("identified", "outside"), [("2025-02-27", False), ("2025-02-28", False), ("2025-03-01", True)]
)
def test_the_look_back_is_six_years_from_receipt(ledger: World, identified: str, outside: bool) -> None:
    case(ledger, ("identified", identified), received_on=day("2019-02-28"))
    row = at(ledger, identified)
    assert (row["look_back_end"], row["is_outside"]) == (day("2025-02-28"), outside)


def test_the_look_back_from_a_leap_day_and_without_receipt(ledger: World) -> None:
    case(ledger, ("identified", "2026-03-01"), received_on=day("2020-02-29"))
    assert at(ledger, "2026-03-01")["look_back_end"] == day("2026-02-28")
    case(ledger, ("identified", "2026-03-01"), name="K0")
    row = at(ledger, "2026-03-01")
    assert (row["case_id"], row["look_back_end"], row["is_outside"]) == ("K0", None, False)
    assert "not recorded" in row["why"]


def test_returned_is_reported_and_refunded_whole(ledger: World) -> None:
    case(ledger, ("identified", "2025-03-01", "100"), ("refunded", "2025-04-01", "60"), ("reported", "2025-04-02"))
    row = at(ledger, "2025-04-10")
    assert (row["state"], row["refunded"]) == ("due", Decimal("60.00"))
    assert "60.00 of 100.00" in row["why"]
    record(ledger.engine, [Event("K1", "refunded", day("2025-04-30"), "Ann", Decimal("40"))])
    assert at(ledger, "2025-04-29")["state"] == "due", "what is recorded of a later day is not counted"
    assert (at(ledger, "2025-06-01")["state"], at(ledger, "2025-06-01")["returned_on"]) == (
        "returned",
        day("2025-04-30"),
    )


def test_returned_late(ledger: World) -> None:
    case(ledger, ("identified", "2025-03-01", "100"), ("refunded", "2025-05-01", "100"))
    assert at(ledger, "2025-05-01")["state"] == "overdue"
    record(ledger.engine, [Event("K1", "reported", day("2025-05-01"), "Ann")])
    assert at(ledger, "2025-05-01")["state"] == "returned-late"


def test_a_refund_without_a_stated_amount_settles_nothing(ledger: World) -> None:
    case(ledger, ("identified", "2025-03-01"), ("refunded", "2025-04-01", "60"), ("reported", "2025-04-02"))
    row = at(ledger, "2025-04-10")
    assert row["state"] == "due" and "No amount was stated" in row["why"]


# The ledger -----------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, Event]] = [
    ("no case", Event("K2", "identified", day("2025-03-01"), "Ann")),
    ("no act", Event("K1", "settled", day("2025-03-01"), "Ann")),
    ("Nobody", Event("K1", "identified", day("2025-03-01"), "  ")),
    ("already", Event("K1", "suspected", day("2025-03-05"), "Ann")),
    ("needs the act investigating", Event("K1", "investigated", day("2025-03-01"), "Ann", Decimal(5))),
    ("needs an amount", Event("K1", "refunded", day("2025-03-01"), "Ann")),
    ("needs the act identified", Event("K1", "refunded", day("2025-03-01"), "Ann", Decimal(5))),
    ("needs the act identified", Event("K1", "reported", day("2025-03-01"), "Ann")),
    ("not one from 0 up", Event("K1", "identified", day("2025-03-01"), "Ann", Decimal(-5))),
    ("not one of this case", Event("K1", "withdrawn", day("2025-03-01"), "Ann", note="x", withdraws=9)),
    ("needs a reason", Event("K1", "withdrawn", day("2025-03-01"), "Ann", withdraws=1)),
    ("Only a withdrawal", Event("K1", "identified", day("2025-03-01"), "Ann", withdraws=1)),
    ("not reported and refunded", Event("K1", "closed", day("2025-03-01"), "Ann")),
    ("never found", Event("K1", "under_review", day("2025-03-01"), "Ann", finding_ids=("f" * 16,))),
    ("not valid", Event("K 1", "suspected", day("2025-03-01"), "Ann")),
]


def test_what_a_case_does_not_allow(ledger: World) -> None:
    case(ledger, ("suspected", "2025-02-01"))
    for why, event in REFUSED:
        with pytest.raises(UsageError, match=why) as refused:
            record(ledger.engine, [Event("K3", "suspected", day("2025-01-01"), "Ann"), event])
        assert refused.value.remedy
    assert ledger.rows("select count(*) from audit.overpayment_event") == [(1,)], "all or none"


def test_a_closed_case_is_closed_until_that_is_withdrawn(ledger: World) -> None:
    case(ledger, ("suspected", "2025-02-01"))
    record(ledger.engine, [Event("K1", "closed", day("2025-02-02"), "Ann", note="no overpayment")])
    late = Event("K1", "identified", day("2025-03-01"), "Ann")
    with pytest.raises(UsageError, match="closed"):
        record(ledger.engine, [late])
    record(ledger.engine, [Event("K1", "withdrawn", day("2025-02-03"), "Ann", note="mistake", withdraws=2), late])
    assert at(ledger, "2025-02-02")["state"] == "closed"
    assert at(ledger, "2025-03-01")["state"] == "due"


def test_a_case_opens_from_what_a_reviewer_confirmed(ledger: World) -> None:
    event = Event("K1", "suspected", day("2026-11-10"), "Ann", finding_ids=(A,))
    with pytest.raises(UsageError, match="not confirmed"):
        record(ledger.engine, [event], opening=True)
    ledger.decide(A, "confirmed", "2026-11-09")
    assert record(ledger.engine, [event], opening=True) == 1
    assert at(ledger, "2026-11-10")["findings"] == 1
    with pytest.raises(UsageError, match="open already"):
        record(ledger.engine, [Event("K1", "suspected", day("2026-11-11"), "Bob")], opening=True)


def test_an_act_recorded_twice_is_one(ledger: World) -> None:
    """Also with other blanks and capitals where they mean nothing: a command that is run again changes nothing."""
    case(ledger, ("suspected", "2025-02-01"), ("identified", "2025-03-01", "10"))
    again = Event("K1", "identified", day("2025-03-01"), " Ann ", Decimal("10.00"))
    assert record(ledger.engine, [again]) == 0
    assert ledger.rows("select entry, case_id from audit.overpayment_event order by entry") == [(1, "K1"), (2, "K1")]


def test_an_act_that_is_cut_off_leaves_nothing(ledger: World, monkeypatch: pytest.MonkeyPatch) -> None:
    execute = Engine.execute

    def cut(self: Engine, sql: str, params: Any = None) -> None:
        execute(self, sql, params)
        if "insert into audit.overpayment_event" in sql:
            raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "execute", cut)
    with pytest.raises(KeyboardInterrupt):
        case(ledger, ("suspected", "2025-02-01"))
    monkeypatch.undo()
    assert ledger.rows("select count(*) from audit.overpayment_event") == [(0,)]
    case(ledger, ("suspected", "2025-02-01"))


def test_a_file_of_acts(ledger: World, tmp_path: Path) -> None:
    path = tmp_path / "acts.csv"
    acts = [
        {
            "case_id": "K1",
            "event": "suspected",
            "event_date": "2025-02-01",
            "person": "Ann",
            "received_on": "2024-06-01",
        },
        {"case_id": "K1", "event": "under review", "event_date": "2025-02-03", "person": "Ann"},
        {"case_id": "K1", "event": "identified", "event_date": "2025-03-01", "person": "Ann", "amount": "120.50"},
    ]
    write_csv(path, acts)
    assert overpayments.import_file(ledger.engine, path) == (3, 3)
    assert overpayments.import_file(ledger.engine, path) == (3, 0)
    row = at(ledger, "2025-03-02")
    assert (row["amount"], row["look_back_end"]) == (Decimal("120.50"), day("2030-06-01"))
    for column, value in {
        "event_date": "3/1/2025",
        "amount": "1.005",
        "received_on": "x",
        "event": "paid",
        "person": "",
    }.items():
        write_csv(path, [*acts, acts[1] | {"event_date": "2025-03-03", column: value}])
        with pytest.raises(InputError, match="row 5"):
            overpayments.import_file(ledger.engine, path)
    assert ledger.rows("select count(*) from audit.overpayment_event") == [(3,)]


# The page, the commands and the word ----------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script>"\u202e=1+1'


def test_the_page(ledger: World, tmp_path: Path) -> None:
    assert overpayments.write_page(ledger.engine, "1", tmp_path) is None and not list(tmp_path.glob("*.html"))
    case(ledger, ("identified", "2026-09-15", "100"), note=HOSTILE)
    case(ledger, ("suspected", "2026-12-01"), name="K9")
    path = overpayments.write_page(ledger.engine, "1", tmp_path)
    assert path is not None and path.name == "overpayments.html"
    text = path.read_text("utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "default-src 'none'" in html.unescape(text) and not re.search(r"https?:|src=|@import", text)
    assert "14 November 2026" in text and "14 days left" in text
    assert "1 entry of a later day is listed and not counted" in text and "K9" not in text
    assert overpayments.write_page(ledger.engine, "1", tmp_path) and path.read_text("utf-8") == text
    overdue = overpayments.page(ledger.engine, "1", day("2026-12-24"))
    assert overdue is not None and "1 case overdue" in overdue.decode() and "40 days over" in overdue.decode()


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with recorded(tmp_path / "db") as engine:
        World(engine, tmp_path).run("1", "2026-10-31", finding(A))
    db = ("--db", str(tmp_path / "db"))
    by = ("--person", "Ann", *db)
    assert command("overpayment", "list", *db) == 0
    assert command("overpayment", "open", "K1", "--on", "2026-09-01", *by) == 0
    assert command("overpayment", "open", "K2", "--on", "2026-09-01", "--finding", A, *by) == 2, "nobody confirmed it"
    assert command("overpayment", "record", "K1", "identified", "--on", "2026-09-15", "--amount", "100.001", *by) == 2
    assert command("overpayment", "record", "K1", "identified", "--on", "2026-09-15", "--amount", "100.00", *by) == 0
    assert command("overpayment", "record", "K1", "identified", *db, "--on", "2026-09-15") == 2, "nobody is named"
    capsys.readouterr()
    page = tmp_path / "page.html"
    assert command("overpayment", "list", "--on", "2026-11-15", "--page", str(page), *db) == 0
    printed = capsys.readouterr().out
    assert "overdue" in printed and "due 2026-11-14, 1 days over" in printed
    assert b"15 November 2026" in page.read_bytes() and page.stat().st_mode & 0o777 == 0o600
    assert command("overpayment", "list", "--json", *db) == 0
    assert command("overpayment", "list", "--db", str(tmp_path / "none")) == 2


# `identified` starts a clock that only a person may start. The word is therefore left to the ledger: its tables, its rule, its page, its commands and the guide to
# them. "de-identified" and "unidentified" are other words; so are "identify" and "identity".
THE_WORD = re.compile(r"(?<![\w-])identified\b", re.I)


def test_the_pattern_of_the_word() -> None:
    assert THE_WORD.search("An overpayment was identified.") and THE_WORD.search("Identified: 3")
    assert not THE_WORD.search("de-identified, unidentified, re-identified, identify, identity, identifier")


def test_no_check_says_it() -> None:
    for check in registry.checks().values():
        texts = [
            check.name,
            check.message,
            check.fix,
            *check.sections.values(),
            *(str(p["why"]) for p in check.params.values()),
        ]
        texts += [part for made in casekit.cases(check) for part in (made.name, made.why)]
        assert not [text for text in texts if THE_WORD.search(text)], check.code


def _texts(path: Path) -> list[str]:
    """What a file can print: all of a template or page, and of a program its strings without docstrings."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [str(node.value) for node in strings if id(node) not in alone]


def test_no_page_but_the_ledger_says_it() -> None:
    own = {"overpayments.html.jinja", "overpayments.py", "decision_commands.py"}
    files = [path for path in (ROOT / "reports" / "templates").rglob("*") if path.is_file()]
    files += [*(ROOT / "docs" / "checks").glob("*.md"), *(ROOT / "pipeline").rglob("*.py")]
    assert [path.name for path in files if path.name not in own and any(map(THE_WORD.search, _texts(path)))] == []


def test_only_a_person_says_it(ledger: World) -> None:
    """Decisions of reviewers write nothing to the ledger; one statement of the program does, and none of the tables'."""
    ledger.decide(A, "confirmed", "2026-11-10")
    ledger.see()
    marts.prepare(ledger.engine, "1")
    assert ledger.rows("select count(*) from audit.overpayment_event") == [(0,)]
    writes = re.compile(r"(insert\s+into|update|merge\s+into|copy)\s+audit\.overpayment_event", re.I)
    found = [
        path.name
        for folder, kind in (("pipeline", "*.py"), ("sql", "*.sql"))
        for path in (ROOT / folder).rglob(kind)
        for _ in writes.findall(path.read_text("utf-8"))
    ]
    assert found == ["overpayments.py"]
