"""The Medicare physician fee schedule relative value file: CSV of 31 or 32 columns, workbook, or fixed width; one release a quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from . import CMS_LICENCE, CODE, Document, Hints, OneFile, Part, american_day, text_table, wrong

_TITLE = re.compile(r"(20\d\d) National Physician Fee Schedule Relative Value File\s*(\w+)?", re.I)
_RELEASES = {"january": "A", "april": "B", "july": "C", "october": "D", "jan": "A", "apr": "B", "jul": "C", "oct": "D"}
# 1-based inclusive positions of the fixed-width file
_FIXED = {
    "code": (1, 5), "modifier": (6, 7), "status": (58, 58), "work": (60, 65), "pe_nonfacility": (67, 72), "pe_facility": (76, 81),
    "mp": (85, 89), "pctc": (103, 103), "global": (104, 106), "multiple": (116, 116), "bilateral": (117, 117), "factor": (133, 140),
}  # fmt: skip
# 0-based places of the CSV; from the endoscopic base on, the files of 2026 have one column more
_PLACES = {
    "code": 0, "modifier": 1, "status": 3, "work": 5, "pe_nonfacility": 6, "pe_facility": 8, "mp": 10, "pctc": 13, "global": 14, "multiple": 18,
    "bilateral": 19,
}  # fmt: skip
_PRICED = ("A", "R", "T")
# The law of 2024-03-09 changed the factor within the year; every other year has one.
_FACTOR_SPANS = {
    Decimal("32.7442"): (date(2024, 1, 1), date(2024, 3, 9)),
    Decimal("33.2875"): (date(2024, 3, 9), date(2025, 1, 1)),
}
COLUMNS = (
    "procedure_code valid_from valid_to status work_rvu pe_rvu_nonfacility pe_rvu_facility mp_rvu conversion_factor multiple_procedure pctc bilateral "
    "global_days"
).split()


class Pprrvu(OneFile):
    name = "physician fee schedule relative values"

    def claims(self, documents: Sequence[Document]) -> Iterator[tuple[Document, ...]]:
        """A zip file brings the table of qualifying participants along; only where it is given by itself is it refused."""
        yield from (one for one in super().claims(documents) if not (one[0].container and _is_qpp(one[0])))

    def recognises(self, document: Document) -> bool:
        if document.is_workbook:
            return _header(document) is not None
        return bool(_TITLE.search(document.start)) and (
            _header(document) is not None or document.start.startswith("HDR")
        )

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        beginning = (
            " ".join(" ".join(record) for record in document.first[:12])
            if document.is_workbook
            else document.start[:6000]
        )
        title = _TITLE.search(beginning)
        if not title:
            raise wrong(document, "does not say of which year its relative values are")
        year = int(title[1])
        if _is_qpp(document) or re.search(r"(?<!non)(?<!non-)(?<!non )QPP", beginning):
            raise wrong(
                document,
                "is the table of qualifying participants, whose factor the audit does not use",
                "Add the table named nonQPP.",
            )
        named = re.search(r"(?:pprrvu|rvu)[-_ ]?(20)?(\d\d)(?!\d)", document.name.lower())
        if named and int(named[2]) != year % 100:
            raise wrong(document, f"is named as the file of 20{named[2]}, but its title says {year}")
        cells = list(_fixed(document) if document.start.startswith("HDR") else _separated(document))
        rows = [row for row in (_row(document, one) for one in cells) if row]
        skipped = len(cells) - len(rows) - sum(bool(one["modifier"]) for one in cells if CODE.match(one["code"]))
        if not rows or 20 * skipped > len(rows):
            raise wrong(document, f"has {skipped} lines that are no code with its values, and {len(rows)} that are")
        factor = max(Decimal(row[8] or 0) for row in rows)
        first, until = _FACTOR_SPANS.get(factor, (date(year, 1, 1), date(year + 1, 1, 1)))
        letter = _letter(title[2] or "", document)
        rows = [(row[0], str(first), str(until), *row[3:]) for row in rows]
        release = re.search(r"RELEASED\s+([\d/]+)", beginning, re.I)
        return Part(
            layout=self.name,
            set="fee_schedule",
            name=f"RVU{year % 100:02}{letter}",
            publisher="CMS",
            licence_note=CMS_LICENCE,
            valid_from=first,
            valid_to=until,
            published_on=american_day(release[1])
            if release
            else date(year, "ABCD".index(letter[:1] or "A") * 3 + 1, 1),
            rows=text_table(dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))),
            citation=f"CMS PPRRVU {title[0].strip()}",
            skipped=skipped,
        )


def _is_qpp(document: Document) -> bool:
    name = document.name.lower()
    return "qpp" in name and "nonqpp" not in name.replace("-", "").replace("_", "").replace(" ", "")


def _letter(word: str, document: Document) -> str:
    if word.lower() in _RELEASES:
        return _RELEASES[word.lower()]
    named = re.search(r"rvu\d\d([a-d])", document.names) or re.search(
        r"rvu20\d\d[-_ ](jan|apr|jul|oct)", document.names
    )
    if not named:
        raise wrong(
            document,
            "does not say of which quarter its relative values are",
            "Keep the name that the publisher gave it.",
        )
    return _RELEASES.get(named[1], named[1].upper())


def _header(document: Document) -> int | None:
    for at, record in enumerate(document.first):
        if len(record) > 25 and record[0].strip() == "HCPCS" and record[1].strip() == "MOD":
            return at
    return None


def _separated(document: Document) -> Iterator[dict[str, str]]:
    at = _header(document)
    if at is None:
        raise wrong(document, "has the title of relative values, but not their header")
    width = len([cell for cell in document.first[at] if cell.strip()])
    if len(document.first[at]) not in (31, 32) or width < 30:
        raise wrong(document, f"has {len(document.first[at])} columns, where 31 or 32 are due")
    due = len(document.first[at])
    factor = due - 7
    for record in document.first[at + 1 : at + 2]:
        if len(record) != due:
            raise wrong(document, f"has {len(record)} columns in its first record, where its header has {due}")
    for number, record in enumerate(document.records()):
        if number > at and any(record):
            cells = [cell.strip() for cell in record] + [""] * 32
            yield {**{name: cells[place] for name, place in _PLACES.items()}, "factor": cells[factor]}


def _fixed(document: Document) -> Iterator[dict[str, str]]:
    with document.open() as stream:
        for raw in stream:
            line = raw.decode("latin-1").rstrip("\r\n")
            if line.strip() and not line.startswith(("HDR", "TRL")):
                yield {name: line[low - 1 : high].strip() for name, (low, high) in _FIXED.items()}


def _row(document: Document, cells: dict[str, str]) -> tuple[str, ...] | None:
    """The row of a code as a whole; components (26, TC, 53) have rows of their own, which the audit does not use."""
    if not CODE.match(cells["code"]) or cells["modifier"] or len(cells["status"]) != 1:
        return None
    try:
        work, nonfacility, facility, malpractice = (
            Decimal(cells[name] or "0").quantize(Decimal("0.01"))
            for name in ("work", "pe_nonfacility", "pe_facility", "mp")
        )
        factor = Decimal(cells["factor"] or "0")
    except InvalidOperation:
        return None
    priced = cells["status"] in _PRICED and work + nonfacility + facility + malpractice > 0
    values = (str(work), str(nonfacility), str(facility), str(malpractice)) if priced else ("", "", "", "")
    return (
        cells["code"],
        "",
        "",
        cells["status"],
        *values,
        str(factor) if factor else "",
        cells["multiple"],
        cells["pctc"],
        cells["bilateral"],
        cells["global"],
    )
