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
    as_integer,
    as_time,
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


# --- UNT113 to UNT115 -----------------------------------------------------------------------------


def one_on_one_code(world: World, code: str, day: date) -> bool:
    row = world.reference.on("procedure", code, day)
    return bool(row) and (row["unit_type"] == "timed15" or bool(row["evaluation"]))


def minute_of(value: str) -> int | None:
    clock = as_time(value)
    return None if clock is None else 60 * clock.hour + clock.minute


def unt113(world: World) -> Iterator[Verdict]:
    billed: dict[tuple[str, date], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in world.lines:
        evaluation = any(row["evaluation"] for row in world.reference.rows("procedure", line.code))
        if not line.denied and (line.is_timed or evaluation):
            billed[line.rendering.npi, line.service_date][line.patient_id].append(line)
    recorded: dict[tuple[str, date | None], dict[str, list[tuple[int | None, int | None]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    present: set[tuple[str, date, str]] = set()
    for row in world.services:
        day = as_date(text(row, "service_date"))
        assert day is not None
        alone = not as_integer(text(row, "assistant_minutes")) and as_integer(text(row, "group_size")) in (None, 1)
        if one_on_one_code(world, text(row, "procedure_code"), day):
            present.add((text(row, "rendering_npi"), day, text(row, "patient_id")))
        if alone and one_on_one_code(world, text(row, "procedure_code"), day):
            times = (minute_of(text(row, "start_time")), minute_of(text(row, "end_time")))
            recorded[text(row, "rendering_npi"), day][text(row, "patient_id")].append(times)
    for (npi, day), patients in billed.items():
        slots = {
            name: [(a, b) for a, b in times if a is not None and b is not None and a < b]
            for name, times in recorded[npi, day].items()
        }
        spans = {name: (min(a for a, _ in own), max(b for _, b in own), name) for name, own in slots.items() if own}
        for patient, lines in patients.items():
            key = ("visit_day", patient, day, npi)
            own = slots.get(patient, [])
            earlier = [other for name, other in slots.items() if other and own and spans[name] < spans[patient]]
            shared = {
                minute
                for a, b in own
                for minute in range(a, b)
                if any(c <= minute < d for other in earlier for c, d in other)
            }
            if any(line.date_span for line in lines):
                yield Verdict("UNT113", "cannot_tell", "date-span", "error", key)
            elif shared:
                yield overlap_finding(key, lines, len(shared))
            elif (npi, day, patient) not in present or len(own) < len(recorded[npi, day].get(patient, [])):
                yield Verdict("UNT113", "cannot_tell", "times-not-recorded", "error", key)
            else:
                yield Verdict("UNT113", "pass", "", "error", key)


def overlap_finding(key: tuple[object, ...], lines: list[Line], minutes: int) -> Verdict:
    """The units of the overlap at the lowest price of the day, for the payer with most units."""
    groups: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.billing_npi, line.discipline, line.payer.payer_id].append(line)
    stands = min(groups, key=lambda group: (-sum(line.units for line in groups[group]), group))
    counted = [line for line in groups[stands] if line.units > 0]
    prices = [Fraction(line.amount) / Fraction(line.units) for line in counted if line.amount is not None]
    units = min(Decimal((minutes + 7) // 15), sum((line.units for line in counted), Decimal(0)))
    if not prices:
        return Verdict("UNT113", "finding", "", "error", key, None, "over", {})
    low = min(prices)
    price = (Decimal(low.numerator) / Decimal(low.denominator)).quantize(Decimal("0.000001"), "ROUND_HALF_UP")
    amount = cents(Fraction(units) * Fraction(price))
    return Verdict("UNT113", "finding", "", "error", key, amount, "over", shares_at(counted, units, price))


SHORT_MEAN, FEWEST_DAYS = 12, 30


def unt114(world: World) -> Iterator[Verdict]:
    days: dict[str, list[VisitDay]] = defaultdict(list)
    for day in world.days:
        if day.timed and day.payer.units_method == "cms":
            units: dict[str, Decimal] = defaultdict(Decimal)
            for line in day.lines:
                units[line.rendering.npi] += line.units
            days[min(units, key=lambda npi: (-units[npi], npi))].append(day)
    for npi, own in days.items():
        known = [day for day in own if day.minutes is not None and not untellable(day)]
        minutes = sum(day.minutes or 0 for day in known)
        billed = sum((line.units for day in known for line in day.timed), Decimal(0))
        if not known:
            outcome = ("cannot_tell", "minutes-not-recorded")
        elif len(known) < FEWEST_DAYS:
            outcome = ("cannot_tell", "too-few-days")
        else:
            outcome = ("finding" if minutes < SHORT_MEAN * billed else "pass", "")
        yield Verdict("UNT114", *outcome, "review", ("provider", npi))


# minutes of the first unit, of each further one, and the code whose minutes count with it
OWN_TIME = {
    "92607": (31, 60, "92607"), "92608": (16, 30, "92608"), "96105": (31, 60, "96105"), "96125": (31, 60, "96125"),
    "97545": (61, None, "97545"), "97546": (31, 60, "97546"), "97550": (16, None, "97550"), "97551": (38, 15, "97550"),
}  # fmt: skip
BY_MONTH = {"98979": (10, None), "98980": (20, None), "98981": (40, 20)}


def earned_units(minutes: int, first: int, step: int | None) -> int:
    if minutes < first:
        return 0
    return 1 + ((minutes - first) // step if step else 0)


def unt115(world: World) -> Iterator[Verdict]:
    for day in world.days:
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in day.lines:
            if line.code in OWN_TIME:
                groups[line.code].append(line)
        for code, lines in groups.items():
            first, step, base = OWN_TIME[code]
            together = {other for other, (_, _, with_code) in OWN_TIME.items() if with_code == base}
            rows = [row for row in day.services if text(row, "procedure_code") in together]
            yield from own_time(lines, rows, day.note_recorded, day.minutes_shared, first, step)
    months: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    billing: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for line in world.lines:
        if line.code in BY_MONTH and line.procedure and not line.denied:
            month = (line.patient_id, line.service_date.year, line.service_date.month)
            months[*month, line.billing_npi, line.discipline, line.payer.payer_id, line.code].append(line)
            billing[month].add(line.billing_npi)
    for key, lines in months.items():
        rows = [
            row
            for row in world.services
            if text(row, "patient_id") == key[0]
            and text(row, "service_date")[:7] == f"{key[1]:04d}-{key[2]:02d}"
            and text(row, "procedure_code") in BY_MONTH
            and world.reference.on("procedure", text(row, "procedure_code"), as_date(text(row, "service_date")))  # type: ignore[arg-type]
        ]
        first, step = BY_MONTH[lines[0].code]
        yield from own_time(lines, rows, bool(rows), len(billing[key[:3]]) > 1, first, step)


def own_time(
    lines: list[Line], rows: list[dict[str, str]], recorded: bool, shared: bool, first: int, step: int | None
) -> Iterator[Verdict]:
    minutes = [as_integer(text(row, "minutes")) for row in rows]
    reason = ""
    if any(line.date_span for line in lines):
        reason = "date-span"
    elif any(line.odd_units for line in lines):
        reason = "units-not-billable"
    elif shared:
        reason = "minutes-shared"
    elif not recorded:
        reason = "minutes-not-recorded"
    elif not minutes or None in minutes:
        reason = "minutes-per-code-not-recorded"
    if reason:
        for line in lines:
            yield line_verdict("UNT115", line, "cannot_tell", "review", reason)
        return
    total = sum(value or 0 for value in minutes) + sum(as_integer(text(row, "assistant_minutes")) or 0 for row in rows)
    over = sum(line.units for line in lines) - earned_units(total, first, step)
    placed = place_excess(lines, Decimal(over)) if over > 0 else {}
    for line in lines:
        amount = part_of(line, placed.get(line.key, Decimal(0)))
        yield line_verdict("UNT115", line, "finding" if over > 0 else "pass", "review", amount=amount, over=True)


def judge(world: World) -> Iterator[Verdict]:
    for check in (unt101_102, unt103, unt104, unt105, unt106, unt107, unt108, unt109, unt110, unt111_112, unt113, unt114, unt115):
        yield from check(world)


__all__ = ["judge", "units_of", "valid_allocations"]
