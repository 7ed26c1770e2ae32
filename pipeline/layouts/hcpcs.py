"""HCPCS Level II: codes and modifiers with their first and last day; one table a quarter that holds its history."""

from __future__ import annotations

import re
from datetime import timedelta

from . import CODE, Document, Hints, OneFile, Part, day, effective_date, month_named, text_table, wrong

_NEEDED = ("HCPC", "ADD DT", "TERM DT")
_NAME = re.compile(r"hcpc(20\d\d)[-_ ]?(jan|apr|jul|oct)", re.I)


class Hcpcs(OneFile):
    name = "HCPCS Level II"

    def recognises(self, document: Document) -> bool:
        return _header(document) is not None

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        at, place = _header(document) or (0, {})
        named = _NAME.search(document.names)
        stated = month_named(f"{named[2]} {named[1]}") if named else month_named(document.name)
        first = effective_date(document, stated, hints, "its table")
        rows: dict[tuple[str, str], tuple[str, str]] = {}
        skipped = 0
        for number, record in enumerate(document.records()):
            if number <= at or not any(record):
                continue
            cells = {name: record[index].strip() if index < len(record) else "" for name, index in place.items()}
            code = cells["HCPC"].upper()
            # a long description runs over several records of one code
            start, last = day(cells["ADD DT"]), day(cells["TERM DT"]) if cells["TERM DT"] else None
            if (
                not (CODE.match(code) or re.fullmatch(r"[A-Z][A-Z0-9]|\d[A-Z]", code))
                or start is None
                or (cells["TERM DT"] and not last)
            ):
                skipped += bool(cells["ADD DT"])
                continue
            until = str(last + timedelta(days=1)) if last else ""
            if not until or until > str(start):
                rows[code, str(start)] = (until, cells.get("COV", ""))
        if not rows or 20 * skipped > len(rows):
            raise wrong(document, f"has {skipped} lines that are no code with its dates, and {len(rows)} that are")
        keys = sorted(rows)
        return Part(
            layout=self.name,
            set="hcpcs",
            name=f"HCPCS-{first.year}-{first.month:02}",
            publisher="CMS",
            licence_note="US government data: codes and dates, no descriptions",
            valid_from=first,
            rows=text_table(
                {
                    "code": [code for code, _ in keys],
                    "kind": ["modifier" if len(code) == 2 else "code" for code, _ in keys],
                    "valid_from": [start for _, start in keys],
                    "valid_to": [rows[key][0] for key in keys],
                    "coverage": [rows[key][1] for key in keys],
                }
            ),
            citation=f"CMS HCPCS Level II table of {first}",
            skipped=skipped,
        )


def _header(document: Document) -> tuple[int, dict[str, int]] | None:
    for at, record in enumerate(document.first[:12]):
        words = [" ".join(cell.split()).upper() for cell in record]
        if all(word in words for word in _NEEDED):
            return at, {name: words.index(name) for name in (*_NEEDED, "COV") if name in words}
    return None
