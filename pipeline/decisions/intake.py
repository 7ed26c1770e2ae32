"""Takes decisions in: a filled worklist is checked row by row, and the good rows are appended to `audit.disposition` at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..engine import Engine
from ..errors import InputError, UsageError
from ..readers import filled
from . import marts

_NEEDED = ("finding_id", "decision", "reviewer")
# what a person fills in; a reviewer may stand in all rows beforehand
_ANSWERS = ("decided_on", "reason_code", "note", "expiry", "approver", "ceiling")
_KINDS = ("confirmed", "not_an_error", "corrected", "under_review", "suppressed")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY = re.compile(r"\d{1,10}(\.\d{1,2})?")
_MOST_TEXT = 10_000
TOO_WIDE = "too-wide"
_FIELDS: dict[str, pa.DataType] = {
    "finding_id": pa.string(), "run_key": pa.string(), "decision": pa.string(), "reviewer": pa.string(), "decided_on": pa.date32(),
    "reason_code": pa.string(), "note": pa.string(), "expires_on": pa.date32(), "approver": pa.string(),
    "ceiling": pa.decimal128(12, 2), "source_row": pa.int32(),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of a file: its number as a spreadsheet shows it, and its cells by column, blanks trimmed."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell and what helps; no value of the row is quoted."""

    row: int
    column: str
    cause: str
    remedy: str


@dataclass
class Imported:
    """What an import did: decisions recorded, rows without a decision (and those of them that are filled in otherwise), rows that were recorded
    before, and rows refused."""

    recorded: int = 0
    blank: int = 0
    answered: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)


def suffix_of(file: Path) -> str:
    """The suffix .xlsx or .csv; UsageError for another."""
    suffix = file.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise UsageError(f"{file.name} is neither .xlsx nor .csv.", "Name the file so.")
    return suffix


def unguarded(text: str) -> str:
    """The text that was put behind an apostrophe because a spreadsheet would have taken it for a formula."""
    return text[1:] if _GUARDED.match(text) else text


def rows(file: Path, needed: Sequence[str] = _NEEDED) -> Iterator[Row]:
    """The rows of a filled file below its header, which is the first row that names the first of `needed`; InputError for what is none."""
    is_csv = suffix_of(file) == ".csv"
    names: list[str] | None = None
    for number, cells in filled.rows(file):
        if names is None:
            head = [cell.strip().lower() for cell in cells]
            if needed[0] in head:
                names = head
                _check_header(file, names, needed)
            elif is_csv and any(cell.startswith((f"{needed[0]};", f"{needed[0]}\t")) for cell in head):
                raise InputError(
                    f"The cells of {file.name} are not separated by commas.",
                    "Save it as .xlsx, or as CSV UTF-8 with commas.",
                )
            elif number > 10:
                break
            continue
        values = [unguarded(cell).strip() if is_csv else cell.strip() for cell in cells]
        if any(values):
            if any(values[len(names) :]):
                yield Row(number, {"": TOO_WIDE})
            else:
                yield Row(number, dict(zip(names, values, strict=False)))
    if names is None:
        raise InputError(
            f"{file.name} has no header with the column {needed[0]}.", f"It needs the columns {', '.join(needed)}."
        )


def _check_header(file: Path, names: list[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(f"{file.name} lacks the column {missing[0]}.", f"It needs the columns {', '.join(needed)}.")
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise InputError(f"{file.name} has the column {twice} twice.", "Leave one of them.")


def take_in(engine: Engine, file: Path, on: date | None) -> Imported:
    """Append the decisions of a filled worklist; all good rows or, if the import is cut off, none.

    A row that was recorded from the same file before is left alone, and so is one that repeats the last decision on its finding.
    """
    read = list(rows(file))
    newest = str(marts.look_at(engine)["run_key"])
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror}.") from error
    done = Imported()
    good: list[dict[str, Any]] = []
    known_runs = {row[0] for row in engine.rows("select run_key from audit.run")}
    asked = sorted({_identity(row.values.get("finding_id", "")) for row in read})
    engine.register("_asked", pa.table({"finding_id": pa.array(asked, pa.string())}))
    known = set(engine.rows("select finding_id, run_key from audit.observation semi join _asked using (finding_id)"))
    engine.unregister("_asked")
    ever = {finding for finding, _ in known}
    first: dict[str, int] = {}
    for row in read:
        if row.values.get("") == TOO_WIDE:
            done.problems.append(
                Problem(
                    row.number, "(beyond the header)", "there are more cells than columns", "Quote text with commas."
                )
            )
        elif not row.values.get("decision"):
            done.blank += 1
            done.answered += any(row.values.get(name) for name in _ANSWERS)
        else:
            decided, problems = _judge(row, on, newest, known_runs, known, ever)
            finding = decided["finding_id"]
            if not problems and finding in first:
                cause = f"this finding is decided in row {first[finding]} already"
                problems = [Problem(row.number, "finding_id", cause, "Leave one of the rows.")]
            done.problems += problems
            if not problems:
                first[finding] = row.number
                good.append(decided)
    done.recorded = _append(engine, good, digest)
    done.repeated = len(good) - done.recorded
    return done


def _identity(text: str) -> str:
    return text.replace("-", "").lower()


def _judge(
    row: Row, on: date | None, newest: str, runs: set[str], known: set[tuple[Any, ...]], ever: set[Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """The decision that a row states, and what is wrong with it."""
    problems: list[Problem] = []

    def wrong(column: str, cause: str, remedy: str) -> None:
        problems.append(Problem(row.number, column, cause, remedy))

    def text(column: str) -> str | None:
        return row.values.get(column) or None

    finding = _identity(row.values.get("finding_id", ""))
    run_key = text("run_key") or newest
    if finding not in ever:
        wrong(
            "finding_id",
            "no run saw this finding",
            "Copy it from the worklist; a spreadsheet may rewrite digits in CSV, so use .xlsx.",
        )
    elif run_key not in runs:
        wrong("run_key", "there is no such run", "Leave it as it was exported; `claimaudit runs` lists the runs.")
    elif (finding, run_key) not in known:
        wrong("run_key", "that run did not see the finding", "Leave it as it was exported.")
    decision = re.sub(r"[\s-]+", "_", row.values["decision"].lower())
    if decision not in _KINDS:
        wrong("decision", "this is no decision", f"Choose {', '.join(_KINDS[:-1])} or {_KINDS[-1]}.")
    for column in ("reviewer", "approver", "reason_code", "note"):
        if len(row.values.get(column, "")) > _MOST_TEXT:
            wrong(column, f"the text is longer than {_MOST_TEXT:,} characters", "Shorten it.")
    reviewer = text("reviewer")
    if not reviewer:
        wrong("reviewer", "nobody is named", "Name who decided.")
    decided_on = _day(row, "decided_on", wrong) if text("decided_on") else on
    if not text("decided_on") and on is None:
        wrong("decided_on", "the day of the decision is missing", "Fill it in, or give the import --on.")
    if decided_on and on and decided_on > on:
        wrong("decided_on", "the decision lies after the day of the import", "Correct it, or give a later --on.")
    if decision in ("not_an_error", "suppressed") and not text("reason_code"):
        wrong("reason_code", "a reason is required for this decision", "State one.")
    expires_on = _day(row, "expiry", wrong) if text("expiry") else None
    ceiling = _money(row, wrong)
    if decision == "suppressed":
        _judge_suppression(row, decided_on, expires_on, reviewer, wrong)
    elif decision in _KINDS:
        for column in ("expiry", "ceiling"):
            if text(column):
                wrong(column, "only a suppression has one", "Blank it, or decide suppressed.")
    return {
        "finding_id": finding, "run_key": run_key, "decision": decision, "reviewer": reviewer, "decided_on": decided_on,
        "reason_code": text("reason_code"), "note": text("note"), "expires_on": expires_on, "approver": text("approver"),
        "ceiling": ceiling, "source_row": row.number,
    }, problems  # fmt: skip


def _judge_suppression(
    row: Row, decided_on: date | None, expires_on: date | None, reviewer: str | None, wrong: Any
) -> None:
    approver = row.values.get("approver", "")
    if not row.values.get("expiry"):
        wrong("expiry", "a suppression needs a last day", "Give one, YYYY-MM-DD.")
    elif expires_on and decided_on and expires_on <= decided_on:
        wrong("expiry", "the last day is not after the day of the decision", "Give a later one.")
    if not approver:
        wrong("approver", "a suppression needs an approver", "Name who approved it.")
    elif same_person(approver, reviewer or ""):
        wrong("approver", "the approver is the reviewer", "Name another person.")


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, whatever their capitals and blanks."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def strict_day(text: str) -> date | None:
    """A date as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def strict_money(text: str) -> Decimal | None:
    """An amount from 0 up with at most two decimals; None for anything else."""
    return Decimal(text) if _MONEY.fullmatch(text) else None


def _day(row: Row, column: str, wrong: Any) -> date | None:
    value = strict_day(row.values[column])
    if value is None:
        wrong(column, "this is no date", "Write it as YYYY-MM-DD.")
    return value


def _money(row: Row, wrong: Any) -> Decimal | None:
    text = row.values.get("ceiling", "")
    value = strict_money(text)
    if text and value is None:
        wrong("ceiling", "this is no amount from 0 up with at most two decimals", "Write it as 120.00, without signs.")
    return value


# What a decision says; the same said again by the last entry of its finding is nothing new.
_SAID = ("run_key", "decision", "reviewer", "decided_on", "reason_code", "note", "expires_on", "approver", "ceiling")


def _append(engine: Engine, decided: Sequence[dict[str, Any]], digest: str) -> int:
    """Append what is not recorded yet, in one transaction; returns how many rows that were."""
    columns = {name: pa.array([row[name] for row in decided], kind) for name, kind in _FIELDS.items()}
    same = " and ".join(f"l.{name} is not distinct from n.{name}" for name in _SAID)
    engine.register("_decided", pa.table(columns))
    try:
        with engine.transaction():
            before = engine.value("select count(*) from audit.disposition")
            engine.execute(
                f"""insert into audit.disposition by name
                with last_entry as (
                  select * from audit.disposition semi join _decided using (finding_id)
                  qualify row_number() over (partition by finding_id order by entry desc) = 1
                ),
                fresh as (
                  select n.* from _decided n
                  anti join audit.disposition d on d.source_digest = $digest and d.source_row = n.source_row and d.finding_id = n.finding_id
                  anti join last_entry l on l.finding_id = n.finding_id and {same}
                )
                select coalesce((select max(entry) from audit.disposition), 0) + row_number() over (order by f.source_row) as entry,
                  f.*, o.amount_at_risk, o.digest, $digest as source_digest
                from fresh f left join audit.observation o on o.finding_id = f.finding_id and o.run_key = f.run_key""",
                {"digest": digest},
            )
            return int(engine.value("select count(*) from audit.disposition") - before)
    finally:
        engine.unregister("_decided")


def baseline(
    engine: Engine, run_key: str | None, reviewer: str, approver: str, on: date, expiry: date, note: str | None
) -> tuple[int, int]:
    """Suppress what the first run found and nobody has decided on; returns how many findings, and how many were decided already."""
    if not reviewer.strip() or not approver.strip():
        raise UsageError("A baseline needs a reviewer and an approver.", "Name both.")
    if same_person(reviewer, approver):
        raise UsageError("The approver is the reviewer.", "Name another person.")
    if expiry <= on:
        raise UsageError("The last day is not after the day of the decision.", "Give a later --expiry.")
    run = marts.look_at(engine, run_key)
    earlier = engine.value(
        "select count(*) from audit.run where (as_of, run_key) < (?, ?)", [run["as_of"], run["run_key"]]
    )
    if earlier:
        raise UsageError(
            f"Run {run['run_key']} is not the first run of this database.",
            "A baseline is of the first run: name it with --run-key.",
        )
    with engine.transaction():
        before = engine.value("select count(*) from audit.disposition")
        engine.execute(
            """insert into audit.disposition by name
            select coalesce((select max(entry) from audit.disposition), 0) + row_number() over (order by o.finding_id) as entry,
              o.finding_id, o.run_key, 'suppressed' as decision, $reviewer as reviewer, $on as decided_on, 'baseline' as reason_code,
              $note::varchar as note, $expiry as expires_on, $approver as approver, o.amount_at_risk, o.digest
            from audit.observation o anti join audit.disposition d on d.finding_id = o.finding_id
            where o.run_key = $run_key and o.state <> 'resolved'""",
            {
                "reviewer": reviewer.strip(), "approver": approver.strip(), "on": on, "expiry": expiry, "note": note, "run_key": run["run_key"],
            },
        )  # fmt: skip
        added = int(engine.value("select count(*) from audit.disposition") - before)
    standing = engine.value(
        "select count(*) from audit.observation where run_key = ? and state <> 'resolved'", [run["run_key"]]
    )
    return added, int(standing) - added
