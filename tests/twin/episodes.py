"""Episodes of therapy (ruling 20): what a patient had of one discipline under one billing NPI without a gap of more than 60 days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .model import Line, Plan, World

GAP = timedelta(days=60)


@dataclass
class Episode:
    patient_id: str
    billing_npi: str
    discipline: str
    by_day: dict[date, list[Line]]
    start_known: bool = False

    @property
    def days(self) -> list[date]:
        """The treatment days."""
        return list(self.by_day)

    @property
    def first_day(self) -> date:
        return self.days[0]

    @property
    def last_day(self) -> date:
        return self.days[-1]

    @property
    def lines(self) -> list[Line]:
        return [line for lines in self.by_day.values() for line in lines]

    def on(self, day: date) -> list[Line]:
        return self.by_day.get(day, [])

    @property
    def subject(self) -> tuple[object, ...]:
        return ("episode", self.patient_id, self.discipline, self.billing_npi, self.first_day)


def kind(line: Line) -> str:
    """`evaluation`, `re-evaluation` or nothing."""
    return line.procedure["evaluation"] if line.procedure else ""


def evaluated_discipline(line: Line) -> str:
    """The discipline of an evaluation line; where the line does not say, that of its code."""
    named = line.procedure["disciplines"] if line.procedure else ""
    return line.discipline or ("" if "/" in named else named)


def plans_of(world: World, patient: str, discipline: str, billing: str) -> list[Plan]:
    """Certifications of a patient's plans in a discipline; a row without billing NPI is anybody's."""
    return [
        plan
        for plan in world.plans_by_patient.get(patient, [])
        if plan.discipline == discipline and plan.billing_npi in ("", billing)
    ]


def billed_disciplines(found: Iterable[Episode]) -> set[tuple[str, str, str]]:
    return {(episode.patient_id, episode.discipline, episode.billing_npi) for episode in found}


def episodes(world: World) -> list[Episode]:
    """All episodes of lines of therapy codes that were not denied, whatever the payer, by their first days."""
    if world.episodes is not None:
        return world.episodes
    groups: dict[tuple[str, str, str], dict[date, list[Line]]] = defaultdict(lambda: defaultdict(list))
    first_loaded: dict[str, date] = {}
    evaluated: set[tuple[str, str, str, date]] = set()
    for line in world.lines:
        first_loaded[line.billing_npi] = min(first_loaded.get(line.billing_npi, line.service_date), line.service_date)
        if line.denied:
            continue
        if line.is_therapy:
            groups[line.patient_id, line.billing_npi, line.discipline][line.service_date].append(line)
        if kind(line) == "evaluation":
            evaluated.add((line.patient_id, line.billing_npi, evaluated_discipline(line), line.service_date))
    found: list[Episode] = []
    for (patient, billing, discipline), by_day in groups.items():
        previous: date | None = None
        for day in sorted(by_day):
            if previous is None or day - previous > GAP:
                found.append(Episode(patient, billing, discipline, {}))
            found[-1].by_day[day] = by_day[day]
            previous = day
    for episode in found:
        first = episode.first_day
        episode.start_known = bool(episode.discipline) and (
            first - first_loaded[episode.billing_npi] > GAP
            or (episode.patient_id, episode.billing_npi, episode.discipline, first) in evaluated
            or any(
                first - GAP <= plan.evaluation_date <= first
                for plan in plans_of(world, episode.patient_id, episode.discipline, episode.billing_npi)
            )
        )
    world.episodes = found
    return found
