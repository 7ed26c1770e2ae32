"""Our own layout: a CSV or workbook whose columns are those of one `ref` set, for what no publisher has a layout of (payer switches, vials, a practice's list)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from . import Document, Hints, OneFile, Part, text_table, wrong

# What the program fills in when a file leaves it out.
FILLED = ("release",)


class Own(OneFile):
    name = "claimaudit reference table"

    def __init__(self, sets: Mapping[str, Sequence[str]]) -> None:
        self._sets = sets

    def recognises(self, document: Document) -> bool:
        return self._set(document) is not None

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        name = self._set(document)
        assert name is not None
        records = document.records(encoding="utf-8")
        header = [cell.strip() for cell in next(records)]
        rows = [[cell.strip() for cell in record] for record in records if any(cell.strip() for cell in record)]
        for number, row in enumerate(rows, start=1):
            if len(row) > len(header) and any(row[len(header) :]):
                raise wrong(
                    document,
                    f"has {len(row)} columns in record {number}, where its header has {len(header)}",
                    "Quote what holds a comma.",
                )
        if not rows:
            raise wrong(document, "has a header and no rows", "Add the rows, or leave the file out.")
        columns = {
            cell: [row[at] if at < len(row) else "" for row in rows]
            for at, cell in enumerate(header)
            if cell not in FILLED
        }
        for number, cite in enumerate(columns["citation"], start=1):
            if not cite:
                raise wrong(document, f"has no citation in record {number}", "Say where the row was read.")
        dated = "valid_from" in columns
        try:
            starts = [date.fromisoformat(text) for text in columns["valid_from"]] if dated else [date(1900, 1, 1)]
            ends = [date.fromisoformat(text) for text in columns["valid_to"] if text] if "valid_to" in columns else []
        except ValueError as error:
            raise wrong(
                document,
                "has a date in valid_from or valid_to that is not written as 2026-01-31",
                "Write valid_from in every row.",
            ) from error
        # a table cannot be older than the newest thing that it says
        published = hints.published or hints.effective or (max(starts) if dated else None)
        if published is None:
            raise wrong(document, "does not say when it was published", "Give the day with --published.")
        return Part(
            layout=self.name,
            set=name,
            name=f"{name}-{published}",
            publisher="the user",
            licence_note="as its citations say",
            valid_from=min(starts),
            valid_to=max(ends) if dated and len(ends) == len(rows) else None,
            rows=text_table(columns),
            citation="",
        )

    def _set(self, document: Document) -> str | None:
        header = {cell.strip().removeprefix("\ufeff") for cell in (document.first or [[]])[0]} - {""}
        for name, columns in self._sets.items():
            if header - set(FILLED) == set(columns) - set(FILLED) and len(header) > 1:
                return name
        return None
