"""Rebuilds `sql/ref/defaults/icd10_excludes1.csv.gz`: python sql/ref/rebuild/icd10_excludes1.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `icd10cm/icd10cm-tabular-April-1-2026.xml.gz`, the public-domain tabular list of fiscal year 2026. A note "Excludes1" of a code, a section
or a chapter names codes that are not reported with it; it holds for all codes below.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

COLUMNS = "code_low code_high excluded_low excluded_high valid_from valid_to citation".split()
CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?"
GROUP = re.compile(rf"\(((?:{CODE}-?(?:\s*-\s*{CODE}-?)?)(?:\s*,\s*{CODE}-?(?:\s*-\s*{CODE}-?)?)*)[^()]*\)")
RANGE = re.compile(rf"({CODE})-?(?:\s*-\s*({CODE})-?)?")
SPAN = re.compile(r"([A-Z][0-9][0-9A-Z])-([A-Z][0-9][0-9A-Z])")


def _plain(code: str) -> str:
    return code.replace(".", "")


def _excluded(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for note in element.findall("./excludes1/note"):
        for group in GROUP.finditer(note.text or ""):
            for low, high in RANGE.findall(group[1]):
                yield _plain(low), _plain(high or low)


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted; low and high are prefixes, both included with all codes below them."""
    with gzip.open(source / "icd10cm" / "icd10cm-tabular-April-1-2026.xml.gz", "rb") as file:
        root = ElementTree.parse(file).getroot()
    found = set()
    for chapter in root.iter("chapter"):
        for element in (chapter, *chapter.findall("section")):
            span = SPAN.search(element.get("id") or element.findtext("desc", ""))
            if span:
                found |= {(span[1], span[2], *excluded) for excluded in _excluded(element)}
        for diag in chapter.iter("diag"):
            code = _plain(diag.findtext("name", ""))
            found |= {(code, code, *excluded) for excluded in _excluded(diag)}
    return [
        [*key, "2025-10-01", "2026-10-01", "ICD-10-CM tabular list of April 2026, Excludes1"] for key in sorted(found)
    ]


def main(source: Path, output: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(source))
    (output / "icd10_excludes1.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
