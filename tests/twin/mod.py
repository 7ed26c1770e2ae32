"""MOD101-MOD114: modifiers. All but MOD105, 106, 111 and 114 look at one line alone, denied or not (denied: amount 0)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .model import (
    DISCIPLINE_OF_MODIFIER,
    Line,
    Verdict,
    VisitDay,
    World,
    as_integer,
    cents,
    in_force,
    line_verdict,
    provider_days,
    text,
)
from .ncc import edits
from .unt import DISTINCT as REPEAT_REASONS
from .unt import by_session, one_a_day, untellable, valid_allocations

FROM_2018 = date(2018, 1, 1)
ALWAYS_WRONG = {"25", "50", "26", "TC", "AT", "22"}
WRONG_ON_TIMED = {"52", "76"}


def mod101(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        switch = line.payer.requires_discipline_modifier
        due = line.therapy_status == "always" or (
            line.therapy_status == "sometimes" and line.rendering.private_practice
        )
        if not due or line.service_date < FROM_2018 or switch is False:
            continue
        if switch is None:
            yield line_verdict("MOD101", line, "cannot_tell", "error", "payer-rule-unknown")
            continue
        missing = not line.discipline_modifiers and not {"CQ", "CO"} & set(line.modifiers)
        yield line_verdict("MOD101", line, "finding" if missing else "pass", "error", amount=line.at_risk, over=True)


def mod102(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.is_therapy:
            several = len(line.discipline_modifiers) > 1
            yield line_verdict(
                "MOD102", line, "finding" if several else "pass", "error", amount=line.at_risk, over=True
            )


def mod103(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        row = line.procedure
        if row is None or not row["locked_modifier"] or line.service_date < FROM_2018:
            continue
        wrong = len(line.discipline_modifiers) == 1 and row["locked_modifier"] not in line.discipline_modifiers
        yield line_verdict("MOD103", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def mod104(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if not line.is_therapy or len(line.discipline_modifiers) != 1:
            continue
        own = line.rendering.discipline
        if own:
            named = DISCIPLINE_OF_MODIFIER[next(iter(line.discipline_modifiers))]
            yield line_verdict("MOD104", line, "pass" if named == own else "finding", "review")
        elif line.rendering.nothing_known:
            yield line_verdict("MOD104", line, "cannot_tell", "review", "provider-discipline-unknown")


def mod107(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        assistants = {"CQ", "CO"} & set(line.modifiers)
        if assistants or line.is_therapy:
            paired = (assistants, line.discipline_modifiers) in (({"CQ"}, {"GP"}), ({"CO"}, {"GO"})) or not assistants
            yield line_verdict("MOD107", line, "pass" if paired else "finding", "error", amount=line.at_risk, over=True)


def mod108(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.payer.medicare and line.procedure and line.code in {str(code) for code in range(97161, 97169)}:
            wrong = bool({"CQ", "CO"} & set(line.modifiers))
            yield line_verdict("MOD108", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def mod109(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        has = set(line.modifiers)
        pairs = [
            row
            for row in world.reference.tables["modifier_conflict"]
            if {row["modifier_a"], row["modifier_b"]} <= has
            and date.fromisoformat(row["valid_from"]) <= line.service_date
            and (not row["valid_to"] or line.service_date < date.fromisoformat(row["valid_to"]))
            and (row["scope"] == "any" or line.discipline_modifiers)
        ]
        costly = any(row["line_at_risk"] == "true" for row in pairs)
        plain = bool(pairs) or len(has) < len(line.modifiers)
        verdict = "finding" if costly or plain else "pass"
        yield line_verdict("MOD109", line, verdict, "error", amount=line.at_risk if costly else None, over=costly)


def mod110(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        always = line.therapy_status == "always"
        timed = line.therapy_status in ("always", "sometimes") and line.is_timed
        if always or timed:
            wrong = (ALWAYS_WRONG if always else set()) | (WRONG_ON_TIMED if timed else set())
            yield line_verdict("MOD110", line, "finding" if wrong & set(line.modifiers) else "pass", "review")


# --- MOD111 to MOD114 -----------------------------------------------------------------------------

SEPARATE = {"59", "XE", "XP", "XS", "XU"}


def mod111(world: World) -> Iterator[Verdict]:
    for lines in provider_days(world, world.lines).values():
        for line in lines:
            if not SEPARATE & set(line.modifiers) or line.payer.uses_ncci is False:
                continue
            if line.payer.uses_ncci is None:
                yield line_verdict("MOD111", line, "cannot_tell", "review", "payer-rule-unknown")
                continue
            others = {other.code for other in lines if other is not line}
            found = [
                edit
                for code in others - {line.code}
                for pair in ((code, line.code), (line.code, code))
                for edit in edits(world, line.payer.ncci_setting, *pair, line.service_date)
            ]
            if line.code in others or any(sure for _, sure in found):
                yield line_verdict("MOD111", line, "pass", "review")
            elif found:
                yield line_verdict("MOD111", line, "cannot_tell", "review", "edit-start-unknown")
            elif any(not in_table(world, line.payer.ncci_setting, code) for code in others):
                yield line_verdict("MOD111", line, "cannot_tell", "review", "pair-table-partial")
            else:
                yield line_verdict("MOD111", line, "finding", "review")


def in_table(world: World, setting: str, code: str) -> bool:
    """Whether the loaded pair table of the setting knows the code."""
    by = world.reference.by
    first, second = by("pair_edit", "setting", "column_1"), by("pair_edit", "setting", "column_2")
    return (setting, code) in first or (setting, code) in second


def mod112(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if not line.modifiers:
            continue
        wrong = False
        for modifier in line.modifiers:
            rows = world.reference.by("modifier", "modifier").get((modifier,), [])
            dated = bool(rows) and not any(in_force(row, line.service_date) for row in rows)
            wrong = wrong or dated or not re.fullmatch("[A-Z0-9]{2}", modifier)
        yield line_verdict("MOD112", line, "finding" if wrong else "pass", "error")


def mod113(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        switch = line.payer.requires_rehabilitative_modifier
        if line.therapy_status != "always" or line.service_date < FROM_2018 or switch is False:
            continue
        if switch is None:
            yield line_verdict("MOD113", line, "cannot_tell", "review", "payer-rule-unknown")
        else:
            missing = not {"96", "97"} & set(line.modifiers)
            yield line_verdict("MOD113", line, "finding" if missing else "pass", "review")


def mod114(world: World) -> Iterator[Verdict]:
    for day in world.days:
        groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in day.lines:
            if by_session(line):
                groups[line.rendering.npi, line.code].append(line)
        for lines in groups.values():
            bare = [line for line in lines if not REPEAT_REASONS & set(line.modifiers)]
            for line in lines:
                if any(other.date_span for other in lines):
                    yield line_verdict("MOD114", line, "cannot_tell", "review", "date-span")
                else:
                    repeated = line in bare[1:] and not one_a_day(world, line)
                    verdict = "finding" if repeated else "pass"
                    yield line_verdict("MOD114", line, verdict, "review", amount=line.at_risk, over=True)


# --- MOD105, MOD106 -------------------------------------------------------------------------------

ASSISTANT_FROM, PAID_LESS_FROM = date(2020, 1, 1), date(2022, 1, 1)
DEVICE_CODES = {"98976", "98977", "98984", "98985"}
NOTHING = Decimal("0.00")

def required(units: int, own: int, alone: int, day: date) -> tuple[int, int, str]:
    """How many of a timed code's units need the modifier: at least, at most, and why these differ."""
    blocks, rest_own, rest_alone = own // 15 + alone // 15, own % 15, alone % 15
    left, needed = units - blocks, alone // 15
    if left == 0 or rest_alone == 0:
        return needed, needed, ""
    if day >= PAID_LESS_FROM and left == 2:
        if rest_own + rest_alone >= 23:
            return needed + 1, needed + 1, ""
        return needed, needed + 2, "two-units-left"
    if day >= PAID_LESS_FROM and rest_own >= 8:
        return needed, needed, ""
    if day >= PAID_LESS_FROM and rest_alone >= 8:
        return needed + 1, needed + 1, ""
    low, high = by_both_methods(rest_own, rest_alone)
    return needed + left * low, needed + left * high, "assistant-methods-disagree" if low < high else ""


def by_both_methods(own: int, alone: int) -> tuple[int, int]:
    """Whether the assistant's share is above a tenth: by the simple method (a tenth, rounded, and one more), by the plain share."""
    return int(alone >= (own + alone + 5) // 10 + 1), int(10 * alone > own + alone)


def minutes_of_both(day: VisitDay, codes: set[str]) -> tuple[int, int] | None:
    """(therapist's or joint minutes, assistant's own) of some codes on a visit day; None if nothing is recorded."""
    rows = [row for row in day.services if text(row, "procedure_code") in codes]
    own = [as_integer(text(row, "minutes")) for row in rows]
    if not rows or any(value is None for value in own):
        return None
    return sum(value or 0 for value in own), sum(as_integer(text(row, "assistant_minutes")) or 0 for row in rows)


def mod105_106(world: World) -> Iterator[Verdict]:
    for day in world.days:
        switch = day.payer.requires_assistant_modifier
        if switch is False or day.day < ASSISTANT_FROM or day.discipline == "SLP":
            continue
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in day.lines:
            judged = (line.is_timed or line.unit_type == "untimed") and line.therapy_status in ("always", "sometimes")
            if judged and not line.is_evaluation and line.code not in DEVICE_CODES:
                groups[line.allocation_code].append(line)
        for code, lines in groups.items():
            yield from assistant_units(world, day, code, lines)


def assistant_units(world: World, day: VisitDay, code: str, lines: list[Line]) -> Iterator[Verdict]:
    reason = ""
    needs: list[tuple[int, int, str]] = []
    timed = lines[0].is_timed
    if day.payer.requires_assistant_modifier is None:
        reason = "payer-rule-unknown"
    else:
        reason = untellable(day)
    units = int(sum(line.units for line in lines)) if not reason else 0
    if not reason:
        codes = {row["procedure_code"] for row in world.reference.tables["procedure"] if row["allocation_code"] == code}
        own, alone = minutes_of_both(day, codes | {code}) or (None, 0)
        if not day.note_recorded:
            reason = "minutes-not-recorded"
        elif day.code_minutes is None if timed else not (own or 0) + alone:
            reason = "minutes-per-code-not-recorded"
        elif timed and day.inconsistent:
            reason = "note-minutes-inconsistent"
        elif timed:
            methods = {"cms": ["cms"], "cpt": ["cpt"]}.get(day.payer.units_method, ["cms", "cpt"])
            allotted = {
                valid.get(code, 0) for method in methods for valid in valid_allocations(day.code_minutes or {}, method)
            }
            if units not in allotted:
                reason = "units-do-not-match-minutes"
            else:
                needs = [required(number, own or 0, alone, day.day) for number in sorted(allotted)]
        else:
            assert own is not None
            low, high = by_both_methods(own, alone)
            needs = [(low, high, "assistant-methods-disagree" if low < high else "")]
            reason = "units-do-not-match-minutes" if units != 1 else ""
    severity = "info" if day.day < PAID_LESS_FROM else "error"
    marked = [line for line in lines if {"CQ", "CO"} & set(line.modifiers)]
    plain = [line for line in lines if line not in marked]
    given = int(sum(line.units for line in marked)) if not reason else 0
    for check, concerned, grave in (
        ("MOD105", plain, severity),
        ("MOD106", marked, "info" if severity == "info" else "review"),
    ):
        over, why = 0, reason
        if not reason and check == "MOD105":
            over = max(min(low for low, _, _ in needs) - given, 0)
            doubtful = given < max(high for _, high, _ in needs)
        elif not reason:
            over = max(given - max(high for _, high, _ in needs), 0)
            doubtful = given > min(low for low, _, _ in needs)
        if not reason and not over and doubtful:
            why = next((word for _, _, word in needs if word), "allotment-tied")
        if not reason and check == "MOD106" and over and not assistant_recorded(world, day):
            why = "assistant-minutes-not-recorded"
        placed = placed_units(concerned, over)
        for line in lines:
            if why == "payer-rule-unknown" or (why and line in concerned):
                yield line_verdict(check, line, "cannot_tell", grave, why)
            elif over and line in concerned:
                amount = cut(line, placed[line.key], day.day, check)
                yield line_verdict(check, line, "finding", grave, amount=amount, over=True)
            else:
                yield line_verdict(check, line, "pass", grave)


def assistant_recorded(world: World, day: VisitDay) -> bool:
    """Whether the staff of the billing NPI ever says how long an assistant worked alone."""
    staff = {line.rendering.npi for line in world.lines if line.billing_npi == day.billing_npi}
    return any(text(row, "assistant_minutes") and text(row, "rendering_npi") in staff for row in world.services)


def placed_units(lines: list[Line], units: int) -> dict[tuple[str, str], int]:
    """Units on the lines from last to first."""
    placed, left = {}, units
    for line in sorted(lines, key=lambda line: line.order, reverse=True):
        placed[line.key] = min(left, int(line.units)) if line.units > 0 else 0
        left -= placed[line.key]
    return placed


def cut(line: Line, units: int, day: date, check: str) -> Decimal | None:
    """What the assistant's rate takes: 15 % of what was paid, else 12 % of what was allowed."""
    if day < PAID_LESS_FROM:
        return NOTHING
    share = Fraction(units) / Fraction(line.units)
    if check == "MOD105" and line.paid is not None:
        return max(cents(Fraction(line.paid) * share * Fraction(15, 100)), NOTHING)
    if line.at_risk is not None and (check == "MOD106" or line.paid is None):
        return cents(Fraction(line.at_risk) * share * Fraction(12, 100))
    return None


def judge(world: World) -> Iterator[Verdict]:
    for check in (mod101, mod102, mod103, mod104, mod105_106, mod107, mod108, mod109, mod110, mod111, mod112, mod113, mod114):
        yield from check(world)
