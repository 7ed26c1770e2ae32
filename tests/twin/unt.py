"""UNT101-UNT112: units and time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from .bil import duplicated
from .model import (
    Line,
    Verdict,
    VisitDay,
    World,
    added,
    as_date,
    cents,
    fee_of,
    line_verdict,
    minutes_by_code,
    part_of,
    place_excess,
    text,
)

DISTINCT = {"76", "77", "59", "XE", "XP", "XS", "XU"}
SPLIT_REASONS = ("KX", "GA", "GX", "GY", "GZ")
ONE_LINE_FROM = date(2021, 4, 19)


# --- what minutes earn ----------------------------------------------------------------------------


def units_of(minutes: int) -> int:
    """One unit from 8 minutes, two from 23, three from 38, and so on."""
    units = 0
    while minutes >= 15 * units + 8:
        units += 1
    return units


def cpt_units(minutes: dict[str, int]) -> int:
    return sum(units_of(own) for own in minutes.values())


def valid_allocations(minutes: dict[str, int], method: str) -> list[dict[str, int]]:
    """Every right way to spread the day's units over the codes: one under cpt, several when cms remainders tie."""
    codes = sorted(minutes)
    if method == "cpt":
        return [{code: units_of(minutes[code]) for code in codes}]
    base = {code: minutes[code] // 15 for code in codes}
    rest = {code: minutes[code] % 15 for code in codes}
    extra = units_of(sum(minutes.values())) - sum(base.values())
    ranked = sorted(rest.values(), reverse=True)
    cut = ranked[extra - 1] if extra else 15
    sure = [code for code in codes if rest[code] > cut]
    tied = [code for code in codes if rest[code] == cut]
    return [
        {code: base[code] + (code in sure or code in chosen) for code in codes}
        for chosen in combinations(tied, extra - len(sure) if extra else 0)
    ]


# --- UNT101, UNT102, UNT103 -----------------------------------------------------------------------


def untellable(day: VisitDay, odd_units: bool = True) -> str:
    """The first reason that keeps a visit day's units from being compared with its minutes."""
    if day.has_date_span:
        return "date-span"
    if odd_units and day.has_odd_units:
        return "units-not-billable"
    return "minutes-shared" if day.minutes_shared else ""


def compare_totals(day: VisitDay) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """(verdict, reason, units) for units over (UNT101) and for units under (UNT102)."""
    method, billed = day.payer.units_method, int(sum(line.units for line in day.timed))
    total, codes = day.minutes, day.code_minutes
    if total is None:
        return ("cannot_tell", "minutes-not-recorded", 0), ("cannot_tell", "minutes-not-recorded", 0)
    most_by_code = (total + 7 * len({line.allocation_code for line in day.timed})) // 15
    if codes is None or day.inconsistent:
        reason = "note-minutes-inconsistent" if day.inconsistent else "minutes-per-code-not-recorded"
        by_day = [units_of(total)] + ([units_of(sum(codes.values()))] if codes is not None else [])
        by_code = [most_by_code] + ([cpt_units(codes)] if codes is not None else [])
        if method == "cms":
            tops, lows = by_day, by_day
        else:
            tops, lows = (by_code if method == "cpt" else by_day + by_code), []
        if method == "cms" and codes is None:
            return decide(billed, by_day, "")
        over, under = billed - max(tops), min(lows, default=0) - billed
        one = ("finding", "", over) if over > 0 else ("cannot_tell", reason, 0)
        two = ("finding", "", under) if under > 0 else ("cannot_tell", reason, 0)
        return one, two
    answers = {"cms": [units_of(total)], "cpt": [cpt_units(codes)]}.get(method, [units_of(total), cpt_units(codes)])
    return decide(billed, answers, "units-method-unknown")


def decide(billed: int, answers: list[int], reason: str) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """A finding when every answer agrees, a pass when none does."""
    if billed > max(answers):
        return ("finding", "", billed - max(answers)), ("pass", "", 0)
    if billed < min(answers):
        return ("pass", "", 0), ("finding", "", min(answers) - billed)
    if min(answers) == max(answers):
        return ("pass", "", 0), ("pass", "", 0)
    one = ("pass", "", 0) if billed <= min(answers) else ("cannot_tell", reason, 0)
    two = ("pass", "", 0) if billed >= max(answers) else ("cannot_tell", reason, 0)
    return one, two


def lowest_price(day: VisitDay) -> Decimal | None:
    """The lowest amount per unit among the day's timed lines, to six places."""
    prices = [Fraction(line.at_risk) / Fraction(line.units) for line in day.timed if line.at_risk is not None]
    if not prices:
        return None
    low = min(prices)
    return (Decimal(low.numerator) / Decimal(low.denominator)).quantize(Decimal("0.000001"), "ROUND_HALF_UP")


def day_verdict(
    code: str, day: VisitDay, verdict: str, severity: str, reason: str = "", amount: Decimal | None = None,
    direction: str = "none", shares: dict | None = None,
) -> Verdict:  # fmt: skip
    return Verdict(code, verdict, reason, severity, day.subject, amount, direction, shares or {})


def unt101_102(world: World) -> Iterator[Verdict]:
    for day in world.days:
        if not day.timed:
            continue
        blocked = untellable(day)
        if blocked:
            yield day_verdict("UNT101", day, "cannot_tell", "error", blocked)
            yield day_verdict("UNT102", day, "cannot_tell", "opportunity", blocked)
            continue
        (over, over_reason, above), (under, under_reason, below) = compare_totals(day)
        price = lowest_price(day)
        if over == "finding":
            shares = shares_at(day.timed, Decimal(above), price)
            amount = None if price is None else cents(Fraction(above) * Fraction(price))
            yield day_verdict("UNT101", day, over, "error", "", amount, "over", shares)
        else:
            yield day_verdict("UNT101", day, over, "error", over_reason)
        if under == "finding":
            amount = None if price is None else cents(Fraction(below) * Fraction(price))
            shares = {line.key: Decimal("0.00") for line in day.timed}
            if amount is not None:
                shares[day.timed[-1].key] = amount
            yield day_verdict("UNT102", day, under, "opportunity", "", amount, "under", shares)
        else:
            yield day_verdict("UNT102", day, under, "opportunity", under_reason)


def shares_at(lines: list[Line], excess: Decimal, price: Decimal | None) -> dict[tuple[str, str], Decimal]:
    """Excess units on the lines from last to first at one price; the cents add up to the total."""
    shares, done = {}, Decimal(0)
    for key, units in place_excess(lines, excess).items():
        low, high = Fraction(done), Fraction(done + units)
        if price is None:
            shares[key] = Decimal("0.00")
        else:
            shares[key] = cents(high * Fraction(price)) - cents(low * Fraction(price))
        done += units
    return shares


def unt103(world: World) -> Iterator[Verdict]:
    for day in world.days:
        if not day.timed:
            continue
        reason = untellable(day)
        if not reason and day.minutes is None:
            reason = "minutes-not-recorded"
        if not reason and day.code_minutes is None:
            reason = "minutes-per-code-not-recorded"
        if not reason and day.inconsistent:
            reason = "note-minutes-inconsistent"
        if reason:
            yield day_verdict("UNT103", day, "cannot_tell", "error", reason)
            continue
        methods = {"cms": ["cms"], "cpt": ["cpt"]}.get(day.payer.units_method, ["cms", "cpt"])
        differences = [misallocation(world, day, method) for method in methods]
        wrong = [difference is not None for difference in differences]
        if all(wrong):
            known = [difference[0] for difference in differences if difference is not None]
            amount = None if any(value is None for value in known) else min(known)
            over = overfull_lines(day, methods)
            shares = {line.key: Decimal("0.00") for line in day.timed}
            left = amount or Decimal("0.00")
            for line in sorted(over, key=lambda line: line.order, reverse=True):
                shares[line.key] = min(left, line.at_risk or Decimal("0.00"))
                left -= shares[line.key]
            yield day_verdict("UNT103", day, "finding", "error", "", amount, "over", shares)
        elif any(wrong):
            yield day_verdict("UNT103", day, "cannot_tell", "error", "units-method-unknown")
        else:
            yield day_verdict("UNT103", day, "pass", "error")


def billed_vector(day: VisitDay) -> dict[str, int]:
    billed: dict[str, int] = defaultdict(int)
    for line in day.timed:
        billed[line.allocation_code] += int(line.units)
    return dict(billed)


def overfull_lines(day: VisitDay, methods: list[str]) -> list[Line]:
    """Lines of the codes with more units than some valid allocation gives them."""
    billed, codes = billed_vector(day), day.code_minutes or {}
    fewest = {
        code: min(valid.get(code, 0) for method in methods for valid in valid_allocations(codes, method))
        for code in billed
    }
    return [line for line in day.timed if billed[line.allocation_code] > fewest[line.allocation_code]]


def misallocation(world: World, day: VisitDay, method: str) -> tuple[Decimal | None] | None:
    """None when the vector stands under the method, else (positive difference in allowed, None when unknown,)."""
    billed, codes = billed_vector(day), day.code_minutes or {}
    valid = valid_allocations(codes, method)
    everything = sorted(set(billed) | set(codes))
    earned, units = sum(valid[0].values()), sum(billed.values())
    if units > earned:
        return None
    if units == earned:
        stands = any(all(billed.get(c, 0) == v.get(c, 0) for c in everything) for v in valid)
    else:
        stands = all(billed.get(c, 0) <= max(v.get(c, 0) for v in valid) for c in everything)
    if stands:
        return None
    prices: dict[str, Fraction | None] = {}
    for code in everything:
        lines = [line for line in day.timed if line.allocation_code == code]
        if any(line.at_risk is None for line in lines):
            prices[code] = None
        elif lines:
            prices[code] = sum(Fraction(line.at_risk or 0) for line in lines) / Fraction(
                sum(line.units for line in lines)
            )
        else:
            fee = fee_of(world.reference, code, day.day)
            prices[code] = None if fee is None else Fraction(fee)
    values = []
    for vector in [billed, *valid]:
        used = [(prices[code], count) for code, count in vector.items() if count]
        values.append(None if any(price is None for price, _ in used) else sum(price * count for price, count in used))
    if any(value is None for value in values):
        return (None,)
    return (max(cents(Fraction(values[0] - max(values[1:]))), Decimal("0.00")),)


# --- UNT104 to UNT107 -----------------------------------------------------------------------------


def unt104(world: World) -> Iterator[Verdict]:
    for day in world.days:
        for line in day.timed:
            if day.has_date_span:
                reason = "date-span"
            elif day.minutes_shared:
                reason = "minutes-shared"
            elif day.known_minutes.get(line.allocation_code):
                yield line_verdict("UNT104", line, "pass", "error")
                continue
            elif day.minutes is None:
                reason = "minutes-not-recorded"
            elif day.code_minutes is None:
                reason = "minutes-per-code-not-recorded"
            elif day.inconsistent:
                reason = "note-minutes-inconsistent"
            else:
                yield line_verdict("UNT104", line, "finding", "error", amount=line.at_risk, over=True)
                continue
            yield line_verdict("UNT104", line, "cannot_tell", "error", reason)


def loaded_on(world: World, npi: str, day: date) -> bool:
    """Between the NPI's first and last loaded visit, and at least half its patient days of the month have a visit."""
    visits = {
        (text(row, "patient_id"), as_date(text(row, "service_date")))
        for row in world.visits
        if text(row, "rendering_npi") == npi
    }
    dates = [when for _, when in visits if when]
    if not dates or not min(dates) <= day <= max(dates):
        return False
    billed = {
        (line.patient_id, line.service_date)
        for line in world.lines
        if line.rendering.npi == npi
        and line.is_therapy
        and not line.denied
        and (line.service_date.year, line.service_date.month) == (day.year, day.month)
    }
    return 2 * len(billed & visits) >= len(billed)


def unt105(world: World) -> Iterator[Verdict]:
    for day in world.days:
        if day.has_date_span:
            yield day_verdict("UNT105", day, "cannot_tell", "review", "date-span")
        elif day.note_recorded:
            yield day_verdict("UNT105", day, "pass", "review")
        elif all(loaded_on(world, line.rendering.npi, day.day) for line in day.lines):
            shares = {line.key: line.at_risk for line in day.lines if line.at_risk is not None}
            amount = sum(shares.values(), Decimal("0.00")) if shares else None
            yield day_verdict("UNT105", day, "finding", "review", "", amount, "over", shares)
        else:
            yield day_verdict("UNT105", day, "cannot_tell", "review", "visits-not-loaded")


def unt106(world: World) -> Iterator[Verdict]:
    seen: dict[tuple[object, ...], list[tuple[str, str]]] = defaultdict(list)
    groups: dict[tuple[str, date, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in world.visits:
        npi, day = text(row, "rendering_npi"), as_date(text(row, "service_date"))
        discipline = text(row, "discipline").upper() or world.provider(npi).discipline
        if day is not None and day < world.as_of - timedelta(days=45):
            groups[text(row, "patient_id"), day, npi, discipline].append(row)
    for (patient, day, npi, discipline), rows in groups.items():
        services = [
            row
            for row in world.services
            if (text(row, "patient_id"), as_date(text(row, "service_date")), text(row, "rendering_npi"))
            == (patient, day, npi)
        ]
        minutes = added(text(row, "timed_minutes") for row in rows)
        if minutes is None:
            total = minutes_by_code(world, services, day)
            minutes = None if total is None else sum(total.values())
        evaluated = False
        for row in services:
            procedure = world.reference.on("procedure", text(row, "procedure_code"), day)
            evaluated = evaluated or bool(procedure and procedure["evaluation"])
        if not evaluated and minutes is not None and minutes < 8:
            continue
        lines = [line for line in world.lines if line.patient_id == patient and line.rendering.npi == npi]
        if any(line.service_date == day for line in lines):
            outcome = ("pass", "")
        elif any(line.date_span and line.service_date < day <= line.service_date_to for line in lines):
            outcome = ("cannot_tell", "date-span")
        elif not evaluated and minutes is None:
            outcome = ("cannot_tell", "minutes-not-recorded")
        else:
            outcome = ("finding", "")
        under = {line.billing_npi for line in world.lines if line.rendering.npi == npi}
        billing = under.pop() if len(under) == 1 else ""
        seen["visit_day", patient, day, billing, discipline, ""].append(outcome)
    for key, outcomes in seen.items():
        for wanted in ("finding", "cannot_tell", "pass"):
            chosen = sorted(reason for verdict, reason in outcomes if verdict == wanted)
            if chosen:
                yield Verdict("UNT106", wanted, chosen[0], "opportunity", key)
                break


def unt107(world: World) -> Iterator[Verdict]:
    for day in world.days:
        reason = untellable(day, odd_units=False)
        if reason:
            yield day_verdict("UNT107", day, "cannot_tell", "review", reason)
            continue
        total, timed = day.note_total, day.minutes
        untimed = any(
            line.unit_type == "untimed" and line.code not in ("97010", "97014", "G0283") for line in day.lines
        )
        limbs: list[bool | None] = [
            None if total is None or timed is None else total < timed,
            None if day.note_timed is None or day.code_total is None else day.inconsistent,
        ]
        needed = None
        if untimed:
            needed = None if total is None or timed is None else total <= timed
            limbs.append(needed)
        if any(limb is True for limb in limbs):
            yield day_verdict("UNT107", day, "finding", "review")
        elif all(limb is None for limb in limbs) or (untimed and needed is None):
            nothing = timed is None or (day.note_timed is None and total is None)
            reason = "minutes-not-recorded" if nothing else "total-minutes-not-recorded"
            yield day_verdict("UNT107", day, "cannot_tell", "review", reason)
        else:
            yield day_verdict("UNT107", day, "pass", "review")


# --- UNT108 to UNT110 -----------------------------------------------------------------------------


def unt108(world: World) -> Iterator[Verdict]:
    for day in world.days:
        groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in day.lines:
            if by_session(line) and not DISTINCT & set(line.modifiers):
                groups[line.rendering.npi, line.code].append(line)
        for lines in groups.values():
            reason = "date-span" if any(line.date_span for line in lines) else ""
            reason = reason or ("units-not-billable" if any(line.odd_units for line in lines) else "")
            if reason:
                for line in lines:
                    yield line_verdict("UNT108", line, "cannot_tell", "error", reason)
                continue
            if len(lines) > 1 and not one_a_day(world, lines[0]):
                excess = {line.key: line.units - 1 for line in lines}
            else:
                excess = place_excess(lines, sum(line.units for line in lines) - 1)
            together = sum(line.units for line in lines) > 1 and one_a_day(world, lines[0])
            for line in lines:
                units = excess[line.key]
                verdict = "finding" if units > 0 or together else "pass"
                yield line_verdict("UNT108", line, verdict, "error", amount=part_of(line, units), over=True)


def by_session(line: Line) -> bool:
    """Billed once a session whatever its duration; needle insertion and chemodenervation are never looked at."""
    return line.unit_type == "untimed" and line.is_therapy and line.code[:2] not in ("20", "64")


def one_a_day(world: World, line: Line) -> bool:
    """Whether a limit of one unit a day binds the payer; else repeated lines belong to MOD114."""
    if line.payer.uses_ncci is not True:
        return False
    row = world.reference.limit(line.payer.ncci_setting, line.code, line.service_date)
    return row is not None and row["adjudication"] in ("2", "3") and row["unit_limit"] == "1"


def unt109(world: World) -> Iterator[Verdict]:
    repeated = duplicated(world)
    for day in world.days:
        if day.payer.payer_class != "medicare_b":
            continue
        groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for line in day.timed:
            if line.key in repeated or (line.received_date and line.received_date < ONE_LINE_FROM):
                continue
            marks = tuple(name for name in ("CQ", "CO", *SPLIT_REASONS) if name in line.modifiers)
            groups[line.rendering.npi, line.code, marks].append(line)
        for lines in groups.values():
            dated = [line for line in lines if line.received_date]
            for line in lines:
                if any(other.date_span for other in lines):
                    yield line_verdict("UNT109", line, "cannot_tell", "error", "date-span")
                elif len(lines) > 1 and (not line.received_date or len(dated) == 1):
                    yield line_verdict("UNT109", line, "cannot_tell", "error", "received-date-missing")
                else:
                    yield line_verdict("UNT109", line, "finding" if len(dated) > 1 else "pass", "error")


def unt110(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.denied:
            continue
        if line.code.isdigit() and "00100" <= line.code <= "01999":
            continue  # anesthesia is not counted in whole units
        if line.date_span:
            yield line_verdict("UNT110", line, "cannot_tell", "error", "date-span")
        elif line.odd_units:
            yield line_verdict("UNT110", line, "finding", "error", amount=line.at_risk, over=True)
        else:
            yield line_verdict("UNT110", line, "pass", "error")


# --- UNT111, UNT112 -------------------------------------------------------------------------------


def services_once(lines: list[Line]) -> list[Line]:
    """Each service once whatever the number of payers: same patient, code, units and modifiers (one NPI, one date)."""
    once = {(line.patient_id, line.code, line.units, tuple(sorted(line.modifiers))): line for line in lines}
    return list(once.values())


def timed_units(lines: list[Line]) -> dict[str, Decimal]:
    """Timed units by patient."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in services_once([line for line in lines if line.is_timed]):
        found[line.patient_id] += line.units
    return found


def unt111_112(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[str, date], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.is_therapy and not line.denied:
            groups[line.rendering.npi, line.service_date].append(line)
    for (npi, day), lines in groups.items():
        key = ("provider_day", npi, day)
        clinicians = world.clinicians.get((npi, day), 1)
        medicare = [line for line in lines if line.payer.payer_class == "medicare_b" and line.is_timed]
        if own_work(medicare) and day >= date(2020, 1, 1):
            single = [line for line in medicare if not line.date_span]
            sure = least_minutes(own_work(single)) > 1440 * clinicians
            maybe = least_minutes(own_work(medicare)) > 1440 * clinicians
            yield provider_day("UNT111", "error", key, sure, maybe)
        own = own_work(lines)
        single = [line for line in medicare if not line.date_span]
        impossible = day >= date(2020, 1, 1) and least_minutes(own_work(single)) > 1440 * clinicians
        if own and not impossible:
            sure = implausible([line for line in own if not line.date_span], clinicians)
            yield provider_day("UNT112", "review", key, sure, implausible(own, clinicians))


def implausible(lines: list[Line], clinicians: int) -> bool:
    """More than 600 minutes at least, or 720 as expected, for each clinician."""
    once = services_once(lines)
    evaluations = sum(1 for line in once if line.is_evaluation)
    others = sum(1 for line in once if line.unit_type == "untimed" and not line.is_evaluation)
    expected = 15 * sum(timed_units(lines).values()) + 20 * evaluations + 10 * others
    return least_minutes(lines) > 600 * clinicians or expected > 720 * clinicians


def own_work(lines: list[Line]) -> list[Line]:
    """Without assistants' lines and without zero or negative units (UNT110 reports those)."""
    return [line for line in lines if not {"CQ", "CO"} & set(line.modifiers) and line.units > 0]


def least_minutes(lines: list[Line]) -> Decimal:
    return sum((15 * units - 7 for units in timed_units(lines).values()), Decimal(0))


def provider_day(code: str, severity: str, key: tuple[object, ...], sure: bool, maybe: bool) -> Verdict:
    """`sure` without the lines over several days, `maybe` with them."""
    if sure:
        return Verdict(code, "finding", "", severity, key)
    return Verdict(code, "cannot_tell" if maybe else "pass", "date-span" if maybe else "", severity, key)


def judge(world: World) -> Iterator[Verdict]:
    for check in (unt101_102, unt103, unt104, unt105, unt106, unt107, unt108, unt109, unt110, unt111_112):
        yield from check(world)


__all__ = ["judge", "units_of", "valid_allocations"]
