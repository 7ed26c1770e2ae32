"""The command groups `disposition` and `overpayment`: they parse and print; the work is in `decisions`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from . import jobs, registry
from .decisions import intake, marts, overpayments, worklist
from .engine import Engine
from .errors import IncompleteError, InputError, UsageError
from .files import private_file
from .settings import load
from .templating import plural

disposition_app = typer.Typer(
    help="The reviewer's worklist: write it, take decisions in, list them.", rich_markup_mode=None
)
overpayment_app = typer.Typer(
    help="The ledger of possible overpayments: acts of persons, and what is due.", rich_markup_mode=None
)

Db = Annotated[Path | None, typer.Option(help="Database file. [default: claimaudit.duckdb]", show_default=False)]
Config = Annotated[Path | None, typer.Option(help="TOML file with settings.", show_default=False)]
RunKey = Annotated[str | None, typer.Option(help="Run. [default: the newest]", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Worklist = Annotated[Path, typer.Argument(metavar="FILE", help="Worklist, .xlsx or .csv.", show_default=False)]
Acts = Annotated[Path, typer.Argument(metavar="FILE", help="Acts of persons, .xlsx or .csv.", show_default=False)]
Case = Annotated[str, typer.Argument(metavar="CASE", help="Name of the case.", show_default=False)]
Person = Annotated[str, typer.Option(help="Who acts.", show_default=False)]
On = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the act.", show_default=False)]
Amount = Annotated[str | None, typer.Option(help="Amount, such as 120.00.", show_default=False)]
Received = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Day on which the last payment in question was received.", show_default=False
    ),
]
Note = Annotated[str | None, typer.Option(help="Free text.", show_default=False)]


@contextmanager
def _database(db: Path | None, config: Path | None, what: str) -> Iterator[Engine]:
    """The existing database, locked."""
    settings = load(config, db=db)
    with jobs.locked(jobs.existing(settings.db), what), jobs.open_engine(settings) as engine:
        yield engine


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


# Dispositions ------------------------------------------------------------------------------------------------------


@disposition_app.command("export")
def disposition_export(
    file: Worklist,
    run_key: RunKey = None,
    open_only: Annotated[bool, typer.Option("--open-only", help="Leave out what nobody has to act on.")] = False,
    db: Db = None,
    config: Config = None,
) -> None:
    """Write the worklist of a run."""
    with _database(db, config, "disposition export") as engine:
        written = worklist.export(engine, file, registry.checks(), run_key, open_only)
    print(f"{written:,} findings in {file}")


@disposition_app.command("import")
def disposition_import(
    file: Worklist,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day of the decisions, where the file does not give one.", show_default=False
        ),
    ] = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Append the decisions of a filled worklist; bad rows are listed and left out."""
    with _database(db, config, "disposition import") as engine:
        done = intake.take_in(engine, file, _day(on))
    refused = plural(len({problem.row for problem in done.problems}), "row")
    noted = f" ({done.answered:,} of them filled in otherwise)" if done.answered else ""
    print(
        f"{plural(done.recorded, 'decision')} recorded, {done.repeated:,} recorded before, {plural(done.blank, 'row')} without a decision{noted}, "
        f"{refused} refused"
    )
    for problem in done.problems:
        print(
            f"claimaudit: {file.name}, row {problem.row}, column {problem.column}: {problem.cause}. {problem.remedy}",
            file=sys.stderr,
        )
    if done.problems:
        refused = f"{refused} of {file.name} {'was' if refused.startswith('1 ') else 'were'} refused"
        if done.recorded or done.repeated:
            raise IncompleteError(
                f"{refused}; the others are recorded.", "Correct these rows and import the file again."
            )
        raise InputError(f"{refused}, and none is recorded.", "Correct these rows and import the file again.")


@disposition_app.command("baseline")
def disposition_baseline(
    reviewer: Annotated[str, typer.Option(help="Who decides.", show_default=False)],
    approver: Annotated[str, typer.Option(help="Who approves; another person.", show_default=False)],
    expiry: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day of the baseline.", show_default=False)
    ],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the decision.", show_default=False)],
    run_key: RunKey = None,
    note: Note = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Suppress what the first run found: hidden from what is new, never from money."""
    with _database(db, config, "disposition baseline") as engine:
        added, before = intake.baseline(engine, run_key, reviewer, approver, on.date(), expiry.date(), note)
    print(f"{added:,} findings suppressed to {expiry.date()}, {before:,} decided before")


@disposition_app.command("list")
def disposition_list(
    run_key: RunKey = None,
    standing: Annotated[
        str | None,
        typer.Option(
            help="Only these: open, in-force, expired, breached, unused, updated, awaiting-data, contradicted, verified or unverified.",
            show_default=False,
        ),
    ] = None,
    db: Db = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List the decisions as a run sees them."""
    known = "open in-force expired breached unused updated awaiting-data contradicted verified unverified".split()
    if standing is not None and standing not in known:
        raise UsageError(f"There is no standing {standing!r}.", f"It is one of {', '.join(known)}.")
    with _database(db, config, "disposition list") as engine:
        marts.look_at(engine, run_key)
        marts.build(engine, marts.DECISIONS)
        rows = engine.dicts(
            """select d.*, list(f.kind order by f.kind) filter (f.kind is not null) as faults
            from mart.decision d left join mart.suppression_fault f using (finding_id)
            where $1 is null or ($1 = 'open' and d.is_open) or d.standing = $1 or f.kind = $1
            group by all order by d.check_code, d.finding_id""",
            [standing],
        )
        work = engine.dicts("select * exclude (provider_npi, is_total) from mart.work where is_total")[0]
    if as_json:
        print(json.dumps({"work": work, "decisions": rows}, default=str))
        return
    for row in rows:
        until = f"  to {row['expires_on']}" if row["expires_on"] else ""
        faults = f"  ({', '.join(row['faults'])})" if row["faults"] else "  (resolved)" if row["is_gone"] else ""
        print(
            f"{row['finding_id']}  {row['check_code'] or '':<7} {row['decision']:<13} {row['standing']:<13} {row['decided_on']}  {row['reviewer']}{until}{faults}"
        )
    hidden = work["not_an_error"] + work["suppressed"]
    print(
        f"{work['findings']:,} findings stand: {work['open']:,} open ({work['undecided']:,} undecided), {hidden:,} hidden from the work "
        f"({work['hidden_over']:,.2f} over, {work['hidden_under']:,.2f} under, in every total), {work['awaiting_data']:,} awaiting data"
    )


# Overpayments ------------------------------------------------------------------------------------------------------


def _amount(text: str | None) -> Decimal | None:
    value = intake.strict_money(text) if text else None
    if text and value is None:
        raise UsageError("The amount is not valid.", "Write it as 120.00, without signs.")
    return value


@overpayment_app.command("open")
def overpayment_open(
    case: Case,
    person: Person,
    on: On,
    finding: Annotated[
        list[str] | None, typer.Option(help="A finding that a reviewer has confirmed; repeatable.", show_default=False)
    ] = None,
    amount: Amount = None,
    received: Received = None,
    note: Note = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Open a case: a person suspects an overpayment."""
    act = overpayments.Event(
        case, "suspected", on.date(), person, _amount(amount), _day(received), note, tuple(finding or ())
    )
    with _database(db, config, "overpayment open") as engine:
        added = overpayments.record(engine, [act], opening=True)
    print(f"Case {case} is open" if added else f"Case {case} was opened so before")


@overpayment_app.command("record")
def overpayment_record(
    case: Case,
    event: Annotated[
        str, typer.Argument(metavar="ACT", help=f"{', '.join(overpayments.EVENTS[1:])}.", show_default=False)
    ],
    person: Person,
    on: On,
    amount: Amount = None,
    received: Received = None,
    entry: Annotated[int | None, typer.Option(help="The entry that is withdrawn.", show_default=False)] = None,
    note: Note = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Record an act of a person in a case."""
    act = overpayments.Event(case, event, on.date(), person, _amount(amount), _day(received), note, withdraws=entry)
    with _database(db, config, "overpayment record") as engine:
        added = overpayments.record(engine, [act])
    print(f"Recorded in case {case}" if added else f"Case {case} has that entry already")


@overpayment_app.command("import")
def overpayment_import(file: Acts, db: Db = None, config: Config = None) -> None:
    """Record the acts of a file, all or none."""
    with _database(db, config, "overpayment import") as engine:
        held, added = overpayments.import_file(engine, file)
    print(f"{added:,} acts recorded, {held - added:,} recorded before")


@overpayment_app.command("list")
def overpayment_list(
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day to count to. [default: the as-of date of the run]", show_default=False
        ),
    ] = None,
    run_key: RunKey = None,
    page: Annotated[
        Path | None, typer.Option(help="Write the page as of that day into this file.", show_default=False)
    ] = None,
    db: Db = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """What is due, as of a day."""
    with _database(db, config, "overpayment list") as engine:
        run, clock, entries = overpayments.cases(engine, run_key, _day(on))
        content = overpayments.page(engine, run_key, _day(on)) if page else None
    if page:
        if content is None:
            raise UsageError("The ledger is empty.", "Open a case with `overpayment open`.")
        with private_file(page) as part:
            part.write_bytes(content)
    if as_json:
        print(json.dumps({"day": _day(on) or run["as_of"], "cases": clock, "entries": entries}, default=str))
        return
    print(f"As of {_day(on) or run['as_of']}")
    for row in clock:
        for line in overpayments.as_text(row):
            print(line)
    for entry in entries:
        amount = "" if entry["amount"] is None else f"  {entry['amount']:,.2f}"
        print(
            f"  entry {entry['entry']:<4} {entry['case_id']:<20} {entry['event_date']}  {entry['event']:<14} {entry['person']}{amount}  {entry['status']}"
        )
    if not entries:
        print("The ledger is empty.")
