"""FHIR claims (ExplanationOfBenefit and Claim, R4 and STU3): one resource a line, one in a file, or the entries of a Bundle.

Python only finds where each resource begins and ends; what it says is taken apart by `sql/raw/fhir_item.sql`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, BinaryIO, cast

import pyarrow as pa

from . import Batch, Layout, Source, Unusable
from .text import BOM, REMEDIES, Head, Scan, open_bytes

_CHUNK = 1 << 20
_BATCH_BYTES = 1 << 23
_BATCH_ROWS = 20_000
_START = 1 << 20
LONGEST = 1 << 26
_RESOURCE = re.compile(rb'"resourceType"\s*:\s*"\w+"')
_BUNDLE = re.compile(rb'"resourceType"\s*:\s*"Bundle"')
_TOKEN = re.compile(rb'[{}\[\]]|"(?:[^"\\]++|\\.)*+"|"', re.S)
_BLANKS = re.compile(rb"\s*")
_COLUMNS = {
    "claim_id": "identifier",
    "line_number": "item.sequence",
    "claim_frequency": "status",
    "patient_id": "patient",
    "payer_id": "insurer",
    "billing_npi": "provider",
    "rendering_npi": "careTeam.provider",
    "place_of_service": "item.location",
    "service_date": "item.serviced",
    "service_date_to": "item.serviced",
    "procedure_code": "item.productOrService",
    "units": "item.quantity",
    "charge_amount": "item.adjudication (submitted)",
    "allowed_amount": "item.adjudication (eligible)",
    "paid_amount": "item.adjudication (benefit)",
} | {f"diagnosis_{number}": f"diagnosis {number}" for number in range(1, 13)}


class Fhir:
    """Recognised by a JSON text that names a resourceType."""

    name = "fhir"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if head.form != "csv" or head.encoding != "utf-8" or head.line.lstrip()[:1] not in ("{", "["):
            return None
        with open_bytes(head.path, head.compression) as stream:
            start = stream.read(_START).removeprefix(BOM).lstrip()
        if not _RESOURCE.search(start):
            return None
        return Source(
            self.name,
            head,
            layouts["fhir"],
            ("resource",),
            {
                "claim_lines": "raw.fhir_claim_lines",
                "providers": "raw.fhir_providers",
                "payers": "raw.fhir_payers",
            },
            source_columns={"claim_lines": _COLUMNS},
            left="raw.fhir_left",
            lines=10_000,
            prepared="raw.fhir_item",
            decoder=Resources(head, layouts["fhir"], _is_lines(start)),
        )


def _is_lines(start: bytes) -> bool:
    """Whether each line is a resource: the first line is whole, or the second begins one, and it is no Bundle."""
    first, _, rest = start.partition(b"\n")
    first = first.strip()
    if not first.startswith(b"{") or len(first) < 3 or _BUNDLE.search(first):
        return False
    return first.endswith(b"}") or rest.lstrip().startswith(b'{"')


class Resources:
    """The resources of a file, as a `Decoder`."""

    def __init__(self, head: Head, layout: Layout, is_lines: bool) -> None:
        self.layouts = (layout,)
        self._head = head
        self._is_lines = is_lines
        self._notes: tuple[str, ...] = ()

    def scan(self) -> Scan:
        """See `Decoder.scan`; lines are counted one by one here, and cut in blocks by `batches`."""
        digest = hashlib.sha256()
        with open_bytes(self._head.path, self._head.compression) as stream:
            hashed = io.BufferedReader(_Hashed(stream, digest), _CHUNK)
            records = sum(1 for _ in (_lines(hashed) if self._is_lines else _objects(hashed)))
            while hashed.read(_CHUNK):  # what follows an object that is too long
                pass
        return Scan(digest.hexdigest(), records, False)

    def notes(self) -> tuple[str, ...]:
        """See `Decoder.notes`."""
        return self._notes

    def batches(self) -> Iterator[Batch]:
        """See `Decoder.batches`."""
        with open_bytes(self._head.path, self._head.compression) as stream:
            yield from self._batches_of_lines(stream) if self._is_lines else self._batches_of_objects(stream)

    def _batches_of_lines(self, stream: BinaryIO) -> Iterator[Batch]:
        """Blocks of whole lines; only where something in one is wrong is it taken apart line by line."""
        before = 0
        for block in _blocks(stream):
            if (ends := _ends(block)) and not _fault(block):
                yield Batch(self.layouts[0].name, _rows(range(before + 1, before + 1 + len(ends)), block, ends))
                before += len(ends)
            elif pieces := list(_lines(io.BytesIO(block), b"")):
                yield self._batch(before, pieces)
                before += len(pieces)

    def _batches_of_objects(self, stream: BinaryIO) -> Iterator[Batch]:
        pieces: list[bytes] = []
        first = size = 0
        for piece in _objects(stream):
            pieces.append(piece)
            size += len(piece)
            if size >= _BATCH_BYTES or len(pieces) >= _BATCH_ROWS:
                yield self._batch(first, pieces)
                first, size, pieces = first + len(pieces), 0, []
        if pieces:
            yield self._batch(first, pieces)
        if stream.read(1):
            self._notes = (f"What follows resource {first + len(pieces)}, which is too long, was not read.",)

    def _batch(self, before: int, pieces: list[bytes]) -> Batch:
        numbers = range(before + 1, before + 1 + len(pieces))
        bad = {number: reason for number, piece in zip(numbers, pieces, strict=True) if (reason := _fault(piece))}
        good = [number for number in numbers if number not in bad]
        texts = [pieces[number - before - 1] for number in good]
        unusable = tuple(
            Unusable(
                number,
                reason,
                REMEDIES[reason],
                json.dumps(pieces[number - before - 1][:2000].decode("utf-8", "replace")),
            )
            for number, reason in bad.items()
        )
        rows = _rows(good, b"".join(texts), list(accumulate(map(len, texts)))) if good else None
        return Batch(self.layouts[0].name, rows, unusable)


def _rows(numbers: Sequence[int], text: bytes, ends: list[int]) -> pa.RecordBatch:
    """Resources with their numbers, each up to its end in a text that is not copied."""
    places = pa.array([0, *ends], pa.int64()).buffers()[1]
    resources = pa.LargeStringArray.from_buffers(len(ends), places, pa.py_buffer(text))
    return pa.RecordBatch.from_arrays([pa.array(numbers, pa.int64()), resources], names=["record_number", "resource"])


class _Hashed(io.RawIOBase):
    """A stream whose bytes go into a digest as they are read."""

    def __init__(self, stream: BinaryIO, digest: Any) -> None:
        self._stream = cast(io.BufferedReader, stream)
        self._digest = digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._stream.readinto(buffer)
        self._digest.update(memoryview(buffer)[:size])
        return size


def _fault(piece: bytes) -> str | None:
    if len(piece) > LONGEST:
        return "field-too-long"
    if b"\0" in piece:
        return "control-character"
    try:
        piece.isascii() or piece.decode("utf-8")
    except UnicodeDecodeError:
        return "not-utf8"
    return None


def _lines(stream: BinaryIO, mark: bytes = BOM) -> Iterator[bytes]:
    """Lines that are not blank, without the mark that the text may begin with; of one that is too long, its beginning."""
    while line := stream.readline(LONGEST + 2):
        piece = line.removeprefix(mark).rstrip(b"\r\n")
        mark = b""
        while len(line) == LONGEST + 2 and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 2)
        if piece:
            yield piece


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The text in blocks of whole lines; of a line that is too long, its beginning."""
    mark = BOM
    while block := stream.read(_BATCH_BYTES):
        if not block.endswith(b"\n"):
            rest = stream.readline(LONGEST + 2)
            block += rest
            while len(rest) == LONGEST + 2 and not rest.endswith(b"\n"):
                rest = stream.readline(LONGEST + 2)
        yield block.removeprefix(mark)
        mark = b""


def _ends(block: bytes) -> list[int]:
    """Where the lines of a block end, their line breaks with them; none where one may be blank."""
    ends = []
    end = 0
    while end < len(block):
        start, end = end, block.find(b"\n", end) + 1 or len(block)
        if end - start < 3:
            return []
        ends.append(end)
    return ends


def _objects(stream: BinaryIO) -> Iterator[bytes]:
    """JSON objects that stand one after the other, of a Bundle the resources of its entries; at the end what is not closed.

    Of the text only the object at hand is kept, from its beginning.
    """
    data = b""
    at = 0  # where the search goes on in data
    began = -1  # where the resource at hand begins in data; -1: none
    stack: list[bytes] = []
    keys: list[bytes] = []  # the last key of each open object
    in_bundle = False
    while True:
        chunk = stream.read(max(_CHUNK, len(data)))
        data += chunk
        for token in _TOKEN.finditer(data, at):
            text = token.group()
            if text == b'"':
                break  # a text that is not closed yet
            if text[:1] == b'"':
                follows = _BLANKS.match(data, token.end())
                if chunk and follows and follows.end() == len(data):
                    break  # what follows tells whether it is a key
                if stack and stack[-1] == b"{" and data[follows.end() : follows.end() + 1] == b":":
                    keys[-1] = text
            elif text in b"{[":
                if _is_entry(stack, keys) and text == b"{":
                    in_bundle, began = True, token.start()
                elif text == b"{" and stack in ([], [b"["]):
                    began = token.start()
                stack.append(text)
                keys.append(b"")
            elif stack:
                stack.pop()
                keys.pop()
                closed = stack in ([], [b"["])
                if closed and in_bundle:
                    in_bundle, began = False, -1
                elif began >= 0 and text == b"}" and (closed or (in_bundle and len(stack) == 3)):
                    yield data[began : token.end()]
                    began = -1
            at = token.end()
        kept = at if began < 0 else began
        data, at, began = data[kept:], at - kept, min(began, 0)
        if len(data) > LONGEST:
            yield data
            return
        if not chunk:
            break
    rest = data.strip()
    if stack or rest:
        yield rest or b"{"


def _is_entry(stack: list[bytes], keys: list[bytes]) -> bool:
    """Whether what is opened now is the resource of an entry of a Bundle: {"entry": [{"resource": ..."""
    return len(stack) == 3 and stack[1] == b"[" and keys[0] == b'"entry"' and keys[2] == b'"resource"'
