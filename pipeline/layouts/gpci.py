"""Geographic practice cost indices: one row a locality; the audit keeps the highest of each state, as claims name no locality."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from . import Document, Hints, OneFile, Part, text_table, wrong

_YEAR = re.compile(r"(20\d\d) PW GPCI")
# Localities that reach into another state: suburbs of Washington, and Guam with Hawaii.
_ALSO = {"DC": ("MD", "VA"), "HI": ("GU",)}


def _start(document: Document) -> str:
    """The text in which the file says what it is."""
    if document.is_workbook:
        return " ".join(" ".join(record) for record in document.first[:6])
    return document.start[:1500]


class Gpci(OneFile):
    name = "geographic practice cost indices"

    def recognises(self, document: Document) -> bool:
        start = _start(document)
        return bool(_YEAR.search(start)) and "PE GPCI" in start and "Locality" in start

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        is_table = document.is_workbook or "," in next((line for line in document.lines if _YEAR.search(line)), "")
        found = _YEAR.search(_start(document))
        if not found:
            raise wrong(document, "does not say its year")
        year = int(found[1])
        named = re.search(r"gpci[-_ ]?(20\d\d)", document.name.lower())
        if named and int(named[1]) != year:
            raise wrong(document, f"is named as the file of {named[1]}, but its header says {year}")
        highest: dict[str, tuple[Decimal, ...]] = {}
        count = 0
        for record in (
            document.records() if is_table else (re.split(r"\s{2,}", line.strip()) for line in _lines(document))
        ):
            cells = [cell.strip() for cell in record]
            if len(cells) < 7 and not (not is_table and len(cells) >= 6):
                continue
            if not re.fullmatch(r"\d{4,5}", cells[0]) or not re.fullmatch(r"[A-Z]{2}", cells[1]):
                continue
            try:
                factors = tuple(
                    Decimal(cell.rstrip("*")).quantize(Decimal("0.001"))
                    for cell in (cells[4:7] if is_table else cells[-3:])
                )
            except InvalidOperation as error:
                raise wrong(document, f"has a factor of {cells[1]} that is no number") from error
            count += 1
            for state in (cells[1], *_ALSO.get(cells[1], ())):
                highest[state] = tuple(map(max, factors, highest.get(state, factors)))
        if count < 50 and len(highest) < 50:
            raise wrong(document, f"has {count} localities, where more than a hundred are due")
        states = sorted(highest)
        work, expense, malpractice = zip(*(map(str, highest[state]) for state in states), strict=True)
        first, until = date(year, 1, 1), date(year + 1, 1, 1)
        return Part(
            layout=self.name,
            set="geographic_factor",
            name=f"GPCI{year}",
            publisher="CMS",
            licence_note="US government data",
            valid_from=first,
            valid_to=until,
            rows=text_table(
                {
                    "state": states,
                    "valid_from": [str(first)] * len(states),
                    "valid_to": [str(until)] * len(states),
                    "work": work,
                    "practice_expense": expense,
                    "malpractice": malpractice,
                }
            ),
            citation=f"CMS geographic practice cost indices {year}: highest of the state's localities",
        )


def _lines(document: Document) -> list[str]:
    return document.bytes().decode("latin-1").splitlines()
