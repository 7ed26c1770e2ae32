"""Generated files: the index of checks, a page per check with its executed cases, and the data dictionary."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from . import casekit, catalog, registry, worked
from .engine import Engine
from .errors import UsageError
from .model import Case, Check

_EXPECTED = (
    "verdict",
    "severity",
    "reason",
    "amount_at_risk",
    "amount_basis",
    "claim_id",
    "line_number",
    "shares",
    "message",
)


def generate(root: Path) -> dict[Path, str]:
    """Text of every generated file by its path below `root`, a source tree."""
    if not (root / "sql" / "checks").is_dir():
        raise UsageError("There is no folder sql/checks here.", "Run it in a source tree of claimaudit.")
    known = in_tree()
    files = lists(root, known)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:  # a page runs its check's cases, which is slow
        for check, text in zip(known, pool.map(_page_of, known, chunksize=4), strict=True):
            files[root / "docs" / "checks" / f"{check.code}.md"] = text
    return files


def in_tree() -> list[Check]:
    """Every check of the source tree by code, whether the index lists it yet or not."""
    parsed = (registry.parse_check(f"sql/checks/{path}", text) for path, text in registry.found_files().items())
    return sorted(parsed, key=lambda check: check.code)


def lists(root: Path, known: list[Check]) -> dict[Path, str]:
    """The generated files that run no case: the index, the list of checks and the data dictionary."""
    return {
        root / "sql" / "checks" / registry.INDEX: registry.render_index(),
        root / "docs" / "checks" / "README.md": _list(known),
        root / "docs" / "data-dictionary.md": dictionary(),
    }


def write(root: Path) -> list[Path]:
    """Write the generated files that differ; returns them."""
    changed = []
    for path, text in generate(root).items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def _page_of(check: Check) -> str:
    return page(check, [worked.run_case(_engine(), check, case) for case in casekit.cases(check)])


@cache
def _engine() -> Engine:
    """The engine of this process, with the parameters of every check in the tree, indexed or not."""
    return worked.new_engine(in_tree())


def page(check: Check, results: list[list[dict[str, str | None]]]) -> str:
    """The page of a check in Markdown; `results` are the rows that came out of each of its cases (`worked.run_case`)."""
    lines = [
        f"# {check.code} {check.name}",
        "",
        f"{check.severity} · {check.status} since {check.since} · judges one {check.subject.replace('_', ' ')} at a time · payers: {check.payers}",
    ]
    for heading, text in check.sections.items():
        lines += ["", f"## {heading}", "", text]
    if check.params:
        lines += ["", "## Parameters", "", "| parameter | value | why |", "|---|---|---|"]
        lines += [f"| {name} | {spec['default']} | {spec['why']} |" for name, spec in sorted(check.params.items())]
    lines += ["", "## References", ""]
    lines += [f"- {ref['title']}, {ref.get('section', '')}".rstrip(", ") for ref in check.references]
    lines += ["", "## Cases"]
    for case, result in zip(casekit.cases(check), results, strict=True):
        lines += _case(case, result)
    return "\n".join(lines) + "\n"


def _case(case: Case, result: list[dict[str, str | None]]) -> list[str]:
    lines = [
        "",
        f"### {case.name.replace('_', ' ')}",
        "",
        case.why + ("" if case.as_of is None else f" (as of {case.as_of})"),
    ]
    for record, rows in case.given.items():
        if rows:
            lines += ["", f"`{record}`", "", *_table(rows)]
    if not result:
        return [*lines, "", "Not examined."]
    shown = [name for name in _EXPECTED if any(row.get(name) for row in result)]
    return [*lines, "", "gives", "", *_table([{name: row.get(name) for name in shown} for row in result])]


def _table(rows: list[dict[str, Any]]) -> list[str]:
    names = list(rows[0])
    body = ["| " + " | ".join((row.get(name) or "").replace("|", "\\|") for name in names) + " |" for row in rows]
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *body]


def _list(known: list[Check]) -> str:
    rows = [
        f"| [{c.code}]({c.code}.md) | {c.name} | {c.severity} | {c.subject} | {c.payers} | {c.status} |" for c in known
    ]
    head = ["# The checks", "", "| code | name | severity | judges | payers | status |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def dictionary() -> str:
    """The data dictionary in Markdown: every table, its grain, columns, types and meaning."""
    lines = ["# Data dictionary", "", "Generated from the headers of the SQL files."]
    for table in catalog.tables().values():
        lines += [
            "",
            f"## {table.name}",
            "",
            f"{table.grain}.",
            "",
            table.prose,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        lines += [f"| {column.name} | {column.type} | {column.meaning} |" for column in table.columns]
    return "\n".join(lines) + "\n"
