"""A part of the sample: a practice of its own beside the four clinics, with the claims, notes and people that a group of checks needs.

A part writes rows of the canonical layout itself, correct ones and planted errors, and their rows of the answer key. Its patients, claims and NPIs are its
own, so that parts do not see each other; only statistics over providers do. Like the rest of the sample it knows nothing of claimaudit: each rule is written
out once more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

Row = dict[str, str]
Cell = str | int | date | Decimal | None

CENT = Decimal("0.01")
KEY_COLUMNS = (
    "check_code severity patient_id service_date provider_npi payer_id claim_id line_number amount_at_risk direction "
    "why"
).split()


def text(value: Cell) -> str:
    """A cell as it is written: ISO dates, plain digits, blank where unknown."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@dataclass
class Part:
    """`name` is the stem of its claim file; `defaults` are cells of its claim lines unless a line says otherwise.

    `patterns` are the providers meant to stand out, by check and NPI, with the reason; `no_patterns` those meant not to. See patterns.py.
    """

    name: str
    defaults: dict[str, Cell] = field(default_factory=dict)
    records: dict[str, list[Row]] = field(default_factory=dict)
    key: list[Row] = field(default_factory=list)
    patterns: dict[tuple[str, str], str] = field(default_factory=dict)
    no_patterns: set[tuple[str, str]] = field(default_factory=set)
    _lines: Counter[str] = field(default_factory=Counter)

    def add(self, record: str, **cells: Cell) -> Row:
        """A row of a canonical file, for example `add("visits", patient_id=..., service_date=...)`."""
        row = {name: text(value) for name, value in cells.items()}
        self.records.setdefault(record, []).append(row)
        return row

    def line(self, claim_id: str, modifiers: str = "", diagnoses: str = "", **cells: Cell) -> Row:
        """A claim line, numbered within its claim in the order of the calls; modifiers and diagnoses parted by spaces."""
        self._lines[claim_id] += 1
        coded = {f"modifier_{place}": code for place, code in enumerate(modifiers.split(), start=1)}
        coded |= {f"diagnosis_{place}": code for place, code in enumerate(diagnoses.split(), start=1)}
        return self.add(
            "claim_lines",
            **{"claim_id": claim_id, "line_number": self._lines[claim_id], **self.defaults, **coded, **cells},
        )

    def expect(
        self,
        check_code: str,
        severity: str,
        why: str,
        line: Row | None = None,
        amount: Decimal | None = None,
        direction: str = "none",
        **cells: Cell,
    ) -> None:
        """A row of the answer key, listed on `line` or on none; `cells` override, and stand for what has no line.

        A `why` that begins with `follows:` marks what the rules imply besides the planted error.
        """
        row = {name: (line or {}).get(name, "") for name in KEY_COLUMNS}
        row["provider_npi"] = (line or {}).get("rendering_npi", "")
        row |= {
            "check_code": check_code, "severity": severity, "why": why, "direction": direction,
            "amount_at_risk": text((amount or Decimal(0)).quantize(CENT, ROUND_HALF_UP)),
        }  # fmt: skip
        self.key.append(row | {name: text(value) for name, value in cells.items()})
