"""Small cells, with a solver as the reader: it knows everything that is told, of all tables and both boards, and bounds what is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from claimaudit.smallcells import LEAST, PROVIDERS, Group, partition, small, stands

CLINICS, MONTHS, CLASSES = "ABCD", ("2026-01", "2026-02", "2026-03", "2026-04"), ("commercial", "medicare_b")
CELLS = list(product(CLINICS, MONTHS, CLASSES, (False, True), (False, True)))  # clinic, month, class, error, over
DIVISIONS = {0: CLINICS, 1: MONTHS, 2: CLASSES}
COUNTS = {
    "lines": lambda e, o: True,
    "error_lines": lambda e, o: e,
    "without": lambda e, o: not e,
    "over_lines": lambda e, o: o,
    "not_over": lambda e, o: not o,
}


def world(seed: int, size: int) -> np.ndarray:
    """Lines by clinic, month, class, error and over: uneven, with small corners."""
    draw = random.Random(seed)
    weight = {name: draw.choice((0.02, 0.3, 1, 4)) for name in (*CLINICS, *MONTHS, *CLASSES)}
    of = [weight[c] * weight[m] * weight[p] * (0.15 if e else 1) * (0.1 if o else 1) for c, m, p, e, o in CELLS]
    return np.array([int(size * part / sum(of) * draw.uniform(0.5, 1.5)) for part in of])


def row(place: int, items: Sequence[str], count: str) -> np.ndarray:
    """Which cells a told number adds up."""
    return np.array([cell[place] in items and COUNTS[count](*cell[3:]) for cell in CELLS], dtype=float)


def items_of(cells: np.ndarray, place: int) -> list[Group]:
    return [
        Group((item,), {name: int(row(place, (item,), name) @ cells) for name in COUNTS}) for item in DIVISIONS[place]
    ]


def bounds(target: np.ndarray, told: np.ndarray, values: np.ndarray) -> tuple[int, int]:
    """Least and largest whole number that the target can be."""
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * target,
            constraints=LinearConstraint(told, values, values),
            integrality=np.ones(len(target)),
            bounds=Bounds(0, np.inf),
        )
        assert found.success, found.message
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def published(groups: dict[int, list[Group]], cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = [row(place, group.items, name) for place, several in groups.items() for group in several for name in COUNTS]
    return np.array(rows), np.array([told @ cells for told in rows])


@pytest.mark.parametrize("seed", range(3))
def test_a_solver_learns_nothing_of_an_item_from_all_tables_together(seed: int) -> None:
    """The bounds are 0 and the count of the group, exactly: not one of the linked tables narrows them."""
    cells = world(seed, 900)
    groups = {place: partition(items_of(cells, place), in_order=place == 1) for place in DIVISIONS}
    told, values = published(groups, cells)
    hidden = 0
    for place, several in groups.items():
        for group in several:
            assert stands(group)
            for name, item in product(COUNTS, group.items if len(group.items) > 1 else ()):
                assert bounds(row(place, (item,), name), told, values) == (0, group.counts[name])
                hidden += 1
    assert hidden, "the world has small corners"


@pytest.mark.parametrize("seed", range(3))
def test_a_solver_with_two_boards_learns_no_small_step(seed: int) -> None:
    """Lines only come to those of the first board; nobody can say of an item that it grew by 1 to 10."""
    first = world(seed, 900)
    more = world(seed + 100, 300) * np.array([cell[1] == MONTHS[-1] or seed % 2 for cell in CELLS])
    before = {place: partition(items_of(first, place), in_order=place == 1) for place in DIVISIONS}
    now = {place: partition(items_of(first + more, place), [before[place]], in_order=place == 1) for place in DIVISIONS}
    assert all(now.values()), "no total has a small step"
    then_told, then_values = published(before, first)
    now_told, now_values = published(now, first + more)
    told = np.block([[then_told, np.zeros_like(then_told)], [now_told, now_told]])
    values = np.concatenate([then_values, now_values])
    nothing = np.zeros(len(CELLS))
    for place, name in product(DIVISIONS, ("lines", "error_lines", "over_lines")):
        for item in DIVISIONS[place]:
            low, high = bounds(np.concatenate([nothing, row(place, (item,), name)]), told, values)
            assert high == 0 or low >= LEAST or (low == 0 and high >= LEAST), (place, name, item, low, high)


counts = st.integers(0, 40) | st.integers(0, 3)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(counts, counts, st.integers(0, 4)), min_size=1, max_size=12), again=st.lists(counts, min_size=12, max_size=12),
    in_order=st.booleans(),
)  # fmt: skip
def test_groups_stand_and_nothing_is_lost(rows: list[tuple[int, int, int]], again: list[int], in_order: bool) -> None:
    items = [
        Group(
            (f"i{n:02}",),
            {"lines": a + b, "errors": a, "clean": b},
            {"people": frozenset(f"p{k}" for k in range(a))},
            providers,
            f"k{n % 2}",
        )
        for n, (a, b, providers) in enumerate(rows)
    ]
    groups = partition(items, in_order=in_order)
    if groups:
        assert sorted(item for group in groups for item in group.items) == [group.items[0] for group in items]
        assert all(stands(group) for group in groups)
        for name in ("lines", "errors", "clean"):
            assert sum(group.counts[name] for group in groups) == sum(group.counts[name] for group in items)
    else:
        whole = items[0]
        for other in items[1:]:
            whole = Group(
                (*whole.items, *other.items),
                {n: whole.counts[n] + other.counts[n] for n in whole.counts},
                {},
                whole.providers + other.providers,
            )
        people = max(a for a, _, _ in rows)
        assert any(map(small, (*whole.counts.values(), people))) or 0 < whole.providers < PROVIDERS
    again_told = partition(items, [groups], in_order=in_order)
    assert [(g.items, g.counts) for g in again_told] == [(g.items, g.counts) for g in groups], (
        "what was told may be told again"
    )
    later = [
        Group(g.items, {"lines": g.counts["lines"] + n, "errors": g.counts["errors"], "clean": g.counts["clean"] + n})
        for g, n in zip(items, again, strict=False)
    ]
    told = partition(later, [groups], in_order=in_order)
    for now in told:
        for then in groups:
            if set(now.items) == set(then.items):
                assert not any(small(now.counts[name] - then.counts[name]) for name in now.counts)


def test_one_item_alone_that_is_small_takes_the_smallest_with_it() -> None:
    items = [Group((name,), {"lines": n}) for name, n in (("a", 500), ("b", 4), ("c", 30), ("d", 60))]
    assert [group.items for group in partition(items)] == [("a",), ("b", "c"), ("d",)]
    assert [group.items for group in partition(items, in_order=True)] == [("a",), ("b", "c"), ("d",)]
    assert partition([Group(("a",), {"lines": 4}), Group(("b",), {"lines": 5})]) == []


def test_few_people_behind_many_lines_are_few() -> None:
    who = frozenset(f"p{n}" for n in range(3))
    same = [Group((name,), {"lines": 300}, {"patients": who}) for name in "ab"]
    assert partition(same) == [], "together they are the same six"
    others = [
        same[0],
        Group(("b",), {"lines": 300}, {"patients": frozenset(f"q{n}" for n in range(3))}),
        Group(("c",), {"lines": 99}, {"patients": 50}),
    ]
    assert [group.items for group in partition(others)] == [("a", "c"), ("b",)] or [
        group.items for group in partition(others)
    ] == [("a", "b", "c")]


def with_money(item: str, lines: int, amount: str) -> Group:
    return Group((item,), {"over_lines": lines}, amounts={"over_lines": Decimal(amount)})


def test_money_is_told_anew_with_a_step_of_its_count_alone() -> None:
    """Two boards: of as many lines with as much money nothing is learned; with other money a part goes together with one whose lines have changed, or with none."""
    before = [with_money("a", 20, "100.00"), with_money("b", 20, "200.00"), with_money("c", 20, "300.00")]

    def told(*now: Group) -> list[tuple[tuple[str, ...], Decimal]]:
        return [(group.items, group.amounts["over_lines"]) for group in partition(now, [before])]

    a, b, c = before
    assert told(a, b, c) == [(("a",), Decimal(100)), (("b",), Decimal(200)), (("c",), Decimal(300))]
    more = with_money("c", 31, "340.00")
    assert told(with_money("a", 20, "105.00"), b, more) == [(("a", "b", "c"), Decimal(645))]
    assert told(a, b, more) == [(("a",), Decimal(100)), (("b",), Decimal(200)), (("c",), Decimal(340))]
    assert told(with_money("a", 20, "105.00"), b, c) == []
    assert told(with_money("a", 20, "105.00"), with_money("b", 20, "195.00"), c) == [
        (("a", "b"), Decimal(300)),
        (("c",), Decimal(300)),
    ]


def test_a_clinic_of_two_providers_does_not_stand_alone() -> None:
    items = [Group((name,), {"lines": 300}, {}, n) for name, n in (("a", 2), ("b", 5), ("c", 3))]
    assert [group.items for group in partition(items)] == [("a", "b"), ("c",)]
