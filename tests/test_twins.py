"""The SQL against its twins: an independent, slow Python reading of the rules, on small and nasty worlds.

Codes whose SQL or whose twin is not there yet are not compared. A longer search: CLAIMAUDIT_TWIN_EXAMPLES, or
`python -m tests.twin.compare` for worlds of thousands of visits.
"""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimaudit import registry, worked
from tests import twin
from tests.twin import compare, scenes, strategies

EXAMPLES = int(os.environ.get("CLAIMAUDIT_TWIN_EXAMPLES", "12"))
CHECKS = compare.checks()


@pytest.fixture(scope="module")
def engine():
    with worked.new_engine(CHECKS) as engine:
        yield engine


def _of(families: str) -> list:
    """The checks of some families: a small world need not be judged by what it does not reach."""
    return [check for check in CHECKS if check.code[:3] in families.split()]


def _agree(engine: worked.Engine, records: worked.Records, as_of, checks: list) -> None:
    only_sql, only_twin = compare.difference(engine, records, as_of, checks)
    assert not only_sql and not only_twin, f"only the SQL says: {only_sql[:4]}; only the twin says: {only_twin[:4]}"


_SETTINGS = settings(
    max_examples=EXAMPLES,
    # the short run tries the same worlds each time; a long one is asked for by its number of examples and looks further
    derandomize="CLAIMAUDIT_TWIN_EXAMPLES" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(world=strategies.worlds())
@_SETTINGS
def test_worlds(engine, world: strategies.ClaimWorld) -> None:
    _agree(engine, world.records, world.as_of, _of("UNT MOD CAP BIL NCC"))


@given(world=strategies.minute_days())
@_SETTINGS
def test_minute_days(engine, world: strategies.ClaimWorld) -> None:
    _agree(engine, world.records, world.as_of, _of("UNT"))


@given(world=strategies.busy_days())
@_SETTINGS
def test_busy_days(engine, world: strategies.ClaimWorld) -> None:
    _agree(engine, world.records, world.as_of, _of("UNT"))


@given(chance=st.randoms(use_true_random=False), kind=st.sampled_from(scenes.SCENES))
@_SETTINGS
def test_scenes(engine, chance: random.Random, kind) -> None:
    """A scene or two of one kind, small enough to shrink, judged by the families that it reaches."""
    _agree(engine, *scenes.world(chance, 2, [kind]), _of(scenes.REACHES[kind.__name__]))


@pytest.mark.parametrize("seed", range(2))
def test_big_worlds(engine, seed: int) -> None:
    """Hundreds of scenes of all kinds in one world, judged by all checks."""
    _agree(engine, *scenes.world(random.Random(seed), 400), CHECKS)


def test_every_check_has_a_twin_or_a_reason() -> None:
    assert set(twin.WITHOUT) <= set(registry.checks())
    assert set(registry.checks()) - set(twin.WITHOUT) <= set(twin.CHECKS)
