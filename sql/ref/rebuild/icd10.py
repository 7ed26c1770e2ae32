"""Rebuilds `sql/ref/defaults/icd10.csv.gz`: python sql/ref/rebuild/icd10.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `icd10cm/icd10cm_validity.csv.gz`: ICD-10-CM (public domain) with the spans in which each code was billable or a header, from the
official order files of fiscal years 2016 to 2026 and the addenda of 2027.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

COLUMNS = "code billable valid_from valid_to citation".split()


def content(source: Path) -> bytes:
    """The table as CSV, sorted by code and date."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    with gzip.open(source / "icd10cm" / "icd10cm_validity.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: (row["code_without_dot"], row["valid_from"])):
            until = "" if row["valid_to"] == "9999-12-31" else row["valid_to"]
            billable = "true" if row["billable"] == "1" else "false"
            writer.writerow(
                [row["code_without_dot"], billable, row["valid_from"], until, f"ICD-10-CM {row['sources']}"]
            )
    return text.getvalue().encode()


def main(source: Path, output: Path) -> None:
    (output / "icd10.csv.gz").write_bytes(gzip.compress(content(source), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
