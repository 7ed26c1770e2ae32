"""NCCI add-on code edits: one table that holds its history; dates are year and day of the year."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import CMS_LICENCE, CODE, Document, Hints, OneFile, Part, day, effective_date, quarter, text_table, wrong

_VERSION = re.compile(r"v(20\d\d)q([1-4])")
_WORDS = {
    "edit_type": r"^aoc[_ ]?edit[_ ]?type",
    "add_on": r"^add[-_ ]?on[_ ]?code$",
    "add_on_end": r"^aoc[_ ]?del",
    "primary": r"^primary[_ ]?code$",
    "primary_end": r"^primary[_ ]?code[_ ]?del",
    "start": r"^aoc[_ ]?edit[_ ]?eff",
    "end": r"^aoc[_ ]?edit[_ ]?del",
}


class AddOn(OneFile):
    name = "NCCI add-on code edits"

    def recognises(self, document: Document) -> bool:
        return _header(document) is not None

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        found = _header(document)
        assert found is not None
        at, delimiter, place = found
        missing = sorted(_WORDS.keys() - place.keys())
        if missing:
            raise wrong(document, f"is a list of add-on codes without the column {', '.join(missing)}")
        version = _VERSION.search(document.names)
        stated = date(int(version[1]), 3 * int(version[2]) - 2, 1) if version else None
        first = effective_date(document, stated, hints, "its list")
        rows: list[tuple[str, str, str, str, str]] = []
        skipped = 0
        for number, record in enumerate(document.records(delimiter)):
            if number <= at:
                continue
            cells = {name: record[index].strip() if index < len(record) else "" for name, index in place.items()}
            start = day(cells["start"], "%Y%j")
            ends = [cells[name] for name in ("end", "add_on_end", "primary_end")]
            days = [day(end, "%Y%j") for end in ends if end]
            primary = cells["primary"]
            whole = (
                CODE.match(cells["add_on"])
                and (CODE.match(primary) or primary == "CCCCC")
                and cells["edit_type"] in ("1", "2", "3")
            )
            if not (whole and start) or None in days:
                skipped += any(record)
                continue
            last = min((end for end in days if end), default=None)
            until = last + timedelta(days=1) if last else None
            if until is None or until > start:
                rows.append((cells["add_on"], primary, cells["edit_type"], str(start), str(until or "")))
        if not rows or 20 * skipped > len(rows):
            raise wrong(document, f"has {skipped} lines that are no pair of codes with dates, and {len(rows)} that are")
        columns = list(zip(*rows, strict=True))
        return Part(
            layout=self.name,
            set="add_on",
            name=f"AOC-{quarter(first)}",
            publisher="CMS",
            licence_note=CMS_LICENCE,
            valid_from=first,
            rows=text_table(
                dict(zip(("add_on_code", "primary_code", "edit_type", "valid_from", "valid_to"), columns, strict=True))
            ),
            citation=f"CMS add-on code edits of {first}",
            skipped=skipped,
            clean=_CLEAN,
        )


# Of rows that overlap the later one speaks.
_CLEAN = """
with row as (
  select * from incoming
  qualify row_number() over (partition by add_on_code, primary_code, valid_from order by valid_to desc nulls first, edit_type) = 1
)
select * exclude (next_from) replace (
  case when valid_to is null or valid_to > next_from then coalesce(next_from, valid_to) else valid_to end as valid_to)
from (select *, lead(valid_from) over (partition by add_on_code, primary_code order by valid_from) as next_from from row)
"""


def _header(document: Document) -> tuple[int, str, dict[str, int]] | None:
    """Line of the header, separator, and place of each column."""
    for delimiter in ("\t", "|", ",") if not document.is_workbook else (",",):
        records = document.first if document.is_workbook else [line.split(delimiter) for line in document.lines[:10]]
        for at, record in enumerate(records[:10]):
            words = [cell.strip().strip('"').lower() for cell in record]
            place = {name: i for name, word in _WORDS.items() for i, cell in enumerate(words) if re.search(word, cell)}
            if {"add_on", "primary"} <= place.keys():
                return at, delimiter, place
    return None
