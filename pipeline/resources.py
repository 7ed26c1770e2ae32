"""The SQL files and templates that ship inside the package."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable


def sql_root() -> Traversable:
    """Folder `sql/` of the installed package."""
    return resources.files("claimaudit.sql")


def template_root() -> Traversable:
    """Folder `reports/templates/` of the installed package."""
    return resources.files("claimaudit.reports") / "templates"


def walk(root: Traversable, suffix: str, prefix: str = "") -> list[tuple[str, Traversable]]:
    """Every file below `root` whose name ends in `suffix`, as (path relative to root, file), sorted by path."""
    found: list[tuple[str, Traversable]] = []
    for entry in root.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += walk(entry, suffix, path + "/")
        elif entry.name.endswith(suffix):
            found.append((path, entry))
    return sorted(found, key=lambda item: item[0])
