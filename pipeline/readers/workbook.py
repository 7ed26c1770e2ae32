"""Excel workbooks (.xlsx): each sheet becomes a CSV file beside the database and is read like one."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ..errors import InputError
from .archive import DAMAGED, names_in

_LARGEST = 1 << 32  # a full sheet of a million rows and fifty columns unpacks to less


def is_workbook(path: Path) -> bool:
    return "xl/workbook.xml" in (names_in(path) or ())


def sheets(path: Path, folder: Path) -> Iterator[Path]:
    """The sheets that hold a table, as CSV under the workbook's name; InputError for what is damaged or too large."""
    with _opened(path) as book:
        for number, sheet in enumerate(book.worksheets):
            place = folder / str(number)
            place.mkdir()
            name = path.name if len(book.worksheets) == 1 else f"{path.name} sheet {number + 1}"
            if _write(sheet, place / name):
                yield place / name


def first_sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet by their numbers, cells as text; InputError as `sheets`."""
    with _opened(path) as book:
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield number, [_text(value) for value in row]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _LARGEST:
                raise InputError(f"{path.name} unpacks to more than 4 GB.", "Save its sheets as CSV.")
        with path.open("rb") as stream:
            yield openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except (*DAMAGED, InvalidFileException, ParseError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path.name} is cut off or damaged: it is not a readable workbook.", "Save it again, or as CSV."
        ) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def _write(sheet: Any, target: Path) -> bool:
    """Write a sheet from its header on: the first row with several values, because titles may stand above it."""
    width = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in sheet.iter_rows(values_only=True):
            values = [_text(value) for value in row]
            filled = sum(value != "" for value in values)
            if width == 0:
                if filled < 2:
                    continue
                width = max(place for place, value in enumerate(values, start=1) if value != "")
            if filled:
                writer.writerow(_padded(values, width))
    return width > 0


def _padded(values: list[str], width: int) -> list[str]:
    """As many values as the header has; what stands further right only if it is not blank."""
    while len(values) > width and values[-1] == "":
        values.pop()
    return values + [""] * (width - len(values))


def _text(value: Any) -> str:
    """A cell as text, exactly: dates as ISO, whole numbers without a point, fractions as they are shown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes") if value.second == 0 else value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}" if value != int(value) or abs(value) >= 1e15 else str(int(value))
    return str(value).strip()
