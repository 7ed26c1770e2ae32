"""EVL101-EVL105: evaluations, re-evaluations and group therapy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from .dxc import pointed
from .episodes import episodes
from .model import Line, Verdict, World, as_integer, line_verdict, text

FAMILIES = {
    **dict.fromkeys("97001 97161 97162 97163".split(), "PT evaluation"),
    **dict.fromkeys("97003 97165 97166 97167".split(), "OT evaluation"),
}


def kind(line: Line) -> str:
    """`evaluation`, `re-evaluation` or nothing."""
    return line.procedure["evaluation"] if line.procedure else ""


def examined(world: World) -> dict[tuple[str, str, str], list[Line]]:
    """Evaluations and re-evaluations that were not denied, by patient, billing NPI and discipline, in order of date."""
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in world.lines:
        if kind(line) and not line.denied:
            groups[line.patient_id, line.billing_npi, line.discipline].append(line)
    return {key: sorted(lines, key=lambda line: (line.service_date, line.order)) for key, lines in groups.items()}


def judged_diagnoses(world: World, line: Line) -> set[str]:
    return {code[:3] for code in (pointed(line) if world.pointers_recorded else line.diagnoses)}


def evl101(world: World) -> Iterator[Verdict]:
    for lines in examined(world).values():
        for line in lines:
            if kind(line) != "evaluation":
                continue
            family = FAMILIES.get(line.code, line.code)
            earlier = [
                other
                for other in lines
                if kind(other) == "evaluation"
                and FAMILIES.get(other.code, other.code) == family
                and 1 <= (line.service_date - other.service_date).days <= 60
            ]
            if not earlier:
                yield line_verdict("EVL101", line, "pass", "review")
                continue
            nearest = max(other.service_date for other in earlier)
            before = {
                stem for other in earlier if other.service_date == nearest for stem in judged_diagnoses(world, other)
            }
            new = judged_diagnoses(world, line) - before
            yield line_verdict("EVL101", line, "pass" if new else "finding", "review")


def evl102(world: World) -> Iterator[Verdict]:
    for lines in examined(world).values():
        for line in lines:
            if kind(line) == "re-evaluation":
                soon = any(1 <= (line.service_date - other.service_date).days <= 30 for other in lines)
                yield line_verdict("EVL102", line, "finding" if soon else "pass", "review")


def evl103(world: World) -> Iterator[Verdict]:
    evaluated: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for key, lines in examined(world).items():
        evaluated[key] = [line.service_date for line in lines]
    for episode in episodes(world):
        first = episode.first_day
        dates = evaluated[episode.patient_id, episode.billing_npi, episode.discipline]
        near = any(abs((day - first).days) <= 7 for day in dates)
        if near:
            yield Verdict("EVL103", "pass", "", "review", episode.subject)
        elif not episode.start_known:
            yield Verdict("EVL103", "cannot_tell", "episode-start-unknown", "review", episode.subject)
        else:
            yield Verdict("EVL103", "finding", "", "review", episode.subject)


def evl104(world: World) -> Iterator[Verdict]:
    for lines in examined(world).values():
        for line in lines:
            if kind(line) == "re-evaluation":
                both = any(kind(other) == "evaluation" and other.service_date == line.service_date for other in lines)
                yield line_verdict(
                    "EVL104", line, "finding" if both else "pass", "error", amount=line.at_risk, over=True
                )


def evl105(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.code != "97150" or line.denied:
            continue
        rows = [
            row
            for row in world.services_by_day.get((line.patient_id, line.service_date), [])
            if text(row, "procedure_code") == "97150" and text(row, "rendering_npi") == line.rendering.npi
        ]
        sizes = [as_integer(text(row, "group_size")) for row in rows]
        known = [size for size in sizes if size is not None]
        if any(size > 1 for size in known):
            yield line_verdict("EVL105", line, "pass", "review")
        elif not known or len(known) < len(sizes):
            yield line_verdict("EVL105", line, "cannot_tell", "review", "group-size-not-recorded")
        else:
            yield line_verdict("EVL105", line, "finding", "review")


def judge(world: World) -> Iterator[Verdict]:
    for check in (evl101, evl102, evl103, evl104, evl105):
        yield from check(world)


