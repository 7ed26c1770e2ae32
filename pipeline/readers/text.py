"""The bytes of an input file: recognition, one validating pass, and the slow exact reading of damaged text.

Every text file is read once as bytes (`scan`), which proves that it is complete and counts its records independently
of the engine that will read it again. Only what that pass or the engine stumbles over is read one by one (`records`).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Literal, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import InputError

_BLOCK = 1 << 22
_HEAD = 1 << 20
LONGEST = 1 << 26  # a line beyond it is not kept
BOM = b"\xef\xbb\xbf"
_ALL_BUT_QUOTE_AND_LINE = bytes(set(range(256)) - {0x22, 0x0A})
_BLANK_LINE = re.compile(rb"(?<=\n)\r?\n")
_SPACED_QUOTE = re.compile(rb'[,\n] +"|" +[,\r\n]')

# Reasons for which a record never reaches sql/stg (the others are rows of stg.problem), with what helps.
REMEDIES = {
    "not-utf8": "save the export as UTF-8",
    "control-character": "remove the NUL character",
    "wrong-number-of-columns": "give the record as many columns as the header; quote a value that holds the separator",
    "stray-quote": "double a quotation mark inside a quoted value",
    "stray-line-break": "quote a value that holds a line break",
    "field-too-long": "a quotation mark is probably missing",
}


@dataclass(frozen=True)
class Head:
    """What the beginning of a file tells: `columns` only for Parquet, `line` (the header record) only for text."""

    name: str
    path: Path
    form: str  # csv, parquet, office (a workbook of the old form, or one that is locked) or other
    compression: str = "none"  # none, gzip or zstd
    encoding: str = "utf-8"
    line: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """A whole file read once.

    `digest` is the sha256 of its (decompressed) content; `clean` tells whether the engine may read it as it is,
    `quotes` whether it holds quotation marks, whose misuse makes `records` an estimate.
    """

    digest: str
    records: int
    clean: bool
    quotes: bool = False


@dataclass(frozen=True)
class Record:
    """A record of the slow reading: its number (1 = first after the header), values, and the reason it is rejected."""

    number: int
    values: list[str]
    reason: str | None = None


def _damaged(name: str, packing: str) -> InputError:
    return InputError(
        f"{name} is cut off or damaged: its {packing} data is incomplete.", "Export or copy the file again."
    )


@contextmanager
def open_bytes(path: Path, compression: str) -> Iterator[BinaryIO]:
    """The decompressed bytes; InputError when the compressed data ends early or is damaged."""
    stream: BinaryIO
    try:
        if compression == "gzip":
            stream = cast(BinaryIO, gzip.open(path, "rb"))
        elif compression == "zstd":
            stream = io.BufferedReader(pa.input_stream(str(path), compression="zstd"), _BLOCK)
        else:
            stream = path.open("rb")
        with stream:
            yield stream
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if str(error).startswith("Not a gzipped file"):
            raise InputError(f"{path.name} goes on after the end of its gzip data.", "Pack the file again.") from error
        raise _damaged(path.name, "gzip") from error
    except OSError as error:
        if compression == "zstd":
            raise _damaged(path.name, "zstd") from error
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def examine(path: Path) -> Head:
    """Look at the beginning of a file; InputError when it is empty or damaged."""
    with open_bytes(path, "none") as stream:
        magic = stream.read(4)
    if not magic:
        raise InputError(f"{path.name} is empty.", "Export it again, or leave it out.")
    if magic == b"\xd0\xcf\x11\xe0":
        return Head(path.name, path, "office")
    if magic == b"PAR1":
        return Head(path.name, path, "parquet", columns=tuple(_parquet(path).schema_arrow.names))
    compression = "gzip" if magic[:2] == b"\x1f\x8b" else "zstd" if magic == b"\x28\xb5\x2f\xfd" else "none"
    with open_bytes(path, compression) as stream:
        start = stream.read(_HEAD)
    if not start.removeprefix(BOM).strip():
        raise InputError(f"{path.name} is empty.", "Export it again, or leave it out.")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
        return Head(path.name, path, "csv", compression, "utf-16", text.splitlines()[0] if text else "")
    line = _first_record(start.removeprefix(BOM))
    form = "other" if b"\0" in line else "csv"
    return Head(path.name, path, form, compression, line=line.decode("utf-8", "replace"))


def _first_record(start: bytes) -> bytes:
    """The header record, which may hold line breaks inside quotes; with its line break."""
    end = -1
    while (end := start.find(b"\n", end + 1)) >= 0:
        if start.count(b'"', 0, end) % 2 == 0:
            return start[: end + 1]
    return start


def unreadable_parquet(name: str) -> InputError:
    """The refusal of a damaged Parquet file."""
    cause = f"{name} is cut off or damaged: it is not a readable Parquet file."
    return InputError(cause, "Export or copy the file again.")


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable_parquet(path.name) from error


def header_names(line: str, delimiter: str, quoted: bool = True) -> tuple[str, ...]:
    """Column names of a header record."""
    lines = io.StringIO(line, newline="")
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    try:
        row = next(csv.reader(lines, delimiter=delimiter, quoting=quoting, skipinitialspace=True), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in row)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes in blocks that end with a line (the last one perhaps without)."""
    carry: list[bytes] = []
    while chunk := stream.read(_BLOCK):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join([*carry, chunk[:cut]])
            carry = [chunk[cut:]] if cut < len(chunk) else []
        else:
            carry.append(chunk)
            if len(carry) * _BLOCK > LONGEST:  # no line of a table: it need not be whole to be counted
                yield b"".join(carry)
                carry = []
    if carry:
        yield b"".join(carry)


def scan(path: Path, compression: str, quoted: bool = True, header: bool = True) -> Scan:
    """Read a text file once: digest, records outside quotes (header and blank lines not counted), validity."""
    digest = hashlib.sha256()
    lines, inside, clean, quotes, last = 0, False, True, False, b""
    with open_bytes(path, compression) as stream:
        for block in _blocks(stream):
            digest.update(block)
            if not block.isascii():
                clean = clean and is_utf8(block)
            clean = clean and b"\0" not in block
            if quoted and (inside or b'"' in block):
                quotes = True
                clean = clean and not _has_spaced_quote(block)
                count, inside = _lines_outside_quotes(block, inside)
                lines += count
            else:
                lines += block.count(b"\n")
                if block.startswith((b"\n", b"\r\n")) or b"\n\n" in block or b"\n\r\n" in block:
                    lines -= _blank_lines(b"\n" + block)
            last = block
    if not last.endswith(b"\n"):
        lines += 1
    return Scan(digest.hexdigest(), max(lines - header, 0), clean and not inside, quotes)


def is_utf8(block: bytes) -> bool:
    """Whether the bytes are text."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _has_spaced_quote(block: bytes) -> bool:
    """Whether spaces stand between a separator and a quotation mark, where readers differ in what they make of it."""
    return (b' "' in block or b'" ' in block) and _SPACED_QUOTE.search(block) is not None


def _blank_lines(block: bytes) -> int:
    return len(_BLANK_LINE.findall(block)) if b"\n\n" in block or b"\n\r\n" in block else 0


def _lines_outside_quotes(block: bytes, inside: bool) -> tuple[int, bool]:
    """Line ends outside quotes, blank lines not counted, and whether the block ends inside quotes.

    Only quotes and line ends matter: with all else deleted, pairs of quotes on one line vanish, and little is left.
    """
    before = b"" if inside else b"\n"
    if b"\n\n" in before + block or b"\n\r\n" in before + block:
        parts = block.split(b'"')
        outside = parts[1::2] if inside else parts[::2]
        if not inside:
            outside[0] = before + outside[0]
        ends = sum(part.count(b"\n") - _blank_lines(part) for part in outside) - len(before)
        return ends, inside ^ (len(parts) % 2 == 0)
    rest = (b'"' if inside else b"") + block.translate(None, _ALL_BUT_QUOTE_AND_LINE)
    parts = rest.replace(b'""', b"").split(b'"')
    return sum(part.count(b"\n") for part in parts[::2]), len(parts) % 2 == 0


class _Lines:
    """Physical lines for the csv module, with what was seen in those of the current record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0
        self.restart()

    def restart(self) -> None:
        self.taken: list[str] = []
        self.bad_utf8 = self.nul = self.too_long = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST)
        if not line:
            raise StopIteration
        if len(line) == LONGEST and not line.endswith(b"\n"):
            self.too_long = True
            while (rest := self._stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            line = line[:200].replace(b'"', b"'") + b"\n"
        if self.number == 0:
            line = line.removeprefix(BOM)
        self.number += 1
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            self.bad_utf8 = True
            text = line.decode("utf-8", "replace")
        self.nul = self.nul or "\0" in text
        self.taken.append(text)
        return text


def records(path: Path, compression: str, delimiter: str, quoted: bool = True) -> Iterator[Record]:
    """Every record of a text file, one by one, in order and numbered from 1; blank lines are skipped.

    A record that cannot be used keeps its number and comes with its reason. A quotation mark that is never closed is an
    InputError: it swallows the lines after it, so what they held could not be told.
    """
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    with open_bytes(path, compression) as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True, skipinitialspace=True)
        try:
            width = len(next(reader))
        except csv.Error as error:
            raise InputError(
                f"{path.name} has a header with a quotation mark or a line break in the wrong place.",
                "Export it again.",
            ) from error
        number = 0
        while True:
            lines.restart()
            reason = None
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if len(lines.taken) > 1 or "unexpected end" in str(error):
                    raise _unclosed(path.name, number + 1) from error
                values = ["".join(lines.taken).rstrip("\r\n")]
                reason = _reason(str(error))
            if not values:
                continue
            number += 1
            if lines.too_long:
                reason = "field-too-long"
            if reason is None and len(values) != width:
                if len(lines.taken) > 1:
                    raise _unclosed(path.name, number)
                reason = "wrong-number-of-columns"
            if reason is None and lines.bad_utf8:
                reason = "not-utf8"
            if reason is None and lines.nul:
                reason = "control-character"
            yield Record(number, values, reason)


def fixed_records(path: Path, compression: str, widths: tuple[int, ...]) -> Iterator[Record]:
    """Every line of a text without separators, cut at fixed places; blank lines are skipped."""
    ends = list(accumulate(widths))
    with open_bytes(path, compression) as stream:
        number = 0
        while raw := stream.readline(LONGEST):
            line = raw.rstrip(b"\r\n")
            too_long = len(raw) == LONGEST and not raw.endswith(b"\n")
            while len(raw) == LONGEST and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)
            if not line:
                continue
            number += 1
            text = line[: ends[-1]].decode("utf-8", "replace")
            reason = None if line.isascii() else "not-utf8"
            if b"\0" in line:
                reason = "control-character"
            if too_long:
                reason = "field-too-long"
            values = [text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)]
            yield Record(number, values, reason)


def _reason(message: str) -> str:
    if "new-line" in message:
        return "stray-line-break"
    return "field-too-long" if "field limit" in message else "stray-quote"


def _unclosed(name: str, number: int) -> InputError:
    return InputError(
        f"{name}, record {number}: a quotation mark is opened and not closed, so what follows cannot be told apart.",
        "Close it, or double a quotation mark inside a quoted value.",
    )


def parquet_scan(path: Path) -> Scan:
    """Digest and record count of a Parquet file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Scan(digest, _parquet(path).metadata.num_rows, True)
