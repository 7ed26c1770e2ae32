"""PRV105: days of one patient that are all alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .model import Verdict, World, as_date, as_integer, text

DAYS, SHARE, PATIENTS, MONTHS = 20, Decimal("0.9"), 3, 24


def prv105(world: World) -> Iterator[Verdict]:
    therapy = [line for line in world.lines if line.is_therapy and not line.denied]
    if not therapy:
        return
    last = max(line.service_date for line in therapy)
    months = last.year * 12 + last.month - MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    days: dict[tuple[str, str], dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in therapy:
        if first <= line.service_date and not line.date_span:
            days[line.rendering.npi, line.patient_id][line.service_date].append(f"{line.code} {line.units}")
    notes: dict[tuple[str, str, date | None], list[str]] = defaultdict(list)
    for row in world.visits:
        known = (as_integer(text(row, "timed_minutes")), as_integer(text(row, "total_minutes")))
        if known != (None, None):
            key = (text(row, "rendering_npi"), text(row, "patient_id"), as_date(text(row, "service_date")))
            notes[key].append(f"day {known}")
    for row in world.services:
        known = (as_integer(text(row, "minutes")), as_integer(text(row, "assistant_minutes")))
        if known != (None, None):
            key = (text(row, "rendering_npi"), text(row, "patient_id"), as_date(text(row, "service_date")))
            notes[key].append(f"{text(row, 'procedure_code')} {known}")
    patients: dict[str, Counter[str]] = defaultdict(Counter)
    for (npi, patient), own in days.items():
        patients[npi]["any"] += 1
        if len(own) < DAYS:
            continue
        patients[npi]["long"] += 1
        alike: dict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
        for day, services in own.items():
            alike[tuple(sorted(services))][tuple(sorted(notes[npi, patient, day]))] += 1
        best = possible = 0
        for seen in alike.values():
            blank = seen[()]
            most = max((count for minutes, count in seen.items() if minutes), default=0)
            best, possible = max(best, most), max(possible, most + blank)
        patients[npi]["alike"] += best >= SHARE * len(own)
        patients[npi]["possible"] += possible >= SHARE * len(own)
    for npi, count in patients.items():
        if count["alike"] >= PATIENTS:
            outcome = ("finding", "")
        elif count["possible"] >= PATIENTS:
            outcome = ("cannot_tell", "minutes-not-recorded")
        elif count["long"] >= PATIENTS:
            outcome = ("pass", "")
        else:
            outcome = ("cannot_tell", "too-few-visit-days")
        yield Verdict("PRV105", *outcome, "review", ("provider", npi))


def judge(world: World) -> Iterator[Verdict]:
    yield from prv105(world)
