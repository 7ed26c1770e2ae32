"""Rebuilds `sql/ref/defaults/add_on.csv`: python sql/ref/rebuild/add_on.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `ncci/add_on_codes_2024-06-03.csv`. Kept are the add-on codes of therapy, chemodenervation, guidance and pain. The list has no
starts, so that a row holds on every date on which its codes exist.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ADD_ON_CODES = frozenset(
    "64480 64484 64491 64492 64494 64495 64634 64636 64643 64645 90913 92618 92608 95873 95874 97130 97546 97551 97598".split()
)
COLUMNS = "add_on_code primary_code edit_type valid_from valid_to release citation".split()


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted; the primary code CCCCC means that the contractor decides."""
    found = set()
    with (source / "ncci" / "add_on_codes_2024-06-03.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["add_on_code"] in ADD_ON_CODES:
                found.add((row["add_on_code"], row["primary_code"], row["aoc_edit_type"]))
    return [
        [*key, "1900-01-01", "", "AOC-2024Q2", "CMS add-on code edits of 2024-06-03, open rows"]
        for key in sorted(found)
    ]


def main(source: Path, output: Path) -> None:
    with (output / "add_on.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(source))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
