"""Drawing: the frame numbered and hashed, a seed, and the units that it draws; all that somebody needs to draw them again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import InputError, UsageError
from ..files import formula_safe, new_folder
from . import files, plan, redraw
from .frame import ANSWERS, DRAW_ID, EXAMINED, NUMBER, STRATUM, Frame

SPARES = (
    "Spares extend the sample, in their order and from the first one on. A spare never takes the place of a unit whose documentation is missing: "
    "that unit stays in the sample and counts as an error in full."
)
GENERATOR = (
    "The key of a unit is the SHA-256 of '<seed>:<frame_number>' in hexadecimal digits. In each stratum the units with the smallest keys, "
    "in that order, are the sample, and the next ones the spares: sampling without replacement, every unit of a stratum with the same chance."
)
_SEED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_STRATA_COLUMNS = {"provider": "provider_npi", "payer-class": "payer_class"}


@dataclass(frozen=True)
class Design:
    """How many units, of which strata. `sizes` names the number for each stratum; else `size` is shared out by `allocation`."""

    size: int | None = None
    strata: str | None = None
    boundaries: tuple[Decimal, ...] = ()
    allocation: str = "proportional"
    sizes: tuple[tuple[str, int], ...] = ()
    spares: int = 0


def strata_of(frame: Frame, design: Design) -> list[str]:
    """The stratum of each unit."""
    if design.strata is None:
        return ["all"] * len(frame.rows)
    if design.strata == "amount":
        edges = sorted(set(design.boundaries))
        if not edges:
            raise UsageError("Strata of amounts need boundaries.", "Give --boundaries 100,250.")
        return [_amount_stratum(amount, edges) for amount in frame.amounts]
    column = _STRATA_COLUMNS.get(design.strata, design.strata)
    if column not in frame.columns:
        raise UsageError(
            f"The frame has no column {column} to make strata of.", f"Its columns are {', '.join(frame.columns)}."
        )
    return [formula_safe(value.strip() or "(blank)") for value in frame.column(column)]


def _amount_stratum(amount: Decimal, edges: Sequence[Decimal]) -> str:
    above = sum(amount >= edge for edge in edges)
    if above == 0:
        return f"1: below {edges[0]}"
    if above == len(edges):
        return f"{above + 1}: {edges[-1]} and above"
    return f"{above + 1}: {edges[above - 1]} to below {edges[above]}"


def _sizes(design: Design, names: list[str], members: dict[str, list[int]], frame: Frame) -> list[int]:
    frames = [len(members[name]) for name in names]
    if design.sizes:
        given = dict(design.sizes)
        if unknown := [name for name in given if name not in members]:
            raise UsageError(f"There is no stratum {unknown[0]!r}.", f"The strata are {', '.join(names)}.")
        if lacking := [name for name in names if name not in given]:
            raise UsageError(
                f"Stratum {lacking[0]!r} has no size.", "Give --stratum-size NAME=UNITS for every stratum."
            )
        for name, units in zip(names, frames, strict=True):
            if not min(2, units) <= given[name] <= units:
                raise UsageError(
                    f"Stratum {name!r} has {units:,} units and cannot give a sample of {given[name]:,}.",
                    "A stratum gives at least two units, or all that it has.",
                )
        return [given[name] for name in names]
    size = design.size
    if size is None:
        raise UsageError("The size of the sample is not given.", "Give --size, or --stratum-size for every stratum.")
    if not 1 <= size <= len(frame.rows):
        raise UsageError(
            f"A sample of {size:,} cannot be drawn from {len(frame.rows):,} units.", "Give another --size."
        )
    if design.strata is None:
        return [size]
    weights = [Fraction(units) for units in frames]
    if design.allocation == "equal":
        weights = [Fraction(1) for _ in frames]
    elif design.allocation == "neyman":
        spreads = [plan.spread([frame.amounts[number - 1] for number in members[name]]) for name in names]
        weights = [units * Fraction(spread) for units, spread in zip(weights, spreads, strict=True)]
    return plan.allocate(size, weights, frames)


def draw(frame: Frame, design: Design, seed: str | None, folder: Path, *, xlsx: bool = False) -> dict[str, Any]:
    """Draw into a new folder and return what draw.json says."""
    if not frame.rows:
        raise InputError("The frame has no unit.", "Widen the selection.")
    drawn_seed = seed is None
    seed = seed or secrets.token_hex(16)
    if not _SEED.fullmatch(seed):
        raise UsageError("The seed is not valid.", "It is at most 64 letters, digits, dots, dashes and underscores.")
    if design.spares < 0:
        raise UsageError("The number of spares is below 0.", "Give another --spares.")
    strata = strata_of(frame, design)
    members: dict[str, list[int]] = {}
    for number, name in enumerate(strata, 1):
        members.setdefault(name, []).append(number)
    names = sorted(members, key=_stratum_order)
    sizes = _sizes(design, names, members, frame)

    safe = [formula_safe if name not in frame.numbers else str for name in frame.columns]
    header = [NUMBER, STRATUM, *map(formula_safe, frame.columns), EXAMINED]
    table = [
        [str(number), stratum, *(make(cell) for make, cell in zip(safe, row, strict=True)), f"{amount:.2f}"]
        for number, (stratum, row, amount) in enumerate(zip(strata, frame.rows, frame.amounts, strict=True), 1)
    ]
    digest = redraw.frame_hash([header, *table])
    draw_id = draw_id_of(digest, seed)
    parts = []
    for name, size in zip(names, sizes, strict=True):
        order = redraw.ranked(seed, members[name])
        amounts = [frame.amounts[number - 1] for number in members[name]]
        parts.append(
            {
                "stratum": name,
                "units": len(order),
                "amount": str(sum(amounts, Decimal("0.00"))),
                "taken_whole": size == len(order),
                "sample": order[:size],
                "spares": order[size : size + design.spares],
            }
        )
    warnings = list(frame.warnings)
    if negative := sum(amount < 0 for amount in frame.amounts):
        warnings.append(f"{negative:,} units of the frame have an amount below 0.")
    said = {
        "version": __version__,
        "draw_id": draw_id,
        "design": {
            "kind": "simple" if design.strata is None else "stratified",
            "strata": design.strata,
            "boundaries": [str(edge) for edge in sorted(set(design.boundaries))],
            "allocation": None if design.strata is None else "given" if design.sizes else design.allocation,
        },
        "seed": seed,
        "seed_source": "drawn from the operating system" if drawn_seed else "given",
        "generator": GENERATOR,
        "frame": {
            "units": len(frame.rows),
            "amount": str(sum(frame.amounts, Decimal("0.00"))),
            "units_of_amount_zero": sum(amount == 0 for amount in frame.amounts),
            "sha256": digest,
            **frame.facts,
        },
        "sample": sum(sizes),
        "spares": sum(len(part["spares"]) for part in parts),
        "strata": parts,
        "about_spares": SPARES,
        "warnings": warnings,
    }
    with new_folder(folder) as stage:
        files.write_private(stage / "frame.csv", files.csv_bytes(header, table))
        for name in ("sample", "spares"):
            numbers = sorted(number for part in parts for number in part[name])
            rows = [[*table[number - 1], *[""] * len(ANSWERS), draw_id] for number in numbers]
            if name == "sample" or design.spares:
                files.write_private(stage / f"{name}.csv", files.csv_bytes([*header, *ANSWERS, DRAW_ID], rows))
            if name == "sample" and xlsx:
                files.write_private(stage / "sample.xlsx", _workbook([*header, *ANSWERS, DRAW_ID], rows))
        files.write_private(stage / "draw.json", (json.dumps(said, indent=2) + "\n").encode())
        script = package_files(__package__).joinpath("redraw.py").read_bytes()
        files.write_private(stage / "redraw.py", script)
    return said


def draw_id_of(frame_hash: str, seed: str) -> str:
    """What ties a row of the sample to its frame and its seed."""
    return "draw-" + hashlib.sha256(f"{frame_hash}:{seed}".encode()).hexdigest()[:16]


def _stratum_order(name: str) -> tuple[int, str]:
    """Strata of amounts by their number, others by name."""
    number = re.match(r"(\d+): ", name)
    return (int(number[1]) if number else 0, name)


def _workbook(header: list[str], rows: list[list[str]]) -> bytes:
    """The sample as a workbook: numbers as numbers, every text as text."""
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # the same draw gives the same bytes
    sheet, bold = book.add_worksheet("sample"), book.add_format({"bold": True})
    money = book.add_format({"num_format": "0.00"})
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(rows, 1):
        for place, (name, cell) in enumerate(zip(header, row, strict=True)):
            if name == NUMBER:
                sheet.write_number(line, place, int(cell))
            elif name == EXAMINED:
                sheet.write_number(line, place, float(cell), money)
            elif name == "audited_amount":
                sheet.write_blank(line, place, None, money)
            elif cell:
                sheet.write_string(line, place, cell)
    for name, words in (("error", ["yes", "no"]), ("documentation", ["missing"])):
        place = header.index(name)
        sheet.data_validation(1, place, len(rows), place, {"validate": "list", "source": words})
    book.close()
    return content.getvalue()
