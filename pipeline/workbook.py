"""XLSX workbooks of a run and of each provider.

A cell is a number, a date or text, as its column says; no text becomes a formula or a link. Nothing of the moment of writing is in
a file, so that the same tables give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from . import catalog, registry
from .engine import Engine
from .files import private_file
from .templating import page_name
from .templating import words as titled

Row = dict[str, Any]

_MARTS = {
    "mart.findings", "mart.run_summary", "mart.provider_summary", "mart.provider_money", "mart.provider_check", "mart.check_summary",
    "mart.finding_page", "mart.untold",
}  # fmt: skip
_BATCH = 200
ROWS = 1_048_576  # of a sheet, as the format has it
_TEXT = 32_767  # UTF-16 units of a cell
_EXACT = Decimal(10) ** 13  # up to here a number of the format, which has 16 digits, is exact to the cent
# what XML cannot hold: C0 controls but tab and line feed, surrogates, and the two that are no characters
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMATS = {"money": '#,##0.00;[Red]-#,##0.00', "date": "yyyy-mm-dd", "count": "#,##0", "number": "#,##0.###", "percent": "0.0%", "text": "@"}  # fmt: skip
_FIRST_DAY = date(1900, 3, 1)  # the format counts a day before it that never was
_CONFIDENTIAL = "Confidential: contains patient information"


@dataclass(frozen=True)
class _Column:
    """A column of a sheet: its heading, the column of the row, what it is (a key of _FORMATS) and its width in characters."""

    heading: str
    name: str
    kind: str = "text"
    width: int = 12


_C = _Column
_FINDINGS = (
    _C("Finding", "finding_id", width=19), _C("Check", "check_code", width=9), _C("Name", "title", width=34), _C("Severity", "severity", width=11),
    _C("State", "state", width=11), _C("Provider NPI", "provider_npi", width=13), _C("Billing NPI", "billing_npi", width=13), _C("Payer", "payer_id"),
    _C("Patient", "patient_id"), _C("Claim", "claim_id", width=14), _C("Line", "line_number", "count", 6), _C("Date of service", "service_date", "date", 12),
    _C("Code", "procedure_code", width=8), _C("At risk", "amount_at_risk", "money"), _C("Basis", "amount_basis"), _C("Direction", "direction", width=10),
    _C("What was found", "message", width=60), _C("Suggested", "fix", width=50),
)  # fmt: skip
_COVERAGE = (
    _C("Check", "check_code", width=9), _C("Name", "title", width=34), _C("Examined", "examined", "count"), _C("With a finding", "flagged", "count", 14), _C("Rate", "rate", "percent", 8),
    _C("Could not tell", "cannot_tell", "count", 14), _C("Findings", "findings", "count"), _C("Possibly paid over", "over_amount", "money", 18),
    _C("Possibly underbilled", "under_amount", "money", 20),
)  # fmt: skip
_PROVIDERS = (
    _C("NPI", "npi", width=13), _C("Name", "provider_name", width=28), _C("Discipline", "discipline", width=10), _C("Clinic", "clinic_id"), _C("Lines", "lines", "count"),
    _C("Patients", "patients", "count"), _C("Lines with an error", "error_lines", "count", 18), _C("Rate", "error_rate", "percent", 8),
    _C("from", "rate_low", "percent", 8), _C("to (95 %)", "rate_high", "percent", 9), _C("Findings", "findings", "count"), _C("New", "new_findings", "count", 8),
    _C("Resolved", "resolved", "count", 9), _C("Could not tell", "cannot_tell", "count", 14), _C("Possibly paid over", "over_amount", "money", 18),
    _C("Possibly underbilled", "under_amount", "money", 20),
)  # fmt: skip
_UNTOLD = (
    _C("Check", "check_code", width=9),
    _C("Name", "title", width=34),
    _C("Could not be told", "subjects", "count", 17),
    _C("Because", "words", width=100),
)
_REJECTS = (
    _C("File", "file_name", width=36), _C("Records of", "record_type", width=18), _C("Column", "column_name", width=22), _C("Reason", "reason", width=30),
    _C("Remedy", "remedy", width=60), _C("Records", "records", "count"),
)  # fmt: skip
_OWN_FINDINGS = (
    _C("Finding", "finding_id", width=19), _C("Check", "check_code", width=9), _C("Name", "title", width=34), _C("Severity", "severity", width=11), _C("State", "state", width=11),
    _C("Date of service", "service_date", "date", 12), _C("Patient", "patient_id"), _C("Payer", "payer_name", width=18), _C("Codes", "codes", width=14),
    _C("Lines", "line_count", "count", 6), _C("At risk", "amount_at_risk", "money"), _C("Basis", "amount_basis"), _C("Direction", "direction", width=10),
    _C("What was found", "message", width=60), _C("Suggested", "fix", width=50), _C("Answer", "answer", width=30),
)  # fmt: skip
_OWN_LINES = (
    _C("Finding", "finding_id", width=19), _C("Check", "check_code", width=9), _C("Claim", "claim_id", width=14), _C("Line", "line_number", "count", 6),
    _C("Patient", "patient_id"), _C("Payer", "payer_id"), _C("Date of service", "service_date", "date", 12), _C("Code", "procedure_code", width=8),
    _C("Modifiers", "modifiers"), _C("Units", "units", "number", 8), _C("Charge", "charge_amount", "money"), _C("Allowed", "allowed_amount", "money"),
    _C("Paid", "paid_amount", "money"), _C("Status", "line_status", width=9), _C("At risk", "at_risk", "money"),
)  # fmt: skip
_FACTS = (_C("", "name", width=44), _C("", "value", "any", 24), _C("", "note", width=70))

_LINES = """select o.provider_npi, l.finding_id, o.check_code, l.claim_id, l.line_number, o.patient_id, coalesce(c.payer_id, o.payer_id) as payer_id, l.service_date,
    l.procedure_code, array_to_string(c.modifiers, ' ') as modifiers, c.units, c.charge_amount, c.allowed_amount, c.paid_amount, c.line_status,
    l.amount_at_risk as at_risk
  from audit.observation o
  join core.run using (run_key)
  join audit.observation_line l using (run_key, finding_id)
  left join core.claim_line c on c.line_id = l.line_id
  where o.state <> 'resolved' and o.provider_npi between ? and ?
  order by o.provider_npi, l.service_date, l.claim_id, l.line_number, o.check_code, l.finding_id"""


def workbooks(engine: Engine, out: Path, words: Callable[[str], str], only: str | None = None) -> list[Path]:
    """Write findings.xlsx and providers/<npi>.xlsx of every provider into `out`, or of the provider `only` its own alone.

    `words` says in words what a reason is that a check gives for not being able to tell.
    """
    for table in catalog.build_order("mart", _MARTS):
        engine.build(table)
    run = engine.dicts("select * from mart.run_summary")[0]
    (out / "providers").mkdir(mode=0o700, exist_ok=True)
    numbers = [
        row[0]
        for row in engine.rows(
            "select provider_no from mart.provider_summary where ? is null or npi = ? order by provider_no",
            [only, only],
        )
    ]
    written = [] if only else [_run_workbook(engine, out, run, words)]
    for first in range(0, len(numbers), _BATCH):
        written += _some_providers(engine, out, run, words, numbers[first : first + _BATCH])
    return written


def _run_workbook(engine: Engine, out: Path, run: Row, words: Callable[[str], str]) -> Path:
    """The run, its findings by line, checks, providers, what could not be told, rejects."""
    path = out / "findings.xlsx"
    with _Book.at(path, run) as book:
        book.facts("Run", _run_facts(run))
        book.sheet(
            "Findings", _FINDINGS, engine,
            "select * from mart.findings order by provider_npi nulls first, check_code, service_date, patient_id, finding_id, claim_id, line_number",
        )  # fmt: skip
        book.sheet("Checks", _COVERAGE, engine, f"select *, {_RATE} from mart.check_summary order by check_code")
        book.sheet(
            "Providers",
            _PROVIDERS,
            engine,
            "select * from mart.provider_summary order by error_lines desc, errors desc, npi",
        )
        untold = engine.dicts(
            "select check_code, reason, sum(subjects) as subjects from mart.untold group by all order by check_code, subjects desc, reason"
        )
        book.rows("Could not be told", _UNTOLD, _worded(untold, words))
        book.sheet(
            "Rejects", _REJECTS, engine,
            """select file_name, record_type, column_name, reason, remedy, count(*) as records from audit.reject
            group by all order by records desc, file_name, record_type, column_name, reason, remedy""",
        )  # fmt: skip
    return path


_RATE = "flagged / nullif(examined, 0)::double as rate"


def _some_providers(
    engine: Engine, out: Path, run: Row, words: Callable[[str], str], numbers: Sequence[int]
) -> Iterator[Path]:
    span = [numbers[0], numbers[-1]]

    def fetch(select: str, order: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in engine.dicts(f"{select} where provider_no between ? and ? order by provider_no, {order}", span):
            found.setdefault(row["provider_no"], []).append(row)
        return found

    summary = fetch("select * from mart.provider_summary", "npi")
    findings = fetch("select *, '' as answer from mart.finding_page", "check_code, position")
    checks = fetch(f"select *, {_RATE} from mart.provider_check", "check_code")
    untold = fetch("select * from mart.untold", "check_code, subjects desc, reason")
    npis = [summary[number][0]["npi"] for number in (numbers[0], numbers[-1])]
    lines: dict[str, list[Row]] = {}
    for row in engine.dicts(_LINES, npis):
        lines.setdefault(row["provider_npi"], []).append(row)
    for number in numbers:
        provider = summary[number][0]
        path = out / "providers" / f"{page_name(provider['npi'])}.xlsx"
        with _Book.at(path, run) as book:
            book.facts("Provider", _provider_facts(run, provider))
            book.rows("Findings", _OWN_FINDINGS, findings.get(number, []))
            book.rows("Lines", _OWN_LINES, lines.get(provider["npi"], []))
            book.rows("Tested", _COVERAGE, checks.get(number, []))
            book.rows("Could not be told", _UNTOLD, _worded(untold.get(number, []), words))
        yield path


def _title(code: str) -> str:
    """The name of a check in words; none of one that is known no more."""
    check = registry.checks().get(code)
    return titled(check.name) if check else ""


def _worded(rows: list[Row], words: Callable[[str], str]) -> list[Row]:
    return [{**row, "words": words(row["reason"])} for row in rows]


def _run_facts(run: Row) -> list[tuple[str, Any, str]]:
    since = f" since run {run['run_before']}" if run["run_before"] else ""
    return [
        ("Coding audit, run", run["run_key"], ""),
        ("As of", run["as_of"], ""),
        ("First day of the window", run["window_from"], "" if run["window_from"] else "open"),
        ("Last day of the window", run["window_to"], "" if run["window_to"] else "open"),
        ("Lines read", run["lines_read"], ""),
        ("Records rejected", run["rejected"], "see the sheet Rejects"),
        ("Lines audited", run["lines"], ""),
        (
            "Lines with an error finding",
            run["error_lines"],
            "an error contradicts a published rule on facts that are in the data",
        ),
        ("Findings", run["findings"], "possible until a person confirms"),
        (
            "Possibly paid over",
            run["over_amount"],
            "each line once, at its largest finding; never set against the other direction",
        ),
        ("Possibly underbilled", run["under_amount"], ""),
        (f"New{since}", run["new_findings"], ""),
        (f"Resolved{since}", run["resolved"], ""),
        ("Tests that could not be told", run["cannot_tell"], "see the sheet Could not be told"),
        ("Made by", f"claimaudit {run['version']}", ""),
    ]


def _provider_facts(run: Row, provider: Row) -> list[tuple[str, Any, str]]:
    return [
        ("Coding audit of", provider["provider_name"] or "NPI " + provider["npi"], ""),
        ("NPI", provider["npi"], ""),
        ("Run", run["run_key"], ""),
        ("As of", run["as_of"], ""),
        ("Lines audited", provider["lines"], ""),
        ("Patients", provider["patients"], ""),
        (
            "Lines with an error finding",
            provider["error_lines"],
            "an error contradicts a published rule on facts that are in the data",
        ),
        ("Findings", provider["findings"], "possible until a person confirms"),
        (
            "Possibly paid over",
            provider["over_amount"],
            "each line once, at its largest finding; never set against the other direction",
        ),
        ("Possibly underbilled", provider["under_amount"], ""),
        ("Tests that could not be told", provider["cannot_tell"], "see the sheet Could not be told"),
    ]


class _Book:
    """One workbook, written sheet by sheet and row by row."""

    def __init__(self, path: Path, run: Row) -> None:
        # a name is given, so that rows go to files beside the place and not into the machine's folder for such things
        self._book = Workbook(
            str(path),
            {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )  # fmt: skip
        self._run = run
        self._book.set_properties(
            {
                "title": f"Coding audit, run {run['run_key']}",
                "created": datetime(run["as_of"].year, run["as_of"].month, run["as_of"].day),
            }
        )
        self._formats = {
            kind: self._book.add_format({"num_format": text, "valign": "top"}) for kind, text in _FORMATS.items()
        }
        self._wrapped = self._book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})

    @classmethod
    @contextmanager
    def at(cls, path: Path, run: Row) -> Iterator[_Book]:
        """A workbook that stands at `path` when the block has ended well."""
        with private_file(path) as part:
            book = cls(part, run)
            try:
                yield book
            finally:
                book._book.close()

    def facts(self, name: str, rows: Sequence[tuple[str, Any, str]]) -> None:
        """A sheet of names and values."""
        sheet = self._add(name, _FACTS)
        for number, (fact, value, note) in enumerate(rows):
            self._cell(sheet, number, 0, fact, "text")
            self._cell(sheet, number, 1, value, _kind(value))
            self._cell(sheet, number, 2, note, "text")
        sheet.set_portrait()

    def sheet(self, name: str, columns: Sequence[_Column], engine: Engine, sql: str) -> None:
        """A sheet of the rows of a query, fetched in batches."""
        wanted = ", ".join(column.name for column in columns if column.name != "title")
        self.rows(name, columns, engine.each(f"select {wanted} from ({sql})"))

    def rows(self, name: str, columns: Sequence[_Column], rows: Iterable[Row]) -> None:
        """A table with its heading. What a sheet cannot hold is counted in its last row, and the CSV is named."""
        sheet = self._add(name, columns)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, self._head)
        number = left = 0
        for row in rows:
            if number == ROWS - 2:
                left += 1
                continue
            number += 1
            for place, column in enumerate(columns):
                value = _title(row["check_code"]) if column.name == "title" else row[column.name]
                if value is not None and value != "":
                    self._cell(sheet, number, place, value, column.kind, column.width >= 40)
        if left:
            sheet.write_string(
                number + 1, 0, f"{left:,} further rows do not fit into a sheet: they are in findings.csv.", self._head
            )
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)
        sheet.repeat_rows(0)

    def _add(self, name: str, columns: Sequence[_Column]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{_CONFIDENTIAL}&CRun {self._run['run_key']}, {name}&RPage &P of &N")
        return sheet

    def _cell(self, sheet: Worksheet, row: int, place: int, value: Any, kind: str, wrap: bool = False) -> None:
        form: Format = self._wrapped if wrap else self._formats[kind]
        if value is None:
            return
        if kind == "date" and isinstance(value, date):
            if value >= _FIRST_DAY:
                sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), form)
                return
        elif kind != "text" and abs(value) < _EXACT:
            sheet.write_number(row, place, float(value), form)
            return
        sheet.write_string(row, place, _text(str(value)), form)


def _kind(value: Any) -> str:
    """What a value of a sheet of facts is."""
    kinds = ((bool, "text"), (date, "date"), (int, "count"), (Decimal, "money"))
    return next((kind for known, kind in kinds if isinstance(value, known)), "text")


_CUT = " … cut here: the whole text is in findings.csv"


def _text(text: str) -> str:
    """Text as a cell can hold it: without characters that XML lacks, and cut, with a mark, where it is too long."""
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
    if text.startswith("<r>"):  # xlsxwriter takes it for the markup of its own rich text, and would write it unescaped
        text = " " + text
    if len(text) > _TEXT // 2 and len(text.encode("utf-16-le")) // 2 > _TEXT:
        room = _TEXT - len(_CUT)
        text = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + _CUT
    return text
