"""The generated files in the tree say what the code does now; the pages of the checks are tested with their cases."""

from __future__ import annotations

from pathlib import Path

from claimaudit import docs

ROOT = Path(__file__).resolve().parent.parent


def test_lists_are_current() -> None:
    """On a difference run `claimaudit docs`."""
    wanted = docs.lists(ROOT, docs.in_tree())
    assert [str(path.relative_to(ROOT)) for path, text in wanted.items() if path.read_text("utf-8") != text] == []


def test_every_page_has_a_check() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "checks").glob("*.md")}
    assert pages == {check.code for check in docs.in_tree()} | {"README"}
