"""The run as named steps, each re-runnable alone: what the command line, cron and Airflow call.

A run holds the lock of its database, writes its pages beside the place where they will stand, and renames them at the
end: a run that is killed leaves no half report, and the same run key twice is one run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock, Timeout

from . import __version__, casekit, catalog, increment, registry
from .audit import Carried, Failure, audit, record_run
from .build import build, last_service_date, reconcile
from .causes import find_causes
from .corrections import find_corrections
from .decisions import marts, overpayments
from .engine import Engine
from .errors import IncompleteError, InputError, LockedError, UsageError
from .export import export, write_manifest
from .ingest import expand, ingest
from .layouts import Hints
from .model import Check, RunSummary
from .printing import chromium, print_pages
from .reference import Release, add, load_reference, reference_digest, releases, store_of
from .report import build_marts, reason_words, report
from .selfcheck import MISSED, self_check
from .settings import Settings
from .workbook import workbooks

Progress = Callable[[str, str], None]


def quiet(step: str, detail: str) -> None:
    """A progress listener that says nothing."""


@contextmanager
def locked(db: Path, run_key: str) -> Iterator[None]:
    """Hold the lock of a database, and make every file private meanwhile; LockedError names who holds it."""
    if db.is_dir():
        raise UsageError(f"The database {db} is a folder.", "Name a file.")
    mask = os.umask(0o077)
    try:
        make_folder(db.parent, "of the database")
        with _lock(db, run_key):
            yield
    finally:
        os.umask(mask)


def make_folder(path: Path, what: str) -> None:
    """Make a folder if need be; UsageError, before any work is done, when it cannot be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UsageError(f"The folder {path} {what} cannot be made: {error.strerror}.", "Name another.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise UsageError(f"The folder {path} {what} cannot be written to.", "Name another, or change its permissions.")


@contextmanager
def _lock(db: Path, run_key: str) -> Iterator[None]:
    lock = FileLock(f"{db}.lock", timeout=0, mode=0o600)
    holder = Path(f"{db}.lock.holder")
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(
            f"Another run holds the lock of {db.name}: {_read_holder(holder)}.",
            "Wait for it, or use another database; the lock is freed when that process ends.",
        ) from error
    try:
        holder.write_text(json.dumps({"run_key": run_key, "pid": os.getpid(), "host": socket.gethostname()}), "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _read_holder(holder: Path) -> str:
    try:
        content = json.loads(holder.read_text("utf-8"))
        return f"run {content['run_key']}, process {content['pid']} on {content['host']}"
    except (OSError, ValueError, KeyError):
        return "a process that has just started"


def open_engine(settings: Settings, *, read_only: bool = False) -> Engine:
    """The engine on the settings' database, allowed to touch only the input, output and database folders.

    With `read_only` the database must exist; nothing is made.
    """
    if read_only:
        existing(settings.db)
    inputs = [] if read_only else expand(settings.inputs)
    folders = [settings.out, settings.db.parent, *sorted({path.parent for path in inputs})]
    return Engine(
        settings.db, read_only=read_only, threads=settings.threads, memory_limit=settings.memory_limit, folders=folders
    )


def existing(db: Path) -> Path:
    """The database file of a command that makes none, so that a name typed wrongly leaves nothing behind."""
    if not db.is_file():
        raise UsageError(f"There is no database {db}.", "Name one with --db.")
    return db


def current_run(engine: Engine) -> str:
    """The run key that the core tables were built for; UsageError when there is none."""
    if not _exists(engine, "core", "run"):
        raise UsageError(
            "This database holds no built run.", "Start with `claimaudit run`, or with `ingest` and `build`."
        )
    return str(engine.rows("select run_key from core.run")[0][0])


def runs(engine: Engine) -> list[dict[str, Any]]:
    """The recorded runs, oldest first; none in a database where no audit has run."""
    return engine.dicts("select * from audit.run order by as_of, run_key") if _exists(engine, "audit", "run") else []


def _exists(engine: Engine, schema: str, table: str) -> bool:
    return bool(
        engine.value(
            "select count(*) from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
        )
    )


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def input_digest(engine: Engine) -> str:
    """sha256 over the digests of the files read, in order of digest."""
    return _digest(
        [row[0] for row in engine.rows("select distinct digest from raw.file where status = 'read' order by digest")]
    )


@contextmanager
def self_check_beside(checks: list[Check]) -> Iterator[Future[list[Failure]]]:
    """The self-check while the block runs: small statements that cost planning, in a database of their own, beside large ones that cost reading."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        yield beside.submit(self_check, checks)


def judge_all(
    engine: Engine,
    checks: list[Check],
    progress: Progress = quiet,
    planted: Future[list[Failure]] | None = None,
    carried: Carried | None = None,
) -> list[Failure]:
    """The audit step: every check that is not `carried` on from the run before, the observations, the self-check (unless it was begun before), and the run's row.

    What the checks read and the build step left out, because it was run for other checks, is built first.
    """
    if planted is None:
        with self_check_beside(checks) as planted:
            return judge_all(engine, checks, progress, planted, carried)
    run_key = current_run(engine)
    _complete(engine, _read_by(checks))
    failures = audit(engine, run_key, checks, lambda code: progress("audit", code), carried)
    progress("self-check", "")
    missed = planted.result()
    failed = {failure.check_code for failure in failures}
    failures += [failure for failure in missed if failure.check_code not in failed]
    digests = (input_digest(engine), _digest([check.digest for check in checks]), reference_digest(engine))
    record_run(engine, __version__, digests, checks, failures, len(checks) - len(missed))
    return failures


@contextmanager
def staged(out: Path, run_key: str) -> Iterator[Path]:
    """A folder beside `out/<run-key>` that takes its place when the block ends well; nothing stays when it does not."""
    stage, final, old = out / f".{run_key}.partial-{os.getpid()}", out / run_key, out / f".{run_key}.partial-old"
    if old.exists() and not final.exists():  # a run was killed between the two renames below
        old.rename(final)
    for stale in out.glob(f".{run_key}.partial-*"):
        shutil.rmtree(stale, ignore_errors=True)
    stage.mkdir(parents=True, mode=0o700)
    try:
        yield stage
        if final.exists():
            final.rename(old)
        stage.rename(final)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        if old.exists() and not final.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def prepare_pages(engine: Engine) -> str:
    """Build what the pages of the current run read; returns its key."""
    run_key = current_run(engine)
    _complete(engine, _read_in("mart"))
    build_marts(engine)
    find_causes(engine)
    find_corrections(engine)
    marts.prepare(engine, run_key)
    return run_key


def render(engine: Engine, out: Path) -> None:
    """The report step: every page of the current run into `out`, and suppressions.csv when there are findings about suppressions; what was printed of earlier pages goes."""
    for printed in out.rglob("*.pdf"):
        printed.unlink()
    run_key = prepare_pages(engine)
    report(engine, run_key, out, list(registry.checks().values()), casekit.cases)
    marts.write_faults(engine, out)
    overpayments.write_page(engine, run_key, out)


def print_run(engine: Engine, folder: Path, progress: Progress = quiet) -> None:
    """Print the finished folder of the current run: every page but those of checks without a finding, the index first; IncompleteError says what could not be printed."""
    try:
        program = chromium()
    except UsageError as error:
        raise IncompleteError(f"The pages are written and not printed: {error.cause}", error.remedy) from error
    as_of = engine.value("select as_of from core.run")
    found = {row[0] for row in engine.rows("select check_code from mart.check_summary where findings > 0")}
    pages = [page for page in folder.rglob("*.html") if page.parent.name != "checks" or page.stem in found]
    pages.sort(key=lambda page: (page.name != "index.html", page))
    print_pages(program, pages, as_of, lambda name: progress("print", name))


def write_into(engine: Engine, out: Path, write: Callable[[Engine, Path], Any]) -> None:
    """Write one kind of output of the current run: `out/<run-key>` as it stands is copied, added to, and swapped in."""
    run_key = current_run(engine)
    make_folder(out, "of the output")
    with staged(out, run_key) as stage:
        if (out / run_key).is_dir():
            shutil.copytree(out / run_key, stage, dirs_exist_ok=True)
        write(engine, stage)


def summarise(engine: Engine, index: Path, failures: list[Failure]) -> RunSummary:
    """The numbers that matter, from the tables of the current run."""
    run_key = current_run(engine)
    run = engine.dicts("select * from audit.run where run_key = ?", [run_key])[0]
    by_severity = dict(engine.rows(SEVERITIES, [run_key]))
    money = dict(engine.rows(MONEY, [run_key]))
    not_known = engine.value("select not_known from ref.edition")
    return RunSummary(
        run_key=run_key,
        as_of=str(run["as_of"]),
        index=str(index),
        lines_read=run["lines_read"],
        lines_rejected=run["lines_rejected"],
        lines_audited=run["lines_audited"],
        findings=sum(by_severity.values()),
        amount_over=str(money.get("over", "0.00")),
        amount_under=str(money.get("under", "0.00")),
        incomplete=tuple(failure.check_code for failure in failures),
        details={
            "findings_by_severity": by_severity,
            **({"lines_in_window": engine.value(IN_WINDOW)} if run["window_from"] or run["window_to"] else {}),
            **({"reference_not_known": not_known} if not_known else {}),
            **({"notes": notes} if (notes := input_notes(engine)) else {}),
        },
    )


def input_notes(engine: Engine) -> list[str]:
    """What the user must know of the files: parts that were skipped or cut off, remittances without their claims."""
    notes = engine.rows("select file_name, unnest(notes) from raw.file where len(notes) > 0 order by file_id")
    lost = engine.rows(
        """select count(*), count(*) filter (why is not null) from (
          select file_id, record_number, any_value(why) as why from stg.remittance_match group by file_id, record_number)"""
    )[0]
    said = [f"{name}: {note}" for name, note in notes]
    if lost[1]:
        said.append(f"{lost[1]} of {lost[0]} remittance lines found no claim line; remittances.csv says why for each.")
    return said


def fails(summary: RunSummary, level: str) -> bool:
    """Whether the run has findings at or above the fail level (error; review includes error; never)."""
    counted = {"error": ("error",), "review": ("error", "review"), "never": ()}[level]
    return any(summary.details["findings_by_severity"].get(severity) for severity in counted)


SEVERITIES = """select severity, count(*) from audit.observation where run_key = ? and state <> 'resolved'
  group by severity order by severity"""


IN_WINDOW = """select count(*) from core.claim_line l join core.run r
  on l.service_date >= coalesce(r.window_from, l.service_date) and l.service_date <= coalesce(r.window_to, l.service_date)"""


# A claim line counts once, at the largest of its findings; over and under apart.
MONEY = """select direction, coalesce(sum(amount), 0.00) from (
    select o.direction, l.line_id, max(l.amount_at_risk) as amount
    from audit.observation o join audit.observation_line l using (run_key, finding_id)
    where o.run_key = ? and o.state <> 'resolved' and o.direction in ('over', 'under')
    group by o.direction, l.line_id)
  group by direction order by direction"""


def run(settings: Settings, progress: Progress = quiet) -> RunSummary:
    """The whole month: ingest, build, audit, report, export. Raises ClaimAuditError; see the exit codes."""
    started = time.monotonic()
    timings: dict[str, float] = {}

    def clock(step: str) -> None:
        timings[step] = round(time.monotonic() - started - sum(timings.values()), 3)

    if not settings.inputs:
        raise UsageError("No input is given.", "Name a file, a folder or a glob.")
    checks = chosen(settings)
    rules = increment.rules(settings, checks)
    with locked(settings.db, settings.run_key or "(key from the data)"), open_engine(settings) as engine:
        make_folder(settings.out, "of the output")
        before = increment.standing(engine, rules)
        added = ingest(
            engine,
            settings.inputs,
            format=settings.format,
            export_layouts=settings.layouts,
            keep=before is not None,
            on_progress=lambda name: progress("ingest", name),
        ).added
        clock("ingest")
        with self_check_beside(checks) as planted:
            reference_step(engine, settings)
            carried = None
            if before and added is not None:
                carried = build_on(engine, settings, before, added, progress, checks)
            if carried is None:
                build_step(engine, settings, progress, checks)
            clock("build")
            failures = judge_all(engine, checks, progress, planted, carried)
            if not failures:
                increment.remember(engine, rules)
            clock("audit")
        run_key = current_run(engine)
        with staged(settings.out, run_key) as stage:
            progress("report", "")
            render(engine, stage)
            clock("report")
            progress("export", "")
            export(engine, stage)
            if settings.xlsx:
                progress("export", "workbooks")
                workbooks(engine, stage, reason_words)
            clock("export")
            summary = summarise(engine, settings.out / run_key / "index.html", failures)
            write_manifest(stage, manifest(engine, summary, failures, timings))
        engine.execute("checkpoint")
        if settings.pdf:
            try:
                print_run(engine, settings.out / run_key, progress)
            except IncompleteError as error:  # the run is whole without it: its numbers are told first
                summary.details["not_printed"] = [error.cause, error.remedy]
    return summary


@dataclass(frozen=True)
class Rehearsal:
    """What releases would change: a row per provider, a row per finding, and the checks that could not run."""

    releases: list[Release]
    providers: list[dict[str, Any]]
    findings: pa.Table
    incomplete: tuple[str, ...]


def rehearse(settings: Settings, files: list[Path], hints: Hints, progress: Progress = quiet) -> Rehearsal:
    """Audit the input twice in a scratch database, without and with the releases in `files`; nothing of it stays."""
    if not settings.inputs:
        raise UsageError("No input is given.", "Name a file, a folder or a glob.")
    checks = chosen(settings)
    make_folder(settings.db.parent, "of the database")
    adopted = releases(store_of(settings.db))
    scratch = Path(tempfile.mkdtemp(prefix=".rehearse-", dir=settings.db.parent))
    try:
        settings = settings.model_copy(update={"db": scratch / "scratch.duckdb", "out": scratch, "run_key": None})
        with locked(settings.db, "rehearse"), open_engine(settings) as engine:
            store = store_of(settings.db)
            make_folder(store, "of the reference releases")
            new = add(store, files, hints, beside=adopted, on_progress=lambda name: progress("reference", name))
            ingest(
                engine,
                settings.inputs,
                format=settings.format,
                export_layouts=settings.layouts,
                on_progress=lambda name: progress("ingest", name),
            )
            failed: set[str] = set()
            for run_key, known in (("before", adopted), ("after", [*adopted, *new])):
                progress(run_key, "")
                load_reference(engine, registry.checks().values(), known, settings.known_as_of)
                build_step(engine, settings.model_copy(update={"run_key": run_key}), progress, checks)
                failures = audit(engine, run_key, checks, lambda code: progress("audit", code))
                failed |= {failure.check_code for failure in failures}
            return Rehearsal(new, engine.dicts(REHEARSED), engine.arrow(REHEARSED_FINDINGS), tuple(sorted(failed)))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


_BOTH = """both_runs as (
    select coalesce(a.finding_id, b.finding_id) as finding_id,
      case when b.finding_id is null then 'added' when a.finding_id is null then 'withdrawn' else 'changed' end as change,
      case when a.finding_id is null then b else a end as shown, b.amount_at_risk as amount_before, a.amount_at_risk as amount_after
    from (from audit.observation where run_key = 'before' and state <> 'resolved') b
    full join (from audit.observation where run_key = 'after' and state <> 'resolved') a on a.finding_id = b.finding_id
    where a.finding_id is null or b.finding_id is null or a.amount_at_risk is distinct from b.amount_at_risk
      or a.severity is distinct from b.severity)"""

# Findings by provider; money as in the summary of a run: a claim line counts once, at the largest of its findings.
REHEARSED = f"""with {_BOTH},
  counted as (
    select shown.provider_npi as provider_npi, count(*) filter (change = 'added') as added, count(*) filter (change = 'withdrawn') as withdrawn,
      count(*) filter (change = 'changed') as changed
    from both_runs group by shown.provider_npi),
  line as (
    select o.run_key, o.provider_npi, o.direction, l.line_id, max(l.amount_at_risk) as amount
    from audit.observation o join audit.observation_line l using (run_key, finding_id)
    where o.state <> 'resolved' and o.direction in ('over', 'under')
    group by o.run_key, o.provider_npi, o.direction, l.line_id),
  money as (
    select provider_npi, coalesce(sum(amount) filter (run_key = 'before' and direction = 'over'), 0) as over_before,
      coalesce(sum(amount) filter (run_key = 'after' and direction = 'over'), 0) as over_after,
      coalesce(sum(amount) filter (run_key = 'before' and direction = 'under'), 0) as under_before,
      coalesce(sum(amount) filter (run_key = 'after' and direction = 'under'), 0) as under_after
    from line group by provider_npi)
  select c.provider_npi, added, withdrawn, changed, coalesce(over_before, 0) as over_before, coalesce(over_after, 0) as over_after,
    coalesce(under_before, 0) as under_before, coalesce(under_after, 0) as under_after
  from counted c left join money m on m.provider_npi is not distinct from c.provider_npi
  order by c.provider_npi nulls last"""

REHEARSED_FINDINGS = f"""with {_BOTH}
  select change, shown.provider_npi as provider_npi, shown.billing_npi as billing_npi, shown.check_code as check_code, shown.check_name as check_name,
    shown.severity as severity, shown.payer_id as payer_id, shown.patient_id as patient_id, shown.service_date as service_date,
    shown.direction as direction, amount_before, amount_after, shown.message as message, finding_id
  from both_runs
  order by provider_npi nulls last, change, check_code, service_date, patient_id, finding_id"""


def reason(failure: Failure) -> str:
    """Why a check could not run, as far as it may be told: an error met while rows are computed can quote data."""
    kind = failure.why.split(": ")[0]
    about_the_sql = (
        failure.why == MISSED or kind in ("Binder Error", "Catalog Error", "Parser Error") or kind.endswith(".sql")
    )
    return failure.why if about_the_sql else kind


def chosen(settings: Settings) -> list[Check]:
    """The checks that the settings select; UsageError when none is left."""
    checks = registry.select(settings.select, settings.ignore, settings.preview)
    if not checks:
        raise UsageError("No check is left to run.", "Change --select and --ignore; preview checks run with --preview.")
    return checks


def export_step(engine: Engine, out: Path, xlsx: bool = False) -> None:
    """The export step: the CSV and Parquet files, with `xlsx` the workbooks, and the manifest of the current run into `out`."""
    for earlier in out.rglob("*.xlsx"):
        earlier.unlink()
    export(engine, out)
    if xlsx:
        workbooks(engine, out, reason_words)
    run_key = current_run(engine)
    codes = engine.value("select checks_failed from audit.run where run_key = ?", [run_key])
    failures = [Failure(code, "the audit step printed it") for code in codes]
    write_manifest(out, manifest(engine, summarise(engine, out / "index.html", failures), failures, {}))


def reference_step(engine: Engine, settings: Settings) -> None:
    """Load the reference tables: what is shipped, and the releases that were added beside the database."""
    load_reference(engine, registry.checks().values(), releases(store_of(settings.db)), settings.known_as_of)


def build_step(
    engine: Engine, settings: Settings, progress: Progress = quiet, checks: list[Check] | None = None
) -> None:
    """The build step: core tables and the reconciliation of lines, units and money.

    With `checks` only what they and the audit step read is built; what else stood in the database, of an earlier input, is dropped.
    """
    if not engine.value("select count(*) from duckdb_tables() where schema_name = 'stg' and table_name = 'claim_line'"):
        raise UsageError("This database holds no claims.", "Start with `claimaudit ingest`.")
    run_key, as_of = _named(engine, settings)
    window = (settings.date_from, settings.date_to)
    wanted = None if checks is None else _read_by(checks)
    build(engine, run_key, as_of, window, wanted, on_progress=lambda name: progress("build", name))
    if wanted is not None:
        kept = {table.name for table in catalog.build_order("core", wanted)}
        for table in catalog.build_order("core"):
            if table.name not in kept:
                engine.drop(table)
    reconcile(engine)


def build_on(
    engine: Engine,
    settings: Settings,
    before: increment.Standing,
    added: Sequence[int],
    progress: Progress,
    checks: list[Check],
) -> Carried | None:
    """The build step that goes on from the run before; the checks that are judged with it, None where the whole has to be built."""
    run_key, as_of = _named(engine, settings)
    return increment.build_on(
        engine, before, added, checks, run_key, as_of, _read_by(checks), lambda name: progress("build", name)
    )


def _named(engine: Engine, settings: Settings) -> tuple[str, date]:
    """Key and as-of date of the run, which the data names where the settings do not."""
    _some_line_usable(engine)
    first = engine.value("select min(service_date) from stg.claim_line where problem_mask = 0")
    as_of = settings.as_of or last_service_date(engine)
    if as_of < first:
        raise UsageError(
            f"The as-of date {as_of} is before the first service date of the input, {first}.", "Give a later one."
        )
    return settings.run_key or f"{as_of:%Y-%m}", as_of


def _read_by(checks: list[Check]) -> set[str]:
    """The core tables that the audit step reads itself when it runs `checks`."""
    return _read_in("audit", checks) | {"core.run", "core.claim_line", "core.check_enabled"}


def _read_in(schema: str, checks: Sequence[Check] = ()) -> set[str]:
    """The core tables that the tables of `schema`, and `checks`, read."""
    tables = [table for table in catalog.tables().values() if table.schema == schema]
    return {name for part in (*tables, *checks) for name in part.reads if name.startswith("core.")}


def _complete(engine: Engine, wanted: set[str]) -> None:
    """Build what `wanted` needs of the core tables and the build step left out, because it built for the checks of a run."""
    for table in catalog.build_order("core", wanted):
        if table.sql and not _exists(engine, *table.name.split(".")):
            engine.build(table)


def _some_line_usable(engine: Engine) -> None:
    """InputError with the commonest reasons when every claim line was rejected."""
    if engine.value("select count(*) from stg.claim_line where problem_mask = 0"):
        return
    reasons = engine.rows(
        """select coalesce(column_name || ' ', '') || reason as why, count(*) as lines from audit.reject
        where record_type = 'claim_lines' group by why order by lines desc, why"""
    )
    why = "; ".join(f"{reason} ({lines})" for reason, lines in reasons[:3])
    raise InputError(f"No claim line could be used, so there is nothing to audit: {why}.", "Correct the export.")


def manifest(engine: Engine, summary: RunSummary, failures: list[Failure], timings: dict[str, float]) -> dict[str, Any]:
    """What was audited with what: digests of inputs, checks and reference data, counts, timings (seconds)."""
    known = registry.checks()
    run_row = engine.dicts("select * from audit.run where run_key = ?", [summary.run_key])[0]
    return {
        "run_key": summary.run_key,
        "as_of": run_row["as_of"],
        "window": {"from": run_row["window_from"], "to": run_row["window_to"]},
        "version": run_row["version"],
        "inputs": engine.dicts(
            "select file_name, digest, format, record_type, records, status, notes from raw.file order by all"
        ),
        "input_digest": run_row["input_digest"],
        "checks": {code: known[code].digest for code in [*run_row["checks"], *run_row["checks_failed"]]},
        "checks_digest": run_row["checks_digest"],
        "reference_releases": engine.dicts("select * from ref.release order by set, release"),
        "reference_known_as_of": engine.value("select known_as_of from ref.edition"),
        "reference_not_known": engine.value("select not_known from ref.edition"),
        "reference_digest": run_row["reference_digest"],
        "remittances": dict(
            engine.rows("select outcome, count(*) from mart.remittances group by outcome order by outcome")
        ),
        "control_totals": engine.dicts("select * from audit.control_total order by all"),
        "file_totals": engine.dicts(
            """select file_name, digest, record_type, step, records, units, charge_amount, paid_amount
            from mart.files where step is not null order by file_name, digest, place"""
        ),
        "incomplete": [{"check": failure.check_code, "why": reason(failure)} for failure in failures],
        "counts": {
            "lines_read": summary.lines_read,
            "lines_rejected": summary.lines_rejected,
            "lines_superseded": run_row["lines_superseded"],
            "lines_after_as_of": run_row["lines_after"],
            "lines_audited": summary.lines_audited,
            "findings": summary.findings,
            "errors_planted": len(run_row["checks"]) + len(run_row["checks_failed"]),
            "errors_caught": run_row["errors_caught"],
            "amount_over": summary.amount_over,
            "amount_under": summary.amount_under,
        },
        "timings": timings,
    }
