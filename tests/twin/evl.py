"""EVL101-EVL105: evaluations, re-evaluations and group therapy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from .dxc import pointed
from .episodes import episodes, evaluated_discipline, kind
from .model import Line, Verdict, World, as_integer, line_verdict, text

FAMILIES = {
    **dict.fromkeys("97001 97161 97162 97163".split(), "PT"),
    **dict.fromkeys("97003 97165 97166 97167".split(), "OT"),
}


def examined(world: World) -> dict[tuple[str, str, str], list[Line]]:
    """Evaluations and re-evaluations that were not denied, by patient, billing NPI and discipline."""
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in world.lines:
        if kind(line) and not line.denied:
            groups[line.patient_id, line.billing_npi, evaluated_discipline(line)].append(line)
    return groups


def stems(world: World, line: Line) -> set[str]:
    return {code[:3] for code in (pointed(line) if world.pointers_recorded else line.diagnoses)}


def evl101(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in world.lines:
        if kind(line) == "evaluation" and not line.denied:
            groups[line.patient_id, line.billing_npi, FAMILIES.get(line.code, line.code)].append(line)
    for lines in groups.values():
        for line in lines:
            earlier = [other for other in lines if 1 <= (line.service_date - other.service_date).days <= 60]
            if not earlier:
                yield line_verdict("EVL101", line, "pass", "review")
                continue
            own = stems(world, line)
            said = [(own <= stems(world, other), bool(own and stems(world, other))) for other in earlier]
            if any(repeated and known for repeated, known in said):
                yield line_verdict("EVL101", line, "finding", "review")
            elif any(not known for _, known in said):
                yield line_verdict("EVL101", line, "cannot_tell", "review", "diagnosis-not-recorded")
            else:
                yield line_verdict("EVL101", line, "pass", "review")


def evl102_104(world: World) -> Iterator[Verdict]:
    for lines in examined(world).values():
        for line in lines:
            if kind(line) != "re-evaluation":
                continue
            soon = any(1 <= (line.service_date - other.service_date).days <= 30 for other in lines)
            yield line_verdict("EVL102", line, "finding" if soon else "pass", "review")
            both = any(kind(other) == "evaluation" and other.service_date == line.service_date for other in lines)
            yield line_verdict("EVL104", line, "finding" if both else "pass", "error", amount=line.at_risk, over=True)


def evl103(world: World) -> Iterator[Verdict]:
    evaluated: dict[tuple[str, str], set[date]] = defaultdict(set)
    for (patient, _, discipline), lines in examined(world).items():
        evaluated[patient, discipline] |= {line.service_date for line in lines}
    for episode in episodes(world):
        first = episode.first_day
        near = any(abs((day - first).days) <= 7 for day in evaluated[episode.patient_id, episode.discipline])
        if near:
            outcome = ("pass", "")
        elif not episode.start_known:
            outcome = ("cannot_tell", "episode-start-unknown")
        elif world.as_of < first + timedelta(days=7):
            outcome = ("cannot_tell", "evaluation-may-follow")
        else:
            outcome = ("finding", "")
        yield Verdict("EVL103", *outcome, "review", episode.subject)


def evl105(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.code != "97150" or line.denied:
            continue
        rows = [
            row
            for row in world.services_by_day.get((line.patient_id, line.service_date), [])
            if text(row, "procedure_code") == "97150"
        ]
        own = [as_integer(text(row, "group_size")) for row in rows if text(row, "rendering_npi") == line.rendering.npi]
        everyone = [as_integer(text(row, "group_size")) for row in rows]
        if any(size is not None and size > 1 for size in everyone):
            yield line_verdict("EVL105", line, "pass", "review")
        elif not own or None in own:
            yield line_verdict("EVL105", line, "cannot_tell", "review", "group-size-not-recorded")
        else:
            yield line_verdict("EVL105", line, "finding", "review")


def judge(world: World) -> Iterator[Verdict]:
    for check in (evl101, evl102_104, evl103, evl105):
        yield from check(world)
