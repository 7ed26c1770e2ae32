"""NCCI medically unlikely edits: one table a quarter and setting, a snapshot without dates of its own."""

from __future__ import annotations

import re
from datetime import date

from . import (
    CMS_LICENCE,
    CODE,
    Document,
    Hints,
    OneFile,
    Part,
    american_day,
    effective_date,
    quarter,
    text_table,
    wrong,
)

_SETTINGS = {
    "practitioner": "practitioner",
    "outpatient": "hospital",
    "hospital": "hospital",
    "dme": "dme",
    "supplier": "dme",
}
_NAMED_QUARTER = re.compile(r"(20\d\d)[-_ ]?q([1-4])")


class Mue(OneFile):
    name = "NCCI medically unlikely edits"

    def recognises(self, document: Document) -> bool:
        return _header(document) is not None

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        at = _header(document)
        header = [" ".join(cell.split()) for cell in document.first[at or 0]]
        value, indicator = (
            header[1].lower(),
            next(i for i, cell in enumerate(header) if "Adjudication Indicator" in cell),
        )
        setting = next((name for word, name in _SETTINGS.items() if word in value), "")
        if not setting:
            raise wrong(document, f"does not say whose limits it holds: its second column is {header[1]!r}")
        setting = (
            f"medicaid_{setting}"
            if "medicaid" in value or "mcd_" in document.names or "medicaid" in document.names
            else setting
        )
        named = next((name for word, name in _SETTINGS.items() if word in document.name.lower()), setting)
        if named not in setting:
            raise wrong(document, f"is named as the {named} table, but its header says {header[1]!r}")
        first = effective_date(document, _effective(document), hints, "its table")
        rows: list[tuple[str, str, str]] = []
        skipped = 0
        for record in list(document.records())[(at or 0) + 1 :]:
            cells = [cell.strip() for cell in record]
            if len(cells) > indicator and CODE.match(cells[0]) and cells[1].isdigit() and cells[indicator][:1] in "123":
                rows.append((cells[0], cells[1], cells[indicator][:1]))
            else:
                skipped += any(cells)
        if 20 * skipped > len(rows):
            raise wrong(document, f"has {skipped} lines that are no code with a limit, and {len(rows)} that are")
        codes, limits, kinds = zip(*rows, strict=True)
        count = len(rows)
        return Part(
            layout=self.name,
            set="unit_limit",
            name=f"MUE-{quarter(first)}" + ("" if setting == "practitioner" else f"-{setting}"),
            publisher="CMS",
            licence_note=CMS_LICENCE,
            valid_from=first,
            rows=text_table(
                {
                    "procedure_code": codes,
                    "setting": [setting] * count,
                    "valid_from": [str(first)] * count,
                    "unit_limit": limits,
                    "adjudication": kinds,
                }
            ),
            citation=f"CMS {setting} MUE table effective {first}",
            skipped=skipped,
        )


def _header(document: Document) -> int | None:
    for at, record in enumerate(document.first):
        text = [" ".join(cell.split()) for cell in record]
        if (
            len(text) > 2
            and text[0].startswith("HCPCS")
            and "MUE Value" in text[1]
            and any("Adjudication Indicator" in cell for cell in text)
        ):
            return at
    return None


def _effective(document: Document) -> date | None:
    named = american_day(document.names)
    if named:
        return named
    match = _NAMED_QUARTER.search(document.names)
    return date(int(match[1]), 3 * int(match[2]) - 2, 1) if match else None
