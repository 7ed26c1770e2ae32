"""The cases beside each check: YAML with pipe-drawn tables, read into frozen objects.

A case states only what matters. Required columns that its tables leave out take the value of `sql/checks/stock.yml`, and the payers
and providers of that file are there unless the case draws its own. Beside records a case may draw `param`: rows of ref.param of its check.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from .errors import DefinitionError
from .header import LOADER
from .model import Case, Check
from .resources import sql_root

_PIPE = re.compile(r"(?<!\\)\|")
_KEYS = {"case", "why", "as_of", "given", "expect"}


def parse_table(where: str, text: str) -> list[dict[str, str | None]]:
    """Rows of a pipe-drawn table; the first row names the columns, an empty cell is null, `\\|` is a pipe."""
    rows = [
        [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line.strip().strip("|"))]
        for line in text.strip().splitlines()
        if line.strip()
    ]
    if not rows:
        return []
    names, body = rows[0], [row for row in rows[1:] if not all(set(cell) <= {"-"} for cell in row)]
    for row in body:
        if len(row) != len(names):
            raise DefinitionError(f"{where}: a row has {len(row)} cells, the table has {len(names)} columns: {row}")
    return [{name: cell or None for name, cell in zip(names, row, strict=True)} for row in body]


@cache
def stock() -> dict[str, Any]:
    """The rows and required values that cases need not repeat."""
    loaded = yaml.load((sql_root() / "checks" / "stock.yml").read_text("utf-8"), LOADER)
    return {
        "defaults": loaded["defaults"],
        "given": {record: parse_table(f"stock.yml {record}", text) for record, text in loaded["given"].items()},
    }


def cases(check: Check) -> list[Case]:
    """The cases of a check, in file order; raises DefinitionError naming file and case."""
    path = check.path.removeprefix("sql/").removesuffix(".sql") + ".cases.yml"
    file = sql_root()
    for part in path.split("/"):
        file = file / part
    return list(_parsed(check.code, path, file.read_text("utf-8"))) if file.is_file() else []


@cache
def _parsed(code: str, path: str, text: str) -> tuple[Case, ...]:
    """The cases of a file, read once in a process: the self-check plants them and the pages print them."""
    found: list[Case] = []
    for entry in yaml.load(text, LOADER) or []:
        where = f"sql/{path}, case {entry.get('case')!r}"
        if not _KEYS >= entry.keys() or not {"case", "why", "given"} <= entry.keys():
            raise DefinitionError(f"{where}: the keys are case, why, as_of, given and expect.")
        if not str(entry["case"]).startswith(("flag_", "pass_", "cannot_tell_", "silent_")):
            raise DefinitionError(
                f"{where}: the name starts with flag_, pass_, cannot_tell_ or silent_ (not examined)."
            )
        found.append(
            Case(
                check_code=code,
                name=entry["case"],
                why=" ".join(str(entry["why"]).split()),
                given={record: parse_table(f"{where}, {record}", text) for record, text in entry["given"].items()},
                expect=parse_table(f"{where}, expect", entry.get("expect") or ""),
                as_of=str(entry["as_of"]) if entry.get("as_of") else None,
            )
        )
    names = [case.name for case in found]
    if len(names) != len(set(names)):
        raise DefinitionError(f"sql/{path}: a case name is used twice.")
    return tuple(found)


def records(case: Case) -> dict[str, list[dict[str, str | None]]]:
    """The complete canonical records of a case: stock rows, then the case's, required values filled in.

    Lines without a line number are numbered within their claim in the order drawn.
    """
    base = stock()
    filled = {record: list(rows) for record, rows in base["given"].items()}
    for record, rows in case.given.items():
        if record == "param":
            continue
        if record in ("payers", "providers"):
            key = "payer_id" if record == "payers" else "npi"
            own = {row[key] for row in rows}
            kept = [row for row in filled.get(record, []) if row[key] not in own]
        else:
            kept = []
        filled[record] = kept + [{**base["defaults"].get(record, {}), **row} for row in rows]
    numbers: dict[str | None, int] = {}
    for row in filled.get("claim_lines", []):
        numbers[row["claim_id"]] = numbers.get(row["claim_id"], 0) + 1
        if not row.get("line_number"):
            row["line_number"] = str(numbers[row["claim_id"]])
    return filled
