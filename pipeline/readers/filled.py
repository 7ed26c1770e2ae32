"""Tables that somebody filled in: CSV in UTF-8, or the first sheet of a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .workbook import first_sheet, is_workbook


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as a spreadsheet shows them, cells as text; InputError for what is no such table."""
    if not path.is_file():
        raise InputError(f"There is no file {path.name}.", "Name the filled one.")
    if path.suffix.lower() != ".xlsx":
        return _csv(path)
    if not is_workbook(path):
        raise InputError(f"{path.name} is not a readable workbook.", "Save it again as .xlsx, or as CSV in UTF-8.")
    return first_sheet(path)


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            yield from enumerate(reader, start=1)
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8.", "Save it as CSV UTF-8, or as .xlsx.") from error
    except csv.Error as error:
        raise InputError(
            f"{path.name} is not CSV near line {reader.line_num}.", "Save it again, or as .xlsx."
        ) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.") from error
