"""The frozen objects that the other modules pass around."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SUBJECTS = ("claim_line", "claim", "visit_day", "episode", "patient", "provider_day", "provider")
SEVERITIES = ("error", "review", "opportunity", "info")
VERDICTS = ("pass", "finding", "cannot_tell")


@dataclass(frozen=True)
class Column:
    """One declared column of a table: DuckDB type and its meaning; `required` in an input layout: the file must have it.

    `derived`: filled by the program, so that the shipped rows do not have it.
    """

    name: str
    type: str
    meaning: str
    required: bool = False
    derived: bool = False


@dataclass(frozen=True)
class Table:
    """A table and the SELECT that builds it (`sql` empty for reference tables, which load `defaults`).

    `is_view`: the SELECT only names and filters, so that writing its rows down again would cost more than reading them where they are.

    For a reference set: `key` names a row beside its dates, `scope` are the columns by whose values a newer release takes the place of an older one,
    `dated` tells that a release speaks from its first day until the next one begins (else it holds the whole history), `feeds` is a staged record that
    its rows are added to, `refuse` the SQL condition of rows that a release must not have, by what is wrong with them.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    prose: str
    sql: str
    defaults: str | None = None
    is_view: bool = False
    key: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    dated: bool = False
    feeds: str | None = None
    refuse: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]


@dataclass(frozen=True)
class Check:
    """One check as its file declares it."""

    code: str
    name: str
    status: str
    since: str
    severity: str
    subject: str
    partition_by: str
    payers: str
    direction: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    params: dict[str, dict[str, Any]]
    ripens_after: str
    denial_codes: tuple[dict[str, str], ...]
    references: tuple[dict[str, str], ...]
    message: str
    fix: str
    sections: dict[str, str]
    sql: str
    path: str
    digest: str

    @property
    def family(self) -> str:
        return self.code[:3]


@dataclass(frozen=True)
class Case:
    """One worked example of a check: input records as text tables, and the verdict rows expected of the check."""

    check_code: str
    name: str
    why: str
    given: dict[str, list[dict[str, str | None]]]
    expect: list[dict[str, str | None]]
    as_of: str | None = None


@dataclass(frozen=True)
class RunSummary:
    """What a run tells its caller. Money is Decimal text in `to_dict`, so that JSON loses nothing."""

    run_key: str
    as_of: str
    index: str
    lines_read: int
    lines_rejected: int
    lines_audited: int
    findings: int
    amount_over: str
    amount_under: str
    incomplete: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
