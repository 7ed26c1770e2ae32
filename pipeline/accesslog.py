"""The access log beside a database: what was given out, when, by whom and to which audience. It holds nothing of a patient.

Append-only, one JSON object on a line, each with the digest of the line before it and its own: a line that is changed, taken out or
put elsewhere breaks the chain. Lines cut off at the end leave a chain that holds: whoever wants to notice that keeps the last digest
elsewhere. This is the one place where the clock is read, because when is what it is for; no output depends on it.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import InputError

_START = "0" * 64


def path_of(db: Path) -> Path:
    """The log of a database."""
    return db.with_name(f"{db.name}.access.jsonl")


def _sealed(before: str, entry: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(entry, sort_keys=True)).encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return f"uid {os.getuid()}"


def append(db: Path, **what: Any) -> None:
    """Add an entry and see it to the disk. The lock of the database is held by the caller."""
    known = entries(db)
    before = known[-1]["digest"] if known else _START
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "user": _user(), **what, "before": before}
    line = json.dumps({**entry, "digest": _sealed(before, entry)}, sort_keys=True) + "\n"
    with open(os.open(path_of(db), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def entries(db: Path) -> list[dict[str, Any]]:
    """All entries, oldest first; InputError names the first line that breaks the chain."""
    path = path_of(db)
    found: list[dict[str, Any]] = []
    if not path.is_file():
        return found
    before = _START
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            rest = {name: value for name, value in entry.items() if name != "digest"}
            holds = entry["before"] == before and entry["digest"] == _sealed(before, rest)
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if not holds:
            raise InputError(
                f"The access log {path.name} was changed: line {number} does not follow from the one before it.",
                "Compare it with a backup. Nothing is given out until it is whole or was put aside.",
            )
        before = entry["digest"]
        found.append(entry)
    return found
