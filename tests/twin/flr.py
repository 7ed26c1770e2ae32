"""FLR101-FLR104: functional limitation reporting, 2013-07-01 to 2018-12-31, Medicare Part B."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from .doc import visit_days
from .episodes import episodes, kind
from .model import Line, Verdict, World, line_verdict

FIRST, AFTER = date(2013, 7, 1), date(2019, 1, 1)
FUNCTIONAL = {f"G{number}" for number in range(8978, 9000)} | {f"G{number}" for number in range(9158, 9177)} | {"G9186"}
SEVERITY = {"CH", "CI", "CJ", "CK", "CL", "CM", "CN"}
assert len(FUNCTIONAL) == 42


def reported(world: World, denied: bool) -> dict[tuple[str, str], dict[str, set[date]]]:
    """Days with a functional code by patient and billing NPI, then discipline ('' where it is unknown), on any claim.

    A denied line is no report (ruling 1); denied with CARC 246, which says that the code only reports, it tells nothing.
    """
    found: dict[tuple[str, str], dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for line in world.lines:
        if line.code in FUNCTIONAL and line.denied == denied and (not denied or "246" in line.carcs):
            found[line.patient_id, line.billing_npi][line.discipline].add(line.service_date)
    return found


def flr101_102(world: World) -> Iterator[Verdict]:
    good, refused = reported(world, denied=False), reported(world, denied=True)
    days_of = visit_days(world)
    for episode in episodes(world):
        who = (episode.patient_id, episode.billing_npi)
        # a code of unknown discipline counts for every one
        codes, denied = (
            set().union(*found[who].values())
            if not episode.discipline
            else found[who][episode.discipline] | found[who][""]
            for found in (good, refused)
        )
        for day in days_of[episode.patient_id, episode.discipline, episode.billing_npi]:
            within = episode.first_day <= day.day <= episode.last_day
            if not within or not day.payer.medicare or not FIRST <= day.day < AFTER:
                continue
            evaluated = any(kind(line) for line in day.lines)
            if evaluated or day.day == episode.first_day:
                if day.day in codes:
                    outcome = ("pass", "")
                elif not evaluated and not episode.start_known:
                    outcome = ("cannot_tell", "episode-start-unknown")
                elif day.day in denied:
                    outcome = ("cannot_tell", "functional-codes-denied")
                else:
                    outcome = ("finding", "")
                yield Verdict("FLR101", *outcome, "error", day.subject)
            earlier = [when for when in codes if episode.first_day <= when <= day.day]
            last = max(earlier) if earlier else None
            count = sum(1 for when in episode.days if FIRST <= when <= day.day and (last is None or when > last))
            not_paid = [when for when in denied if episode.first_day <= when <= day.day]
            if last is None and not episode.start_known and episode.first_day >= FIRST:
                # who was in treatment when reporting began was counted from then
                outcome = ("cannot_tell", "episode-start-unknown")
            elif count <= 10:
                outcome = ("pass", "")
            elif not_paid and (last is None or max(not_paid) > last):
                outcome = ("cannot_tell", "functional-codes-denied")
            else:
                outcome = ("finding", "")
            yield Verdict("FLR102", *outcome, "error", day.subject)


def flr103(world: World) -> Iterator[Verdict]:
    for line in functional(world):
        if FIRST <= line.service_date < AFTER and not line.denied:
            good = bool(SEVERITY & set(line.modifiers)) and bool(line.discipline_modifiers)
            yield line_verdict("FLR103", line, "pass" if good else "finding", "error", amount=line.at_risk, over=True)


def flr104(world: World) -> Iterator[Verdict]:
    for line in functional(world):
        if not line.denied:
            yield line_verdict("FLR104", line, "finding" if line.service_date >= AFTER else "pass", "info")


def functional(world: World) -> Iterator[Line]:
    for line in world.lines:
        if line.code in FUNCTIONAL and line.payer.medicare:
            yield line


def judge(world: World) -> Iterator[Verdict]:
    for check in (flr101_102, flr103, flr104):
        yield from check(world)
