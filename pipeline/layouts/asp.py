"""Medicare payment limits of drugs (average sales price files): one table a quarter."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from . import CODE, Document, Hints, OneFile, Part, effective_date, month_named, quarter, text_table, wrong

_SPAN = re.compile(r"effective\s+(\w+)\s+(\d{1,2}),?\s+(20\d\d)", re.I)


class Asp(OneFile):
    name = "drug payment limits"

    def recognises(self, document: Document) -> bool:
        return _header(document) is not None

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        at, place = _header(document) or (0, 0)
        title = " ".join(" ".join(record) for record in document.first[:at])
        span = _SPAN.search(title)
        stated = (
            month_named(f"{span[1]} {span[3]}")
            if span
            else month_named(document.name) or month_named(document.container)
        )
        first = effective_date(document, stated, hints, "its prices")
        if (first.month, first.day) not in ((1, 1), (4, 1), (7, 1), (10, 1)):
            raise wrong(
                document,
                f"begins on {first}, which is no first day of a quarter",
                "Give the first day of its quarter with --effective.",
            )
        until = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
        rows: dict[str, str] = {}
        skipped = 0
        for number, record in enumerate(document.records()):
            if number <= at or not any(record):
                continue
            cells = [cell.strip() for cell in record]
            code = cells[0].upper()
            try:
                price = Decimal(cells[place].lstrip("$").replace(",", ""))
            except (InvalidOperation, IndexError):
                skipped += bool(CODE.match(code))
                continue
            if CODE.match(code) and code not in rows:
                rows[code] = str(price.quantize(Decimal("0.0001")))
            else:
                skipped += 1
        if not rows or 5 * skipped > len(rows):
            raise wrong(document, f"has {skipped} lines that are no code with a price, and {len(rows)} that are")
        codes = sorted(rows)
        return Part(
            layout=self.name,
            set="drug_price",
            name=f"ASP-{quarter(first)}",
            publisher="CMS",
            licence_note="US government data: codes and prices, no descriptions",
            valid_from=first,
            valid_to=until,
            rows=text_table(
                {
                    "procedure_code": codes,
                    "valid_from": [str(first)] * len(codes),
                    "valid_to": [str(until)] * len(codes),
                    "price": [rows[code] for code in codes],
                }
            ),
            citation=f"CMS payment limits for Part B drugs from {first}",
            skipped=skipped,
        )


def _header(document: Document) -> tuple[int, int] | None:
    """Line of the header and place of the price."""
    for at, record in enumerate(document.first):
        words = [" ".join(cell.split()).lower() for cell in record]
        if words and words[0] == "hcpcs code" and any("dosage" in word for word in words) and "payment limit" in words:
            return at, words.index("payment limit")
    return None
