"""The twin: a slow, obvious, row-by-row reference of the deterministic checks, written from the rules alone."""

from __future__ import annotations

from datetime import date

from . import bil, cap, mod, ncc, unt
from .model import Records, Reference, Verdict, build

CHECKS = (
    "UNT101 UNT102 UNT103 UNT104 UNT105 UNT106 UNT107 UNT108 UNT109 UNT110 UNT111 UNT112 "
    "MOD101 MOD102 MOD103 MOD104 MOD107 MOD108 MOD109 MOD110 CAP101 CAP102 CAP104 CAP105 "
    "BIL101 BIL102 BIL104 BIL105 NCC202"
).split()


def judge(records: Records, as_of: date | None, reference: Reference) -> list[Verdict]:
    """Every verdict of every check in CHECKS on canonical text records, ordered by check and subject."""
    world = build(records, as_of, reference)
    found = [verdict for family in (unt, mod, cap, bil, ncc) for verdict in family.judge(world)]
    return sorted(found, key=lambda verdict: (verdict.check_code, tuple(str(part) for part in verdict.key)))


__all__ = ["CHECKS", "Records", "Reference", "Verdict", "judge"]
