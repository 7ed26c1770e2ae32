"""Files that are handed to people: readable by their owner alone, there as a whole or not at all, and without a text that a spreadsheet takes for a formula."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import UsageError

# Text that a spreadsheet would take for a formula gets a leading apostrophe in CSV; Parquet keeps it as it is.
FORMULA = r"^[=+\-@\t\r\n]"


def formula_safe(text: str) -> str:
    """Text as every CSV has it: behind an apostrophe, if a spreadsheet would take it for a formula."""
    return f"'{text}" if re.match(FORMULA, text) else text


@contextmanager
def private_file(path: Path) -> Iterator[Path]:
    """A file beside `path` to be written; it takes the place of `path` when the block ends well, and nothing stays of it when it does not."""
    part = path.with_name(f".{path.name}.partial")  # the same each time, so that what a killed one left is written over
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600))
        yield part
        part.chmod(0o600)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.", "Name another file.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to be filled; it becomes `folder` when the block ends well. One that exists and holds anything is never written over."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is no empty folder.", "Name a new one.")
    stage = folder.with_name(f".{folder.name}.partial")
    try:
        stage.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(stage, ignore_errors=True)  # left by one that was killed
        stage.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be made: {error.strerror}.", "Name another.") from error
    try:
        yield stage
        if folder.exists():
            folder.rmdir()
        stage.rename(folder)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
