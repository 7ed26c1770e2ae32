"""CAP101, CAP102, CAP104, CAP105: the annual therapy threshold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .model import ABN_MODIFIERS, FAR, Line, Verdict, World, as_date, as_decimal, line_verdict, text

ZERO = Decimal("0.00")


@dataclass
class Step:
    """One line on the patient's stair: the known total with it, and what undated spending elsewhere might add."""

    line: Line
    total: Decimal
    undated: Decimal
    judged: bool


def accrues(line: Line) -> bool:
    """Lines with one discipline modifier; of those with a notice modifier only GA alone, when the line was paid."""
    if not line.bucket or line.denied:
        return False
    notices = ABN_MODIFIERS & set(line.modifiers)
    paid = line.status == "paid" or (line.paid is not None and line.paid > 0)
    return not notices or (notices == {"GA"} and paid)


def examined(line: Line) -> bool:
    """Lines that CAP101 judges: those that accrue without a notice, and lines denied because the limit was reached."""
    if not line.bucket or ABN_MODIFIERS & set(line.modifiers):
        return False
    return not line.denied or "119" in line.carcs


def elsewhere(world: World, line: Line, when: date) -> tuple[Decimal, Decimal]:
    """(spending at other providers that counts on the day, more that might count but has no date)."""
    dated: list[tuple[date, Decimal]] = []
    undated = ZERO
    for row in world.accumulators_by_patient.get(line.patient_id, []):
        named = (text(row, "patient_id"), text(row, "year"), text(row, "bucket").upper())
        if named != (line.patient_id, str(line.service_date.year), line.bucket):
            continue
        used, since = as_decimal(text(row, "amount_used"), 2), as_date(text(row, "as_of_date"))
        if used is None:
            continue
        if since is None:
            undated = max(undated, used)
        elif since <= when:
            dated.append((since, used))
    return (max(dated)[1] if dated else ZERO), undated


def stairs(world: World) -> dict[tuple[object, ...], list[Step]]:
    """The ordered lines of every patient, payer, year and bucket, with running totals."""
    if world.stairs is not None:
        return world.stairs
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        if line.payer.uses_therapy_threshold and (accrues(line) or examined(line)):
            groups[line.patient_id, line.payer.payer_id, line.service_date.year, line.bucket].append(line)
    found = {}
    for key, lines in groups.items():
        if all(line.processed_date for line in lines):
            basis = "processed_date"
        elif all(line.received_date for line in lines):
            basis = "received_date"
        else:
            basis = "service_date"
        running, steps = ZERO, []
        for line in sorted(
            lines, key=lambda line, basis=basis: (getattr(line, basis), line.claim_id, line.line_number)
        ):
            own = line.allowed or ZERO
            counted, undated = elsewhere(world, line, getattr(line, basis) or FAR)
            steps.append(Step(line, running + own + counted, undated, examined(line)))
            if accrues(line):
                running += own
        found[key] = steps
    world.stairs = found
    return found


def unknown_payer(world: World) -> Iterator[Line]:
    for line in world.lines:
        if line.payer.uses_therapy_threshold is None and examined(line):
            yield line


def cap101(world: World) -> Iterator[Verdict]:
    for line in unknown_payer(world):
        yield line_verdict("CAP101", line, "cannot_tell", "review", "payer-rule-unknown")
    for steps in stairs(world).values():
        for step in steps:
            if not step.judged:
                continue
            line, row = step.line, world.reference.threshold(step.line.service_date)
            severity = "error" if line.denied else "review"
            if row is None or not row["amount"]:
                yield line_verdict("CAP101", line, "cannot_tell", severity, "no-reference-for-date")
            elif "KX" in line.modifiers:
                yield line_verdict("CAP101", line, "pass", severity)
            elif line.denied:
                yield line_verdict("CAP101", line, "finding", severity, amount=line.at_risk, over=True)
            elif line.allowed is None:
                yield line_verdict("CAP101", line, "cannot_tell", severity, "allowed-amount-missing")
            elif step.total > Decimal(row["amount"]):
                yield line_verdict("CAP101", line, "finding", severity, amount=line.at_risk, over=True)
            elif step.total + step.undated > Decimal(row["amount"]):
                yield line_verdict("CAP101", line, "cannot_tell", severity, "spending-elsewhere-undated")
            else:
                yield line_verdict("CAP101", line, "pass", severity)


def cap102(world: World) -> Iterator[Verdict]:
    for line in unknown_payer(world):
        if not line.denied:
            yield line_verdict("CAP102", line, "cannot_tell", "review", "payer-rule-unknown")
    for steps in stairs(world).values():
        for step in steps:
            line, row = step.line, world.reference.threshold(step.line.service_date)
            if not step.judged or line.denied:
                continue
            if "KX" not in line.modifiers:
                yield line_verdict("CAP102", line, "pass", "review")
                continue
            if row is None or not row["amount"]:
                yield line_verdict("CAP102", line, "cannot_tell", "review", "no-reference-for-date")
                continue
            claim = [other for other in steps if other.line.claim_id == line.claim_id and accrues(other.line)]
            limit = Decimal(row["amount"])
            if any(other.total > limit for other in claim):
                yield line_verdict("CAP102", line, "pass", "review")
            elif any(other.total + other.undated > limit for other in claim):
                yield line_verdict("CAP102", line, "cannot_tell", "review", "spending-elsewhere-undated")
            elif line.allowed is None:
                yield line_verdict("CAP102", line, "cannot_tell", "review", "allowed-amount-missing")
            else:
                yield line_verdict("CAP102", line, "finding", "review")


def cap104(world: World) -> Iterator[Verdict]:
    for line in unknown_payer(world):
        row = world.reference.threshold(line.service_date)
        if row is not None and row["review_amount"] and not line.denied:
            yield line_verdict("CAP104", line, "cannot_tell", "info", "payer-rule-unknown")
    for steps in stairs(world).values():
        found = False
        for step in steps:
            line, row = step.line, world.reference.threshold(step.line.service_date)
            if not step.judged or line.denied or row is None or not row["review_amount"]:
                continue
            limit = Decimal(row["review_amount"])
            if line.allowed is None:
                yield line_verdict("CAP104", line, "cannot_tell", "info", "allowed-amount-missing")
            elif found or step.total + step.undated <= limit:
                yield line_verdict("CAP104", line, "pass", "info")
            elif step.total > limit:
                found = True
                yield line_verdict("CAP104", line, "finding", "info")
            else:
                yield line_verdict("CAP104", line, "cannot_tell", "info", "spending-elsewhere-undated")


def cap105(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        switch = line.payer.uses_therapy_threshold
        if line.denied or not line.discipline_modifiers or switch:
            continue
        if switch is None:
            yield line_verdict("CAP105", line, "cannot_tell", "review", "payer-rule-unknown")
        else:
            yield line_verdict("CAP105", line, "finding" if "KX" in line.modifiers else "pass", "review")


EARLY_SHARE, FEWEST_PATIENTS = Decimal("0.2"), 20


def cap103(world: World) -> Iterator[Verdict]:
    """Billing NPIs by year: the share of patients with KX before the threshold, as CAP102 finds it."""
    by_line = {line.key: line for line in world.lines}
    accruing: dict[tuple[str, int], set[str]] = defaultdict(set)
    unknown: dict[tuple[str, int], set[str]] = defaultdict(set)
    for line in world.lines:
        if accrues(line):
            place = (line.billing_npi, line.service_date.year)
            switch = line.payer.uses_therapy_threshold
            if switch is not False:
                (accruing if switch else unknown)[place].add(line.patient_id)
    early: dict[tuple[str, int], set[str]] = defaultdict(set)
    untold: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for found in cap102(world):
        line = by_line[str(found.key[1]), str(found.key[2])]
        place = (line.billing_npi, line.service_date.year)
        if found.verdict == "finding":
            early[place].add(line.patient_id)
        elif found.verdict == "cannot_tell" and found.reason != "payer-rule-unknown":
            before = untold[place].get(line.patient_id, found.reason)
            untold[place][line.patient_id] = min(before, found.reason)
    for npi, year in sorted(set(accruing) | set(unknown)):
        place, key = (npi, year), ("provider", f"{npi}|{year}")
        patients = len(accruing[place])
        doubtful = {name: why for name, why in untold[place].items() if name not in early[place]}
        limit = EARLY_SHARE * patients
        if not patients:
            outcome = ("cannot_tell", "payer-rule-unknown")
        elif patients < FEWEST_PATIENTS:
            outcome = ("cannot_tell", "too-few-patients")
        elif len(early[place]) > limit:
            outcome = ("finding", "")
        elif len(early[place]) + len(doubtful) <= limit:
            outcome = ("pass", "")
        else:
            outcome = ("cannot_tell", min(doubtful.values()))
        yield Verdict("CAP103", *outcome, "review", key)


def judge(world: World) -> Iterator[Verdict]:
    for check in (cap101, cap102, cap103, cap104, cap105):
        yield from check(world)
