"""Files of a sample: money and rows in, private and formula-safe files out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from ..errors import InputError
from ..files import private_file
from ..readers import filled

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


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header, and rows with their numbers, of a CSV file or the first sheet of a workbook."""
    table = [(number, row) for number, row in filled.rows(path) if any(cell.strip() for cell in row)]
    if not table:
        raise InputError(f"{path.name} is empty.", "Name a file with a header row.")
    header = [name.strip() for name in table[0][1]]
    while header and not header[-1]:
        header.pop()
    if len(set(header)) < len(header) or "" in header:
        raise InputError(f"The header of {path.name} has a column twice or without a name.", "Name each column once.")
    rows = []
    for number, row in table[1:]:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise InputError(
                f"Line {number} of {path.name} has more fields than the header.", "Quote fields that hold a comma."
            )
        rows.append((number, (row + [""] * len(header))[: len(header)]))
    return header, rows


def csv_bytes(header: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its user can read: it is there as a whole or not at all."""
    with private_file(path) as part:
        part.write_bytes(content)
