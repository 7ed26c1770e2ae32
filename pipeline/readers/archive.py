"""Zip archives of a folder drop: their members are unpacked beside the database and read like files of the folder."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..errors import InputError

_BLOCK = 1 << 20
_SMALL = 1 << 26  # below it a member may be as repetitive as it likes
_RATIO = 250  # a table of claims packs to a tenth or a twentieth, one of equal lines to a hundredth
_MEMBERS = 10_000
# what zipfile says of data that is damaged, locked (RuntimeError) or packed in a way that it does not know (a kind of RuntimeError)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


def names_in(path: Path) -> list[str] | None:
    """The names of a zip archive's members, none where it is damaged; None for a file that is no archive."""
    with path.open("rb") as stream:
        if stream.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return None
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (*DAMAGED, OSError):
        return []


def is_archive(path: Path) -> bool:
    """Whether the file is a zip archive of files; a workbook is one too, but a single file to us."""
    names = names_in(path)
    return names is not None and "[Content_Types].xml" not in names


def unpack(path: Path, folder: Path) -> Iterator[Path]:
    """The members as files in `folder` under their own names; InputError for what is damaged, locked, nested or a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(_name(one))]
            if len(members) > _MEMBERS:
                raise InputError(f"{path.name} has more than {_MEMBERS:,} members.", "Unpack it and name the folder.")
            for number, member in enumerate(members):
                name = _base(_name(member))
                if member.flag_bits & 1:
                    raise InputError(f"{path.name}: {name} is locked with a password.", "Unpack it and add the files.")
                place = folder / str(number)
                place.mkdir()
                with archive.open(member) as stream:
                    _copy(path.name, name, stream, place / name, member.compress_size)
                if is_archive(place / name):
                    raise InputError(f"{path.name}: {name} is an archive itself.", "Unpack it and add the files.")
                yield place / name
    except DAMAGED as error:
        raise InputError(
            f"{path.name} is cut off or damaged, or packed in a way that is not known.", "Pack or copy the file again."
        ) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be unpacked: {error.strerror or error}.") from error


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; one that is not marked as UTF-8 may be that all the same, else it is taken for Latin-1."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") and part not in (".", "..") for part in parts) or "__MACOSX" in parts


def _base(name: str) -> str:
    """The last part of a name, as a file may be called."""
    last = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "")
    while len(last.encode("utf-8", "replace")) > 200:
        last = last[1:]
    return last if last not in ("", ".", "..") else "member"


def _copy(archive: str, name: str, stream: BinaryIO, target: Path, packed: int) -> None:
    """Unpack one member; the sizes that the archive states are not believed."""
    size = 0
    with target.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > max(_SMALL, packed * _RATIO):
                raise InputError(
                    f"{archive}: {name} unpacks to more than {_RATIO} times its size, as no export does.",
                    "Ask where the file comes from; if it is right, unpack it and add the file.",
                )
            if size % (_SMALL) < _BLOCK and shutil.disk_usage(target.parent).free < 4 * _SMALL:
                raise InputError(f"{archive}: there is no room on the disk to unpack {name}.", "Make room for it.")
            out.write(block)
