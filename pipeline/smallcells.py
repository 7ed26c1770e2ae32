"""Small cells: which rows of a table are told together, so that no count from 1 to 10 can be read or solved for.

A table divides the same lines (or findings) into items: clinics, months, classes of payers, checks. Nothing is left out beside
published sums, where it could be solved for: items are put together until every group of them has only counts that are 0 or at
least 11, complements included, and only the sums of groups are ever told.

Why nobody can solve for an item of a group of two or more: give the lines of the group other items of that group in any way. Every
published number stays what it was, as it counts groups, or has nothing to do with the items of this table. So each count of the
item can be anything from 0 to the count of the group, which is at least 11. This holds for all tables of a run together, because no table
crosses two divisions, and it holds for whole numbers, without any bound from linear programming.

Who holds two boards can take one from the other. So what an earlier board of overlapping days told together stays together, and the
step from there to here is held to the same rule: it is 0 or at least 11 in every count of every group. The step of a group is then all
that two boards tell, and by the same argument each of its parts could have any share of it. Money is held to the count that it rests on: with a step of
11 or more its step is that of as many lines; with no step of the count it has none either, or it would be that of lines nobody knows how few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce

LEAST = 11
PROVIDERS = 3  # fewer would be told of by name, in effect: each of two knows the other's part


@dataclass(frozen=True)
class Group:
    """Items told together. `counts` add up when groups are put together; `people` are the patients behind a count: which ones, where they
    are fewer than 11, else at least how many. `providers` add up; 0 where they do not matter. `kind`: groups of one kind are put together first.
    `amounts`: the money of the lines of a count, by the name of the count."""

    items: tuple[str, ...]
    counts: Mapping[str, int]
    people: Mapping[str, frozenset[str] | int] = field(default_factory=dict)
    providers: int = 0
    kind: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)

    def size(self) -> tuple[int, tuple[str, ...]]:
        return (sum(self.counts.values()), self.items)


def small(number: int) -> bool:
    """Whether a count, or a difference of counts, lies between 1 and 10 either way."""
    return 0 < abs(number) < LEAST


def together(first: Group, second: Group) -> Group:
    return Group(
        (*first.items, *second.items),
        {name: first.counts[name] + second.counts[name] for name in first.counts},
        {name: _joined(first.people[name], second.people[name]) for name in first.people},
        first.providers + second.providers,
        first.kind if first.kind == second.kind else "",
        {name: first.amounts[name] + second.amounts[name] for name in first.amounts},
    )


def partition(items: Sequence[Group], before: Sequence[Sequence[Group]] = (), *, in_order: bool = False) -> list[Group]:
    """The groups in which `items` can be told, in the order given; none when even all together are too few.

    `before`: what earlier boards told of the same table. `in_order`: neighbours are put together (months), else the smallest.
    """
    place = {group.items: number for number, group in enumerate(items)}
    first = {item: place[group.items] for group in items for item in group.items}
    groups = list(items)
    for group in (group for board in before for group in board):
        linked = [now for now in groups if set(now.items) & set(group.items)]
        groups = [now for now in groups if now not in linked] + ([reduce(together, linked)] if linked else [])
    while groups:
        weak = [group for group in groups if not stands(group) or _steps(group, before)]
        if not weak:
            ordered = (replace(group, items=tuple(sorted(group.items, key=first.__getitem__))) for group in groups)
            return sorted(ordered, key=lambda group: first[group.items[0]])
        group = min(weak, key=Group.size)
        groups.remove(group)
        if groups:
            partner = min(groups, key=lambda other: _fit(group, other, first, in_order))
            groups.remove(partner)
            groups.append(together(group, partner))
    return []


def _fit(group: Group, other: Group, first: Mapping[str, int], in_order: bool) -> tuple[object, ...]:
    """What makes a partner: nearness in a table in order, else the same kind; then the smaller one."""
    if in_order:
        places, theirs = [first[item] for item in group.items], [first[item] for item in other.items]
        return (min(abs(one - two) for one in places for two in theirs), *other.size())
    return (other.kind != group.kind, *other.size())


def _steps(group: Group, before: Sequence[Sequence[Group]]) -> bool:
    """Whether a count of the group is a small step away from what an earlier board told of the same items, or its money a step of too few lines."""
    for board in before:
        then = [earlier for earlier in board if set(earlier.items) & set(group.items)]
        if then and steps(group, then):
            return True
    return False


def steps(group: Group, then: Sequence[Group]) -> bool:
    """The same against the groups of one earlier board. Money that was told and not recorded counts as another."""
    for name, number in group.counts.items():
        if not all(name in earlier.counts for earlier in then):
            continue
        step = number - sum(earlier.counts[name] for earlier in then)
        if small(step):
            return True
        if step == 0 and name in group.amounts and number:
            amounts = [earlier.amounts.get(name) for earlier in then if earlier.counts[name]]
            if None in amounts or sum(filter(None, amounts)) != group.amounts[name]:
                return True
    return False


def _joined(first: frozenset[str] | int, second: frozenset[str] | int) -> frozenset[str] | int:
    """The people behind two counts together: all of them, or at least how many."""
    if isinstance(first, frozenset) and isinstance(second, frozenset):
        both = first | second
        return both if len(both) < LEAST else len(both)
    return max(number for number in (first, second) if isinstance(number, int))


def stands(group: Group) -> bool:
    """Whether a group may be told: its counts are 0 or large, and so are the people behind it."""
    people = (len(who) if isinstance(who, frozenset) else who for who in group.people.values())
    return not (any(map(small, (*group.counts.values(), *people))) or 0 < group.providers < PROVIDERS)
