"""INJ101-INJ110: chemodenervation and its drugs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .dxc import pointed
from .model import Line, Verdict, World, cents, line_verdict, part_of, place_excess

# billing units of one vial: (sold for sure, sold by memory only)
VIALS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "J0585": ((100, 200), ()),
    "J0586": ((60, 100), ()),
    "J0587": ((25, 50, 100), ()),
    "J0588": ((50, 100), (200,)),
    "J0589": ((100,), (50,)),
}
MARK_FROM = date(2023, 7, 1)
CODES = "64611 64612 64613 64614 64615 64616 64617 64642 64643 64644 64645 64646 64647 64650 64653".split()
BILATERAL = {
    **dict.fromkeys("64611 64615".split(), 2),
    **dict.fromkeys("64612 64616 64617".split(), 1),
    **dict.fromkeys("64642 64643 64644 64645 64646 64647 64650 64653".split(), 0),
}
AREAS = {
    "64612": "head", "64615": "head", "64616": "neck", "64617": "larynx", "64611": "glands", "64642": "limbs", "64643": "limbs",
    "64644": "limbs", "64645": "limbs", "64646": "trunk", "64647": "trunk", "64650": "64650", "64653": "64653",
}  # fmt: skip


def indicator(line: Line) -> int | None:
    if line.code in ("64613", "64614"):
        return 2 if date(2011, 4, 1) <= line.service_date < date(2012, 1, 1) else 1
    return BILATERAL.get(line.code)


def exists(world: World, line: Line) -> bool:
    """Whether the code is one of chemodenervation on its date."""
    return line.code in CODES and line.procedure is not None


def inj101(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if not line.payer.medicare or line.denied or not exists(world, line):
            continue
        wrong = "50" in line.modifiers and indicator(line) in (0, 2)
        yield line_verdict("INJ101", line, "finding" if wrong else "pass", "error", amount=half(line), over=True)


HOSPITAL = {"19", "21", "22", "23", "24", "31"}


def half(line: Line) -> Decimal | None:
    """What two sides added: all above the fee of one side; a third where that fee does not apply; half of a fee alone."""
    if line.at_risk is None:
        return None
    if line.allowed is not None and line.fee is not None and line.place not in HOSPITAL:
        return max(line.at_risk - cents(Fraction(line.fee) * Fraction(line.units)), Decimal("0.00"))
    if line.allowed is not None or line.paid is not None:
        return cents(Fraction(line.at_risk) / 3)
    return cents(Fraction(line.at_risk) / 2)


def inj102(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if exists(world, line) and indicator(line) == 1 and not line.denied:
            if not line.payer.bilateral_form:
                yield line_verdict("INJ102", line, "cannot_tell", "error", "payer-rule-unknown")
            elif line.payer.bilateral_form == "one_line_50":
                key = (line.patient_id, line.payer.payer_id, line.service_date, line.rendering.npi, line.code)
                groups[key].append(line)
    for lines in groups.values():
        sides = {}
        for line in sorted(lines, key=lambda line: line.order):
            said = {"RT", "LT", "50"} & set(line.modifiers)
            if len(said) == 1 and "50" not in said:
                sides[line.key] = next(iter(said))
        first = next(iter(sides.values()), "")
        for line in lines:
            second = sides.get(line.key, first) != first
            yield line_verdict("INJ102", line, "finding" if second else "pass", "error", amount=line.at_risk, over=True)


def inj103(world: World) -> Iterator[Verdict]:
    names = world.reference.by("icd10_side", "code")

    def sided(line: Line) -> set[str]:
        codes = pointed(line) if world.pointers_recorded else line.diagnoses
        return {code for code in codes for row in names.get((code,), []) if row["side"] in ("right", "left")}

    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.code in AREAS and exists(world, line) and not line.denied:
            groups[line.patient_id, AREAS[line.code]].append(line)
    for (_, area), lines in groups.items():
        for line in lines:
            soon = [other for other in lines if 1 <= (line.service_date - other.service_date).days <= 83]
            same = [other for other in soon if area != "limbs" or sided(line) & sided(other)]
            if same:
                yield line_verdict("INJ103", line, "finding", "review", amount=line.at_risk, over=True)
            elif any(not sided(line) or not sided(other) for other in soon):
                yield line_verdict("INJ103", line, "cannot_tell", "review", "limb-not-known")
            else:
                yield line_verdict("INJ103", line, "pass", "review")


# --- drugs ----------------------------------------------------------------------------------------


def can_be(total: Decimal, sizes: tuple[int, ...]) -> bool:
    """Whether some whole vials hold exactly so much."""
    if total != total.to_integral_value() or total <= 0:
        return False
    reachable = {0}
    for amount in range(1, int(total) + 1):
        if any(amount - size in reachable for size in sizes):
            reachable.add(amount)
    return int(total) in reachable


def best(given: Decimal, sizes: tuple[int, ...]) -> int:
    """The smallest content of whole vials that holds what was given."""
    total = int(given)
    while total and not can_be(Decimal(total), sizes):
        total += 1
    return total


def drug_days(world: World) -> Iterator[list[Line]]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.code in VIALS and line.procedure and line.payer.medicare and not line.denied:
            groups[line.patient_id, line.billing_npi, line.payer.payer_id, line.service_date, line.code].append(line)
    yield from groups.values()


JZ_FROM, WASTE_FROM = date(2023, 1, 1), date(2017, 1, 1)
NOT_EXAMINED = {"21", "50", "72"}


def inj104_105(world: World) -> Iterator[Verdict]:
    for lines in drug_days(world):
        day = lines[0].service_date
        wasted = any("JW" in line.modifiers for line in lines)
        whole = any("JZ" in line.modifiers for line in lines)
        for line in lines:
            if day >= MARK_FROM and line.place not in NOT_EXAMINED:
                verdict = "pass" if wasted or whole else "finding"
                yield line_verdict(
                    "INJ104", line, verdict, "error", amount=drug_price(world, line, line.units), over=True
                )
            if day >= JZ_FROM:
                verdict = "finding" if wasted and whole else "pass"
                yield line_verdict(
                    "INJ105", line, verdict, "error", amount=drug_price(world, line, line.units), over=True
                )


def inj106_109(world: World) -> Iterator[Verdict]:
    for lines in drug_days(world):
        day, (sure, memory) = lines[0].service_date, VIALS[lines[0].code]
        every = sure + memory
        wasted = [line for line in lines if "JW" in line.modifiers]
        whole = [line for line in lines if "JZ" in line.modifiers]
        odd = any(line.odd_units for line in lines)
        given = Decimal(sum(line.units for line in lines if "JW" not in line.modifiers))
        waste = Decimal(sum(line.units for line in wasted))
        if whole and not wasted and day >= JZ_FROM:
            outcome = ("pass", "")
            if odd:
                outcome = ("cannot_tell", "units-not-billable")
            elif not can_be(given, every):
                outcome = ("finding", "")
            elif not can_be(given, sure):
                outcome = ("cannot_tell", "vial-size-unconfirmed")
            for line in whole:
                yield line_verdict("INJ106", line, outcome[0], "error", outcome[1])
        if not wasted or whole or day < WASTE_FROM:
            continue
        if odd:
            for line in wasted:
                for check, severity in (("INJ107", "error"), ("INJ108", "review"), ("INJ109", "opportunity")):
                    yield line_verdict(check, line, "cannot_tell", severity, "units-not-billable")
            continue
        left = [best(given, sizes) - given for sizes in (sure, every)]
        above = all(waste > rest for rest in left)
        placed = place_excess(wasted, waste - max(left)) if above else {}
        total, under = given + waste, [waste < rest for rest in left]
        if above or can_be(total, sure):
            fits = ("pass", "")
        else:
            fits = ("cannot_tell", "vial-size-unconfirmed") if can_be(total, every) else ("finding", "")
        if all(under):
            less = ("finding", "")
        else:
            less = ("cannot_tell", "vial-size-unconfirmed") if any(under) else ("pass", "")
        for line in wasted:
            amount = drug_price(world, line, placed[line.key]) if above else None
            yield line_verdict("INJ107", line, "finding" if above else "pass", "error", amount=amount, over=True)
            yield line_verdict("INJ108", line, fits[0], "review", fits[1])
            yield line_verdict("INJ109", line, less[0], "opportunity", less[1])


def drug_price(world: World, line: Line, units: Decimal) -> Decimal | None:
    """The line's own amount for the units, else the payment limit of the quarter."""
    if line.at_risk is not None:
        return line.at_risk if units == line.units else part_of(line, units)
    row = world.reference.on("drug_price", line.code, line.service_date)
    return None if row is None else cents(Fraction(row["price"]) * Fraction(units))


FACILITY = {"19", "21", "22", "24"}
OTHER_USES = {"52287", "43201", "43236", "46505", "67345", "31513", "31570", "31571"}


def inj110(world: World) -> Iterator[Verdict]:
    days: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if not line.denied:
            days[line.patient_id, line.billing_npi, line.service_date].append(line)
    for lines in days.values():
        codes = {line.code for line in lines}
        procedures = {line.code for line in lines if line.code in CODES}
        toxins = {line.code for line in lines if line.code in VIALS}
        for line in lines:
            procedure, toxin = line.code in CODES, line.code in VIALS
            if line.place in FACILITY or not (procedure or toxin):
                continue
            if procedure and toxins or toxin and (procedures or codes & OTHER_USES):
                outcome = ("pass", "")
            elif procedure and codes & {"J3490", "J3590"}:
                outcome = ("cannot_tell", "drug-unclassified")
            elif not line.place:
                outcome = ("cannot_tell", "place-of-service-missing")
            else:
                outcome = ("finding", "")
            yield line_verdict("INJ110", line, outcome[0], "review", outcome[1])


def judge(world: World) -> Iterator[Verdict]:
    for check in (inj101, inj102, inj103, inj104_105, inj106_109, inj110):
        yield from check(world)
