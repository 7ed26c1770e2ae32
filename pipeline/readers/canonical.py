"""The canonical layout as CSV (plain, gzip or zstd) or Parquet: contract of `docs/input.md`."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import InputError
from . import Layout, Source
from .text import Head, header_names

RECORDS = (
    "claim_lines",
    "visits",
    "visit_services",
    "plans_of_care",
    "progress_reports",
    "providers",
    "payers",
    "patients",
    "provider_days",
    "coverage_policies",
    "exclusions",
    "therapy_accumulators",
)


class Canonical:
    """Recognised by the names of the header alone: the record with which it shares most columns."""

    name = "canonical"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`; a missing required or a repeated column is an InputError."""
        if head.form == "other":
            return None
        header = head.columns if head.form == "parquet" else header_names(head.line, ",")
        layout = _nearest(header, layouts)
        if layout is None:
            if head.form == "csv":
                _explain_separator(head, layouts)
            return None
        if head.encoding != "utf-8":
            raise InputError(f"{head.name} is encoded as UTF-16.", "Save the export as CSV in UTF-8.")
        if "\r" in head.line.rstrip("\r\n"):
            raise InputError(
                f"{head.name} ends its lines with carriage returns alone.", "Save the export as CSV in UTF-8."
            )
        check_header(head.name, header, layout)
        return Source(self.name, head, layout, header, {layout.name: f"raw.{layout.name}"})


def check_header(name: str, header: tuple[str, ...], layout: Layout) -> None:
    """InputError when a column of the layout comes twice or a required one is missing."""
    twice = sorted({column for column in header if column in layout.columns and header.count(column) > 1})
    if twice:
        raise InputError(f"{name} has the column {', '.join(twice)} more than once.", "Keep one of them.")
    missing = [column for column in layout.required if column not in header]
    if missing:
        noun = "column" if len(missing) == 1 else "columns"
        raise InputError(
            f"{name} was recognised as {layout.name}, but lacks the required {noun} {', '.join(missing)}.",
            f"Add the {noun} to the export; names are case-sensitive.",
        )


def _nearest(header: tuple[str, ...], layouts: Mapping[str, Layout]) -> Layout | None:
    """The layout that shares most columns with the header (ties: the larger part of its required ones, then order).

    A file that lacks required columns is still taken for the layout, and then refused, when most of its columns are the
    layout's: a list of findings also names claims and patients, but it is no broken list of claim lines.
    """
    names = set(header)
    best: tuple[int, float] = (0, 0.0)
    found = None
    for record in RECORDS:
        layout = layouts[record]
        shared = len(names.intersection(layout.columns))
        part = len(names.intersection(layout.required)) / len(layout.required)
        meant = part == 1 or (part >= 0.5 and 2 * shared > len(names))
        if meant and (shared > 1 or len(names) == 1) and (shared, part) > best:
            best, found = (shared, part), layout
    return found


def _explain_separator(head: Head, layouts: Mapping[str, Layout]) -> None:
    for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if _nearest(header_names(head.line, delimiter), layouts):
            raise InputError(f"{head.name} separates its columns with {word}.", "Save the export with commas.")
