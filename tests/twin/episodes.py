"""Episodes of therapy (ruling 20): what a patient had of one discipline under one billing NPI without a gap of more than 60 days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from .model import Line, Plan, World

GAP = timedelta(days=60)


@dataclass
class Episode:
    patient_id: str
    billing_npi: str
    discipline: str
    lines: list[Line]
    start_known: bool = False

    @property
    def first_day(self) -> date:
        return min(line.service_date for line in self.lines)

    @property
    def last_day(self) -> date:
        return max(line.service_date for line in self.lines)

    @property
    def days(self) -> list[date]:
        """The treatment days."""
        return sorted({line.service_date for line in self.lines})

    def on(self, day: date) -> list[Line]:
        return [line for line in self.lines if line.service_date == day]

    @property
    def subject(self) -> tuple[object, ...]:
        return ("episode", self.patient_id, self.billing_npi, self.first_day)


def plans_of(world: World, patient: str, discipline: str, billing: str) -> list[Plan]:
    """Certifications of a patient's plans in a discipline; a row without billing NPI is anybody's."""
    return [
        plan
        for plan in world.plans
        if plan.patient_id == patient and plan.discipline == discipline and plan.billing_npi in ("", billing)
    ]


def episodes(world: World) -> list[Episode]:
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    first_loaded: dict[str, date] = {}
    for line in world.lines:
        first_loaded[line.billing_npi] = min(first_loaded.get(line.billing_npi, line.service_date), line.service_date)
        if line.is_therapy and not line.denied:
            groups[line.patient_id, line.billing_npi, line.discipline].append(line)
    found: list[Episode] = []
    for (patient, billing, discipline), lines in groups.items():
        previous: date | None = None
        for line in sorted(lines, key=lambda line: (line.service_date, line.order)):
            if previous is None or line.service_date - previous > GAP:
                found.append(Episode(patient, billing, discipline, []))
            found[-1].lines.append(line)
            previous = line.service_date
    for episode in found:
        first = episode.first_day
        episode.start_known = (
            first - first_loaded[episode.billing_npi] > GAP
            or any(line.is_evaluation and line.procedure["evaluation"] == "evaluation" for line in episode.on(first))
            or any(
                plan.evaluation_date == first
                for plan in plans_of(world, episode.patient_id, episode.discipline, episode.billing_npi)
            )
        )
    return found
