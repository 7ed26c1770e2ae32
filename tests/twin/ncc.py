"""NCC202: units of one code and day against the unit limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .model import Line, Verdict, World, line_verdict, part_of, place_excess


def ncc202(world: World) -> Iterator[Verdict]:
    starts = [date.fromisoformat(row["valid_from"]) for row in world.reference.tables.get("unit_limit", [])]
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.denied or line.payer.uses_ncci is False:
            continue
        rows = [row for row in world.reference.rows("unit_limit", line.code) if per_day(row)]
        early = not starts or line.service_date < min(starts)
        row = world.reference.on("unit_limit", line.code, line.service_date)
        if not (rows and early) and not (row and per_day(row)):
            continue
        if line.payer.uses_ncci is None:
            yield line_verdict("NCC202", line, "cannot_tell", "error", "payer-rule-unknown")
        elif early:
            yield line_verdict("NCC202", line, "cannot_tell", "error", "no-reference-for-date")
        else:
            groups[
                line.patient_id, line.payer.payer_id, line.service_date, line.code, line.billing_npi, line.rendering.npi
            ].append(line)
    for lines in groups.values():
        row = world.reference.on("unit_limit", lines[0].code, lines[0].service_date)
        assert row is not None
        limit = Decimal(row["unit_limit"])
        if any(line.date_span for line in lines):
            for line in lines:
                yield line_verdict("NCC202", line, "cannot_tell", "error", "date-span")
            continue
        if any(line.odd_units for line in lines):
            for line in lines:
                yield line_verdict("NCC202", line, "cannot_tell", "error", "units-not-billable")
            continue
        counted = lines
        given = [line for line in counted if "JW" not in line.modifiers]
        total, administered = sum(line.units for line in counted), sum(line.units for line in given)
        if administered > limit:
            excess = place_excess(given, administered - limit)
            for line in lines:
                units = excess.get(line.key, Decimal(0))
                amount = part_of(line, units) if units else Decimal("0.00")
                yield line_verdict("NCC202", line, "finding", "error", amount=amount, over=True)
        elif total > limit:
            for line in lines:
                yield line_verdict("NCC202", line, "cannot_tell", "error", "waste-units")
        else:
            for line in lines:
                yield line_verdict("NCC202", line, "pass", "error")


def per_day(row: dict[str, str]) -> bool:
    return row["adjudication"] in ("2", "3") and int(row["unit_limit"]) > 0


def judge(world: World) -> Iterator[Verdict]:
    yield from ncc202(world)
