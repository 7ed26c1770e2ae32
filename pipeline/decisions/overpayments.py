"""The ledger of possible overpayments: acts of persons, appended, and the page and list of what is due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from .. import templating
from ..engine import Engine
from ..errors import InputError, UsageError
from . import intake, marts

EVENTS = (
    "suspected", "under_review", "identified", "investigating", "investigated", "reported", "refunded", "closed", "withdrawn",
)  # fmt: skip
_ONCE = ("suspected", "identified", "investigating", "investigated", "reported", "closed")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TYPES: dict[str, pa.DataType] = {
    "case_id": pa.string(), "event": pa.string(), "event_date": pa.date32(), "person": pa.string(), "amount": pa.decimal128(12, 2),
    "received_on": pa.date32(), "note": pa.string(), "finding_ids": pa.list_(pa.string()), "withdraws": pa.int64(),
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One act of a person about a case."""

    case_id: str
    event: str
    event_date: date
    person: str
    amount: Decimal | None = None
    received_on: date | None = None
    note: str | None = None
    finding_ids: tuple[str, ...] = ()
    withdraws: int | None = None


@dataclass(frozen=True)
class _Entry:
    number: int
    event: Event


class _Refused(Exception):
    """Why an act cannot be recorded: cause and remedy."""


def record(engine: Engine, events: Sequence[Event], *, opening: bool = False, places: Sequence[str] = ()) -> int:
    """Append acts, all or none; returns how many were new. What is recorded with the same words already is not appended again.

    `opening`: the first act opens a case. Raises UsageError for an act that its case does not allow; InputError with its place
    for acts of a file, whose `places` are given.
    """
    marts.look_at(engine)
    with engine.transaction():
        cases = _ledger(engine)
        known = {entry.event for entries in cases.values() for entry in entries}
        fresh: list[Event] = []
        number = sum(map(len, cases.values()))
        for place, event in enumerate(map(_normal, events)):
            if event in known:
                continue
            entries = cases.setdefault(event.case_id, [])
            try:
                _check(engine, event, entries, opening)
            except _Refused as refused:
                cause, remedy = refused.args
                if places:
                    raise InputError(f"{places[place]}: {cause} Nothing was recorded.", remedy) from refused
                raise UsageError(cause, remedy) from refused
            number += 1
            entries.append(_Entry(number, event))
            known.add(event)
            fresh.append(event)
        _insert(engine, fresh)
    return len(fresh)


def _normal(event: Event) -> Event:
    return replace(
        event,
        person=event.person.strip(),
        note=(event.note or "").strip() or None,
        finding_ids=tuple(sorted({finding.replace("-", "").lower() for finding in event.finding_ids})),
        amount=None if event.amount is None else event.amount.quantize(Decimal("0.01")),
    )


def _ledger(engine: Engine) -> dict[str, list[_Entry]]:
    cases: dict[str, list[_Entry]] = {}
    for row in engine.dicts("select * from audit.overpayment_event order by entry"):
        number = row.pop("entry")
        row["finding_ids"] = tuple(row["finding_ids"] or ())
        cases.setdefault(row["case_id"], []).append(_Entry(number, Event(**row)))
    return cases


def _insert(engine: Engine, events: Sequence[Event]) -> None:
    columns = {name: pa.array([getattr(one, name) for one in events], kind) for name, kind in _TYPES.items()}
    engine.register("_acts", pa.table({"place": pa.array(range(1, len(events) + 1), pa.int64()), **columns}))
    try:
        engine.execute(
            """insert into audit.overpayment_event by name
            select (select count(*) from audit.overpayment_event) + place as entry, * exclude (place) from _acts"""
        )
    finally:
        engine.unregister("_acts")


def _check(engine: Engine, act: Event, entries: Sequence[_Entry], opening: bool) -> None:
    """_Refused when the case does not allow the act; what was withdrawn does not count."""
    if not _CASE.fullmatch(act.case_id):
        raise _Refused(
            "The name of the case is not valid.", "Use at most 40 letters, digits, dots, dashes and underscores."
        )
    if act.event not in EVENTS:
        raise _Refused(f"There is no act {act.event!r}.", f"The acts are {', '.join(EVENTS)}.")
    if not act.person:
        raise _Refused("Nobody is named.", "Every act is a person's: name that person.")
    withdrawn = {entry.event.withdraws for entry in entries if entry.event.event == "withdrawn"}
    held = [entry for entry in entries if entry.number not in withdrawn and entry.event.event != "withdrawn"]
    if opening and entries:
        raise _Refused(f"The case {act.case_id} is open already.", "Record further acts with `overpayment record`.")
    if not entries and act.event != "suspected":
        raise _Refused(f"There is no case {act.case_id}.", "Open it with `overpayment open`.")
    days = {entry.event.event: entry.event.event_date for entry in held}
    if act.event == "withdrawn":
        _check_withdrawal(act, held)
        return
    if act.withdraws is not None:
        raise _Refused("Only a withdrawal names an entry.", "Record the act `withdrawn`.")
    if "closed" in days:
        raise _Refused(f"The case {act.case_id} is closed.", "Withdraw the entry that closed it, or open another case.")
    if act.event in _ONCE and act.event in days:
        raise _Refused(
            f"The case {act.case_id} has the act {act.event} already.", "Withdraw that entry first if it was a mistake."
        )
    _check_amount(engine, act)
    needed = {"investigated": "investigating", "reported": "identified", "refunded": "identified"}.get(act.event)
    if needed and needed not in days:
        raise _Refused(
            f"The act {act.event} needs the act {needed} before it.", f"Record {needed} first, with its day and person."
        )
    if needed and act.event_date < days[needed]:
        raise _Refused(f"The day of {act.event} is before that of {needed}.", "Correct the date.")
    if act.event == "closed" and not act.note and not {"reported", "refunded"} <= days.keys():
        raise _Refused("The case is not reported and refunded.", "Say in --note why it is closed.")
    _check_findings(engine, act)


def _check_withdrawal(act: Event, held: Sequence[_Entry]) -> None:
    if act.withdraws not in {entry.number for entry in held}:
        raise _Refused("The entry to withdraw is not one of this case.", "`overpayment list` shows the entries.")
    if not act.note:
        raise _Refused("A withdrawal needs a reason.", "Give it with --note.")


def _check_amount(engine: Engine, act: Event) -> None:
    if act.amount is not None and (act.amount < 0 or act.amount >= 10**10):
        raise _Refused("The amount is not one from 0 up.", "Overpayments are stated whole; nothing is netted.")
    if act.event in ("investigated", "refunded") and not act.amount:
        raise _Refused(f"The act {act.event} needs an amount.", "Give it with --amount.")
    if act.event == "identified" and act.amount is None:
        quantified = engine.value(
            "select bool_or(diligence_months is not null) from ref.overpayment_rule where valid_from <= ? and (valid_to is null or ? < valid_to)",
            [act.event_date, act.event_date],
        )
        if quantified:
            raise _Refused(
                "On that day an overpayment was identified only when its amount was known.", "Give it with --amount."
            )


def _check_findings(engine: Engine, act: Event) -> None:
    if not act.finding_ids:
        return
    known = {
        row[0]
        for row in engine.rows(
            "select finding_id from audit.finding where list_contains(?, finding_id)", [list(act.finding_ids)]
        )
    }
    if known != set(act.finding_ids):
        raise _Refused("A finding that is named was never found.", "Copy its id from findings.csv.")
    if act.event == "suspected":
        marts.build(engine, ("mart.decision",))
        confirmed = engine.value(
            "select count(*) from mart.decision where decision = 'confirmed' and list_contains(?, finding_id)",
            [list(act.finding_ids)],
        )
        if confirmed != len(act.finding_ids):
            raise _Refused("A finding that is named was not confirmed by a reviewer.", "Import the decision first.")


# Files -------------------------------------------------------------------------------------------------------------


def import_file(engine: Engine, file: Path) -> tuple[int, int]:
    """Append the acts of a file (.xlsx or .csv with the columns of the ledger), all or none; returns how many it holds and how many were new.

    Raises InputError that names the row of the first act that cannot be recorded.
    """
    rows = list(intake.rows(file, needed=("case_id", "event", "event_date", "person")))
    events = [_event(file, row) for row in rows]
    return len(events), record(engine, events, places=[f"{file.name}, row {row.number}" for row in rows])


def _event(file: Path, row: intake.Row) -> Event:
    def text(column: str) -> str:
        return row.values.get(column, "")

    def bad(column: str, remedy: str) -> InputError:
        return InputError(f"{file.name}, row {row.number}, column {column}: the value is not valid.", remedy)

    if row.values.get("") == intake.TOO_WIDE:
        raise bad("(beyond the header)", "Quote text with commas.")
    days = {}
    for column in ("event_date", "received_on"):
        days[column] = intake.strict_day(text(column))
        if days[column] is None and (text(column) or column == "event_date"):
            raise bad(column, "Write it as YYYY-MM-DD.")
    amount = intake.strict_money(text("amount"))
    if amount is None and text("amount"):
        raise bad("amount", "Write it as 120.00, without signs.")
    if text("withdraws") and not re.fullmatch(r"\d{1,9}", text("withdraws")):
        raise bad("withdraws", "Give the number of an entry.")
    day = days["event_date"]
    assert day is not None, "checked above"
    return Event(
        case_id=text("case_id"),
        event=re.sub(r"[\s-]+", "_", text("event").lower()),
        event_date=day,
        person=text("person"),
        amount=amount,
        received_on=days["received_on"],
        note=text("note") or None,
        finding_ids=tuple(text("finding_ids").replace(",", " ").replace(";", " ").split()),
        withdraws=int(text("withdraws")) if text("withdraws") else None,
    )


# What is due -------------------------------------------------------------------------------------------------------

_URGENT = "list_position(['overdue', 'due', 'paused', 'not-counting', 'no-rule', 'returned-late', 'returned', 'closed'], state)"


def cases(
    engine: Engine, run_key: str | None = None, day: date | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The run that is looked at, its cases with their deadlines as of a day, the most urgent first, and the ledger's entries."""
    run = marts.look_at(engine, run_key, day)
    marts.build(engine, marts.CLOCK)
    clock = engine.dicts(f"select * from mart.overpayment_clock order by {_URGENT}, due_on nulls last, case_id")
    return run, clock, engine.dicts("select * from mart.overpayment_entry order by case_id, event_date, entry")


def page(engine: Engine, run_key: str | None = None, day: date | None = None) -> bytes | None:
    """The page overpayments.html as of a day (the run's as-of date, unless one is given); None while the ledger is empty."""
    run, clock, entries = cases(engine, run_key, day)
    if not entries:
        return None
    grouped: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        grouped.setdefault(entry["case_id"], []).append(entry)
    rules = engine.dicts("select * from ref.overpayment_rule order by valid_from")
    return templating.render(
        "overpayments.html.jinja",
        run=run,
        **templating.style(f"run {run['run_key']}"),
        day=day or run["as_of"],
        is_as_of=day is None or day == run["as_of"],
        cases=clock,
        entries=grouped,
        later=sum(entry["status"] == "later" for entry in entries),
        rules=rules,
    )


def write_page(engine: Engine, run_key: str, out: Path) -> Path | None:
    """Write overpayments.html of a run into `out`, if the ledger holds anything."""
    content = page(engine, run_key)
    if content is None:
        return None
    path = out / "overpayments.html"
    path.write_bytes(content)
    return path


def as_text(row: dict[str, Any]) -> Iterable[str]:
    """A case of the clock in lines of plain text."""
    left = (
        ""
        if row["days_left"] is None
        else f", {row['days_left']} days left"
        if row["days_left"] >= 0
        else f", {-row['days_left']} days over"
    )
    due = f"  due {row['due_on']}{left}" if row["days_left"] is not None else ""
    yield f"{row['case_id']:<20} {row['state']:<14}{due}"
    yield f"  {row['why']}"
