"""BIL103, BIL106-BIL112: filing, form and payment of the claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .model import Line, Verdict, World, as_date, in_force, line_verdict, text

FROM_2010 = date(2010, 1, 1)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The n-th such weekday of a month; -1 is the last one."""
    days = [date(year, month, 1) + timedelta(days=number) for number in range(31)]
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    return days[number - 1] if number > 0 else days[-1]


def observed_holidays(year: int) -> set[date]:
    """Federal holidays of a year on the day on which they are observed."""
    fixed = [date(year, 1, 1), date(year + 1, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    moved = {day - timedelta(days=1) if day.weekday() == 5 else day + timedelta(days=day.weekday() == 6) for day in fixed}
    return moved | {
        nth_weekday(year, 1, 0, 3), nth_weekday(year, 2, 0, 3), nth_weekday(year, 5, 0, -1), nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 10, 0, 2), nth_weekday(year, 11, 3, 4),
    }  # fmt: skip


def deadline(line: Line) -> date | None:
    """The last day on which the line is in time."""
    day = line.service_date
    if not line.payer.medicare:
        limit = line.payer.timely_filing_days
        return None if limit is None else day + timedelta(days=limit)
    last = date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else date(day.year + 1, day.month, day.day)
    while last.weekday() >= 5 or last in observed_holidays(last.year):
        last += timedelta(days=1)
    return last


def bil103(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        last = deadline(line)
        if line.denied or line.service_date < FROM_2010 or last is None:
            continue
        chain = world.chains[world.root_of[line.claim]]
        dates = [other.received_date for other in chain]
        known = [day for day in dates if day]
        if known and min(known) <= last:
            yield line_verdict("BIL103", line, "pass", "error")
        elif None in dates:
            yield line_verdict("BIL103", line, "cannot_tell", "error", "received-date-missing")
        else:
            yield line_verdict("BIL103", line, "finding", "error", amount=line.at_risk, over=True)


EXPECTED_NEVER = {"19", "21", "22", "23", "31"}


def bil107(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.denied or line.rendering.specialty not in ("65", "67", "15"):
            continue
        if not line.place:
            yield line_verdict("BIL107", line, "cannot_tell", "review", "place-of-service-missing")
        else:
            yield line_verdict("BIL107", line, "finding" if line.place in EXPECTED_NEVER else "pass", "review")


def bil108(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        rows = world.reference.rows("procedure", line.code)
        if rows:
            valid = any(in_force(row, line.service_date) for row in rows)
            verdict = "pass" if valid else "finding"
            yield line_verdict("BIL108", line, verdict, "error", amount=line.at_risk, over=True)


def bil109(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.code == "97014" and line.payer.medicare:
            wrong: bool | None = "GY" not in line.modifiers
        elif line.code == "G0283" and line.payer.wants_97014 is not False:
            wrong = line.payer.wants_97014
        else:
            continue
        if wrong is None:
            yield line_verdict("BIL109", line, "cannot_tell", "error", "payer-rule-unknown")
        else:
            yield line_verdict("BIL109", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def bil110(world: World) -> Iterator[Verdict]:
    excluded = []
    for row in world.exclusions:
        try:
            start, end = as_date(text(row, "from_date")), as_date(text(row, "to_date"))
        except ValueError:
            continue
        if text(row, "npi") and start:
            excluded.append((text(row, "npi"), start, end))
    for line in world.lines:
        if line.denied:
            continue
        wrong = False
        for npi in (line.billing_npi, line.rendering.npi):
            provider = world.provider(npi)
            wrong = wrong or bool(provider.active_from and line.service_date < provider.active_from)
            wrong = wrong or bool(provider.active_to and line.service_date > provider.active_to)
            wrong = wrong or any(
                npi == named and start <= line.service_date and (end is None or line.service_date <= end)
                for named, start, end in excluded
            )
        yield line_verdict("BIL110", line, "finding" if wrong else "pass", "review")


def judge(world: World) -> Iterator[Verdict]:
    for check in (bil103, bil107, bil108, bil109, bil110):
        yield from check(world)


