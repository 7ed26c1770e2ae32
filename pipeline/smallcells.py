"""Small cells: which rows of a table are told together, so that no count from 1 to 10 can be read or solved for.

A table divides the same lines (or findings) into items: clinics, months, classes of payers, checks. Nothing is left out beside
published sums, where it could be solved for: items are put together until every group of them has only counts that are 0 or at
least 11, complements included, and only the sums of groups are ever told.

Why nobody can solve for an item of a group of two or more: give the lines of the group other items of that group in any way. Every
published number stays what it was, as it counts groups, or has nothing to do with the items of this table. So each count of the
item can be anything from 0 to the count of the group, which is at least 11. This holds for all tables of a run together, because no table
crosses two divisions, and it holds for whole numbers, without any bound from linear programming.

Who holds two boards can take one from the other. So a change against an earlier board whose days overlap is held to the same rule:
wherever groups now and then cover the same items, their difference is 0 or at least 11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

LEAST = 11
PROVIDERS = 3  # fewer would be told of by name, in effect: each of two knows the other's part


@dataclass(frozen=True)
class Group:
    """Items told together. `counts` add up when groups are put together; of `least` (patients behind a count) only the largest is sure.
    `providers` add up; 0 where they do not matter. `kind`: groups of one kind are put together first."""

    items: tuple[str, ...]
    counts: Mapping[str, int]
    least: Mapping[str, int] = field(default_factory=dict)
    providers: int = 0
    kind: str = ""

    def size(self) -> tuple[int, tuple[str, ...]]:
        return (sum(self.counts.values()), self.items)


def small(number: int) -> bool:
    """Whether a count, or a difference of counts, lies between 1 and 10 either way."""
    return 0 < abs(number) < LEAST


def together(first: Group, second: Group) -> Group:
    return Group(
        (*first.items, *second.items),
        {name: first.counts[name] + second.counts[name] for name in first.counts},
        {name: max(first.least[name], second.least[name]) for name in first.least},
        first.providers + second.providers,
        first.kind if first.kind == second.kind else "",
    )


def partition(items: Sequence[Group], before: Sequence[Sequence[Group]] = (), *, in_order: bool = False) -> list[Group]:
    """The groups in which `items` can be told, in the order given; none when even all together are too few.

    `before`: what earlier boards told of the same table. `in_order`: neighbours are put together (months), else the smallest.
    """
    place = {group.items: number for number, group in enumerate(items)}
    first = {item: place[group.items] for group in items for item in group.items}
    groups = list(items)
    while groups:
        found = _to_enlarge(groups, before)
        if found is None:
            return sorted(groups, key=lambda group: min(first[item] for item in group.items))
        group, apart = found
        rest = [other for other in groups if other is not group]
        others = [other for other in rest if other not in apart] or rest
        if not others:
            return []
        partner = min(others, key=lambda other: _fit(group, other, first, in_order))
        groups = [other for other in groups if other is not group and other is not partner]
        joined = together(group, partner)
        groups.append(replace(joined, items=tuple(sorted(joined.items, key=first.__getitem__))))
    return []


def _fit(group: Group, other: Group, first: Mapping[str, int], in_order: bool) -> tuple[object, ...]:
    """What makes a partner: nearness in a table in order, else the same kind; then the smaller one."""
    if in_order:
        places, theirs = [first[item] for item in group.items], [first[item] for item in other.items]
        return (min(abs(one - two) for one in places for two in theirs), *other.size())
    return (other.kind != group.kind, *other.size())


def _to_enlarge(groups: Sequence[Group], before: Sequence[Sequence[Group]]) -> tuple[Group, list[Group]] | None:
    """The smallest group that cannot stand, with the groups that do not help it."""
    weak = [group for group in groups if not stands(group)]
    if weak:
        return min(weak, key=Group.size), []
    for earlier in before:
        for now, then in _linked(groups, earlier):
            if now and any(
                small(sum(g.counts[name] for g in now) - sum(g.counts.get(name, 0) for g in then))
                for name in told(groups, earlier)
            ):
                return min(now, key=Group.size), now
    return None


def stands(group: Group) -> bool:
    """Whether a group may be told: its counts are 0 or large, and so are the people behind it."""
    return not (any(map(small, (*group.counts.values(), *group.least.values()))) or 0 < group.providers < PROVIDERS)


def told(groups: Sequence[Group], earlier: Sequence[Group]) -> list[str]:
    """The counts that both boards told."""
    return [name for name in groups[0].counts if earlier and all(name in group.counts for group in earlier)]


def _linked(groups: Sequence[Group], earlier: Sequence[Group]) -> list[tuple[list[Group], list[Group]]]:
    """Groups of now and of then that share items, as the smallest sets that share none with each other."""
    found: list[tuple[set[str], list[Group], list[Group]]] = []
    for is_now, group in [(True, g) for g in groups] + [(False, g) for g in earlier]:
        items, now, then = set(group.items), [group] if is_now else [], [] if is_now else [group]
        apart = []
        for known in found:
            if known[0] & items:
                items, now, then = items | known[0], known[1] + now, known[2] + then
            else:
                apart.append(known)
        found = [*apart, (items, now, then)]
    return [(now, then) for _, now, then in found]
