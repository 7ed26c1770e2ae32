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


def inj101(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        known = indicator(line)
        if known is None or not line.payer.medicare or line.denied or line.procedure is None:
            continue
        wrong = "50" in line.modifiers and known in (0, 2)
        yield line_verdict("INJ101", line, "finding" if wrong else "pass", "error", amount=half(line), over=True)


def half(line: Line) -> Decimal | None:
    """What two sides added: all above the fee of one side, else a third."""
    if line.at_risk is None:
        return None
    if line.fee is not None:
        return max(line.at_risk - line.fee, Decimal("0.00"))
    return cents(Fraction(line.at_risk) / 3)


def inj102(world: World) -> Iterator[Verdict]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        sided = {"RT", "LT"} & set(line.modifiers)
        if indicator(line) == 1 and not line.denied and line.procedure and line.payer.bilateral_form != "two_lines":
            if line.payer.bilateral_form and not sided:
                yield line_verdict("INJ102", line, "pass", "error")
            else:
                key = (line.patient_id, line.payer.payer_id, line.service_date, line.rendering.npi, line.code)
                groups[key].append(line)
    for lines in groups.values():
        for line in lines:
            if not line.payer.bilateral_form:
                yield line_verdict("INJ102", line, "cannot_tell", "error", "payer-rule-unknown")
            else:
                own = {"RT", "LT"} & set(line.modifiers)
                before = {side for other in lines if other.order < line.order for side in other.modifiers}
                second = bool(({"RT", "LT"} - own) & before) and len(own) == 1
                yield line_verdict(
                    "INJ102", line, "finding" if second else "pass", "error", amount=line.at_risk, over=True
                )


def inj103(world: World) -> Iterator[Verdict]:
    sides = world.reference.by("icd10_side", "code")

    def sided(line: Line) -> set[str]:
        codes = pointed(line) if world.pointers_recorded else line.diagnoses
        return {code for code in codes for row in sides.get((code,), []) if row["side"] in ("right", "left")}

    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.code in AREAS and not line.denied:
            groups[line.patient_id, AREAS[line.code]].append(line)
    for (_, area), lines in groups.items():
        for line in lines:
            earlier = [
                other
                for other in lines
                if 1 <= (line.service_date - other.service_date).days <= 83
                and (area != "limbs" or sided(line) & sided(other))
            ]
            yield line_verdict(
                "INJ103", line, "finding" if earlier else "pass", "review", amount=line.at_risk, over=True
            )


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
    total = max(int(given), 1)
    while not can_be(Decimal(total), sizes):
        total += 1
    return total


def drug_days(world: World) -> Iterator[list[Line]]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.code in VIALS and line.payer.medicare and not line.denied:
            groups[line.patient_id, line.billing_npi, line.service_date, line.code].append(line)
    yield from groups.values()


def inj104_109(world: World) -> Iterator[Verdict]:
    for lines in drug_days(world):
        code, day = lines[0].code, lines[0].service_date
        sure, maybe = VIALS[code][0], VIALS[code][0] + VIALS[code][1]
        wasted = [line for line in lines if "JW" in line.modifiers]
        whole = any("JZ" in line.modifiers for line in lines)
        for line in lines:
            if day >= MARK_FROM:
                missing = not wasted and not whole
                yield line_verdict(
                    "INJ104", line, "finding" if missing else "pass", "error", amount=line.at_risk, over=True
                )
            if wasted or whole:
                both = bool(wasted) and whole
                yield line_verdict(
                    "INJ105", line, "finding" if both else "pass", "error", amount=line.at_risk, over=True
                )
        if bool(wasted) == whole:
            continue
        given = Decimal(sum(line.units for line in lines if "JW" not in line.modifiers))
        waste = Decimal(sum(line.units for line in wasted))
        if any(line.odd_units for line in lines):
            for line in lines:
                for check, severity in DRUG_CHECKS if wasted else DRUG_CHECKS[:1]:
                    if wasted and check == "INJ106":
                        continue
                    yield line_verdict(check, line, "cannot_tell", severity, "units-not-billable")
            continue
        if whole:
            wrong = not can_be(given, sure) and not can_be(given, maybe)
            for line in lines:
                yield line_verdict("INJ106", line, "finding" if wrong else "pass", "error")
            continue
        left = [best(given, sizes) - given for sizes in (sure, maybe)]
        excess = waste - max(left)
        above = all(waste > rest for rest in left)
        unreconciled = not can_be(given + waste, sure) and not can_be(given + waste, maybe) and not above
        under = all(1 <= waste < rest for rest in left) and not can_be(given + waste, sure) and not can_be(given + waste, maybe)
        placed = place_excess(wasted, excess) if above else {}
        for line in lines:
            amount = part_of(line, placed.get(line.key, Decimal(0))) if above else None
            yield line_verdict("INJ107", line, "finding" if above else "pass", "error", amount=amount, over=True)
            yield line_verdict("INJ108", line, "finding" if unreconciled else "pass", "review")
            yield line_verdict("INJ109", line, "finding" if under else "pass", "opportunity")


DRUG_CHECKS = (("INJ106", "error"), ("INJ107", "error"), ("INJ108", "review"), ("INJ109", "opportunity"))
FACILITY = {"19", "21", "22", "24"}
OTHER_USES = {"52287", "43201", "43236", "46505", "67345", "31513", "31570", "31571"}


def inj110(world: World) -> Iterator[Verdict]:
    days: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if not line.denied:
            days[line.patient_id, line.billing_npi, line.service_date].append(line)
    for lines in days.values():
        codes = {line.code for line in lines}
        for line in lines:
            if line.place in FACILITY:
                continue
            if line.code in CODES:
                verdict = "pass" if codes & set(VIALS) else "finding"
            elif line.code in VIALS:
                verdict = "pass" if codes & (set(CODES) | OTHER_USES) else "finding"
            else:
                continue
            yield line_verdict("INJ110", line, verdict, "review")


def judge(world: World) -> Iterator[Verdict]:
    for check in (inj101, inj102, inj103, inj104_109, inj110):
        yield from check(world)
