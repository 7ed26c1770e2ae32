"""Files of a sample: money and rows in, private and formula-safe files out."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..engine import FORMULA
from ..errors import InputError, UsageError

CENT = Decimal("0.01")
_MONEY = re.compile(r"-?\d{1,12}(\.\d{1,2}0*)?")


def money(text: str, place: str) -> Decimal:
    """An amount as it is written; `place` says where it stands, for the sentence that refuses it."""
    if not _MONEY.fullmatch(text.strip()):
        raise InputError(f"{place} is not an amount.", "Write amounts as 120.50, without a currency sign or commas.")
    return Decimal(text.strip()).quantize(CENT)


def cents(value: Fraction | Decimal) -> Decimal:
    """Rounded half up to the cent, away from zero on both sides."""
    if isinstance(value, Fraction):
        whole = abs(value) * 100
        rounded = (whole.numerator * 2 + whole.denominator) // (2 * whole.denominator)
        return (Decimal(rounded) if value >= 0 else -Decimal(rounded)).scaleb(-2)
    return value.quantize(CENT, ROUND_HALF_UP)


def formula_safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a leading apostrophe, as in every CSV of a run."""
    if text[:1].isalnum():
        return text
    return f"'{text}" if re.match(FORMULA, text) else text


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header, and rows with the number of the line they stand on, of a CSV file or the first sheet of a workbook."""
    if not path.is_file():
        raise UsageError(f"{path.name} is no file.", "Name a CSV file.")
    try:
        table = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} is not CSV in UTF-8.", "Save it as CSV in UTF-8.") from error
    filled = [(line, row) for line, row in table if any(cell.strip() for cell in row)]
    if not filled:
        raise InputError(f"{path.name} is empty.", "Name a file with a header row.")
    header = [name.strip() for name in filled[0][1]]
    while header and not header[-1]:
        header.pop()
    if len(set(header)) < len(header) or "" in header:
        raise InputError(f"The header of {path.name} has a column twice or without a name.", "Name each column once.")
    rows = []
    for line, row in filled[1:]:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise InputError(
                f"Line {line} of {path.name} has more fields than the header.", "Quote fields that hold a comma."
            )
        rows.append((line, (row + [""] * len(header))[: len(header)]))
    return header, rows


def _csv(path: Path) -> list[tuple[int, list[str]]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        return [(reader.line_num, row) for row in reader]


def _workbook(path: Path) -> list[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise InputError(f"{path.name} is not a workbook.", "Save it as .xlsx or as CSV.") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [(line, [_cell(value) for value in row]) for line, row in enumerate(rows, 1)]
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # a sheet holds binary numbers: 0.1 + 0.2 must come back as the 0.3 that was meant
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return text if text != "-0" else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_bytes(header: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its user can read, in one step: it is there as a whole or not at all."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Name another folder.") from error


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder that is there, complete, when the block ends well. One that exists is never written over."""
    if folder.exists():
        raise UsageError(f"{folder} exists.", "A sample is not drawn over another: name a new folder.")
    stage = folder.with_name(f".{folder.name}.partial-{secrets.token_hex(4)}")
    try:
        stage.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be made: {error.strerror}.", "Name another.") from error
    try:
        yield stage
        stage.rename(folder)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
