"""The generated files in the tree say what the code does now."""

from __future__ import annotations

from pathlib import Path

from claimaudit import docs

ROOT = Path(__file__).resolve().parent.parent


def test_generated_files_are_current() -> None:
    """Every case is run again; on a difference run `claimaudit docs` and look at what changed."""
    wanted = docs.generate(ROOT)
    stale = [
        str(path.relative_to(ROOT))
        for path, text in wanted.items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    assert stale == []
    pages = {path for path in wanted if path.parent == ROOT / "docs" / "checks"}
    assert set((ROOT / "docs" / "checks").glob("*.md")) == pages
