"""FHIR claims (ExplanationOfBenefit and Claim, R4 and STU3): one resource a line, one in a file, or the entries of a Bundle.

Python only finds where each resource begins and ends; what it says is taken apart by `sql/raw/fhir_item.sql`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import pyarrow as pa

from . import Batch, Layout, Source, Unusable
from .text import BOM, REMEDIES, Head, Scan, open_bytes, scan

_CHUNK = 1 << 20
_BATCH_BYTES = 1 << 26
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

    def scan(self) -> Scan:
        """See `Decoder.scan`; what stands in one line is counted as a line."""
        if self._is_lines:
            return scan(self._head.path, self._head.compression, quoted=False, header=False)
        digest = hashlib.sha256()
        with open_bytes(self._head.path, self._head.compression) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return Scan(digest.hexdigest(), sum(1 for _ in self._pieces()), False)

    def notes(self) -> tuple[str, ...]:
        return ()

    def batches(self) -> Iterator[Batch]:
        """See `Decoder.batches`."""
        pieces: list[bytes] = []
        first = size = 0
        for piece in self._pieces():
            pieces.append(piece)
            size += len(piece)
            if size >= _BATCH_BYTES or len(pieces) >= _BATCH_ROWS:
                yield self._batch(first, pieces)
                first, size, pieces = first + len(pieces), 0, []
        if pieces:
            yield self._batch(first, pieces)

    def _pieces(self) -> Iterator[bytes]:
        with open_bytes(self._head.path, self._head.compression) as stream:
            yield from _lines(stream) if self._is_lines else _objects(stream)

    def _batch(self, before: int, pieces: list[bytes]) -> Batch:
        numbers = range(before + 1, before + 1 + len(pieces))
        bad = {number: reason for number, piece in zip(numbers, pieces, strict=True) if (reason := _fault(piece))}
        good = [(number, piece) for number, piece in zip(numbers, pieces, strict=True) if number not in bad]
        rows = pa.RecordBatch.from_arrays(
            [
                pa.array([number for number, _ in good], pa.int64()),
                pa.array([piece for _, piece in good], pa.large_binary()).cast(pa.large_string()),
            ],
            names=["record_number", "resource"],
        )
        unusable = tuple(
            Unusable(
                number,
                reason,
                REMEDIES[reason],
                json.dumps(pieces[number - before - 1][:2000].decode("utf-8", "replace")),
            )
            for number, reason in bad.items()
        )
        return Batch(self.layouts[0].name, rows if good else None, unusable)


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


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines that are not blank; of one that is too long, its beginning."""
    first = True
    while line := stream.readline(LONGEST + 2):
        piece = line
        while len(line) == LONGEST + 2 and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 2)
        piece = (piece.removeprefix(BOM) if first else piece).rstrip(b"\r\n")
        first = False
        if piece:
            yield piece


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
