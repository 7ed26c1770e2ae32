"""The header of a SQL file: YAML between `/*---` and `---`, then prose, then the statement.

The keys are a closed set per kind of file: an unknown key is an error that names file and line, so that a misspelt
declaration can never be ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from .errors import DefinitionError

# the C loader is the same safe loader, ten times as fast
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER = re.compile(r"\A/\*---\n(?P<yaml>.*?)^---[ \t]*\n(?P<prose>.*?)^\*/[ \t]*\n?(?P<sql>.*)\Z", re.S | re.M)
_HEADING = re.compile(r"^## (.+?)\s*$", re.M)


@dataclass(frozen=True)
class SqlFile:
    """A parsed SQL file: `fields` from the YAML, `prose` in Markdown, `sql` the statement without its last semicolon."""

    path: str
    fields: dict[str, Any]
    prose: str
    sql: str

    def sections(self) -> dict[str, str]:
        """Prose by its `##` headings, in order."""
        parts = _HEADING.split(self.prose)
        return {parts[i].strip(): parts[i + 1].strip() for i in range(1, len(parts), 2)}


def parse(path: str, text: str, required: frozenset[str], optional: frozenset[str]) -> SqlFile:
    """Parse the text of the SQL file `path`; raises DefinitionError naming file and line."""
    match = _HEADER.match(text)
    if match is None:
        raise DefinitionError(f"{path}, line 1: the header is missing.", "Start with /*---, YAML, ---, prose, */.")
    try:
        fields = yaml.load(match["yaml"], LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line + 2) if mark else 2
        raise DefinitionError(f"{path}, line {line}: the header is not YAML: {error}") from error
    if not isinstance(fields, dict):
        raise DefinitionError(f"{path}, line 2: the header has no keys.")
    for key in fields:
        if key not in required | optional:
            line = 2 + next(i for i, row in enumerate(match["yaml"].splitlines()) if row.startswith(f"{key}:"))
            raise DefinitionError(f"{path}, line {line}: unknown header key {key!r}.")
    missing = sorted(required - fields.keys())
    if missing:
        raise DefinitionError(f"{path}, line 1: the header lacks {', '.join(missing)}.")
    return SqlFile(path, fields, match["prose"].strip(), match["sql"].strip().rstrip(";").strip())
