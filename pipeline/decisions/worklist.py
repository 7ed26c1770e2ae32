"""The reviewer's worklist of a run, as a workbook or as CSV: what was found, what to answer, and blank cells to answer in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from ..engine import Engine
from ..errors import InputError, UsageError
from ..files import private_file
from ..model import Check
from ..templating import first_paragraph
from . import intake, marts

DECISIONS = ("confirmed", "not_an_error", "corrected", "under_review", "suppressed")
# What the program writes, with the width of its column in a workbook; then what a reviewer fills in.
_TOLD = {
    "finding_id": 18, "run_key": 10, "check_code": 9, "check_name": 28, "severity": 11, "state": 11, "provider_npi": 12, "payer_id": 12,
    "claim_id": 16, "lines": 10, "service_date": 12, "last_date": 12, "procedure_codes": 12, "amount_at_risk": 12, "amount_basis": 12,
    "direction": 10, "message": 60, "fix": 40, "question": 60, "proposed_decision": 16, "standing": 14, "last_decision": 24,
}  # fmt: skip
_ASKED = {
    "decision": 16, "reviewer": 20, "decided_on": 12, "reason_code": 20, "note": 40, "expiry": 12, "approver": 20, "ceiling": 12,
}  # fmt: skip
COLUMNS = (*_TOLD, *_ASKED)
_HINTS = {
    "decision": "confirmed, not_an_error, corrected, under_review or suppressed; blank leaves the finding as it is",
    "decided_on": "YYYY-MM-DD; blank takes the day given to the import",
    "reason_code": "required for not_an_error and suppressed",
    "expiry": "last day of a suppression, YYYY-MM-DD",
    "approver": "required for a suppression, and never the reviewer",
    "ceiling": "most money that a suppression may hide, such as 120.00",
}
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_MOST_TEXT = 32_000  # of a cell: Excel holds 32,767 characters
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def export(engine: Engine, file: Path, checks: Mapping[str, Check], run_key: str | None, open_only: bool) -> int:
    """Write the worklist of a run (the newest, unless one is named) into `file`, .xlsx or .csv; returns its rows.

    A worklist in which somebody has already decided is not written over.
    """
    suffix = intake.suffix_of(file)
    _refuse_to_lose(file)
    run = marts.look_at(engine, run_key)
    marts.build(engine, ("mart.worklist",))
    chosen = "where is_open" if open_only else ""
    found = engine.dicts(
        f"select * from mart.worklist {chosen} order by provider_npi nulls first, check_code, service_date nulls first, finding_id"
    )
    questions = {code: _plain(first_paragraph(check.sections["How to answer it"])) for code, check in checks.items()}
    rows = ([_value(row, questions, name) for name in _TOLD] for row in found)
    with private_file(file) as part:
        if suffix == ".csv":
            _write_csv(part, rows)
        else:
            with engine.scratch() as folder:
                _write_workbook(part, folder, rows, len(found), run["as_of"])
    return len(found)


def _refuse_to_lose(file: Path) -> None:
    if not file.exists():
        return
    try:
        decided = sum(bool(row.values.get("decision")) for row in intake.rows(file))
    except InputError as error:
        raise UsageError(f"{file} is there already and is no worklist.", "Name another file.") from error
    if decided:
        raise UsageError(f"{file} holds {decided} decisions.", "Import it and move it away, or name another file.")


def _plain(markdown: str) -> str:
    return " ".join(markdown.replace("**", "").replace("`", "").split())


def _value(row: Mapping[str, Any], questions: Mapping[str, str], name: str) -> Any:
    return questions.get(row["check_code"], "") if name == "question" else row[name]


def guarded(text: str) -> str:
    """Text that a spreadsheet would take for a formula behind one apostrophe more; `intake.unguarded` takes it off."""
    return f"'{text}" if _FORMULA.match(text) else text


def _write_csv(path: Path, rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            told = [guarded(value) if isinstance(value, str) else "" if value is None else value for value in row]
            writer.writerow(told + [""] * len(_ASKED))


def _write_workbook(path: Path, folder: Path, rows: Iterable[list[Any]], count: int, as_of: date) -> None:
    if count > _MOST_ROWS:
        raise UsageError(f"{count:,} findings do not fit on a sheet.", "Name a .csv file, or use --open-only.")
    options = {
        "constant_memory": True,  # rows wait in a file: in a private folder, not in that of the system
        "tmpdir": str(folder),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        # the day of the run stands for the day of making, so that the same worklist has the same bytes
        book.set_properties({"title": "Worklist", "created": datetime(as_of.year, as_of.month, as_of.day)})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        ask = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"})
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        kinds = {
            "decided_on": day,
            "expiry": day,
            "ceiling": money,
            "service_date": day,
            "last_date": day,
            "amount_at_risk": money,
        }
        sheet = book.add_worksheet("Worklist")
        for place, (name, width) in enumerate((_TOLD | _ASKED).items()):
            sheet.set_column(place, place, width, kinds.get(name, text))
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(0, place, name, ask if name in _ASKED else head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write_cell(sheet, number, place, value, {"text": text, "day": day, "money": money})
        sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
        _ask(sheet, max(count, 1))


def _write_cell(sheet: Any, row: int, place: int, value: Any, formats: Mapping[str, Any]) -> None:
    """A cell by the type of its value; text is never a formula, whatever it begins with."""
    if isinstance(value, Decimal):
        sheet.write_number(row, place, value, formats["money"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])
    elif value is not None and value != "":
        if len(value) > _MOST_TEXT:
            value = value[:_MOST_TEXT] + " (cut here: findings.csv has all of it)"
        sheet.write_string(row, place, value, formats["text"])


def _ask(sheet: Any, last: int) -> None:
    """What the spreadsheet itself refuses; the import checks it again, and more."""
    rules: dict[str, dict[str, Any]] = {
        "decision": {"validate": "list", "source": list(DECISIONS)},
        "decided_on": {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)},
        "expiry": {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)},
        "ceiling": {"validate": "decimal", "criteria": ">=", "value": 0},
    }
    for name in _ASKED:
        rule = rules.get(name, {"validate": "any"})
        place = COLUMNS.index(name)
        if hint := _HINTS.get(name):
            rule |= {"input_title": name, "input_message": hint}
        if name in rules:
            rule |= {"error_title": name, "error_message": _HINTS.get(name, "")}
        if name in rules or hint:
            sheet.data_validation(1, place, last, place, rule)
