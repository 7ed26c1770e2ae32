"""Readers: one per export format. A reader recognises a file by its content and says how its records become text.

A reader never casts, judges or drops a record; that is `sql/stg`. To add one: write `recognise`, declare the source's
layout in `sql/raw/<source>.sql` and one mapping SELECT per canonical record in `sql/raw/<source>_<record>.sql`, and
list it in `readers()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .text import Head


@dataclass(frozen=True)
class Layout:
    """A declared text record (`sql/raw/<name>.sql`): its columns in order, and those that a file must have."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A recognised file.

    `header` are its column names in file order. `views` gives, per canonical record, the raw table whose rows it is:
    the layout itself, or mapping SELECTs over it; the first is the record that the file is counted as. `source_columns`
    names, per canonical record and column, the source's own column, for messages.
    """

    reader: str
    head: Head
    layout: Layout
    header: tuple[str, ...]
    views: Mapping[str, str]
    delimiter: str = ","
    quote: str = '"'
    source_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def record(self) -> str:
        return next(iter(self.views))

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns of a canonical file that its layout does not know; other layouts declare only what they use."""
        if self.layout.name != self.record:
            return ()
        return tuple(sorted({name for name in self.header if name} - set(self.layout.columns)))


class Reader(Protocol):
    """What `ingest` asks of a reader."""

    name: str

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """The file as a source, or None when it is not of this format; InputError when it is, but breaks the layout."""
        ...


def readers() -> tuple[Reader, ...]:
    """The readers in the order in which they are asked; canonical first: what is stated outweighs what is derived."""
    from .canonical import Canonical
    from .rif_carrier import RifCarrier

    return (Canonical(), RifCarrier())
