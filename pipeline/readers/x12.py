"""X12 interchanges: separators, segments, envelopes. What the transactions of one kind mean is their reader's.

A file is read in blocks and cut into segments twice: once to count (`count`), once to take apart (`Transactions`). The
text is taken as Latin-1, which never fails and loses nothing; a segment that holds UTF-8 is then read as that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from . import Batch, Layout, Unusable
from .text import Head, Scan, open_bytes

_BLOCK = 1 << 20
_LONGEST = 1 << 20  # no segment of the transactions read here is a hundredth of this
_BATCH = 50000
_LONGEST_CLAIM = 4 << 20  # the guides allow 50 and 999 lines
_MOST_NOTES = 20
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_BLANKS = [""] * 18
Row = tuple[int | str, ...]
Handlers = dict[str, tuple[Callable[[list[str]], None], int]]
_OPENING = re.compile(rb"(?:ISA|GS|ST)([^\w\s])")
_AFTER_HEADER = re.compile(rb"\s*(?:GS|TA1|ST|IEA|ISA)[^\w\s]")

# Implementation guide (5010 or 4010) -> what its transactions are, as far as it matters here.
_KINDS = {
    "X222": "837P",
    "X098": "837P",
    "X223": "837I",
    "X096": "837I",
    "X224": "837D",
    "X097": "837D",
    "X221": "835",
    "X091": "835",
}
_NAMES = {
    "837I": "institutional claims (837I)",
    "837D": "dental claims (837D)",
    "837P": "professional claims (837P)",
    "835": "remittances (835)",
    "837": "claims of an unknown guide (837)",
}


@dataclass(frozen=True)
class Separators:
    """How one interchange is cut; `length` are the bytes of its ISA segment with the terminator (0: it has none)."""

    element: str
    component: str
    terminator: str
    length: int


@dataclass(frozen=True)
class Part:
    """Whole segments of one interchange; `opens`: its first part. `broken` says why nothing after it can be read."""

    separators: Separators
    text: str
    opens: bool = False
    broken: str = ""


def kind(transaction: str, *guides: str) -> str:
    """837P, 837I, 837D, 835, or the transaction's number: by the first guide (ST03, GS08) that is known."""
    for guide in guides:
        known = _KINDS.get(guide[6:10])
        if known and guide[:6] in ("005010", "004010") and transaction in ("", known[:3]):
            return known
    return transaction or "unknown"


def separators(start: bytes) -> Separators | None:
    """Separators from the ISA segment that `start` begins with, by counting its elements (some are not 106 wide).

    Where its last character cannot be the terminator, and where the ISA is missing, the text before the next segment
    decides. None when it cannot be told.
    """
    opening = _OPENING.match(start)
    if not opening:
        return None
    element = opening[1]
    has_header = start.startswith(b"ISA")
    end = -1
    if has_header:
        for _ in range(16):
            end = start.find(element, end + 1, 400)
            if end < 0:
                return None
        component, terminator = start[end + 1 : end + 2], start[end + 2 : end + 3]
        length = end + 3
        if terminator == b"\r" and start[length : length + 1] == b"\n":
            terminator, length = b"\n", length + 1
        usable = terminator and not (terminator.isalnum() or terminator in (b" ", element, component))
        if usable and (not start[length:].strip() or _AFTER_HEADER.match(start, length)):
            return Separators(*(c.decode("latin-1") for c in (element, component, terminator)), length)
    following = re.search(rb"([^\w\s]|\n)\s*(?:GS|ST|BHT|BPR)" + re.escape(element), start[4:4096])
    if not following or following[1] == element:
        return None
    length = 4 + following.start() + 1 if has_header else 0
    component = start[end + 1 : end + 2] if has_header else b":"
    return Separators(*(c.decode("latin-1") for c in (element, component, following[1])), length)


def parts(head: Head, digest: Callable[[bytes], object] = lambda block: None) -> Iterator[Part]:
    """The file in whole segments, interchange by interchange; every byte goes through `digest`."""
    with open_bytes(head.path, head.compression) as stream:

        def read() -> bytes:
            block = stream.read(_BLOCK)
            digest(block)
            return block

        buffer = read().removeprefix(_BOM)
        own: Separators | None = None
        mark = b""
        open_end = True
        while True:
            if own is None:
                buffer = buffer.lstrip(_SPACE)
                if not buffer and not open_end:
                    return
                if len(buffer) < 4096 and open_end:
                    block = read()
                    open_end = bool(block)
                    buffer += block
                    continue
                own = separators(buffer)
                if own is None:
                    while read():
                        pass
                    yield Part(Separators("*", ":", "~", 0), "", broken="its separators cannot be told")
                    return
                mark = own.terminator.encode("latin-1")
                yield Part(own, _text(buffer[: own.length], mark), opens=True)
                buffer = buffer[own.length :]
            following = _next_header(buffer, mark)
            if following >= 0:
                yield Part(own, _text(buffer[:following], mark))
                buffer, own = buffer[following:], None
                continue
            cut = buffer.rfind(mark) + 1
            if cut:
                yield Part(own, _text(buffer[:cut], mark))
                buffer = buffer[cut:]
            if len(buffer) > _LONGEST:
                while read():
                    pass
                yield Part(own, "", broken="a segment has more than a million characters")
                return
            block = read() if open_end else b""
            if not block:
                if buffer.strip(_SPACE):
                    yield Part(own, _text(buffer, mark))
                return
            buffer += block


def _next_header(buffer: bytes, terminator: bytes) -> int:
    """Where the next interchange begins in text that begins with a segment; -1 if it does not."""
    position = -1
    while (position := buffer.find(b"ISA", position + 1)) >= 0:
        if _OPENING.match(buffer, position):
            before = buffer[max(0, position - 64) : position]
            blank = before.rstrip(_SPACE) if terminator not in _SPACE else before.rstrip(b" \t\r")
            if blank.endswith(terminator) or (not blank and len(before) == position):
                return position
    return -1


def _text(block: bytes, terminator: bytes) -> str:
    """The block as text without line breaks, which only wrap or part segments unless they are the terminator."""
    return block.translate(None, b"\r" if terminator == b"\n" else b"\r\n").decode("latin-1")


def count(head: Head, wanted: str, segments: tuple[str, ...]) -> Scan:
    """Digest, and how many of these segments stand in transactions of the wanted kind, found by pattern alone."""
    digest = hashlib.sha256()
    found, guide, now = 0, "", ""
    for part in parts(head, digest.update):
        t, e = re.escape(part.separators.terminator), re.escape(part.separators.element)
        text = part.separators.terminator + part.text
        record = re.compile(f"{t}[ \\t]*(?:{'|'.join(segments)})(?=[{t}{e}]|$)")
        begin = 0
        if part.opens:
            guide = now = ""
        for envelope in re.finditer(f"{t}[ \\t]*(GS|ST)(?=[{t}{e}]|$)([^{t}]*)", text):
            if now == wanted:
                found += len(record.findall(text, begin, envelope.start()))
            begin = envelope.start()
            values = envelope[2].split(part.separators.element) + _BLANKS
            if envelope[1] == "GS":
                guide, now = values[8].strip(), kind("", values[8].strip())
            else:
                now = kind(values[1].strip(), values[3].strip(), guide)
        if now == wanted:
            found += len(record.findall(text, begin))
    return Scan(digest.hexdigest(), found, True)


def kinds(head: Head) -> Iterator[str]:
    """The kinds of the transactions of a file, as they come."""
    guide = ""
    for part in parts(head):
        t, e = re.escape(part.separators.terminator), re.escape(part.separators.element)
        for envelope in re.finditer(
            f"{t}[ \\t]*(GS|ST)(?=[{t}{e}]|$)([^{t}]*)", part.separators.terminator + part.text
        ):
            values = envelope[2].split(part.separators.element) + _BLANKS
            if envelope[1] == "GS":
                guide = values[8].strip()
                yield kind("", guide)
            else:
                yield kind(values[1].strip(), values[3].strip(), guide)


def is_x12(head: Head) -> bool:
    """Whether the file begins like an interchange, a group or a transaction, and can be cut into segments."""
    if head.form == "parquet" or head.encoding != "utf-8":
        return False
    with open_bytes(head.path, head.compression) as stream:
        start = stream.read(4096).removeprefix(_BOM).lstrip(_SPACE)
    return bool(_OPENING.match(start)) and separators(start) is not None


def components(value: str, component: str) -> list[str]:
    """A composite, by the separator that it really uses where it does not use the one that the ISA names."""
    if component in value:
        return value.split(component)
    other = re.search(r"[^0-9A-Za-z .\-]", value)
    return value.split(other[0]) if other else [value]


class Transactions:
    """A decoder of the transactions of one kind: the envelopes here, the segments in between by `handlers`.

    A subclass names its `handlers` with the number of elements that each reads. What several rows of the own layout share is
    added to `shared`, its last columns, once; a row in `done` is its number, its place in `shared`, and its own values. Rows of
    a claim that may be cut off are kept back until the claim is known to be whole. Rows of other layouts go to `aside`.
    """

    kind = ""
    counted: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()

    def __init__(self, head: Head, layouts: tuple[Layout, ...]) -> None:
        self._head = head
        self.layouts = layouts
        self.handlers: Handlers = {}
        self.done: list[Row] = []
        self.shared: list[tuple[str, ...]] = []
        self.aside: dict[str, list[Row]] = {layout.name: [] for layout in layouts[1:]}
        self.unusable: list[Unusable] = []
        self.component = ":"
        self.has_nul = False
        self.segment = 0
        self.claim_began = 0  # the segment that began the open claim
        self._notes: list[str] = []
        self._notes_left_out = 0
        self._skipped: Counter[str] = Counter()
        self._skipped_claims: Counter[str] = Counter()
        self._old = 0
        self._header: list[str] = []
        self._group: list[str] = []
        self._set: list[str] = []
        self._groups = self._sets = self._set_start = 0
        self._element = "*"
        self._handling: Handlers = {}
        self._table: dict[str, tuple[str, Callable[[list[str]], None], int]] = {}
        self._envelope: Handlers = {
            "ISA": (self._isa, 17),
            "GS": (self._gs, 9),
            "ST": (self._st, 4),
            "SE": (self._se, 3),
            "GE": (self._ge, 3),
            "IEA": (self._iea, 3),
        }
        self._skipping: Handlers = {"CLM": (self._skip_claim, 1), "CLP": (self._skip_claim, 1)}
        self._now = ""

    # What a subclass says ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A transaction of the kind begins."""

    def end_claim(self, whole: bool) -> None:
        """The claim that is open, if one is, ends; `whole`: what follows shows that it has all its lines."""

    def end(self, whole: bool) -> None:
        """It ends, by its trailer (`whole`) or because the file or the next envelope cut it off."""

    # What ingest asks -------------------------------------------------------------------------------------------

    def scan(self) -> Scan:
        """See `Decoder.scan`."""
        return count(self._head, self.kind, self.counted)

    def batches(self) -> Iterator[Batch]:
        """See `Decoder.batches`."""
        self._handle({})
        long = 0  # characters of whole parts that one claim goes through
        for part in parts(self._head):
            if part.broken:
                self.note(f"From segment {self.segment + 1} on nothing was read: {part.broken}.")
                continue
            if part.opens:
                self.component = part.separators.component
                self._close_all()
                if not part.separators.length:
                    self.note("It has no interchange header (ISA): the separators were taken from its text.")
            text = part.text
            self.has_nul = self.has_nul or "\0" in text
            segments = text.split(part.separators.terminator)
            if not text.isascii():
                segments = [segment if segment.isascii() else _utf8(segment) for segment in segments]
            element = part.separators.element
            if f"{part.separators.terminator} " in text or "\t" in text or text[:1] == " ":
                segments = [segment.lstrip(" \t") for segment in segments]
            began = self.claim_began
            self._take(segments, element)
            long = long + len(text) if began and began == self.claim_began else 0
            if long > _LONGEST_CLAIM:
                self.note(f"The claim that begins with segment {began} does not end: its lines were not used.")
                self.end_claim(False)
                long = 0
            if len(self.done) + len(self.unusable) >= _BATCH:
                yield from self._flush()
        self._close_all()
        yield from self._flush()

    def _handle(self, handlers: Handlers) -> None:
        """From now on these segments are taken apart, and the envelopes; the rest is only counted.

        The first three characters of a segment decide, so that most others need not be split.
        """
        self._handling = handlers
        self._table = {}
        for name, (handler, width) in (handlers | self._envelope).items():
            entry = (name, handler, width)
            self._table[name] = entry
            if len(name) == 2:
                self._table[name + self._element] = entry

    def _take(self, segments: list[str], element: str) -> None:
        if element != self._element:
            self._element = element
            self._handle(self._handling)
        number = self.segment
        for segment in segments:
            if not segment:
                continue
            number += 1
            entry = self._table.get(segment[:3])
            if entry is not None:
                name, handler, width = entry
                values = segment.split(element)
                if values[0] == name:
                    if len(values) < width:
                        values += _BLANKS[: width - len(values)]
                    self.segment = number
                    handler(values)
        self.segment = number

    def notes(self) -> tuple[str, ...]:
        """See `Decoder.notes`."""
        said = list(self._notes)
        if self._notes_left_out:
            said.append(f"{self._notes_left_out} more such differences are not listed.")
        for kind_, number in sorted(self._skipped.items()):
            claims = self._skipped_claims[kind_]
            holding = f" with {_some(claims, 'claim')}" if claims else ""
            name = _NAMES.get(kind_, f"type {kind_}")
            why = "put them into a file of their own" if kind_ in ("837P", "835") else "this is not audited"
            said.append(f"Skipped: {_some(number, 'transaction')}{holding} of {name}; {why}.")
        if self._old:
            said.append(
                f"Read as far as version 5010 means the same: {_some(self._old, 'transaction')} of version 4010."
            )
        return tuple(said)

    def note(self, sentence: str) -> None:
        """Something about the whole file that the user must know."""
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(sentence)
        else:
            self._notes_left_out += 1

    def refuse(self, number: int, reason: str, values: Sequence[str]) -> None:
        """A counted record that cannot be used, with as many of its columns as are known."""
        named = zip(self.layouts[0].columns, values, strict=False)
        record = {name: value.replace("\0", "\ufffd") for name, value in named if value.strip()}
        self.unusable.append(Unusable(number, reason, REMEDIES[reason], json.dumps(record, ensure_ascii=False)))

    def settle(self, rows: list[list[int | str]], shared: tuple[str, ...], whole: bool) -> None:
        """The rows of a claim that has ended; what may lack rows is kept, but not used."""
        if not whole or self.has_nul:
            for row in list(rows):
                texts = [*map(str, row[2:]), *shared]
                reason = "claim-cut-off" if not whole else "control-character" if any("\0" in t for t in texts) else ""
                if reason:
                    self.refuse(int(row[0]), reason, texts)
                    rows.remove(row)
        self.done += map(tuple, rows)
        rows.clear()

    def _flush(self) -> Iterator[Batch]:
        if self.done:
            own = self.layouts[0]
            numbers, places, *values = zip(*self.done, strict=True)
            shared = pa.Table.from_arrays(
                [_texts(column) for column in zip(*self.shared, strict=True)], names=own.columns[len(values) :]
            )
            arrays = [pa.array(numbers, pa.int64()), *map(_texts, values)]
            taken = shared.take(pa.array(places, pa.int64())).combine_chunks()
            arrays += [column.chunk(0) for column in taken.columns]
            yield Batch(own.name, pa.RecordBatch.from_arrays(arrays, schema=own.schema))
            self.done.clear()
        self.start_batch()
        for layout in self.layouts[1:]:
            rows = self.aside[layout.name]
            if rows:
                columns = [pa.array(column) for column in zip(*rows, strict=True)]
                yield Batch(layout.name, pa.RecordBatch.from_arrays(columns, schema=layout.schema))
                rows.clear()
        if self.unusable:
            yield Batch(self.layouts[0].name, unusable=tuple(self.unusable))
            self.unusable.clear()

    def start_batch(self) -> None:
        """Rows were handed over: what they shared is no longer needed."""
        self.shared.clear()

    # Envelopes --------------------------------------------------------------------------------------------------

    def _isa(self, values: list[str]) -> None:
        self._header, self._groups = values, 0

    def _gs(self, values: list[str]) -> None:
        self._close_set()
        self._close_group()
        self._group, self._sets = values, 0
        self._groups += 1
        self._now = kind("", values[8].strip())
        self._handle(self.handlers if self._now == self.kind else {})
        if self._now == self.kind:
            self.begin()

    def _st(self, values: list[str]) -> None:
        self._close_set()
        self._set, self._set_start = values, self.segment
        self._sets += 1
        guide = self._group[8].strip() if self._group else ""
        self._now = kind(values[1].strip(), values[3].strip(), guide)
        if self._now == self.kind:
            self._old += (values[3].strip() or guide).startswith("004010")
            self._handle(self.handlers)
            self.begin()
        else:
            self._skipped[self._now] += 1
            self._handle(self._skipping)

    def _skip_claim(self, values: list[str]) -> None:
        self._skipped_claims[self._now] += 1

    def _se(self, values: list[str]) -> None:
        if not self._set:
            self.note(f"Segment {self.segment} ends a transaction (SE) that was not begun (ST).")
        else:
            read = self.segment - self._set_start + 1
            if _number(values[1]) != read:
                self.note(f"Transaction {self._set[2]}: SE01 says {values[1]} segments, {read} were read.")
            if values[2].strip() != self._set[2].strip():
                self.note(f"Transaction {self._set[2]}: SE02 says {values[2]}, which is another one.")
        if self._now == self.kind:
            self.end(True)
        self._set = []

    def _ge(self, values: list[str]) -> None:
        self._close_set()
        if not self._group:
            self.note(f"Segment {self.segment} ends a group (GE) that was not begun (GS).")
        else:
            if _number(values[1]) != self._sets:
                self.note(f"Group {self._group[6]}: GE01 says {values[1]} transactions, {self._sets} were read.")
            if values[2].strip() != self._group[6].strip():
                self.note(f"Group {self._group[6]}: GE02 says {values[2]}, which is another one.")
        self._group = []

    def _iea(self, values: list[str]) -> None:
        self._close_set()
        self._close_group()
        if not self._header:
            self.note(f"Segment {self.segment} ends an interchange (IEA) that was not begun (ISA).")
        else:
            if _number(values[1]) != self._groups:
                self.note(f"Interchange {self._header[13]}: IEA01 says {values[1]} groups, {self._groups} were read.")
            if values[2].strip() != self._header[13].strip():
                self.note(f"Interchange {self._header[13]}: IEA02 says {values[2]}, which is another one.")
        self._header = []

    def _close_set(self) -> None:
        if self._set:
            self.note(f"Transaction {self._set[2]} has no trailer (SE): it is cut off or damaged.")
        if self._now == self.kind:
            self.end(False)
        self._set = []

    def _close_group(self) -> None:
        if self._group:
            self.note(f"Group {self._group[6]} has no trailer (GE): the file is cut off or damaged.")
        self._group = []

    def _close_all(self) -> None:
        """The file or the interchange is over."""
        self._close_set()
        self._close_group()
        if self._header:
            self.note(f"Interchange {self._header[13]} has no trailer (IEA): the file is cut off or damaged.")
        self._header = []
        self._now = ""
        self._handle({})


REMEDIES = {
    "claim-cut-off": "send the whole file again; the claim is not complete",
    "line-outside-claim": "send the file again; no claim (CLM) stands before the line",
    "units-are-minutes": "bill the line in units (SV103 UN); its minutes are not made into units",
    "not-hcpcs": "bill the line with a HCPCS or CPT code (qualifier HC)",
    "control-character": "remove the NUL character",
}


def _texts(column: tuple[str, ...]) -> pa.Array:
    """A column; nothing but blanks, which is common and slow to write down, as nulls."""
    return pa.array(column, pa.string()) if any(column) else pa.nulls(len(column), pa.string())


def _some(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _utf8(segment: str) -> str:
    try:
        return segment.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return segment


def _number(text: str) -> int:
    """A count as the trailers state it; -1 when it is none."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 12 else -1
