"""Layouts of reference files: one file per publication. A layout recognises a file by its content and says which rows of which `ref` set it holds.

A layout gives typed or text columns by the names of the set and what the file says about its release; it judges only whether the file is what it claims to
be. `reference` casts, checks, stores and resolves, in the same way for every set. To add one: a module with a `Layout`, listed in `layouts()`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import pyarrow as pa

from ..errors import InputError, UsageError
from .document import Document

CODE = re.compile(r"[0-9]{4}[0-9A-Z]\Z|[A-Z][0-9]{4}\Z")
CMS_LICENCE = "US government data; CPT codes are copyright AMA, no descriptors kept"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NAMED_MONTH = re.compile(rf"(?<![a-z]){_MONTH}[-_ .]*(?:0?1[-_ ,.]+)?(20\d\d)|(?<!\d)(20\d\d)[-_ .]*{_MONTH}", re.I)


@dataclass(frozen=True)
class Hints:
    """What the caller states about files that do not say it themselves."""

    effective: date | None = None
    published: date | None = None
    setting: str | None = None


@dataclass(frozen=True)
class Part:
    """What one file (or the files that belong together) holds.

    `name` is the release that it belongs to; parts of one release are added up. `number` of `of` is its place where a publisher cuts a table into several
    files, `span` the first and last key of its rows there. `clean` is SQL over the rows of the whole release, read as `incoming`.
    """

    layout: str
    set: str
    name: str
    publisher: str
    licence_note: str
    valid_from: date
    rows: pa.Table
    citation: str
    valid_to: date | None = None
    published_on: date | None = None
    number: int | None = None
    of: int | None = None
    span: tuple[str, str] | None = None
    skipped: int = 0
    clean: str | None = None
    notes: tuple[str, ...] = ()


class Layout(Protocol):
    """What `reference` asks of a layout."""

    name: str

    def claims(self, documents: Sequence[Document]) -> Iterable[tuple[Document, ...]]:
        """The files that are of this layout, each with those that belong to it."""
        ...

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        """The rows of one claim; InputError when a file is not what it says."""
        ...


class OneFile(ABC):
    """A layout whose files stand alone."""

    @abstractmethod
    def recognises(self, document: Document) -> bool:
        """Whether a file is of this layout, by its content."""

    def claims(self, documents: Sequence[Document]) -> Iterator[tuple[Document, ...]]:
        yield from ((document,) for document in documents if self.recognises(document))


def layouts(sets: Mapping[str, Sequence[str]], codes: frozenset[str]) -> tuple[Layout, ...]:
    """The layouts in the order in which they are asked; `sets` are the columns of each `ref` set, `codes` the procedure codes that the audit judges."""
    from .add_on import AddOn
    from .asp import Asp
    from .gpci import Gpci
    from .hcpcs import Hcpcs
    from .icd10 import Icd10
    from .icd10_tabular import Icd10Tabular
    from .leie import Leie
    from .mcd import Mcd
    from .mue import Mue
    from .nppes import Nppes
    from .own import Own
    from .pprrvu import Pprrvu
    from .ptp import Ptp
    from .taxonomy import Taxonomy

    known: list[tuple[str, Layout]] = [
        ("pair_edit", Ptp()),
        ("unit_limit", Mue()),
        ("add_on", AddOn()),
        ("fee_schedule", Pprrvu()),
        ("geographic_factor", Gpci()),
        ("drug_price", Asp()),
        ("hcpcs", Hcpcs()),
        ("coverage_policy", Mcd(codes)),
        ("exclusion", Leie()),
        ("provider_taxonomy", Nppes()),
        ("specialty", Taxonomy()),
        ("icd10_excludes1", Icd10Tabular()),
        ("icd10", Icd10()),
    ]
    return (*(layout for name, layout in known if name in sets), Own(sets))


# What layouts share -----------------------------------------------------------------------------------------------


def text_table(columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """Columns of text as an Arrow table; a blank is null."""
    return pa.table(
        {name: pa.array([value or None for value in values], pa.string()) for name, values in columns.items()}
    )


def day(text: str, pattern: str = "%Y%m%d") -> date | None:
    """A date written as YYYYMMDD, or YYYYDDD (day of the year); None when it is no date."""
    try:
        if pattern == "%Y%j" and re.fullmatch(r"\d{7}", text):
            found = date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)
            return found if found.year == int(text[:4]) else None
        if re.fullmatch(r"\d{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    return None


def american_day(text: str) -> date | None:
    """A date written as MM/DD/YYYY or MM-DD-YYYY somewhere in a text."""
    match = re.search(r"(?<!\d)(\d\d?)[/-](\d\d?)[/-](20\d\d)(?!\d)", text)
    try:
        return date(int(match[3]), int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def month_named(text: str) -> date | None:
    """The first day of a month that a text names (`April-1-2026`, `Jan-2021`)."""
    match = _NAMED_MONTH.search(text)
    return date(int(match[2] or match[3]), _MONTHS.index((match[1] or match[4]).lower()) + 1, 1) if match else None


def quarter(first: date) -> str:
    """The quarter of a date, as 2026Q3."""
    return f"{first.year}Q{(first.month + 2) // 3}"


def effective_date(document: Document, stated: date | None, hints: Hints, what: str) -> date:
    """The first day on which a release is in force: as given, else as the file or its name says; UsageError when nobody says."""
    found = hints.effective or stated
    if found is None:
        raise UsageError(
            f"{document.name} does not say from which day {what} is in force.", "Give it with --effective."
        )
    return found


def wrong(document: Document, why: str, remedy: str = "Get the file from its publisher again.") -> InputError:
    """The refusal of a file that is not what it says."""
    return InputError(f"{document.name} {why}.", remedy)
