"""X12 of other kinds (institutional and dental claims, eligibility, claim status ...): recognised, counted and skipped."""

from __future__ import annotations

from collections.abc import Mapping

from . import Layout, Source
from .text import Head
from .x12 import Transactions, is_x12


class X12Other:
    """Recognised as an interchange by itself; asked after the readers of the kinds that are audited."""

    name = "x12-other"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if not is_x12(head):
            return None
        return Source(self.name, head, Layout("x12_other", (), ()), (), {}, decoder=Skipped(head, ()))


class Skipped(Transactions):
    """The decoder: only the envelopes, and what stands in them as notes."""

    kind = "none"
