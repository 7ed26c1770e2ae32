"""A reference file as it lies in a folder or in a zip file: its beginning for recognition, its bytes and records for reading."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO

from ..errors import InputError

_HEAD = 1 << 16
_BLOCK = 1 << 22
_DEEPEST = 3
# what reading a damaged zip or gzip file raises; zipfile says RuntimeError, or a kind of it, of an encrypted file and of a compression that it does not know
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, RuntimeError)


@dataclass(frozen=True)
class Document:
    """One file. `container` is the zip file that it came in, which may say more than its own name."""

    name: str
    opener: Callable[[], IO[bytes]]
    container: str = ""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes as a stream; InputError when they are damaged."""
        try:
            with self.opener() as stream:
                yield stream
        except _DAMAGED as error:
            raise damaged(self.name) from error

    def bytes(self) -> bytes:
        with self.open() as stream:
            return stream.read()

    @cached_property
    def head(self) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(_HEAD)

    @cached_property
    def is_workbook(self) -> bool:
        return self.head[:4] == b"PK\x03\x04"

    @cached_property
    def start(self) -> str:
        """The beginning as text, empty for a workbook."""
        if self.is_workbook or b"\0" in self.head:
            return ""
        return self.head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")

    @cached_property
    def lines(self) -> list[str]:
        return self.start.splitlines()[:60]

    @cached_property
    def first(self) -> list[list[str]]:
        """The first records: of the first sheet of a workbook, else of the text read as CSV."""
        if self.is_workbook:
            return list(islice(self.records(), 25))
        try:
            return list(islice(csv.reader(io.StringIO(self.start, newline="")), 25))
        except csv.Error:
            return []

    @property
    def names(self) -> str:
        """Its own name and that of its zip file, in small letters: what a name can say, where the content is silent."""
        return f"{self.name} {self.container}".lower()

    def digest(self) -> str:
        """sha256 of the content."""
        found = hashlib.sha256()
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
        return found.hexdigest()

    def records(self, delimiter: str = ",", encoding: str = "latin-1") -> Iterator[list[str]]:
        """Every record as text."""
        if self.is_workbook:
            yield from self._sheet()
            return
        with self.open() as stream:
            text = io.TextIOWrapper(
                stream, encoding="utf-8-sig" if self.head[:3] == b"\xef\xbb\xbf" else encoding, newline=""
            )
            try:
                csv.field_size_limit(1 << 28)  # policies hold whole pages of HTML in one field
                yield from csv.reader(text, delimiter=delimiter)
            except (csv.Error, UnicodeDecodeError) as error:
                raise damaged(self.name) from error

    def _sheet(self) -> Iterator[list[str]]:
        from openpyxl import load_workbook  # slow to import, and needed only here

        try:
            book = load_workbook(io.BytesIO(self.bytes()), read_only=True, data_only=True)
        except (*_DAMAGED, KeyError, ValueError, OSError) as error:
            raise damaged(self.name) from error
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield [_cell(value) for value in row]
        finally:
            book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def damaged(name: str) -> InputError:
    return InputError(f"{name} is cut off or damaged.", "Copy or download the file again.")


def documents(path: Path) -> list[Document]:
    """The files that a path names: itself, or what its zip file holds (a workbook is one file)."""
    if not path.is_file():
        raise InputError(f"{path.name} is no file.", "Name a file of the publisher, or the zip file it came in.")
    if not path.stat().st_size:
        raise InputError(f"{path.name} is empty.", "Copy or download the file again.")
    return _unpacked(Document(path.name, lambda: path.open("rb")), 0)


def _unpacked(document: Document, depth: int) -> list[Document]:
    with document.open() as stream:
        magic = stream.read(4)
    if magic[:2] == b"\x1f\x8b":
        name = document.name.removesuffix(".gz")
        return _unpacked(Document(name, lambda: gzip.open(document.opener(), "rb"), document.container), depth)
    if magic != b"PK\x03\x04":
        return [document]
    try:
        with document.opener() as stream, zipfile.ZipFile(stream) as archive:
            members = archive.namelist()
    except _DAMAGED as error:
        raise damaged(document.name) from error
    if "[Content_Types].xml" in members:
        return [document]
    if depth == _DEEPEST:
        return []
    found: list[Document] = []
    for member in sorted(members):
        if member.endswith("/") or Path(member).name.startswith((".", "__")):
            continue
        inner = Document(Path(member).name, _member(document, member), f"{document.name} {document.container}".strip())
        found += _unpacked(inner, depth + 1)
    if not found:
        raise InputError(f"{document.name} holds no files.", "Copy or download the file again.")
    return found


def _member(document: Document, member: str) -> Callable[[], IO[bytes]]:
    def opener() -> IO[bytes]:
        archive = zipfile.ZipFile(document.opener())
        return archive.open(member)

    return opener
