"""A folder for one audience, made from the finished run: compliance, one provider, or the board; and the run without identifiers.

What an audience may not have is never written for it and then taken out: each folder is made of what that audience may have. The one
exception are links of a provider's page to pages that are not given along; they become plain text.
"""

from __future__ import annotations

import csv
import hashlib
import secrets
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from . import accesslog, catalog, jobs, registry, templating
from .decisions import marts
from .engine import Engine, quoted
from .errors import UsageError
from .export import write_rows
from .files import formula_safe, new_folder, private_file
from .printing import chromium, print_pages, unlinked
from .report import board_page, own_page, reason_words
from .settings import Settings
from .smallcells import LEAST, Group, partition, small, steps
from .workbook import workbooks

AUDIENCES = ("compliance", "provider", "board")

# Three-digit ZIP areas of 20,000 people or fewer, which become 000 (45 CFR 164.514(b)(2)(i)(B)): the 17 of the Census of 2000, as the guidance of
# the Office for Civil Rights of 26 November 2012 lists them, and the two that joined them with the Census of 2010. An area on either list is restricted.
ZIP3_2000 = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
ZIP3_2010 = "036 059 102 203 205 369 556 692 821 823 878 879 884 893".split()


@dataclass(frozen=True)
class Share:
    """What is to be given out, and to whom. `key_file`: where the random codes of a de-identified folder are kept."""

    audience: str
    to: Path
    provider: str | None = None
    deidentify: bool = False
    key_file: Path | None = None
    name_providers: bool = False
    pdf: bool = False

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise UsageError(
                f"There is no audience {self.audience!r}.", f"It is {', '.join(AUDIENCES[:-1])} or {AUDIENCES[-1]}."
            )
        if (self.audience == "provider") != (self.provider is not None):
            raise UsageError(
                "--provider goes with --audience provider, and with it alone.", "Name the NPI whose page it is."
            )
        if self.deidentify and self.audience == "board":
            raise UsageError("A board is told of groups of 11 and more, and of no person.", "Leave out --deidentify.")
        if self.deidentify != (self.key_file is not None):
            raise UsageError(
                "--deidentify goes with --key-file, and with it alone.",
                "Name a file, kept apart from what is given out, for the codes that stand for patients, claims and findings.",
            )
        if self.name_providers and not self.deidentify:
            raise UsageError("--name-providers goes with --deidentify.", "Without it providers are named anyway.")
        if self.pdf and (self.deidentify or self.audience == "compliance"):
            raise UsageError(
                "--pdf goes with the pages of a provider or a board.",
                "A run that was printed is given out with its PDF.",
            )
        if self.key_file and self.to.resolve() in self.key_file.resolve().parents:
            raise UsageError(
                "The key file would lie in the folder that is given out.",
                "Name one elsewhere: who has both knows the patients.",
            )


def share(settings: Settings, what: Share) -> int:
    """Write the folder, whole or not at all, and an entry of the access log; returns the number of files."""
    settings = settings.model_copy(update={"inputs": []})
    run_out = settings.out
    program = chromium() if what.pdf else ""
    with jobs.locked(jobs.existing(settings.db), "share"):
        accesslog.entries(settings.db)  # nothing is given out that could not be entered
        jobs.make_folder(what.to.parent, "of what is given out")
        with jobs.open_engine(settings.model_copy(update={"out": what.to.parent})) as engine:
            run_key = jobs.current_run(engine)
            with new_folder(what.to) as stage:
                if what.deidentify:
                    _deidentified(engine, what, stage)
                elif what.audience == "compliance":
                    _compliance(run_out / run_key, what.to, stage)
                elif what.audience == "provider":
                    _provider(engine, run_key, str(what.provider), stage)
                else:
                    _board(engine, run_key, stage)
                if program:
                    print_pages(program, sorted(stage.rglob("*.html")), engine.value("select as_of from core.run"))
                files = sorted(path for path in stage.rglob("*") if path.is_file())
                digest = hashlib.sha256()
                for path in files:
                    digest.update(
                        f"{path.relative_to(stage)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
                    )
                accesslog.append(
                    settings.db, run_key=run_key, audience=what.audience, provider=what.provider, deidentified=what.deidentify, files=len(files),
                    content=digest.hexdigest(),
                )  # fmt: skip
    return len(files)


def _compliance(run_folder: Path, to: Path, stage: Path) -> None:
    """The folder of the run. Its pages mask patients, and no output has a patient's name; the CSV keep patient_id and claim_id, as the work needs them."""
    if not (run_folder / "index.html").is_file():
        raise UsageError(
            f"There is no folder {run_folder} of the run.",
            "Name the output with --out, or write it with `claimaudit report` and `export`.",
        )
    if run_folder.resolve() in to.resolve().parents:
        raise UsageError(f"{to} lies in the folder of the run.", "Name one elsewhere.")

    def links(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if (Path(folder) / name).is_symlink()}

    shutil.copytree(run_folder, stage, ignore=links, copy_function=shutil.copyfile, dirs_exist_ok=True)


# One provider -------------------------------------------------------------------------------------------------------


def _provider(engine: Engine, run_key: str, npi: str, stage: Path) -> None:
    """The provider's page, workbook, and rows of findings and coverage."""
    jobs.prepare_pages(engine)
    name, page = own_page(engine, run_key, npi, list(registry.checks().values()))
    marts.build(engine, ("mart.findings", "mart.coverage"))
    for table, order in (
        ("findings", "check_code, service_date, patient_id, finding_id, claim_id, line_number"),
        ("coverage", "all"),
    ):
        write_rows(
            engine,
            f"select * from mart.{table} where provider_npi = {quoted(npi)}",
            order,
            stage / table,
            parquet=False,
        )
    workbooks(engine, stage, reason_words, only=npi)
    (stage / name).parent.mkdir(mode=0o700, exist_ok=True)
    (stage / name).write_bytes(unlinked(page.decode(), (stage / name).parent).encode())


# Without identifiers ------------------------------------------------------------------------------------------------

_IDENTIFIED = """
  select f.*, p.payer_class::varchar as payer_class, who.birth_date, who.zip
  from mart.findings f
  left join core.payer p on p.payer_id = f.payer_id
  left join (
    select patient_id, birth_date, zip from stg.patient where problem_mask = 0
    qualify row_number() over (partition by patient_id order by file_id, record_number) = 1) who on who.patient_id = f.patient_id"""

_KINDS = {"finding": "finding_id", "patient": "patient_id", "claim": "claim_id"}


def _coded(kind: str, column: str) -> str:
    return f"(select code from _code where kind = '{kind}' and identifier = {column})"


def _deidentified(engine: Engine, what: Share, stage: Path) -> None:
    """Findings and coverage without any of the identifiers of 45 CFR 164.514(b)(2): no page, as pages hold dates in sentences.

    Patients, claims, findings and (unless they are to be named) providers have random codes. A finding's own number is a digest of what
    identifies the line, and is coded for that reason. Messages, names of payers and everything else in words are left out.
    """
    marts.build(engine, ("mart.findings", "mart.coverage"))
    own = f"where provider_npi = {quoted(what.provider)}" if what.provider else ""
    found = {
        (kind, row[0])
        for kind, column in _KINDS.items()
        for row in engine.rows(f"select distinct {column} from mart.findings {own}")
        if row[0] is not None
    }
    npis = f"select billing_npi from mart.findings {own} union select provider_npi from mart.findings {own} union select provider_npi from mart.coverage {own}"
    if not what.name_providers:
        found |= {("provider", row[0]) for row in engine.rows(npis) if row[0] is not None}
    codes = _codes(what.key_file or Path(), found)
    keys = sorted(found)
    engine.register(
        "_code",
        pa.table(
            {
                "kind": pa.array([kind for kind, _ in keys], pa.string()),
                "identifier": pa.array([identifier for _, identifier in keys], pa.string()),
                "code": pa.array([codes[key] for key in keys], pa.string()),
            }
        ),
    )
    restricted = ", ".join(f"'{zip3}'" for zip3 in sorted({*ZIP3_2000, *ZIP3_2010}))

    def provider(column: str) -> str:
        return column if what.name_providers else _coded("provider", column)

    findings = f"""
      select {_coded("finding", "finding_id")} as finding, check_code, check_name, severity, state, subject,
        {provider("billing_npi")} as billing_provider, {provider("provider_npi")} as provider, payer_class,
        {_coded("patient", "patient_id")} as patient,
        case when birth_date > service_date then null when date_sub('year', birth_date, service_date) >= 90 then '90+'
          else date_sub('year', birth_date, service_date)::varchar end as age,
        case when not regexp_full_match(zip, '\\d{{5}}(-?\\d{{4}})?') then null when left(zip, 3) in ({restricted}) then '000' else left(zip, 3) end as zip3,
        {_coded("claim", "claim_id")} as claim, line_number, year(service_date)::integer as year, procedure_code, amount_at_risk, amount_basis, direction
      from ({_IDENTIFIED}) {own}"""
    coverage = f"""
      select check_code, {provider("provider_npi")} as provider, payer_class, verdict, reason, sum(subjects)::bigint as subjects, sum(amount)::decimal(38, 2) as amount
      from (select c.*, p.payer_class::varchar as payer_class from mart.coverage c left join core.payer p on p.payer_id = c.payer_id) {own}
      group by all"""
    try:
        # the order of the rows says nothing, as codes are random
        write_rows(engine, findings, "all", stage / "findings")
        write_rows(engine, coverage, "all", stage / "coverage")
    finally:
        engine.unregister("_code")


_KEY_COLUMNS = ["kind", "code", "identifier"]


def _codes(path: Path, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The code of each identifier: as the key file has it, else a new one of 64 random bits, which is added to the file.

    A code tells nothing, as it is made of nothing; with the same key file an identifier keeps its code over runs.
    """
    known: dict[tuple[str, str], str] = {}
    try:
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.reader(file))
            if rows[:1] != [_KEY_COLUMNS] or any(len(row) != 3 for row in rows):
                raise UsageError(f"{path.name} is no key file.", "Name a new file, or the one of an earlier time.")
            known = {(kind, identifier): code for kind, code, identifier in rows[1:]}
        used = set(known.values())
        for key in sorted(wanted - known.keys()):
            code = secrets.token_hex(8)
            while code in used:
                code = secrets.token_hex(8)
            used.add(code)
            known[key] = code
        jobs.make_folder(path.parent, "of the key file")
        with private_file(path) as part, part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_KEY_COLUMNS)
            writer.writerows(sorted([kind, code, identifier] for (kind, identifier), code in known.items()))
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"The key file {path.name} cannot be used: {getattr(error, 'strerror', 'it is not UTF-8')}.",
            "Name another.",
        ) from error
    return known


# The board ----------------------------------------------------------------------------------------------------------

# The money that goes with a count.
_MONEY = {"over_lines": "over_amount", "under_lines": "under_amount"}
# What is counted of lines, with the people behind it. A count of a family is told or left out together with the rest of the family.
_FAMILIES: dict[str, tuple[dict[str, Callable[[dict[str, Any]], int]], tuple[str, ...]]] = {
    "lines": ({"lines": lambda row: row["lines"]}, ("patients",)),
    "errors": (
        {"error_lines": lambda row: row["error_lines"], "lines_without_error": lambda row: row["lines"] - row["error_lines"]},
        ("error_patients",),
    ),
    "over": (
        {"over_lines": lambda row: row["over_lines"], "lines_not_over": lambda row: row["lines"] - row["over_lines"]},
        ("over_patients",),
    ),
    "under": (
        {"under_lines": lambda row: row["under_lines"], "lines_not_under": lambda row: row["lines"] - row["under_lines"]},
        ("under_patients",),
    ),
}  # fmt: skip
_DIVISIONS = {"clinic": "Clinics", "month": "Months", "payer_class": "Classes of payers"}


def _board(engine: Engine, run_key: str, stage: Path) -> None:
    """index.html and board.csv, and what they tell as rows of audit.board."""
    marts.build(engine, ("mart.board", "mart.board_check", "mart.run_summary"))
    engine.create(catalog.tables()["audit.board"], keep=True)
    days = engine.rows(
        """select coalesce(window_from, min(service_date)), coalesce(window_to, as_of) from core.run left join core.claim_line on true
        group by window_from, window_to, as_of"""
    )[0]
    told = _earlier(engine, days)
    rows = engine.dicts("select * from mart.board order by division, item")
    whole = next(row for row in rows if row["division"] == "all")
    before = [board["all"] for board in told if board.get("all")]
    families = [name for name, (counts, people) in _FAMILIES.items() if _may_be_told(whole, counts, people, before)]
    if "lines" not in families:
        raise UsageError(
            f"The run has too few lines or patients for a board, or so few lines more or less than an earlier board (fewer than {LEAST}) that the difference would tell of single ones.",
            "Give the board a run of days of its own (`run --from --to`), or wait until more has come.",
        )
    tables = {name: _lines_table(name, rows, families, [board.get(name, []) for board in told]) for name in _DIVISIONS}
    checks = _checks_table(engine, [board.get("check", []) for board in told], before)
    others = {
        "patients": whole["patients"],
        "providers": whole["providers"],
        "tests_not_told": engine.value("select cannot_tell from mart.run_summary"),
    }
    head = _counts(whole, [_FAMILIES[name][0] for name in families])
    head |= {
        name: n
        for name, n in others.items()
        if not small(n) and not any(steps(Group(("all",), {name: n}), earlier) for earlier in before)
    }
    if checks:
        head["findings"] = sum(group.counts["findings"] for group in checks)
    everything = Group(("all",), head, amounts=_amounts(whole, head))
    values = [
        ("all", everything),
        *((name, group) for name, groups in tables.items() for group in groups),
        *(("check", group) for group in checks),
    ]
    with open(stage / "board.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["division", "items", "measure", "value"])
        for division, group in values:
            for measure, value in {**group.counts, **_told_amounts(group)}.items():
                writer.writerow([division, formula_safe("; ".join(group.items)), measure, value])
    page = board_page(
        engine, days=days, head=head, money=_told_amounts(everything), families=families, least=LEAST, checks=[_check_row(group) for group in checks],
        tables=[(name, words, [_line_row(name, group, rows) for group in tables[name]]) for name, words in _DIVISIONS.items()],
    )  # fmt: skip
    (stage / "index.html").write_bytes(page)
    board = hashlib.sha256((stage / "board.csv").read_bytes()).hexdigest()
    if not engine.value("select count(*) from audit.board where board = ?", [board]):
        for division, group in values:
            for measure, value in group.counts.items():
                engine.execute(
                    "insert into audit.board values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [board, run_key, *days, division, list(group.items), measure, value, group.amounts.get(measure)],
                )


def _amounts(row: dict[str, Any], counts: Collection[str]) -> dict[str, Decimal]:
    """The money that goes with these counts."""
    return {name: row[amount] for name, amount in _MONEY.items() if name in counts}


def _told_amounts(group: Group) -> dict[str, Decimal]:
    return {_MONEY[name]: amount for name, amount in group.amounts.items()}


def _check_row(group: Group) -> dict[str, Any]:
    """A group of checks for the page; what several examined is not added up, as they examine different things."""
    known = registry.checks()
    single = len(group.items) == 1
    return {
        **group.counts, **_told_amounts(group), "single": single, "severity": group.kind,
        "names": [(code, templating.words(known[code].name) if code in known else "") for code in group.items],
        "examined": group.counts["flagged"] + group.counts["passed"] if single else None,
    }  # fmt: skip


_CLASSES = {
    "medicare_b": "Medicare Part B",
    "medicare_advantage": "Medicare Advantage",
    "workers_comp": "workers' compensation",
    "tricare": "TRICARE",
}


def _line_row(division: str, group: Group, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A group of a division for the page."""
    names = list(group.items)
    if division == "month":
        order = [row["item"] for row in rows if row["division"] == "month"]
        start = order.index(names[0])
        shown = [templating.month(date.fromisoformat(f"{name}-01")) for name in names]
        names = (
            [f"{shown[0]} to {shown[-1]}"] if len(names) > 2 and order[start : start + len(names)] == names else shown
        )
    elif division == "payer_class":
        names = [_CLASSES.get(name, name) for name in names]
    return {
        **group.counts,
        **_told_amounts(group),
        "label": ", ".join(name or "no clinic named" for name in names),
        "together": len(group.items) > 1,
    }


def _counts(row: dict[str, Any], families: Sequence[dict[str, Callable[[dict[str, Any]], int]]]) -> dict[str, int]:
    return {name: count(row) for counts in families for name, count in counts.items()}


def _may_be_told(
    whole: dict[str, Any],
    counts: dict[str, Callable[[dict[str, Any]], int]],
    people: Sequence[str],
    before: Sequence[Sequence[Group]],
) -> bool:
    """Whether the counts of a family over the whole run are neither small nor, as its money, a small step from an earlier board."""
    numbers = {name: count(whole) for name, count in counts.items()}
    told = Group(("all",), numbers, amounts=_amounts(whole, numbers))
    return not any(small(n) for n in (*numbers.values(), *(whole[name] for name in people))) and not any(
        steps(told, earlier) for earlier in before
    )


def _lines_table(
    division: str, rows: list[dict[str, Any]], families: Sequence[str], before: Sequence[Sequence[Group]]
) -> list[Group]:
    """The groups of a division with their money. What is possibly underbilled is told of the whole alone: it is too rare."""
    families = [name for name in families if name != "under"]
    counts = [
        (row, _counts(row, [_FAMILIES[name][0] for name in families])) for row in rows if row["division"] == division
    ]
    return partition(
        [
            Group(
                (row["item"],), numbers, {people: _people(row, people) for name in families for people in _FAMILIES[name][1]},
                row["providers"] if division == "clinic" else 0, amounts=_amounts(row, numbers),
            )
            for row, numbers in counts
        ],
        before, in_order=division == "month",
    )  # fmt: skip


def _people(row: dict[str, Any], name: str) -> frozenset[str] | int:
    """The patients behind a count: which, where they are few, else how many."""
    return frozenset(row[f"few_{name}"] or ()) if row[name] < LEAST else int(row[name])


def _checks_table(engine: Engine, before: Sequence[Sequence[Group]], whole: Sequence[Sequence[Group]]) -> list[Group]:
    rows = engine.dicts("select * from mart.board_check order by check_code")
    total = sum(row["findings"] for row in rows)
    if small(total) or any(steps(Group(("all",), {"findings": total}), earlier) for earlier in whole):
        return []
    return partition(
        [
            Group(
                (row["check_code"],), {"findings": row["findings"], "flagged": row["flagged"], "passed": row["examined"] - row["flagged"], "over_lines": row["over_lines"]},
                {"patients": _people(row, "patients")}, kind=row["severity"], amounts={"over_lines": row["over_amount"]},
            )
            for row in rows
        ],
        before,
    )  # fmt: skip


def _earlier(engine: Engine, days: Sequence[Any]) -> list[dict[str, list[Group]]]:
    """What earlier boards told of days that overlap with these, board by board and division by division."""
    boards: dict[Any, dict[tuple[str, tuple[str, ...]], dict[str, tuple[int, Decimal | None]]]] = {}
    for row in engine.rows(
        """select board, division, items, count_name, number, amount from audit.board
        where first_day <= ? and last_day >= ? order by all""",
        [days[1], days[0]],
    ):
        board = boards.setdefault(row[0], {})
        board.setdefault((row[1], tuple(row[2])), {})[row[3]] = (row[4], row[5])
    found = []
    for board in boards.values():
        divisions: dict[str, list[Group]] = {}
        for (division, items), told in board.items():
            counts = {name: number for name, (number, _) in told.items()}
            amounts = {name: amount for name, (_, amount) in told.items() if amount is not None}
            divisions.setdefault(division, []).append(Group(items, counts, amounts=amounts))
        found.append(divisions)
    return found
