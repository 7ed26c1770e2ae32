"""BIL101, BIL102, BIL104, BIL105: the claim itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .model import Line, LineKey, Verdict, World, line_verdict


def later_ones(world: World, exact: bool) -> set[LineKey]:
    """Every line but the first (received, claim, line) of the lines that are alike, denied lines left out."""
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.denied:
            continue
        alike = (
            line.patient_id, line.payer.payer_id, line.billing_npi, line.rendering.npi, line.service_date, line.code,
            line.units, line.ndc,
        )  # fmt: skip
        if exact:
            groups[(*alike, line.modifiers, line.charge)].append(line)
        else:
            groups[(*alike, tuple(sorted(line.modifiers)))].append(line)
    return {line.key for lines in groups.values() for line in sorted(lines, key=lambda line: line.order)[1:]}


def duplicated(world: World) -> set[LineKey]:
    """The lines that BIL101 finds."""
    return later_ones(world, exact=True)


def bil101_102(world: World) -> Iterator[Verdict]:
    exact, near = duplicated(world), later_ones(world, exact=False)
    for line in world.lines:
        if line.denied:
            continue
        found = line.key in exact
        yield line_verdict(
            "BIL101", line, "finding" if found else "pass", "error", amount=line.at_risk if found else None, over=found
        )
        yield line_verdict("BIL102", line, "finding" if line.key in near and not found else "pass", "review")


def bil104(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.service_date_to is not None and line.service_date_to < line.service_date:
            impossible = True
        elif line.received_date is None:
            yield line_verdict("BIL104", line, "cannot_tell", "error", "received-date-missing")
            continue
        else:
            impossible = line.service_date > line.received_date
        verdict = "finding" if impossible else "pass"
        yield line_verdict("BIL104", line, verdict, "error", amount=line.at_risk, over=True)


def npi_is_valid(npi: str) -> bool:
    """Luhn over the ten digits with 80840 in front."""
    if len(npi) != 10 or not npi.isascii() or not npi.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def bil105(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        wrong = [npi for npi in {line.billing_npi, line.rendering.npi} if not npi_is_valid(npi)]
        # a finding for each number (ruling 66)
        for verdict in ["finding"] * len(wrong) or ["pass"]:
            yield line_verdict("BIL105", line, verdict, "error")


def judge(world: World) -> Iterator[Verdict]:
    for check in (bil101_102, bil104, bil105):
        yield from check(world)
