"""FLR101-FLR104: functional limitation reporting, 2013-07-01 to 2018-12-31, Medicare Part B."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from .episodes import episodes
from .model import Line, Verdict, World, line_verdict

FIRST, AFTER = date(2013, 7, 1), date(2019, 1, 1)
FUNCTIONAL = (
    {f"G{number}" for number in range(8978, 9000)} | {f"G{number}" for number in range(9158, 9177)} | {"G9186"}
)
SEVERITY = {"CH", "CI", "CJ", "CK", "CL", "CM", "CN"}
assert len(FUNCTIONAL) == 42


def reported(world: World) -> dict[tuple[str, str, str], set[date]]:
    """Days with a functional code, by patient, billing NPI and discipline, on any claim."""
    found: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for line in world.lines:
        if line.code in FUNCTIONAL and not line.denied:
            found[line.patient_id, line.billing_npi, line.discipline].add(line.service_date)
    return found


def medicare_days(world: World):
    for episode in episodes(world):
        days = sorted({line.service_date for line in episode.lines if line.payer.medicare})
        yield episode, [day for day in days if FIRST <= day < AFTER]


def day_key(episode, day: date) -> tuple[object, ...]:
    return ("visit_day", episode.patient_id, day, episode.billing_npi, episode.discipline, "")


def flr101_102(world: World) -> Iterator[Verdict]:
    codes = reported(world)
    for episode, days in medicare_days(world):
        with_codes = codes[episode.patient_id, episode.billing_npi, episode.discipline]
        count: int | None = 0 if episode.start_known else None
        for day in episode.days:
            lines = [line for line in episode.on(day) if line.payer.medicare]
            evaluated = any(line.is_evaluation for line in lines)
            first = day == episode.first_day
            key = day_key(episode, day)
            if day in days and (evaluated or (first and episode.start_known)):
                yield Verdict("FLR101", "pass" if day in with_codes else "finding", "", "error", key)
            elif day in days and first:
                yield Verdict("FLR101", "cannot_tell", "episode-start-unknown", "error", key)
            if day in with_codes:
                count = 0
            elif count is not None:
                count += 1
            if day in days:
                if count is None:
                    yield Verdict("FLR102", "cannot_tell", "episode-start-unknown", "error", key)
                else:
                    yield Verdict("FLR102", "finding" if count > 10 else "pass", "", "error", key)


def flr103(world: World) -> Iterator[Verdict]:
    for line in functional(world):
        if FIRST <= line.service_date < AFTER and not line.denied:
            good = SEVERITY & set(line.modifiers) and line.discipline_modifiers
            yield line_verdict("FLR103", line, "pass" if good else "finding", "error", amount=line.at_risk, over=True)


def flr104(world: World) -> Iterator[Verdict]:
    for line in functional(world):
        if line.service_date >= AFTER and not line.denied:
            yield line_verdict("FLR104", line, "finding", "info")


def functional(world: World) -> Iterator[Line]:
    for line in world.lines:
        if line.code in FUNCTIONAL and line.payer.medicare:
            yield line


def judge(world: World) -> Iterator[Verdict]:
    for check in (flr101_102, flr103, flr104):
        yield from check(world)
