"""Rebuilds `sql/ref/defaults/geographic_factor.csv`: python sql/ref/rebuild/geographic_factor.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `mpfs/gpci_2024.csv` and `mpfs/original/GPCI2025.csv`. Kept is the highest factor of each kind among the localities of a state. The
locality of the District of Columbia takes in suburbs of Maryland and Virginia, and that of Hawaii takes in Guam.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

COLUMNS = "state valid_from valid_to work practice_expense malpractice release citation".split()
ALSO = {"DC": ("MD", "VA"), "HI": ("GU",)}
YEARS = {
    "GPCI2024": (
        "2024-01-01",
        "2025-01-01",
        "CMS geographic practice cost indices 2024: highest of the state's localities",
    ),
    "GPCI2025": (
        "2025-01-01",
        "2026-01-01",
        "CMS geographic practice cost indices 2025: highest of the state's localities",
    ),
}

Factors = tuple[Decimal, Decimal, Decimal]


def localities(source: Path) -> dict[str, list[tuple[str, Factors]]]:
    """State and factors of each locality, by release."""
    with (source / "mpfs" / "gpci_2024.csv").open(newline="", encoding="utf-8") as file:
        first = [
            (row["state"], (Decimal(row["gpci_work"]), Decimal(row["gpci_pe"]), Decimal(row["gpci_mp"])))
            for row in csv.DictReader(file)
        ]
    with (source / "mpfs" / "original" / "GPCI2025.csv").open(newline="", encoding="utf-8") as file:
        second = [
            (row[1], (Decimal(row[4]), Decimal(row[5]), Decimal(row[6])))
            for row in csv.reader(file)
            if len(row) > 6 and row[0].isdigit()
        ]
    return {"GPCI2024": first, "GPCI2025": second}


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted by state and date."""
    highest: dict[tuple[str, str], Factors] = {}
    for release, listed in localities(source).items():
        for state, factors in listed:
            for name in (state, *ALSO.get(state, ())):
                known = highest.get((name, release), factors)
                highest[name, release] = (
                    max(known[0], factors[0]),
                    max(known[1], factors[1]),
                    max(known[2], factors[2]),
                )
    found = []
    for (state, release), factors in sorted(highest.items()):
        valid_from, valid_to, cite = YEARS[release]
        found.append([state, valid_from, valid_to, *(f"{factor:.3f}" for factor in factors), release, cite])
    return found


def main(source: Path, output: Path) -> None:
    with (output / "geographic_factor.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(source))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
