"""NCC101-103, NCC201, NCC202, NCC301, NCC401: code pairs, unit limits, add-on codes, codes that a payer does not pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .model import ABN_MODIFIERS, Line, Verdict, World, in_force, line_verdict, part_of, place_excess, provider_days

EITHER_COLUMN_FROM = date(2019, 7, 1)
DISTINCT = {"59", "XE", "XP", "XS", "XU"}
VISIT_MODIFIERS = {"24", "25", "57"}
PROCEDURE_MODIFIERS = {"58", "78", "79"}
NOT_PAID = {"B", "I", "N", "P", "X"}


# --- code pairs -----------------------------------------------------------------------------------


def edits(world: World, setting: str, column_1: str, column_2: str, day: date) -> list[tuple[int, bool]]:
    """(indicator, whether it surely applies) of the edits that may be in force on the day."""
    rows = world.reference.by("pair_edit", "setting", "column_1", "column_2").get((setting, column_1, column_2), [])
    return [
        (int(row["indicator"]), day >= date.fromisoformat(row["certain_from"]))
        for row in rows
        if row["indicator"] != "9" and in_force(row, day)
    ]


def of_kind(world: World, kind: str, line: Line) -> bool:
    return any(
        row["kind"] == kind and row["code_low"] <= line.code <= row["code_high"] and in_force(row, line.service_date)
        for row in world.reference.tables["code_range"]
    )


def anatomic(world: World, line: Line) -> set[str]:
    named = {row["modifier"] for row in world.reference.tables["modifier"] if row["kind"] == "anatomic"}
    return named & set(line.modifiers)


def bypassed(world: World, first: Line, second: Line) -> bool:
    """Whether a modifier of the column 1 line or of the column 2 line says that both were distinct services."""
    if anatomic(world, first) != anatomic(world, second):
        return True
    for line in (first, second):
        has = set(line.modifiers)
        visit = of_kind(world, "evaluation_management", line)
        if has & DISTINCT and not visit and (line is second or line.service_date >= EITHER_COLUMN_FROM):
            return True
        if has & VISIT_MODIFIERS and visit:
            return True
        if has & PROCEDURE_MODIFIERS and not visit:
            return True
        if "91" in has and of_kind(world, "laboratory", line):
            return True
    return False


def ncc101_103(world: World) -> Iterator[Verdict]:
    """One verdict of each check for a column 2 line, whatever the number of column 1 codes beside it."""
    for lines in provider_days(world, world.lines).values():
        payer = lines[0].payer
        if payer.uses_ncci is False:
            continue
        for line in lines:
            never: list[bool] = []
            open_pairs: list[tuple[bool, bool]] = []
            for code in sorted({other.code for other in lines} - {line.code}):
                for indicator, sure in edits(world, payer.ncci_setting, code, line.code, line.service_date):
                    if indicator == 0:
                        never.append(sure)
                    else:
                        stands = any(bypassed(world, other, line) for other in lines if other.code == code)
                        open_pairs.append((sure, stands))
            if not never and not open_pairs:
                continue
            if payer.uses_ncci is None:
                for code, severity in (("NCC101", "error"), ("NCC102", "error"), ("NCC103", "info")):
                    yield line_verdict(code, line, "cannot_tell", severity, "payer-rule-unknown")
            else:
                yield judged("NCC101", line, [(sure, True) for sure in never], "error")
                yield judged("NCC102", line, [(sure, not stands) for sure, stands in open_pairs], "error")
                yield judged("NCC103", line, [(sure, stands) for sure, stands in open_pairs], "info")


def judged(code: str, line: Line, pairs: list[tuple[bool, bool]], severity: str) -> Verdict:
    """`pairs`: (the edit surely applies, it would be a finding)."""
    amount = None if severity == "info" else line.at_risk
    if any(sure and wrong for sure, wrong in pairs):
        return line_verdict(code, line, "finding", severity, amount=amount, over=severity == "error")
    if any(wrong for _, wrong in pairs):
        return line_verdict(code, line, "cannot_tell", severity, "edit-start-unknown")
    return line_verdict(code, line, "pass", severity)


# --- unit limits ----------------------------------------------------------------------------------


def limits(world: World, line: Line) -> list[dict[str, str]]:
    """All limits of the line's code in the payer's setting, of any date."""
    key = (line.payer.ncci_setting, line.code)
    return world.reference.by("unit_limit", "setting", "procedure_code").get(key, [])


def ncc201(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.denied or line.payer.uses_ncci is False:
            continue
        early = line.service_date < world.reference.limits_from(line.payer.ncci_setting)
        rows = [row for row in limits(world, line) if early or in_force(row, line.service_date)]
        rows = [row for row in rows if row["adjudication"] == "1" and int(row["unit_limit"]) > 0]
        if not rows:
            continue
        if line.payer.uses_ncci is None:
            yield line_verdict("NCC201", line, "cannot_tell", "error", "payer-rule-unknown")
        elif early:
            yield line_verdict("NCC201", line, "cannot_tell", "error", "no-reference-for-date")
        elif line.odd_units:
            yield line_verdict("NCC201", line, "cannot_tell", "error", "units-not-billable")
        else:
            over = line.units - Decimal(rows[0]["unit_limit"])
            verdict = "finding" if over > 0 else "pass"
            yield line_verdict("NCC201", line, verdict, "error", amount=part_of(line, over), over=True)


def per_day(row: dict[str, str]) -> bool:
    return row["adjudication"] in ("2", "3") and int(row["unit_limit"]) > 0


def ncc202(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.denied or line.payer.uses_ncci is False:
            continue
        rows = [row for row in limits(world, line) if per_day(row)]
        early = line.service_date < world.reference.limits_from(line.payer.ncci_setting)
        row = world.reference.limit(line.payer.ncci_setting, line.code, line.service_date)
        if not (rows and early) and not (row and per_day(row)):
            continue
        if line.payer.uses_ncci is None:
            yield line_verdict("NCC202", line, "cannot_tell", "error", "payer-rule-unknown")
        elif early:
            yield line_verdict("NCC202", line, "cannot_tell", "error", "no-reference-for-date")
        else:
            key = (line.patient_id, line.payer.payer_id, line.service_date, line.code, *line.provider_key)
            groups[key].append(line)
    for lines in groups.values():
        row = world.reference.limit(lines[0].payer.ncci_setting, lines[0].code, lines[0].service_date)
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
        given = [line for line in lines if "JW" not in line.modifiers]
        total, administered = sum(line.units for line in lines), sum(line.units for line in given)
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


# --- add-on codes, codes that are not paid --------------------------------------------------------


def ncc301(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if not line.denied:
            key = (line.patient_id, line.payer.payer_id, line.service_date, line.billing_npi, line.rendering.npi)
            groups[key].append(line)
    for lines in groups.values():
        codes = {line.code for line in lines}
        for line in lines:
            if line.payer.uses_ncci is False:
                continue
            rows = world.reference.by("add_on", "add_on_code").get((line.code,), [])
            rows = [row for row in rows if in_force(row, line.service_date) and row["edit_type"] in ("1", "3")]
            if not rows:
                continue
            closed = any(row["edit_type"] == "1" for row in rows)
            severity = "error" if closed else "review"
            if line.payer.uses_ncci is None:
                yield line_verdict("NCC301", line, "cannot_tell", severity, "payer-rule-unknown")
                continue
            alone = not codes & {row["primary_code"] for row in rows}
            yield line_verdict("NCC301", line, "finding" if alone else "pass", severity, amount=line.at_risk, over=True)


def ncc401(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.code == "97014" or ABN_MODIFIERS & set(line.modifiers):
            continue
        scheduled = line.payer.medicare and bool(world.reference.rows("fee_schedule", line.code))
        limited = line.payer.uses_ncci is not False and any(row["unit_limit"] == "0" for row in limits(world, line))
        if not scheduled and not limited:
            continue
        status = world.reference.on("fee_schedule", line.code, line.service_date) if scheduled else None
        limit = world.reference.limit(line.payer.ncci_setting, line.code, line.service_date)
        early = line.service_date < world.reference.limits_from(line.payer.ncci_setting)
        if status and status["status"] in NOT_PAID:
            verdict, reason = "finding", ""
        elif limited and line.payer.uses_ncci is None:
            verdict, reason = "cannot_tell", "payer-rule-unknown"
        elif limited and limit and limit["unit_limit"] == "0":
            verdict, reason = "finding", ""
        elif (scheduled and status is None) or (limited and not scheduled and early):
            verdict, reason = "cannot_tell", "no-reference-for-date"
        else:
            verdict, reason = "pass", ""
        yield line_verdict("NCC401", line, verdict, "error", reason, amount=line.at_risk, over=True)


def judge(world: World) -> Iterator[Verdict]:
    for check in (ncc101_103, ncc201, ncc202, ncc301, ncc401):
        yield from check(world)
