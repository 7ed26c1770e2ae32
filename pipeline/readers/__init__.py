"""Readers: one per export format. A reader recognises a file by its content and says how its records become text.

A reader never casts, judges or drops a record; that is `sql/stg`. To add one: write `recognise`, declare the source's
layout in `sql/raw/<source>.sql` and one mapping SELECT per canonical record in `sql/raw/<source>_<record>.sql`, and
list it in `readers()`. A file that is no table of text also needs a `Decoder`, which makes rows of such layouts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from .text import Head, Scan


@dataclass(frozen=True)
class Layout:
    """A declared text record (`sql/raw/<name>.sql`): its columns in order, and those that a file must have."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """What a decoder's rows of this layout look like."""
        return pa.schema([("record_number", pa.int64()), *((column, pa.string()) for column in self.columns)])


@dataclass(frozen=True)
class Unusable:
    """A record that a decoder counted but could not make a row of: its number, why, what helps, and itself as JSON."""

    number: int
    reason: str
    remedy: str
    record: str


@dataclass(frozen=True)
class Batch:
    """Rows of one layout of a decoder (`Layout.schema`), or records of the source that could not be used."""

    layout: str
    rows: pa.RecordBatch | None = None
    unusable: tuple[Unusable, ...] = ()


class Decoder(Protocol):
    """Makes rows of text out of a file that is no table of text, in one pass whose memory does not grow with the file.

    The rows of the source's own layout are the records that the file is counted as: numbered from 1 in file order, each
    once, here or among the unusable. They are staged batch by batch, so their mapping must be row by row. Rows of its
    other layouts are numbered for themselves, kept aside, and staged at the end, where a mapping may group them by file:
    unless a source `joins` others, what is staged of a file hangs on it alone, because a run that goes on keeps it.
    """

    layouts: tuple[Layout, ...]

    def scan(self) -> Scan:
        """Digest and number of records by a pass over the bytes that does not take them apart as `batches` does."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Everything the file holds, in file order."""
        ...

    def notes(self) -> tuple[str, ...]:
        """After `batches`: sentences on what the user must know of the whole file (parts skipped, counts that differ)."""
        ...


@dataclass(frozen=True)
class Source:
    """A recognised file.

    `header` are its column names in file order. `views` gives, per canonical record, the raw table whose rows it is:
    the layout itself, or mapping SELECTs over it; the first is the record that the file is counted as. `source_columns`
    names, per canonical record and column, the source's own column, for messages. With a `decoder`, `layout` is the one
    whose rows are counted. Without views the file is recognised, but holds nothing that is audited: it is skipped.

    A record may hold up to `lines` rows of its first view; they are numbered (record - 1) * lines + 1 and on. `left` is
    the mapping SELECT of the records that give none, with the reason of each. Files that are `joined` hold what other
    files of the same input need to become records: those name their layouts in `joins`. `prepared` is a mapping SELECT
    over the rows of a decoder that all its views read, so costly that it is made once for each batch; its rows are
    numbered like those of the first view. `selects` are mapping SELECTs that a layout file gave, by record (and `left`). With
    `widths` the file has no header and its columns are so many characters wide.
    """

    reader: str
    head: Head
    layout: Layout
    header: tuple[str, ...]
    views: Mapping[str, str]
    delimiter: str = ","
    quote: str = '"'
    source_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decoder: Decoder | None = None
    selects: Mapping[str, str] = field(default_factory=dict)
    widths: tuple[int, ...] = ()
    joins: tuple[str, ...] = ()
    joined: bool = False
    left: str = ""
    lines: int = 1
    prepared: str = ""

    @property
    def record(self) -> str:
        return next(iter(self.views), "")

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns of a canonical file that its layout does not know; other layouts declare only what they use."""
        if self.layout.name != self.record or self.decoder:
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
    from .fhir import Fhir
    from .flat import FORMATS, CclfFixed
    from .x12_835 import X12Remittances
    from .x12_837p import X12Claims
    from .x12_other import X12Other

    return (Canonical(), *FORMATS, CclfFixed(), Fhir(), X12Claims(), X12Remittances(), X12Other())
