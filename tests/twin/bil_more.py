"""BIL103, BIL106-BIL112: filing, form and payment of the claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from .model import Line, Verdict, World, as_date, cents, in_force, line_verdict, text

FROM_2010 = date(2010, 1, 1)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The n-th such weekday of a month; -1 is the last one."""
    days = [date(year, month, 1) + timedelta(days=number) for number in range(31)]
    days = [day for day in days if day.month == month and day.weekday() == weekday]
    return days[number - 1] if number > 0 else days[-1]


@cache
def observed_holidays(year: int) -> set[date]:
    """Federal holidays of a year on the day on which they are observed."""
    fixed = [date(year, 1, 1), date(year + 1, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    moved = {
        day - timedelta(days=1) if day.weekday() == 5 else day + timedelta(days=day.weekday() == 6) for day in fixed
    }
    return moved | {
        nth_weekday(year, 1, 0, 3), nth_weekday(year, 2, 0, 3), nth_weekday(year, 5, 0, -1), nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 10, 0, 2), nth_weekday(year, 11, 3, 4),
    }  # fmt: skip


def deadline(line: Line) -> date | None:
    """The last day on which the line is in time."""
    day = line.service_date
    if not line.payer.medicare:
        limit = line.payer.timely_filing_days
        return None if limit is None else day + timedelta(days=limit)
    last = date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else date(day.year + 1, day.month, day.day)
    while last.weekday() >= 5 or last in observed_holidays(last.year):
        last += timedelta(days=1)
    return last


def last_holiday_year(world: World) -> date:
    """The first day for which no federal holidays are loaded."""
    ends = [row["valid_to"] for row in world.reference.tables["release"] if row["set"] == "federal_holiday"]
    return date.fromisoformat(max(ends, default="9999-12-31"))


def bil103(world: World) -> Iterator[Verdict]:
    on_claim: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for line in world.lines:
        if line.received_date:
            on_claim[line.claim].append(line.received_date)
    lacks_original = set()
    for line in world.all_lines:
        if line.frequency in ("7", "8") and not original_loaded(world, line):
            lacks_original.add(world.root_of[line.claim])
    for line in world.lines:
        last = deadline(line)
        if line.denied or line.service_date < FROM_2010 or last is None:
            continue
        versions = world.versions[world.root_of[line.claim]]
        known = [version[2] for version in versions if version[2]] + on_claim[line.claim]
        lacking = world.root_of[line.claim] in lacks_original
        if known and min(known) <= last:
            outcome = ("pass", "")
        elif not known or any(version[2] is None for version in versions):
            outcome = ("cannot_tell", "received-date-missing")
        elif lacking:
            outcome = ("cannot_tell", "original-not-loaded")
        elif line.payer.medicare and last >= last_holiday_year(world):
            outcome = ("cannot_tell", "no-reference-for-date")
        else:
            outcome = ("finding", "")
        yield line_verdict("BIL103", line, outcome[0], "error", outcome[1], amount=line.at_risk, over=True)


def original_loaded(world: World, line: Line) -> bool:
    """Whether the claim that a correction names is there; one that names itself needs another submission of its number."""
    original = (line.patient_id, line.payer.payer_id, line.original_claim_id)
    if original == line.claim:
        return world.submissions_of[line.claim] > 1
    return bool(line.original_claim_id) and original in world.loaded_claims


def bil106(world: World) -> Iterator[Verdict]:
    sent: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.submitted:
        if line.frequency in ("7", "8"):
            sent[*line.claim, line.frequency, line.original_claim_id, line.received_date].append(line)
    for lines in sent.values():
        head = min(lines, key=lambda line: (line.line_number, line.billing_npi))
        first = min(line.service_date for line in lines)
        wrong = head.payer.medicare or not original_loaded(world, head)
        key = ("claim", head.patient_id, head.payer.payer_id, head.billing_npi, first)
        yield Verdict("BIL106", "finding" if wrong else "pass", "", "review", key)


EXPECTED_NEVER = {"19", "21", "22", "23", "31"}


def bil107(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        specialty = line.rendering.specialty
        if line.denied or not (specialty in ("65", "67", "15") or (not specialty and line.rendering.discipline)):
            continue
        if not line.place:
            outcome = ("cannot_tell", "place-of-service-missing")
        elif line.place in EXPECTED_NEVER:
            outcome = ("finding", "") if specialty else ("cannot_tell", "specialty-missing")
        else:
            outcome = ("pass", "")
        yield line_verdict("BIL107", line, outcome[0], "review", outcome[1])


def bil108(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        rows = world.reference.rows("procedure", line.code)
        dated = any(row["valid_from"] > "1900-01-01" for row in rows) or (rows and all(row["valid_to"] for row in rows))
        if rows and dated:
            valid = any(in_force(row, line.service_date) for row in rows)
            verdict = "pass" if valid else "finding"
            yield line_verdict("BIL108", line, verdict, "error", amount=line.at_risk, over=True)


def bil109(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        wants = line.payer.wants_97014
        if line.code == "97014" and line.payer.medicare and line.service_date >= date(2003, 1, 1):
            wrong = None if wants is None else not wants and "GY" not in line.modifiers
        elif line.code == "G0283":
            wrong = wants
        else:
            continue
        if wrong is None:
            yield line_verdict("BIL109", line, "cannot_tell", "error", "payer-rule-unknown")
        else:
            yield line_verdict("BIL109", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def bil110(world: World) -> Iterator[Verdict]:
    spans: dict[str, list[tuple[date | None, date | None]]] = defaultdict(list)
    for provider in world.all_providers:
        spans[provider.npi].append((provider.active_from, provider.active_to))
    excluded = []
    for row in world.exclusions:
        try:
            start, end = as_date(text(row, "from_date")), as_date(text(row, "to_date"))
        except ValueError:
            continue
        if text(row, "npi") and start:
            excluded.append((text(row, "npi"), start, end))
    for line in world.lines:
        if line.denied:
            continue
        wrong = False
        for npi in (line.billing_npi, line.rendering.npi):
            own = spans.get(npi, [])
            inside = any(
                (a is None or a <= line.service_date) and (b is None or line.service_date <= b) for a, b in own
            )
            wrong = (
                wrong
                or bool(own and not inside)
                or any(
                    npi == named and start <= line.service_date and (end is None or line.service_date <= end)
                    for named, start, end in excluded
                )
            )
        if wrong:
            outcome = ("finding", "")
        elif line.billing_npi not in spans and line.rendering.npi not in spans and not excluded:
            outcome = ("cannot_tell", "provider-not-loaded")
        else:
            outcome = ("pass", "")
        yield line_verdict("BIL110", line, outcome[0], "review", outcome[1])


def header(line: Line) -> dict[str, str]:
    """What belongs to the claim and not to a line."""
    return {
        "patient_id": line.patient_id,
        "payer_id": line.payer.payer_id,
        "billing_npi": line.billing_npi,
        "claim_frequency": line.frequency,
        "original_claim_id": line.original_claim_id,
        "received_date": str(line.received_date or ""),
        **{f"diagnosis_{place}": code for place, code in enumerate(line.written_slots, start=1)},
    }


def bil112(world: World) -> Iterator[Verdict]:
    claims: dict[str, list[Line]] = defaultdict(list)
    for line in world.submitted:
        claims[line.claim_id].append(line)
    reported: set[int] = set()
    for lines in claims.values():

        def sent_as(line: Line) -> tuple[object, ...]:
            return (line.patient_id, line.payer.payer_id, line.frequency, line.original_claim_id, line.received_date)

        numbers = {line.line_number for line in lines}
        several = len(numbers) < len({(line.line_number, sent_as(line)) for line in lines})
        parts: dict[object, list[Line]] = defaultdict(list)
        for line in lines:
            parts[sent_as(line) if several else ""].append(line)
        for part in parts.values():
            values: dict[str, set[str]] = defaultdict(set)
            for line in part:
                for name, value in header(line).items():
                    if value:
                        values[name].add(value)
            if any(len(seen) > 1 for seen in values.values()):
                reported |= {id(line) for line in part}
                first = min(part, key=lambda line: line.line_number)
                numbered = [line for line in part if line.line_number == first.line_number]
                key = (
                    "claim", min(line.patient_id for line in numbered), min(line.payer.payer_id for line in numbered),
                    min(line.billing_npi for line in numbered), min(line.service_date for line in part),
                )  # fmt: skip
                yield Verdict("BIL112", "finding", "", "review", key)
    standing: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if id(line) not in reported:
            standing[*line.claim, line.billing_npi].append(line)
    for lines in standing.values():
        first_day = min(line.service_date for line in lines)
        key = ("claim", lines[0].patient_id, lines[0].payer.payer_id, lines[0].billing_npi, first_day)
        yield Verdict("BIL112", "pass", "", "review", key)


TOLERATED_SHARE, TOLERATED_AMOUNT, TOKEN = Fraction(5, 100), Decimal("0.05"), Decimal("0.01")


def six(value: Fraction) -> Fraction:
    """To six places, halves up."""
    return Fraction(
        (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"), "ROUND_HALF_UP")
    )


def bil111(world: World) -> Iterator[Verdict]:
    factors = world.reference.tables.get("geographic_factor", [])
    parts = ("work", "practice_expense", "malpractice")
    most = {part: max((Fraction(row[part]) for row in factors), default=Fraction(1)) for part in parts}
    least = {part: min((Fraction(row[part]) for row in factors), default=Fraction(1)) for part in parts}
    lines = [
        line
        for line in world.lines
        if line.payer.medicare and not line.denied and (line.charge is None or line.charge > TOKEN)
    ]
    prices: dict[int, dict[str, str]] = {}
    whole: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        row = world.reference.on("fee_schedule", line.code, line.service_date)
        if row is None or not row["work_rvu"] or line.units <= 0:
            continue
        prices[id(line)] = row
        if row["multiple_procedure"] == "5" and not line.date_span:
            whole[line.patient_id, line.service_date, line.billing_npi, line.payer.payer_id].append(line)

    def rank(line: Line) -> tuple[object, ...]:
        row = prices[id(line)]
        expense = Fraction(row["pe_rvu_nonfacility"])
        paid = Fraction(shown(line) or 0) / Fraction(line.units)
        return (
            expense,
            Fraction(row["work_rvu"]) + expense + Fraction(row["mp_rvu"]),
            paid,
            line.claim_id,
            line.line_number,
        )

    first = {id(max(group, key=rank)) for group in whole.values()}
    for line in lines:
        amount, row = shown(line), prices.get(id(line))
        own = [g for g in factors if line.state and g["state"] == line.state and in_force(g, line.service_date)]
        high = low = None
        if row is not None:
            share = next(
                Fraction(r["share"])
                for r in world.reference.tables["therapy_reduction"]
                if r["setting"] == line.payer.ncci_setting and in_force(r, line.service_date)
            )
            cut = row["multiple_procedure"] == "5"
            units = Fraction(line.units)
            lost = (units - (min(units, 1) if id(line) in first else 0)) * share if cut else Fraction(0)
            high = fee(row, units, own[0] if own else most, Fraction(0) if line.date_span else lost)
            low = fee(row, units, own[0] if own else least, lost)
        if amount is not None and line.charge is not None and amount > line.charge:
            outcome = ("finding", "")
        elif high is not None and amount is not None and amount > bound(high):
            outcome = ("finding", "")
        elif amount is None:
            outcome = ("cannot_tell", "allowed-amount-missing")
        elif low is not None and amount > bound(low):
            why = "state-missing" if not line.state else ("no-reference-for-date" if not own else "date-span")
            outcome = ("cannot_tell", why)
        elif line.charge is None:
            outcome = ("cannot_tell", "charge-amount-missing")
        else:
            outcome = ("pass", "")
        yield line_verdict("BIL111", line, outcome[0], "review", outcome[1])


def shown(line: Line) -> Decimal | None:
    """The larger of what was allowed and what was paid."""
    known = [value for value in (line.allowed, line.paid) if value is not None]
    return max(known) if known else None


def fee(row: dict[str, str], units: Fraction, factor, lost: Fraction) -> Decimal:
    """What the units are worth, `lost` of them without their practice expense."""
    rate = Fraction(row["conversion_factor"])
    rest = six(
        rate
        * (
            Fraction(row["work_rvu"]) * Fraction(factor["work"])
            + Fraction(row["mp_rvu"]) * Fraction(factor["malpractice"])
        )
    )
    expense = six(rate * Fraction(row["pe_rvu_nonfacility"]) * Fraction(factor["practice_expense"]))
    return cents(units * rest + expense * (units - lost))


def bound(value: Decimal) -> Fraction:
    return Fraction(value) + max(Fraction(TOLERATED_AMOUNT), TOLERATED_SHARE * Fraction(value))


def judge(world: World) -> Iterator[Verdict]:
    for check in (bil103, bil106, bil107, bil108, bil109, bil110, bil111, bil112):
        yield from check(world)
