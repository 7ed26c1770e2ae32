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

from claimaudit import casekit, catalog, corrections, registry, templating, worked
from claimaudit.audit import audit, judge
from claimaudit.corrections import CORRECTED, JUDGES, Candidate, Option, Visit
from claimaudit.engine import Engine
from tests import twin
from tests.twin import scenes as twin_scenes
from tests.twin.model import Reference

REFERENCE = Reference.load()
CHECKS = [registry.checks()[code] for code in JUDGES]
# DOC101 brings the plans of care
STAGED = [*CHECKS, registry.checks()["DOC101"]]
AS_OF = date(2026, 9, 30)
BILLING, PT, OT = "1999999992", "1000000004", "1000000020"
RATES = {"97110": "29.06", "97140": "26.13", "97112": "32.20", "97530": "34.91", "97116": "28.40", "97113": "38.40", "97012": "13.55", "97035": "13.90"}  # fmt: skip
PLAN = {
    "patient_id": "planned",
    "discipline": "OT",
    "billing_npi": BILLING,
    "evaluation_date": "2026-02-20",
    "plan_to": "2026-04-30",
}
Row = dict[str, str]
Key = tuple[str, str]


@dataclass
class Drawn:
    """One visit as records; the patient is its name."""

    lines: list[Row]
    notes: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)


World = dict[str, Drawn]
Searched = tuple[dict[str, Visit], dict[str, list[tuple[str, list[int]]]]]


def drawn(rng: random.Random, name: str, *, defects: bool) -> Drawn:
    """A visit of up to four timed codes with minutes from 0 to 60; with `defects` of modifiers and repeats too."""
    payer = rng.choice(["MCR", "CPT", "CMS", "UNK"])
    npi, modifier = rng.choice([(PT, "GP")] * 5 + [(OT, "GO")])
    usual = {"patient_id": name, "service_date": "2026-03-02", "rendering_npi": npi}
    visit, sum_of_minutes, by_code = Drawn([]), 0, rng.random() < 0.85
    for number, code in enumerate(
        rng.sample([*list(RATES)[:4], "97113" if defects else "97116"], rng.randint(1, 4)), 1
    ):
        minutes = rng.choice([rng.randint(0, 60), rng.choice([7, 8, 15, 22, 23, 30])])
        sum_of_minutes += minutes
        units = max(1, (minutes + 7) // 15 + rng.choice([-1, 0, 0, 0, 1, 1, 2]))
        own = [modifier]
        if defects:
            own = rng.choice(
                [own] * 6
                + [[], ["GP", "GO"], [modifier, "59"], [modifier, "CQ"], [modifier, modifier], [modifier, "76"], ["CO"]]
            )
        visit.lines.append(line(usual, payer, number, code, units, own))
        if by_code:
            assistant = rng.choice([0, 0, 0, 0, minutes, min(minutes, 15)]) if defects else 0
            visit.services.append({**usual, "procedure_code": code, "minutes": str(minutes - assistant), "assistant_minutes": str(assistant)})  # fmt: skip
    if defects and rng.random() < 0.3:
        visit.lines.append(line(usual, payer, 5, rng.choice(["97012", "97140"]), rng.randint(1, 2), [modifier]))
    if defects and rng.random() < 0.15:
        again = visit.lines[0]
        visit.lines.append({**again, "line_number": "6"})
    total = sum_of_minutes + rng.choice([0] * 8 + [10])
    visit.notes.append(
        {**usual, "discipline": {PT: "PT", OT: "OT"}[npi], "timed_minutes": rng.choice([str(total)] * 5 + [""])}
    )
    return visit


def line(usual: Row, payer: str, number: int, code: str, units: int, modifiers: Iterable[str]) -> Row:
    made = {**usual, "claim_id": f"C{usual['patient_id']}", "line_number": str(number), "payer_id": payer, "billing_npi": BILLING,
            "procedure_code": code, "line_status": "paid"}  # fmt: skip
    return with_changes(made, Decimal(units), modifiers, Decimal(RATES[code]) * units)


def with_changes(row: Row, units: Decimal, modifiers: Iterable[str], amount: Decimal) -> Row:
    names = [*modifiers, "", "", "", ""][:4]
    return {
        **row,
        "units": f"{units:f}",
        "allowed_amount": f"{amount:.2f}",
        **{f"modifier_{i}": name for i, name in enumerate(names, 1)},
    }


def records(visits: Iterable[Drawn]) -> worked.Records:
    base = {name: list(rows) for name, rows in casekit.stock()["given"].items()}
    several = list(visits)
    return {
        **base,
        "claim_lines": [row for visit in several for row in visit.lines],
        "visits": [row for visit in several for row in visit.notes],
        "plans_of_care": [PLAN],
        "visit_services": [row for visit in several for row in visit.services],
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with worked.new_engine(registry.checks().values()) as made:
        yield made


def audited(engine: Engine, given: worked.Records, as_of: date = AS_OF) -> dict[str, list[tuple[str, list[int]]]]:
    """Audit some records; the findings that corrections are searched for, as check and lines, by patient."""
    worked.prepare(engine, given, STAGED, as_of)
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


def searched(engine: Engine, given: worked.Records) -> Searched:
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
        name = {"patient_id": f"K0{number:06}", "claim_id": f"CK0{number:06}"}
        lines = [{**row, **name} for row in changed(visit, candidate)]
        kept = {"patient_id": name["patient_id"]}
        world.append(
            Drawn(lines, [{**row, **kept} for row in visit.notes], [{**row, **kept} for row in visit.services])
        )
    said: list[dict[Key, str]] = [{} for _ in several]
    for verdict in twin.judge(records(world), AS_OF, REFERENCE, set(JUDGES)):
        # whether the notes of a month are loaded rests on other days
        if verdict.check_code not in JUDGES or verdict.check_code == "UNT105" or verdict.verdict == "pass":
            continue
        text = [str(part) for part in verdict.key]
        own_name = next(part for part in text if part.startswith(("K0", "CK0")))
        # what is said of units on a line of their own is said of the line that they come from
        text = [str(int(part) - 1000) if len(part) == 4 and part.isdigit() else part for part in text]
        rest = "|".join(part for part in text if part != own_name)
        own = said[int(own_name.lstrip("CK"))]
        own[verdict.check_code, rest] = max(
            verdict.verdict, own.get((verdict.check_code, rest), "")
        )  # a finding counts
    return said


def changed(visit: Drawn, candidate: Candidate) -> list[Row]:
    """The lines of a visit as a correction leaves them."""
    by_number = {option.line.line_number: option for option in candidate}
    lines = []
    for row in visit.lines:
        option = by_number[int(row["line_number"])]
        each = Decimal(row["allowed_amount"]) / Decimal(row["units"])
        kept = (each * option.units).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if option.units:
            lines.append(with_changes(row, option.units, option.modifiers, kept))
        if option.apart:
            rest = with_changes(row, option.apart, option.apart_modifiers, Decimal(row["allowed_amount"]) - kept)
            lines.append({**rest, "line_number": str(option.line.line_number + 1000)})
    return lines


def place(candidate: Candidate) -> tuple[Any, ...]:
    """The order of docs/corrections.md, written again."""
    several = [option for option in candidate if option.cost]
    after = sum((amount(option) for option in several), Decimal(0))
    before = sum((option.line.amount or Decimal(0) for option in several), Decimal(0))
    more: dict[str, Decimal] = {}
    for option in several:
        more[option.line.code] = (
            more.get(option.line.code, Decimal(0)) + option.units + option.apart - option.line.units
        )
    attest = after > before or any(option.attest for option in several) or max(more.values(), default=Decimal(0)) > 0
    lines = sorted(
        (-option.line.line_number, option.units, option.modifiers, option.apart_modifiers) for option in several
    )
    return sum(option.cost for option in several), attest, after > before, abs(after - before), lines


def amount(option: Option) -> Decimal:
    each = (option.line.amount or Decimal(0)) / option.line.units
    return (each * (option.units + option.apart)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def smallest(said: list[dict[Key, str]], candidates: list[Candidate], keys: Iterable[Key]) -> Candidate | None:
    """The first candidate, in order, that clears the findings `keys` and causes none; the visit as billed is the first of them."""
    clean = []
    for candidate, after in zip(candidates[1:], said[1:], strict=True):
        if any(verdict == "finding" and said[0].get(key) != "finding" for key, verdict in after.items()):
            continue
        if any(
            key in after and (after[key] == "finding" or key[0] not in ("UNT101", "UNT102", "UNT103")) for key in keys
        ):
            continue
        clean.append(candidate)
    return min(clean, key=place, default=None)


def shown(candidate: Candidate | None) -> list[tuple[Any, ...]]:
    several = [option for option in candidate or () if option.cost]
    return [
        (o.line.line_number, o.units, o.modifiers, *((o.apart, o.apart_modifiers) if o.apart else ())) for o in several
    ]


def exhaustive(visit: Visit, *, units_alone: bool, cost: int) -> list[Candidate]:
    """Every correction of up to `cost` changes, in no order; `units_alone`: every number of units from 0 to 6 on every line."""
    sets = visit.options
    if units_alone:
        sets = [
            [
                o if units == o.line.units else Option(o.line, Decimal(units), o.line.modifiers, 1, False)
                for units in range(7)
            ]
            for o in visit.billed
        ]
    return [c for c in product(*sets) if 0 < sum(option.cost for option in c) <= cost]


def compare(world: World, searched_world: Searched, *, units_alone: bool, most: int) -> dict[str, int]:
    """Compare each answer with the exhaustive search; counts what was compared.

    `units_alone`: the visits without defects of modifiers. Visits with more than `most` corrections of the cost of the answer are left out.
    """
    visits, found = searched_world
    done = {"together": 0, "single": 0, "none": 0, "candidates": 0}
    for name in sorted(set(found) & set(world)):
        visit = visits[name]
        if units_alone and not world[name].services:
            continue  # without minutes by code no line gains units: the comparison with defects covers it
        best = corrections.solution(visit)
        answers = {(code, *lines): corrections.answer(visit, code, lines)[0] for code, lines in found[name]}
        costs = [sum(option.cost for option in one) if one else corrections.EDITS for one in (best, *answers.values())]
        every = exhaustive(visit, units_alone=units_alone, cost=max(costs))
        if len(every) > most:
            continue
        said = judged(world[name], [visit.billed, *every])
        done["candidates"] += len(every)
        keys = [key for key, verdict in said[0].items() if verdict == "finding" and key[0] in CORRECTED]
        expected = smallest(said, [visit.billed, *every], keys)
        assert shown(best) == shown(expected), world[name]
        done["together"] += best is not None
        numbers = {own.line_id: str(own.line_number) for own in visit.lines}
        for (code, *lines), one in answers.items() if best is None else ():
            own = [
                k
                for k in keys
                if k[0] == code
                and (code in ("UNT101", "UNT102", "UNT103") or k[1].split("|")[-1] in {numbers[i] for i in lines})
            ]
            assert own, (world[name], code)
            assert shown(one) == shown(smallest(said, [visit.billed, *every], own)), (world[name], code)
            done["single" if one else "none"] += 1
    return done


def draw(seed: int, number: int) -> World:
    """Visits with right modifiers (A) and with defects (B)."""
    rng = random.Random(seed)
    return {f"{kind}{i:03}": drawn(rng, f"{kind}{i:03}", defects=kind == "B") for kind in "AB" for i in range(number)}


@pytest.fixture(scope="module")
def world() -> World:
    return {**draw(11, 30), **SCENES}


@pytest.fixture(scope="module")
def answered(engine: Engine, world: World) -> Searched:
    return searched(engine, records(world.values()))


@pytest.mark.parametrize("kind", ["A", "B"])
def test_it_is_the_answer_of_an_exhaustive_search(world: World, answered: Searched, kind: str) -> None:
    own = {name: visit for name, visit in world.items() if name[0] == kind}
    done = compare(own, answered, units_alone=kind == "A", most=150)
    assert done["together"] >= 10 and done["candidates"] > 200


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 102))
def test_it_is_the_answer_of_an_exhaustive_search_of_many(engine: Engine, seed: int) -> None:
    many = draw(seed, 50)
    given = searched(engine, records(many.values()))
    for kind in "AB":
        own = {name: visit for name, visit in many.items() if name[0] == kind}
        assert compare(own, given, units_alone=kind == "A", most=1500)["together"] >= 15


def test_the_corrected_claims_are_clean_when_audited_again(engine: Engine, world: World, answered: Searched) -> None:
    visits, found = answered
    solved = {name: best for name, visit in visits.items() if (best := corrections.solution(visit))}
    assert len(solved) > 40
    left = audited(
        engine,
        records({**world, **{n: replace(world[n], lines=changed(world[n], c)) for n, c in solved.items()}}.values()),
    )
    assert not set(left) & set(solved)
    assert {name: {code for code, _ in several} for name, several in left.items()} == {
        name: {code for code, _ in several} for name, several in found.items() if name not in solved
    }


def scaled(row: Row, share: Decimal) -> Row:
    money = ("charge_amount", "allowed_amount", "paid_amount")
    return {**row, **{name: f"{Decimal(row[name]) * share:.2f}" for name in money if row.get(name) and share != 1}}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_corrections_cause_nothing_new_among_other_visits_payers_and_practices(engine: Engine, seed: int) -> None:
    """The twins' own scenes, all corrected at once."""
    given, as_of = twin_scenes.world(random.Random(seed), 300)
    audited(engine, given, as_of)
    visits = list(corrections.read_visits(engine).values())
    corrections.search(engine, visits)
    standing = """select distinct f.check_code, coalesce(f.patient_id, l.patient_id), f.service_date, f.payer_id
        from audit.found f left join core.claim_line l on l.line_id = f.line_shares[1].line_id"""
    before = set(engine.rows(standing))
    solved = [best for visit in visits if (best := corrections.solution(visit))]
    change = {option.line.line_id: option for best in solved for option in best if option.cost}
    lines: list[Row] = []
    for number, row in enumerate(given["claim_lines"], 1):
        option = change.pop((1 << 40) | number, None)
        if option is None:
            lines.append(row)
            continue
        share = option.units / option.line.units
        old: Row = {**row}
        for units, modifiers, part, line_number in (
            (option.units, option.modifiers, share, option.line.line_number),
            (option.apart, option.apart_modifiers, 1 - share, option.line.line_number + 1000),
        ):
            if units:
                names = {f"modifier_{i}": name for i, name in enumerate([*modifiers, "", "", "", ""][:4], 1)}
                lines.append({**scaled(old, part), **names, "units": f"{units:f}", "line_number": str(line_number)})
    assert len(solved) > 150 and not change
    audited(engine, {**given, "claim_lines": lines}, as_of)
    after = set(engine.rows(standing))
    # whether the notes of a month are loaded, which UNT105 asks, rests on other days
    assert {row for row in after - before if row[0] != "UNT105"} == set()
    assert len(after) < 0.8 * len(before)


def test_no_correction_raises_an_amount_or_units_without_a_person(answered: Searched) -> None:
    visits, found = answered
    best = [corrections.answer(visits[name], code, lines)[0] for name in found for code, lines in found[name]]
    told = [corrections._told(one) for one in best if one]
    assert {row["kind"] for row in told} == {"arithmetic", "attest"}
    for row in told:
        assert row["cost"] >= 1 and row["edits"]
        if row["kind"] == "arithmetic":
            assert row["amount_after"] <= row["amount_before"]
            added = {m for edit in row["edits"] for m in set(edit["modifiers_after"]) - set(edit["modifiers_before"])}
            gone = {m for edit in row["edits"] for m in set(edit["modifiers_before"]) - set(edit["modifiers_after"])}
            assert not gone & {"CQ", "CO", "52", "GA", "GZ", "KX"}
            assert added <= {"GP", "GO", "GN", "CQ", "CO"} or any(edit["line_number"] is None for edit in row["edits"])
            for code in {edit["procedure_code"] for edit in row["edits"]}:
                own = [edit for edit in row["edits"] if edit["procedure_code"] == code]
                assert sum(edit["units_after"] for edit in own) <= sum(edit["units_before"] for edit in own)


def test_the_order_of_the_records_and_the_threads_change_nothing(
    engine: Engine, world: World, answered: Searched
) -> None:
    given = records(list(world.values())[::-1])
    given["claim_lines"] = given["claim_lines"][::-1]
    engine.execute("set threads = 2")
    again = searched(engine, given)
    engine.execute("set threads = 1")
    told = []
    for visits, found in (answered, again):
        best = {name: corrections.solution(visit) for name, visit in visits.items()}
        told.append((
            {name: corrections._told(one) if one else None for name, one in best.items()},
            {name: sorted((code, str(corrections.answer(visits[name], code, lines)[1:])) for code, lines in found[name]) for name in found},
        ))  # fmt: skip
    assert told[0] == told[1]


# What is right in single cases ------------------------------------------------------------------------------------------


def one(name: str, lines: list[tuple[str, int, str]], minutes: dict[str, int], **note: str) -> Drawn:
    """A visit for Medicare: code, units and modifiers of each line, and the minutes of each code."""
    usual = {"patient_id": name, "service_date": "2026-03-02", "rendering_npi": PT}
    given = [
        line(usual, "MCR", n, code, units, modifiers.split()) for n, (code, units, modifiers) in enumerate(lines, 1)
    ]
    services = [
        {**usual, "procedure_code": code, "minutes": str(m), "assistant_minutes": "0"} for code, m in minutes.items()
    ]
    return Drawn(given, [{**usual, "discipline": "PT", "timed_minutes": str(sum(minutes.values())), **note}], services)


def scenes() -> World:
    over = one("over", [("97110", 3, "GP"), ("97140", 1, "GP")], {"97110": 30, "97140": 15})
    under = one("under", [("97110", 1, "GP"), ("97140", 1, "GP")], {"97110": 30, "97140": 15})
    total = one("total", [("97110", 1, "GP")], {}, timed_minutes="40")
    unbilled = one("unbilled", [("97112", 2, "GP")], {"97112": 30, "97140": 15})
    missing = one("missing", [("97110", 2, ""), ("97140", 1, "")], {"97110": 30, "97140": 15})
    planned = one("planned", [("97110", 2, "")], {"97110": 30})
    pair = one("pair", [("97113", 1, "GP"), ("97110", 1, "GP")], {"97113": 15, "97110": 15})
    split = one("split", [("97110", 2, "GP"), ("97110", 1, "GP")], {"97110": 45})
    for row in split.lines:
        row["received_date"] = "2026-03-05"
    contradiction = one("contradiction", [("97110", 1, "GP KX GA")], {"97110": 15})
    denied = one("denied", [("97110", 1, "")], {"97110": 15})
    denied.lines[0]["line_status"] = "denied"
    exchange = one("exchange", [("97110", 1, "GO")], {"97110": 15})
    exchange.lines[0]["payer_id"] = "CMS"
    part = one("part", [("97110", 2, "GP")], {"97110": 30})
    part.services[0].update(minutes="15", assistant_minutes="15")
    every = (over, under, total, unbilled, missing, planned, pair, split, contradiction, denied, exchange, part)
    return {visit.lines[0]["patient_id"]: visit for visit in every}


SCENES = scenes()
GP = ("GP",)


@pytest.mark.parametrize(
    ("name", "check_code", "changes", "kind", "reason"),
    [
        ("over", "UNT101", [(1, 2, GP)], "arithmetic", None),
        ("under", "UNT102", [(1, 2, GP)], "attest", None),
        # no line gains units that only a total supports, nor those of a code that was not billed
        ("total", "UNT102", [], None, corrections.PERSON),
        ("unbilled", "UNT102", [], None, corrections.OTHERS.format("UNT103")),
        ("missing", "MOD101", [(1, 2, GP), (2, 1, GP)], "arithmetic", None),
        # the plan of care in force is of another discipline than the provider
        ("planned", "MOD101", [], None, corrections.PERSON),
        # taking 97110 off would leave its minutes unbilled
        ("pair", "NCC102", [(2, 1, ("GP", "59"))], "attest", None),
        ("split", "UNT109", [(1, 3, GP), (2, 0, GP)], "arithmetic", None),
        ("contradiction", "MOD109", [], None, corrections.PERSON),
        ("denied", "MOD101", [], None, corrections.DENIED),
        # this payer wants no modifier, and without one the check would not look
        ("exchange", "MOD104", [(1, 1, GP)], "attest", None),
        # one of two units is the assistant's: it goes on a line of its own
        ("part", "MOD105", [(1, 1, GP, 1, ("GP", "CQ"))], "arithmetic", None),
    ],
)
def test_single_cases(
    answered: Searched, name: str, check_code: str, changes: list[Any], kind: str | None, reason: str | None
) -> None:
    visits, found = answered
    lines = next(lines for code, lines in found[name] if code == check_code)
    best, _, why = corrections.answer(visits[name], check_code, lines)
    assert (shown(best), corrections._told(best)["kind"] if best else None, why) == (changes, kind, reason)


def test_every_card_has_a_correction_or_a_reason(engine: Engine) -> None:
    worked.prepare(engine, records(SCENES.values()), STAGED, AS_OF)
    engine.build(catalog.tables()["core.check_enabled"])
    assert not audit(engine, "worked", CHECKS)
    for table in catalog.build_order("mart", {"mart.finding_page"}):
        engine.build(table)
    corrections.find_corrections(engine)
    cards = engine.rows("select finding_id, check_code, patient_id from mart.finding_page where shown = 'card'")
    rows = {row["finding_id"]: row for row in engine.dicts("select * from mart.correction")}
    assert set(rows) == {finding for finding, code, _ in cards if code in CORRECTED} and rows
    of = {(patient, code): rows[finding] for finding, code, patient in cards if finding in rows}
    assert all((row["cost"] is None) == (row["reason"] is not None) for row in rows.values())
    assert of["planned", "MOD101"]["reason"] == corrections.PERSON
    drawn_card = templating.macro("macros/finding.jinja", "correction")
    text = " ".join(str(drawn_card(of["over", "UNT101"])).split())
    assert "claim Cover line 1, 97110: 3 → 2 units" in text and "$87.18 → $58.12" in text and "arithmetic" in text
    text = " ".join(str(drawn_card(of["pair", "NCC102"])).split())
    assert "modifiers GP → GP 59" in text and "attestation" in text
    text = str(drawn_card(of["split", "UNT109"]))
    assert "2 → 3 units" in text and "taken off the claim" in text
    assert corrections.PERSON in str(drawn_card(of["planned", "MOD101"]))
    # with nothing to correct there is nothing to pay for
    engine.execute("delete from mart.finding_page")
    corrections.find_corrections(engine)
    assert engine.value("select count(*) from mart.correction") == 0


def test_every_check_that_looks_at_one_visit_judges() -> None:
    """A new check of units, modifiers or pairs is named in corrections.JUDGES, or here with the reason why it cannot be."""
    several_visits = {"UNT111", "UNT112", "UNT113", "UNT114"}
    lists_what_is_in_order = {"NCC103"}
    known = {code for code, check in registry.checks().items() if check.status != "removed"}
    of_claims = {code for code in known if code[:3] in ("UNT", "MOD", "NCC")}
    assert of_claims - set(JUDGES) == several_visits | lists_what_is_in_order
    assert set(CORRECTED) <= set(JUDGES) <= known
