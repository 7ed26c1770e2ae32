"""An audited sample: the answers of reviewers, checked against the draw that they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import InputError, UsageError
from . import files, redraw
from .draw import draw_id_of
from .estimate import Stratum, Unit
from .frame import DRAW_ID, EXAMINED, NUMBER, STRATUM

_EXAMINED = (EXAMINED, "examined", "paid_amount")
_AUDITED = ("audited_amount", "audited")
_STRATUM = (STRATUM, "stratum")
ALL = "all"


@dataclass(frozen=True)
class Audited:
    """An audited sample by strata; with a folder, its draw and the amounts of the units that were not drawn."""

    name: str
    strata: list[Stratum]
    draw: dict[str, Any] | None = None
    folder: Path | None = None
    unsampled: list[Decimal] = field(default_factory=list)
    extended: int = 0

    @property
    def units(self) -> list[Unit]:
        return [unit for stratum in self.strata for unit in stratum.units]


def read(path: Path, sizes: Mapping[str, int], amounts: Mapping[str, Decimal]) -> Audited:
    """An audited sample: a folder of `sample draw`, a filled file in it, or any file with examined and audited amounts and the frame's size."""
    folder = path if path.is_dir() else path.parent
    if path.is_dir() and not (path / "draw.json").is_file():
        raise UsageError(f"{path} holds no draw.json.", "Name a folder that `sample draw` wrote, or a file.")
    if (folder / "draw.json").is_file() and (path.is_dir() or NUMBER in files.read_table(path)[0]):
        if sizes or amounts:
            raise UsageError("The size and the amount of the frame are those of the draw.", "Leave --frame-size and --frame-amount out.")  # fmt: skip
        return _drawn(folder, path / "sample.csv" if path.is_dir() else path)
    return _plain(path, sizes, amounts)


# A sample of `sample draw` -------------------------------------------------------------------------------------------


def _drawn(folder: Path, path: Path) -> Audited:
    try:
        draw = json.loads((folder / "draw.json").read_text("utf-8"))
        wrong = redraw.trouble(folder)
        frame = redraw.rows(folder / "frame.csv")
        draw_id, warned = draw["draw_id"], draw["warnings"]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"The folder {folder.name} is not complete or was changed.", "Draw again, or restore it."
        ) from error
    if wrong is None and draw_id != draw_id_of(draw["frame"]["sha256"], draw["seed"]):
        wrong = "draw.json was changed: its draw_id is not that of its frame and seed."
    if wrong or not isinstance(warned, list):
        raise InputError(wrong or "draw.json was changed.", "Estimate from the folder as it was drawn.")
    amount_at = frame[0].index(EXAMINED)
    paid = {int(row[0]): Decimal(row[amount_at]) for row in frame[1:]}

    header, rows = files.read_table(path)
    for name in (NUMBER, EXAMINED, "audited_amount", DRAW_ID):
        if name not in header:
            raise InputError(
                f"{path.name} has no column {name}.", "Fill in the file that was drawn, with all its columns."
            )
    units: dict[int, Unit] = {}
    blank = 0
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        place = f"Line {line} of {path.name}"
        number = _number(row[NUMBER], place)
        if row[DRAW_ID].strip() != draw_id:
            raise InputError(f"{place} belongs to another draw.", f"This folder's is {draw_id}.")
        if number in units:
            raise InputError(f"{place} has unit {number:,} a second time.", "Leave one of the two rows.")
        if number not in paid or files.money(row[EXAMINED], f"{place}, {EXAMINED},") != paid[number]:
            raise InputError(f"{place}: unit {number:,} does not have the amount of the frame.", "Restore the row.")
        unit = _unit(row, paid[number], place)
        blank += unit is None
        units[number] = unit or Unit(paid[number], paid[number], False)
    strata, extended = [], 0
    expected: set[int] = set()
    for part in draw["strata"]:
        used = [number for number in part["spares"] if number in units]
        if used != part["spares"][: len(used)]:
            raise InputError(
                f"Spares of stratum {part['stratum']!r} are used out of order.", "Use them from the first one on."
            )
        extended += len(used)
        numbers = part["sample"] + used
        if missing := sum(number not in units for number in numbers):
            raise InputError(
                f"{missing:,} of {draw['sample']:,} sampled units are not in {path.name}.", "Restore their rows."
            )
        expected |= set(numbers)
        strata.append(
            Stratum(part["stratum"], part["units"], tuple(units[number] for number in numbers), Decimal(part["amount"]))
        )
    if strange := [number for number in units if number not in expected]:
        raise InputError(
            f"Unit {strange[0]:,} in {path.name} was not drawn.", "Remove its row: only drawn units count."
        )
    if blank:
        raise InputError(
            f"{blank:,} of {len(units):,} units in {path.name} have no answer.",
            "Fill in audited_amount, or error = no, or documentation = missing, for every one.",
        )
    rest = [amount for number, amount in paid.items() if number not in units]
    return Audited(path.name, strata, draw, folder, rest, extended)


def _number(text: str, place: str) -> int:
    if not text.strip().isdecimal():
        raise InputError(f"{place}: {NUMBER} is not a number.", "Restore it from sample.csv as it was drawn.")
    return int(text)


# Any file ------------------------------------------------------------------------------------------------------------


def _plain(path: Path, sizes: Mapping[str, int], amounts: Mapping[str, Decimal]) -> Audited:
    header, rows = files.read_table(path)
    examined, audited = _column(header, _EXAMINED, path), _column(header, _AUDITED, path)
    by = next((name for name in _STRATUM if name in header), None)
    parts: dict[str, list[Unit]] = {}
    blank = 0
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True)) | {}
        place = f"Line {line} of {path.name}"
        row["audited_amount"] = row[audited]
        unit = _unit(row, files.money(row[examined], f"{place}, {examined},"), place)
        blank += unit is None
        parts.setdefault(row[by].strip() or ALL if by else ALL, []).append(unit or Unit(Decimal(0), Decimal(0), False))
    if blank:
        raise InputError(
            f"{blank:,} of {len(rows):,} units in {path.name} have no answer.", f"Fill in {audited} for every one."
        )
    if not parts:
        raise InputError(f"{path.name} has no unit.", "Name a file with audited units.")
    if set(sizes) != set(parts):
        names = ", ".join(f"--frame-size {name}=UNITS" for name in sorted(parts))
        raise UsageError(
            "The size of the frame is not given for each stratum.",
            "Give --frame-size UNITS." if set(parts) == {ALL} else f"Give {names}.",
        )
    if unknown := sorted(set(amounts) - set(parts)):
        raise UsageError(f"There is no stratum {unknown[0]!r}.", f"The strata are {', '.join(sorted(parts))}.")
    for name, units in parts.items():
        if sizes[name] < len(units):
            raise UsageError(
                f"The frame of {sizes[name]:,} units is smaller than its sample of {len(units):,}.",
                "Correct --frame-size.",
            )
    return Audited(
        path.name, [Stratum(name, sizes[name], tuple(parts[name]), amounts.get(name)) for name in sorted(parts)]
    )


def _column(header: Sequence[str], names: Sequence[str], path: Path) -> str:
    for name in names:
        if name in header:
            return name
    raise InputError(f"{path.name} has no column {names[0]}.", f"It may also be called {' or '.join(names[1:])}.")


# One answer ----------------------------------------------------------------------------------------------------------


def _unit(row: Mapping[str, str], examined: Decimal, place: str) -> Unit | None:
    """The answer of a row; None where there is none. What contradicts itself is refused."""
    amount, error = row["audited_amount"].strip(), row.get("error", "").strip().lower()
    documentation = row.get("documentation", "").strip().lower()
    if error not in ("", "yes", "no"):
        raise InputError(f"{place}: error is neither yes nor no.", "Write yes or no.")
    if documentation not in ("", "missing"):
        raise InputError(f"{place}: documentation is neither blank nor missing.", "Write missing, or leave it blank.")
    if documentation == "missing":
        if error == "no" or (amount and files.money(amount, f"{place}, audited_amount,") != 0):
            raise InputError(
                f"{place}: documentation is missing, and yet some of the amount is allowed.",
                "A unit without documentation is an error in full: write 0, or take the word out.",
            )
        return Unit(examined, Decimal("0.00"), True, True)
    if not amount:
        return Unit(examined, examined, False) if error == "no" else None
    audited = files.money(amount, f"{place}, audited_amount,")
    if error == "no" and audited != examined:
        raise InputError(f"{place}: error is no, but the amounts differ.", "Write yes, or the examined amount.")
    if audited < 0 <= examined:
        raise InputError(
            f"{place}: the audited amount is below 0.", "Write 0 for a unit that should not have been paid."
        )
    if audited > examined and "error" in row and error != "yes":
        raise InputError(
            f"{place}: the audited amount is above the examined amount.",
            "Correct it, or write error = yes if too little was paid.",
        )
    return Unit(examined, audited, error == "yes" or audited != examined)
