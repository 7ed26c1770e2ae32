"""The command line: parses, prints, and turns errors into exit codes; the work is in `jobs` and below."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from pyarrow.csv import write_csv
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from . import (
    __version__,
    accesslog,
    casekit,
    decision_commands,
    docs,
    explain,
    exportcheck,
    jobs,
    reference,
    registry,
    scaffold,
    sharing,
)
from .errors import ClaimAuditError, IncompleteError, InputError, UsageError
from .files import private_file
from .ingest import ingest
from .layouts import Hints
from .model import RunSummary
from .sampling.commands import sample_app
from .settings import Settings, load

app = typer.Typer(
    help="Internal coding audit of outpatient-therapy claims.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # markup would swallow the brackets in the help texts
)

Inputs = Annotated[
    list[Path] | None, typer.Argument(help="Files, folders or globs of exported claims.", show_default=False)
]
Db = Annotated[Path | None, typer.Option(help="Database file. [default: claimaudit.duckdb]", show_default=False)]
Out = Annotated[Path | None, typer.Option(help="Output folder. [default: out]", show_default=False)]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Last service date that counts. [default: the last in the input]", show_default=False
    ),
]
KnownAsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Judge by the reference releases published by this day. [default: the newest]",
        show_default=False,
    ),
]
RunKey = Annotated[
    str | None, typer.Option(help="Name of the run. [default: year and month of the as-of date]", show_default=False)
]
From = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First service date to report.", show_default=False),
]
To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last service date to report.", show_default=False)
]
Select = Annotated[
    str | None, typer.Option(help="Only these checks: codes or families, comma-separated.", show_default=False)
]
Ignore = Annotated[str | None, typer.Option(help="All but these checks.", show_default=False)]
Preview = Annotated[bool, typer.Option("--preview", help="Run preview checks too.")]
Xlsx = Annotated[bool, typer.Option("--xlsx", help="Write workbooks too: of the run, and of each provider.")]
Pdf = Annotated[bool, typer.Option("--pdf", help="Print the pages to PDF; needs Chromium.")]
Config = Annotated[Path | None, typer.Option(help="TOML file with settings.", show_default=False)]
Format = Annotated[
    str | None, typer.Option(help="Format of the input, when its content does not tell.", show_default=False)
]
LayoutFiles = Annotated[
    list[Path] | None,
    typer.Option("--layout", help="Layout file of an export, or a folder of them; repeatable.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def _settings(config: Path | None, **arguments: Any) -> Settings:
    for key in ("as_of", "known_as_of", "date_from", "date_to"):
        if arguments.get(key) is not None:
            arguments[key] = arguments[key].date()
    for switch in ("preview", "xlsx", "pdf"):  # one that is not given leaves the word to the settings
        if not arguments.get(switch):
            arguments.pop(switch, None)
    return load(config, **arguments)


@contextmanager
def _progress(quiet: bool) -> Iterator[jobs.Progress]:
    """A spinner with the current step on a terminal; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield jobs.quiet
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step, detail: bar.update(task, description=f"{step} {detail}".strip())


def _print(summary: RunSummary, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(summary), default=str))
        return
    in_window = summary.details.get("lines_in_window")
    rows = [
        ("lines read", f"{summary.lines_read:,}"),
        ("rejected", f"{summary.lines_rejected:,}"),
        (
            "audited",
            f"{summary.lines_audited:,}" + ("" if in_window is None else f", {in_window:,} of them in the window"),
        ),
        ("findings", f"{summary.findings:,}"),
        ("amount at risk", f"{Decimal(summary.amount_over):,.2f} over, {Decimal(summary.amount_under):,.2f} under"),
    ]
    print(f"Run {summary.run_key}, as of {summary.as_of}")
    for name, value in rows:
        print(f"  {name:<15} {value}")
    print(f"  {'report':<15} {summary.index}")


@app.command()
def run(
    inputs: Inputs = None,
    out: Out = None,
    db: Db = None,
    as_of: AsOf = None,
    run_key: RunKey = None,
    date_from: From = None,
    date_to: To = None,
    known_as_of: KnownAsOf = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = False,
    fail_on: Annotated[
        str | None,
        typer.Option(help="error, review or never: exit 1 on findings. [default: never]", show_default=False),
    ] = None,
    config: Config = None,
    format: Format = None,
    layout: LayoutFiles = None,
    xlsx: Xlsx = False,
    pdf: Pdf = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Audit exported claims: the whole month in one command."""
    settings = _settings(
        config, inputs=inputs, out=out, db=db, as_of=as_of, run_key=run_key, date_from=date_from, date_to=date_to,
        known_as_of=known_as_of, select=select, ignore=ignore, preview=preview, fail_on=fail_on, format=format,
        layouts=layout, xlsx=xlsx, pdf=pdf,
    )  # fmt: skip
    with _progress(quiet or as_json) as progress:
        summary = jobs.run(settings, progress)
    if not quiet or as_json:
        _print(summary, as_json)
    for note in summary.details.get("notes", ()):
        _note(note)
    if not_known := summary.details.get("reference_not_known"):
        _note(
            f"As known on {settings.known_as_of} there was no release of {', '.join(not_known)}: what reads it was not judged."
        )
    not_printed = summary.details.get("not_printed", [])
    if summary.incomplete and not_printed:
        _note(" ".join(not_printed))
    _finish(summary.incomplete, "manifest.json says why; everything else was audited.")
    if not_printed:
        raise IncompleteError(*not_printed)
    if jobs.fails(summary, settings.fail_on):
        raise typer.Exit(1)


def _note(text: str) -> None:
    print(f"claimaudit: {text}", file=sys.stderr)


def _finish(incomplete: Sequence[str], remedy: str) -> None:
    if incomplete:
        raise IncompleteError(f"Not every check could run: {', '.join(incomplete)}.", remedy)


@app.command("ingest")
def ingest_command(
    inputs: Inputs = None,
    db: Db = None,
    format: Format = None,
    layout: LayoutFiles = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Step 1: read the files into the database."""
    settings = _settings(config, inputs=inputs, db=db, format=format, layouts=layout)
    if not settings.inputs:
        raise UsageError("No input is given.", "Name a file, a folder or a glob.")
    with jobs.locked(settings.db, "ingest"), jobs.open_engine(settings) as engine, _progress(quiet) as progress:
        ingest(
            engine,
            settings.inputs,
            format=settings.format,
            export_layouts=settings.layouts,
            on_progress=lambda name: progress("ingest", name),
        )
        notes = jobs.input_notes(engine)
    for note in notes:
        _note(note)


@app.command()
def build(
    db: Db = None,
    as_of: AsOf = None,
    run_key: RunKey = None,
    date_from: From = None,
    date_to: To = None,
    known_as_of: KnownAsOf = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Step 2: resolve claim versions and build the core tables."""
    settings = _settings(
        config, db=db, as_of=as_of, run_key=run_key, date_from=date_from, date_to=date_to, known_as_of=known_as_of
    )
    with (
        jobs.locked(jobs.existing(settings.db), "build"),
        jobs.open_engine(settings) as engine,
        _progress(quiet) as progress,
    ):
        jobs.reference_step(engine, settings)
        jobs.build_step(engine, settings, progress)


@app.command("audit")
def audit_command(
    db: Db = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Step 3: run the checks."""
    settings = _settings(config, db=db, select=select, ignore=ignore, preview=preview)
    checks = jobs.chosen(settings)
    with (
        jobs.locked(jobs.existing(settings.db), "audit"),
        jobs.open_engine(settings) as engine,
        _progress(quiet) as progress,
    ):
        failures = jobs.judge_all(engine, checks, progress)
    _finish([f"{failure.check_code} ({jobs.reason(failure)})" for failure in failures], "Everything else was audited.")


def _output_step(settings: Settings, write: Callable[[Any, Path], Any]) -> None:
    """Write one kind of output into `out/<run-key>/` of the current run, beside what is there, then swap."""
    with jobs.locked(jobs.existing(settings.db), "output"), jobs.open_engine(settings) as engine:
        jobs.write_into(engine, settings.out, write)
        if settings.pdf:
            jobs.print_run(engine, settings.out / jobs.current_run(engine))


@app.command("report")
def report_command(db: Db = None, out: Out = None, pdf: Pdf = False, config: Config = None) -> None:
    """Step 4: render the pages of the run."""
    _output_step(_settings(config, db=db, out=out, pdf=pdf), jobs.render)


@app.command("export")
def export_command(db: Db = None, out: Out = None, xlsx: Xlsx = False, config: Config = None) -> None:
    """Step 5: write the data files and the manifest of the run."""
    settings = _settings(config, db=db, out=out, xlsx=xlsx).model_copy(update={"pdf": False})
    _output_step(settings, lambda engine, folder: jobs.export_step(engine, folder, settings.xlsx))


Effective = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="First day in force, for a file that does not say it.", show_default=False),
]
Published = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Day of publication. [default: as the file says, else its first day]",
        show_default=False,
    ),
]
Setting = Annotated[
    str | None, typer.Option(help="practitioner or hospital, for a file that does not say it.", show_default=False)
]


def _hints(effective: datetime | None, published: datetime | None, setting: str | None) -> Hints:
    if setting not in (None, "practitioner", "hospital"):
        raise UsageError(f"There is no setting {setting!r}.", "It is practitioner or hospital.")
    return Hints(effective.date() if effective else None, published.date() if published else None, setting)


layout_app = typer.Typer(help="Layout files for exports of practice-management programs.", rich_markup_mode=None)
app.add_typer(layout_app, name="layout")
Sample = Annotated[Path, typer.Argument(metavar="FILE", help="A sample of the export.", show_default=False)]


@layout_app.command("infer")
def layout_infer(file: Sample) -> None:
    """Print a draft of a layout file for a sample, with what is missing."""
    print(exportcheck.infer(_existing(file)), end="")


@layout_app.command("check")
def layout_check(file: Sample, layout: LayoutFiles = None, config: Config = None) -> None:
    """Read a sample and print what its layout makes of it: counts, unused columns, rejects."""
    settings = _settings(config, layouts=layout)
    for line in exportcheck.check(_existing(file), settings.layouts):
        print(line)


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise UsageError(f"{file.name} is no file.", "Name a sample of the export.")
    return file


app.add_typer(sample_app, name="sample")

reference_app = typer.Typer(help="Official reference files: add them, list them, compare them.", rich_markup_mode=None)
app.add_typer(reference_app, name="reference")


@reference_app.command("add")
def reference_add(
    files: Annotated[
        list[Path], typer.Argument(help="Files as their publisher gives them, zip files too.", show_default=False)
    ],
    db: Db = None,
    effective: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="First day in force, for a file that does not say it.", show_default=False
        ),
    ] = None,
    published: Published = None,
    setting: Setting = None,
    accept_fewer_rows: Annotated[
        bool, typer.Option("--accept-fewer-rows", help="Take a release that has shrunk.")
    ] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Add releases; each file is recognised by its layout."""
    settings = _settings(config, db=db)
    hints = _hints(effective, published, setting)
    store = reference.store_of(settings.db)
    with jobs.locked(settings.db, "reference add"), _progress(quiet) as progress:
        jobs.make_folder(store, "of the reference releases")
        added = reference.add(
            store, files, hints, fewer_rows=accept_fewer_rows, on_progress=lambda name: progress("reference", name)
        )
    for release in added if not quiet else []:
        print(_release_line(release))
        if release.skipped:
            print(f"  {release.skipped:,} lines that are no rows were left out")


def _release_line(release: reference.Release) -> str:
    until = f"to {release.valid_to}" if release.valid_to else "on"
    return f"{release.release:<32} {release.set:<18} {release.rows:>11,} rows  published {release.published_on}  from {release.valid_from} {until}"


@reference_app.command("list")
def reference_list(db: Db = None, config: Config = None, as_json: AsJson = False) -> None:
    """List the releases that were added, oldest first in each set."""
    found = reference.releases(reference.store_of(_settings(config, db=db).db))
    if as_json:
        print(
            json.dumps(
                [{key: value for key, value in asdict(one).items() if key != "folder"} for one in found], default=str
            )
        )
        return
    for release in found:
        print(_release_line(release))
    if not found:
        print("No release was added: runs use the starter tables.")


@reference_app.command("verify")
def reference_verify(db: Db = None, config: Config = None) -> None:
    """Compare the releases with the digests taken when they were added."""
    found = reference.problems(reference.store_of(_settings(config, db=db).db))
    for release, why in found:
        print(f"{release.release:<32} {why or 'as added'}")
    if broken := [release.release for release, why in found if why]:
        raise InputError(f"Damaged: {', '.join(broken)}.", "Delete their folders and add the files again.")


@reference_app.command("diff")
def reference_diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="A release, as listed; one that is shipped has its name in ref.release.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="Another of the same set.")],
    out: Annotated[Path | None, typer.Option(help="CSV file for every difference.", show_default=False)] = None,
    db: Db = None,
    config: Config = None,
) -> None:
    """Rows that release B adds to, removes from or changes in release A: how many, and the first ones."""
    found = reference.diff(reference.store_of(_settings(config, db=db).db), before, after)
    print(f"From {before} to {after}: {found.added:,} added, {found.removed:,} removed, {found.changed:,} changed")
    for row in found.rows.slice(0, 10).to_pylist():
        change = row.pop("change")
        print(f"  {change:<8} " + "  ".join(f"{name}={value}" for name, value in row.items() if value is not None))
    if out:
        _write_csv(out, found.rows)


def _write_csv(path: Path, rows: Any) -> None:
    with private_file(path) as part:
        write_csv(rows, part)


@app.command("rehearse")
def rehearse_command(
    inputs: Inputs = None,
    new_releases: Annotated[
        list[Path] | None,
        typer.Option(
            "--releases", help="Reference files that are not adopted yet; several may follow.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="CSV file for every finding that would change.", show_default=False)
    ] = None,
    db: Db = None,
    as_of: AsOf = None,
    date_from: From = None,
    date_to: To = None,
    known_as_of: KnownAsOf = None,
    select: Select = None,
    ignore: Ignore = None,
    preview: Preview = False,
    effective: Effective = None,
    published: Published = None,
    setting: Setting = None,
    format: Format = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """What findings and how much money releases would add or withdraw, before they are added."""
    settings = _settings(
        config, inputs=inputs, db=db, as_of=as_of, date_from=date_from, date_to=date_to, known_as_of=known_as_of,
        select=select, ignore=ignore, preview=preview, format=format,
    )  # fmt: skip
    if not new_releases:
        raise UsageError("No release is given.", "Name its files after --releases.")
    with _progress(quiet) as progress:
        found = jobs.rehearse(settings, new_releases, _hints(effective, published, setting), progress)
    print("With " + ", ".join(release.release for release in found.releases))
    print(
        f"  {'provider':<12}{'added':>7}{'withdrawn':>11}{'changed':>9}{'over':>14}{'would be':>14}{'under':>14}{'would be':>14}"
    )
    names = ("added", "withdrawn", "changed", "over_before", "over_after", "under_before", "under_after")
    total = {name: sum(row[name] for row in found.providers) for name in names}
    for row in [*found.providers, {"provider_npi": "together", **total}]:
        counts = f"{row['added']:>7,}{row['withdrawn']:>11,}{row['changed']:>9,}"
        print(
            f"  {row['provider_npi'] or '(none)':<12}{counts}" + "".join(f"{row[name]:>14,.2f}" for name in names[3:])
        )
    if out:
        _write_csv(out, found.findings)
    _finish(found.incomplete, "Everything else was compared.")


def _repeated(arguments: list[str], option: str) -> list[str]:
    """`--releases A B` as `--releases A --releases B`: an option that takes all values up to the next option."""
    written: list[str] = []
    taking = False
    for word in arguments:
        if word.startswith("-"):
            taking = word == option
            written += [] if taking else [word]
        else:
            written += [option, word] if taking else [word]
    return written + ([option] if taking and arguments[-1] == option else [])


@app.command("share")
def share_command(
    audience: Annotated[str, typer.Option(help="compliance, provider or board.", show_default=False)],
    to: Annotated[Path, typer.Option(help="New folder for what is given out.", show_default=False)],
    provider: Annotated[
        str | None, typer.Option(help="NPI whose page it is, for the audience provider.", show_default=False)
    ] = None,
    deidentify: Annotated[
        bool,
        typer.Option(
            "--deidentify", help="Data without identifiers (45 CFR 164.514(b)(2)) instead of pages; with --key-file."
        ),
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(
            help="Where the random codes of --deidentify are kept; one of an earlier time is gone on with.",
            show_default=False,
        ),
    ] = None,
    name_providers: Annotated[
        bool, typer.Option("--name-providers", help="With --deidentify: NPIs instead of codes.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print the page of the provider or the board to PDF; needs Chromium.")
    ] = False,
    db: Db = None,
    out: Out = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Write what one audience may have of the finished run into a folder."""
    what = sharing.Share(audience, to, provider, deidentify, key_file, name_providers, pdf)
    files = sharing.share(_settings(config, db=db, out=out), what)
    if not quiet:
        print(f"{files} file{'' if files == 1 else 's'} in {to}")


access_app = typer.Typer(help="The log of what was given out.", rich_markup_mode=None)
app.add_typer(access_app, name="access")


@access_app.command("list")
def access_list(db: Db = None, config: Config = None) -> None:
    """List what was given out, when, by whom and to whom."""
    for entry in accesslog.entries(_settings(config, db=db).db):
        whom = (
            entry["audience"]
            + (f" {entry['provider']}" if entry["provider"] else "")
            + (", de-identified" if entry["deidentified"] else "")
        )
        print(f"{entry['at']}  {entry['user']:<16} run {entry['run_key']:<20} {entry['files']:>6,} files  {whom}")


@access_app.command("verify")
def access_verify(db: Db = None, config: Config = None) -> None:
    """Check that no entry was changed, taken out or moved; prints the last digest, to be kept elsewhere."""
    found = accesslog.entries(_settings(config, db=db).db)
    print(f"{len(found)} entries, the last with digest {found[-1]['digest']}" if found else "Nothing was given out.")


@app.command("checks")
def checks_command(
    family: Annotated[str | None, typer.Option(help="Only this family, for example UNT.", show_default=False)] = None,
) -> None:
    """List the checks."""
    chosen = registry.select([family] if family else [], [], preview=True)
    for check in chosen:
        print(f"{check.code}  {check.severity:<11} {check.status:<8} {check.subject:<13} {check.name}")


@app.command("explain")
def explain_command(
    what: Annotated[str, typer.Argument(metavar="CODE|FINDING_ID")], db: Db = None, config: Config = None
) -> None:
    """Explain a check, or a finding of a run in the database."""
    known = registry.checks()
    if what.upper() in known:
        check = known[what.upper()]
        print(explain.explain_check(check, casekit.cases(check)))
        return
    settings = _settings(config, db=db)
    if not settings.db.is_file():
        raise UsageError(
            f"{what!r} is not a check, and there is no database {settings.db} to look for a finding in.", "Give --db."
        )
    with jobs.open_engine(settings, read_only=True) as engine:
        if not jobs.runs(engine):
            raise UsageError("This database holds no run.", "Start with `claimaudit run`.")
        print(explain.explain_finding(engine, what, known))


@app.command("runs")
def runs_command(db: Db = None, config: Config = None) -> None:
    """List the runs in the database."""
    with jobs.open_engine(_settings(config, db=db), read_only=True) as engine:
        for row in jobs.runs(engine):
            print(
                f"{row['run_key']:<20} as of {row['as_of']} {row['lines_audited']:>12,} lines  version {row['version']}"
            )


@app.command("new-check")
def new_check_command(
    code: Annotated[str, typer.Argument(help="Three capitals and three digits, such as UNT116.", show_default=False)],
    name: Annotated[str, typer.Argument(help="What is found, in lower case with hyphens.", show_default=False)],
) -> None:
    """Start a new check: writes its two files (in a source tree)."""
    for path in scaffold.new_check(Path.cwd(), code, name, __version__):
        print(path.relative_to(Path.cwd()))
    print("Now fill them in, then run `claimaudit docs` and the tests.")


@app.command("docs")
def docs_command() -> None:
    """Regenerate index, pages and dictionary (in a source tree)."""
    for path in docs.write(Path.cwd()):
        print(path.relative_to(Path.cwd()))


app.add_typer(decision_commands.disposition_app, name="disposition")
app.add_typer(decision_commands.overpayment_app, name="overpayment")


def _version(value: bool) -> None:
    if value:
        print(f"claimaudit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Entry point: exit codes 0, 1, 2, 3, 4, 5 and 70 as docs/operations.md lists them; never a traceback."""
    try:
        given = sys.argv[1:] if arguments is None else arguments
        given = _repeated(given, "--releases") if given[:1] == ["rehearse"] else given
        code = app(args=given or ["--help"], standalone_mode=False, prog_name="claimaudit") or 0
    except typer.Abort:
        code = 130
    except ClaimAuditError as error:
        # only the kind of an engine's error is printed: its text could hold data of a patient
        text = str(error) if type(error) is not ClaimAuditError else ": ".join(str(error).split(": ")[:2])
        code = _complain(text, error.exit_code)
    except Exception as error:
        code = _complain(*_unexpected(error))
    sys.exit(code)


def _complain(text: str, code: int) -> int:
    print(f"claimaudit: {' '.join(text.split())}", file=sys.stderr)
    return code


def _unexpected(error: Exception) -> tuple[str, int]:
    """Text and exit code of an error that is none of ours: a usage error of the parser, or an internal error."""
    if hasattr(error, "format_message"):
        return f"{error.format_message()} Try `claimaudit --help`.", 2
    # the message could hold data of a patient: only the kind of error and the places are printed
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [place for place in frames if Path(__file__).parent in place[0].parents]
    places = " from ".join(f"{path.name}:{line}" for path, line in dict.fromkeys([frames[-1], *ours[:-4:-1]]))
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"internal error {type(error).__name__}{reason} at {places}. Please report it with this line.", 70
