"""What findings have in common: the fewest statements that explain most of them."""

from __future__ import annotations

from . import catalog
from .engine import Engine

_ROUNDS = 6


def find_causes(engine: Engine) -> None:
    """Build mart.cause and what reads it, from the findings of the current run and mart.provider."""
    for name in ("mart.cause_finding", "mart.cause_cell"):
        engine.build(catalog.tables()[name])
    search(engine)
    for name in ("mart.cause_member", "mart.cause_statement"):
        engine.build(catalog.tables()[name])


def search(engine: Engine) -> None:
    """Fill mart.cause: each round adds, for every check, the segment that says most of what the rounds before left over."""
    known = catalog.tables()
    engine.create(known["mart.cause"])
    for _ in range(_ROUNDS):
        engine.build(known["mart.cause_round"])
        if not engine.value("select count(*) from mart.cause_round"):
            break
        engine.execute("insert into mart.cause by name select * from mart.cause_round")
