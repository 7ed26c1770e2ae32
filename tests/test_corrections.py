"""The smallest correction: equal to an exhaustive search that the twins judge, clean when audited again, and never more money without a person."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import pytest

from claimaudit import catalog, corrections, registry, worked
from claimaudit.audit import judge
from claimaudit.corrections import CORRECTED, JUDGES, Candidate, Option, Visit
from claimaudit.engine import Engine
from tests import twin
from tests.twin.model import Reference

REFERENCE = Reference.load()
CHECKS = [registry.checks()[code] for code in JUDGES]
# DOC101 brings the plans of care
STAGED = [*CHECKS, registry.checks()["DOC101"]]
AS_OF = date(2026, 9, 30)
BILLING, PT, OT = "1999999992", "1000000004", "1000000020"
RATES = {"97110": "29.06", "97140": "26.13", "97112": "32.20", "97530": "34.91", "97116": "28.40", "97012": "13.55", "97035": "13.90"}  # fmt: skip
Row = dict[str, str]
Key = tuple[str, str]


@dataclass
class Drawn:
    """One visit as records; the patient is its name."""

    lines: list[Row]
    notes: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)


def drawn(rng: random.Random, name: str, *, defects: bool) -> Drawn:
    """A visit of up to four timed codes with minutes from 0 to 60; with `defects` of modifiers and repeats too."""
    payer = rng.choice(["MCR", "CPT", "CMS", "UNK"])
    npi, modifier = rng.choice([(PT, "GP")] * 5 + [(OT, "GO")])
    usual = {"patient_id": name, "service_date": "2026-03-02", "rendering_npi": npi}
    visit, sum_of_minutes, by_code = Drawn([]), 0, rng.random() < 0.85
    for number, code in enumerate(rng.sample(list(RATES)[:5], rng.randint(1, 4)), 1):
        minutes = rng.choice([rng.randint(0, 60), rng.choice([7, 8, 15, 22, 23, 30])])
        sum_of_minutes += minutes
        units = max(1, (minutes + 7) // 15 + rng.choice([-1, 0, 0, 0, 1, 1, 2]))
        own = [modifier]
        if defects:
            own = rng.choice([own] * 6 + [[], ["GP", "GO"], [modifier, "59"], [modifier, "CQ"], [modifier, modifier], [modifier, "76"], ["CO"]])
        visit.lines.append(line(usual, payer, number, code, units, own))
        if by_code:
            assistant = rng.choice([0, 0, 0, minutes]) if defects else 0
            visit.services.append({**usual, "procedure_code": code, "minutes": str(minutes - assistant), "assistant_minutes": str(assistant)})  # fmt: skip
    if defects and rng.random() < 0.3:
        visit.lines.append(line(usual, payer, 5, rng.choice(["97012", "97140"]), rng.randint(1, 2), [modifier]))
    if defects and rng.random() < 0.15:
        again = visit.lines[0]
        visit.lines.append({**again, "line_number": "6"})
    total = sum_of_minutes + rng.choice([0] * 8 + [10])
    visit.notes.append({**usual, "discipline": {PT: "PT", OT: "OT"}[npi], "timed_minutes": rng.choice([str(total)] * 5 + [""])})
    return visit


def line(usual: Row, payer: str, number: int, code: str, units: int, modifiers: Iterable[str]) -> Row:
    made = {**usual, "claim_id": f"C{usual['patient_id']}", "line_number": str(number), "payer_id": payer, "billing_npi": BILLING,
            "procedure_code": code, "line_status": "paid"}  # fmt: skip
    return with_changes(made, Decimal(units), modifiers, Decimal(RATES[code]) * units)


def with_changes(row: Row, units: Decimal, modifiers: Iterable[str], amount: Decimal) -> Row:
    names = [*modifiers, "", "", "", ""][:4]
    return {**row, "units": f"{units:f}", "allowed_amount": f"{amount:.2f}", **{f"modifier_{i}": name for i, name in enumerate(names, 1)}}


def records(visits: Iterable[Drawn]) -> worked.Records:
    from claimaudit import casekit

    base = {name: list(rows) for name, rows in casekit.stock()["given"].items()}
    several = list(visits)
    return {
        **base,
        "claim_lines": [row for visit in several for row in visit.lines],
        "visits": [row for visit in several for row in visit.notes],
        "visit_services": [row for visit in several for row in visit.services],
    }  # type: ignore[return-value]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with worked.new_engine(registry.checks().values()) as made:
        yield made


def audited(engine: Engine, given: worked.Records) -> dict[str, list[tuple[str, list[int]]]]:
    """Audit some records; the findings that corrections are searched for, as check and lines, by patient."""
    worked.prepare(engine, given, STAGED, AS_OF)
    known = catalog.tables()
    engine.build(known["core.check_enabled"])
    for name in ("audit.judged", "audit.coverage", "audit.found", "mart.correction_visit"):
        engine.create(known[name])
    for check in CHECKS:
        judge(engine, check, "test")
    engine.execute(
        """insert into mart.correction_visit
        select visit_id, row_number() over (order by visit_id)
        from (select distinct account_day(day_id) as visit_id from core.claim_line
          where line_id in (select unnest(line_shares).line_id from audit.found where list_contains(?, check_code)))""",
        [list(CORRECTED)],
    )
    found: dict[str, list[tuple[str, list[int]]]] = {}
    for code, patient, lines in engine.rows(
        """select f.check_code, any_value(l.patient_id), list(l.line_id order by l.line_id)
        from (select *, row_number() over () as no, unnest(line_shares).line_id as line_id from audit.found where list_contains(?, check_code)) f
        join core.claim_line l on l.line_id = f.line_id group by f.no, f.check_code order by all""",
        [list(CORRECTED)],
    ):
        found.setdefault(patient, []).append((code, lines))
    return found


def searched(engine: Engine, given: worked.Records) -> tuple[dict[str, Visit], dict[str, list[tuple[str, list[int]]]]]:
    found = audited(engine, given)
    visits = corrections.read_visits(engine)
    corrections.search(engine, list(visits.values()))
    patient_of = dict(engine.rows("select distinct account_day(day_id), patient_id from core.claim_line"))
    return {patient_of[visit_id]: visit for visit_id, visit in visits.items()}, found


# The search again, slow and plain: every candidate is a patient of a world that the twins judge. -----------------------


def judged(visit: Drawn, candidates: Iterable[Candidate]) -> list[dict[Key, str]]:
    """What the twins do not pass of each candidate, by check and line number or day."""
    several = list(candidates)
    world = []
    for number, candidate in enumerate(several):
        name = {"patient_id": f"K{number:06}", "claim_id": f"CK{number:06}"}
        by_number = {option.line.line_number: option for option in candidate}
        lines = []
        for row in visit.lines:
            option = by_number[int(row["line_number"])]
            if option.units:
                amount = (Decimal(row["allowed_amount"]) * option.units / Decimal(row["units"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
                lines.append({**with_changes(row, option.units, option.modifiers, amount), **name})
        kept = {"patient_id": name["patient_id"]}
        world.append(Drawn(lines, [{**row, **kept} for row in visit.notes], [{**row, **kept} for row in visit.services]))
    said: list[dict[Key, str]] = [{} for _ in several]
    for verdict in twin.judge(records(world), AS_OF, REFERENCE, set(JUDGES)):  # type: ignore[arg-type]
        # whether the notes of a month are loaded rests on other days
        if verdict.check_code not in JUDGES or verdict.check_code == "UNT105" or verdict.verdict == "pass":
            continue
        text = [str(part) for part in verdict.key]
        name = next(part for part in text if part.startswith(("K0", "CK0")))
        rest = "|".join(part for part in text if part != name)
        said[int(name.lstrip("CK"))][verdict.check_code, rest] = verdict.verdict
    return said


def place(candidate: Candidate) -> tuple[Any, ...]:
    """The order of docs/corrections.md, written again."""
    changed = [option for option in candidate if option.cost]
    after = sum((amount(option) for option in changed), Decimal(0))
    before = sum((option.line.amount or Decimal(0) for option in changed), Decimal(0))
    more: dict[str, Decimal] = {}
    for option in changed:
        more[option.line.code] = more.get(option.line.code, Decimal(0)) + option.units - option.line.units
    attest = after > before or any(option.attest for option in changed) or max(more.values(), default=Decimal(0)) > 0
    lines = sorted(((-option.line.line_number, option.units, option.modifiers) for option in changed))
    return sum(option.cost for option in changed), attest, after > before, abs(after - before), lines


def amount(option: Option) -> Decimal:
    each = (option.line.amount or Decimal(0)) / option.line.units
    return (each * option.units).quantize(Decimal("0.01"), ROUND_HALF_UP)


def smallest(visit: Drawn, candidates: list[Candidate]) -> Candidate | None:
    """The first candidate, in order, that clears every finding of CORRECTED and causes none; the visit as billed is the first of them."""
    said = judged(visit, candidates)
    before = said[0]
    keys = [key for key, verdict in before.items() if verdict == "finding" and key[0] in CORRECTED]
    clean = []
    for candidate, after in zip(candidates[1:], said[1:], strict=True):
        if any(verdict == "finding" and before.get(key) != "finding" for key, verdict in after.items()):
            continue
        if any(key in after and (after[key] == "finding" or key[0] not in ("UNT101", "UNT102", "UNT103")) for key in keys):
            continue
        clean.append(candidate)
    return min(clean, key=place, default=None)


def shown(candidate: Candidate | None) -> list[tuple[int, Decimal, tuple[str, ...]]]:
    return [(o.line.line_number, o.units, o.modifiers) for o in candidate or () if o.cost]


def compare(engine: Engine, seed: int, number: int, *, defects: bool, most: int) -> int:
    """Draw visits and compare each answer with the exhaustive search over `most` candidates at most; returns the visits compared."""
    rng = random.Random(seed)
    world = {f"P{i}": drawn(rng, f"P{i}", defects=defects) for i in range(number)}
    visits, found = searched(engine, records(world.values()))
    compared = 0
    for name in sorted(found):
        visit = visits[name]
        best = corrections.solution(visit)
        cost = sum(option.cost for option in best) if best else corrections.EDITS
        sets = [corrections.options(visit, own) for own in visit.lines]
        if not defects:
            # every number of units from 0 to 6 on every line, whatever the findings let change
            sets = [[Option(o.line, Decimal(u), o.line.modifiers, int(u != o.line.units), False) for u in range(7)] for o in visit.billed]
            if any(day.by_code and None in day.by_code.values() for day in visit.days.values()) or not world[name].services:
                continue  # without minutes by code no line gains units: the other comparison covers it
        every = [c for c in product(*sets) if 0 < sum(option.cost for option in c) <= cost]
        if len(every) > most:
            continue
        expected = smallest(world[name], [visit.billed, *every])
        assert shown(best) == shown(expected), (seed, name, world[name], shown(best), shown(expected))
        compared += 1
    return compared
