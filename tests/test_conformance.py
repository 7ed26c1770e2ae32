"""Worked examples of the published rules (tests/data/conformance_a.csv and _b.csv), and the allocation rule tried exhaustively.

`inputs` and `billed` become canonical records by `world_of`; `JUDGES` holds what must give the expected verdicts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement, islice, product
from pathlib import Path

import pytest

from claimaudit import registry, worked
from tests.twin import CHECKS as twin_codes
from tests.twin import Records, Reference, Verdict, judge
from tests.twin.unt import units_of, valid_allocations

Row = dict[str, str]
Judge = Callable[[Records, date | None, set[str]], list[Verdict]]

with (Path(__file__).parent / "data" / "conformance_a.csv").open(encoding="utf-8", newline="") as handle:
    ROWS: list[Row] = list(csv.DictReader(handle))

with (Path(__file__).parent / "data" / "conformance_b.csv").open(encoding="utf-8", newline="") as handle:
    ROWS_B: list[Row] = list(csv.DictReader(handle))

# Rows of the two parts that cannot be run through the checks, and why.
NOT_A_VERDICT: dict[str, str] = {
    "C24": "what Medicare and the patient pay on a CQ line is arithmetic, not a verdict",
    **dict.fromkeys("P01 P02".split(), "the illustration uses relative values of no real code"),
    "I04": "a description is not on a claim line",
    "O01": "a duty with a deadline, not a check",
    **dict.fromkeys("S01 S02 S03 S04 S08".split(), "sampling statistics, not a check"),
    **dict.fromkeys(
        "B01 B03".split(), "one provider against peers: needs the peer tables, see the cases of PRV101 and PRV102"
    ),
    **dict.fromkeys(
        "B005 B006 B008".split(), "run on a release with the real start of the pair, in tests/test_reference.py"
    ),
    **dict.fromkeys("P03 B043".split(), "an expected amount with the therapy reduction: see the cases of BIL111"),
    "B045": "the fee schedule of early 2024 is not loaded",
    **dict.fromkeys("B073 B075".split(), "needs a loaded policy: see the cases of COV103 and COV101"),
}
REFERENCE = Reference.load()
CHECKS = [check for code, check in registry.checks().items() if code in twin_codes]


@cache
def engine() -> worked.Engine:
    return worked.new_engine(CHECKS)


def judge_by_sql(records: Records, as_of: date | None, codes: set[str]) -> list[Verdict]:
    """The verdicts of the checks' SQL over the same records, in the form of the twin's."""
    judged = [check for check in CHECKS if check.code in codes]
    worked.prepare(engine(), records, judged, as_of)
    found = []
    for check in judged:
        for row in worked.judge_records(engine(), check):
            if check.subject == "claim_line":
                key: tuple[object, ...] = ("claim_line", row["claim_id"], str(row["line_number"]))
            else:
                key = (check.subject, row["patient_id"] or row["provider_npi"], row["service_date"])
            found.append(
                Verdict(
                    check.code, row["verdict"], row["reason"] or "", row["severity"] or "", key, row["amount_at_risk"]
                )
            )
    return found


JUDGES: dict[str, Judge] = {
    "twin": lambda records, as_of, codes: judge(records, as_of, REFERENCE, codes),
    "sql": judge_by_sql,
}

UNITS_ROWS = [row for row in ROWS if row["topic"] == "units"]
RESTATED = {row["id"] for row in ROWS_B}
VERDICT_ROWS = [row for row in ROWS if row["topic"] != "units" and row["id"] not in RESTATED | set(NOT_A_VERDICT)]
ASSISTANT_ROWS = [row for row in ROWS_B if row["topic"] == "assistant"]
VERDICT_ROWS_B = [row for row in ROWS_B if row["topic"] != "assistant"]
BILLING = "1999999992"
PAYERS: list[Row] = [
    {"payer_id": "cms", "payer_class": "medicare_b"},
    {"payer_id": "cpt", "payer_class": "commercial", "units_method": "cpt"},
]
PROVIDERS: list[Row] = [
    {"npi": "1000000004", "discipline": "PT", "specialty_code": "65"},
    {"npi": "1000000046", "specialty_code": "08"},
]


def world_of(row: Row, billed: str | None = None) -> Records:
    """Canonical records of a row: a line per item of `billed` (`97110-GP-KXx2`), minutes or amounts from `inputs`.

    `97110=24` are a code's minutes, `T=40` and `total=38` the note's; ` | ` separates patients; `allowed 10.00 20.00`
    repeats the line with these amounts on one claim; `40 patients` repeats the day.
    """
    day = row["dos"] if len(row["dos"]) == 10 else "2025-03-03"
    payer = "cpt" if row["payer_rule"] == "cpt" else "cms"
    npi = PROVIDERS[1 if row["inputs"] == "physician" else 0]["npi"]
    items = (row["billed"] if billed is None else billed).split()
    worlds = [row["inputs"]]
    if row["inputs"].endswith(" patients"):
        worlds = [""] * int(row["inputs"].split()[0])
    elif " | " in row["inputs"]:
        worlds = row["inputs"].split(" | ")
    records: Records = {"payers": PAYERS, "providers": PROVIDERS, "claim_lines": [], "visits": [], "visit_services": []}
    for number, facts in enumerate(worlds, start=1):
        patient = f"P{number}"
        visit = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
        minutes = dict(fact.split("=") for fact in facts.split() if "=" in fact)
        amounts = facts.split()[1:] if facts.startswith("allowed ") else ["29.06"]
        if minutes:
            codes = {code: own for code, own in minutes.items() if code not in ("T", "total")}
            note = {"timed_minutes": minutes.get("T", ""), "total_minutes": minutes.get("total", "")}
            records["visits"].append({**visit, **note})
            records["visit_services"] += [{**visit, "procedure_code": c, "minutes": own} for c, own in codes.items()]
        for line, (item, amount) in enumerate(product(items, amounts), start=1):
            coded, units = item.split("x")
            code, *modifiers = coded.split("-")
            records["claim_lines"].append(
                {
                    **visit,
                    "claim_id": f"C{number}",
                    "line_number": str(line),
                    "payer_id": payer,
                    "billing_npi": BILLING,
                    "received_date": day,
                    "procedure_code": code,
                    "units": units,
                    "allowed_amount": amount,
                    **{f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, start=1)},
                }
            )
    return records


def outcome(judge_of: Judge, records: Records, code: str) -> set[str]:
    return {found.verdict for found in judge_of(records, None, {code}) if found.check_code == code}


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", UNITS_ROWS, ids=lambda row: row["id"])
def test_units(judge_of: Judge, row: Row) -> None:
    """Every valid vector passes, one unit more is over, one less is under, and no other vector of the total stands."""
    units, _, vectors = row["expected"].removeprefix("units=").partition("; ")
    total = int(units)
    valid = [dict(item.split("x") for item in vector.split()) for vector in vectors.split(" | ") if vector]
    codes = [fact.split("=")[0] for fact in row["inputs"].split()]
    right = {tuple(int(vector.get(code, 0)) for code in codes) for vector in valid}
    assert right == set() if total == 0 else {sum(vector) for vector in right} == {total}
    # every vector is a patient of one world, so that it is judged in one go
    world: Records = {"payers": PAYERS, "providers": PROVIDERS}
    tried: dict[str, tuple[int, ...]] = {}
    for vector in product(range(total + 2), repeat=len(codes)):
        if not 0 < sum(vector) <= total + 1 or (len(codes) > 3 and sum(vector) < total):
            continue
        patient = f"P{len(tried)}"
        tried[patient] = vector
        billed = " ".join(f"{code}x{count}" for code, count in zip(codes, vector, strict=True) if count)
        for record, rows in world_of(row, billed).items():
            if record not in ("payers", "providers"):
                own = {"patient_id": patient, **({"claim_id": patient} if record == "claim_lines" else {})}
                world.setdefault(record, []).extend({**one, **own} for one in rows)
    found = {
        (verdict.key[1], verdict.check_code): verdict.verdict
        for verdict in judge_of(world, None, {"UNT101", "UNT102", "UNT103"})
    }
    for patient, vector in tried.items():
        assert found[patient, "UNT101"] == ("finding" if sum(vector) > total else "pass"), vector
        assert found[patient, "UNT102"] == ("finding" if sum(vector) < total else "pass"), vector
        if sum(vector) == total:
            assert found[patient, "UNT103"] == ("pass" if vector in right else "finding"), vector


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", VERDICT_ROWS, ids=lambda row: row["id"])
def test_verdicts(judge_of: Judge, row: Row) -> None:
    """`CODE=verdict`: the check's only verdict; `CODE=verdict@3,4`: the lines that have it; `none`: no subject."""
    records = world_of(row)
    for wanted in row["expected"].split():
        code, _, rest = wanted.partition("=")
        verdict, _, lines = rest.partition("@")
        if lines:
            having = {
                found.key[2]
                for found in judge_of(records, None, {code})
                if (found.check_code, found.verdict) == (code, verdict) and found.key[0] == "claim_line"
            }
            assert having == set(lines.split(",")), wanted
        else:
            assert outcome(judge_of, records, code) == (set() if verdict == "none" else {verdict}), wanted


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
def test_untimed_code_twice(judge_of: Judge) -> None:
    row = next(row for row in ROWS if row["id"] == "U30")
    assert outcome(judge_of, world_of(row, "92521x2"), "UNT108") == {"finding"}


def world_of_b(row: Row, billed: str | None = None) -> tuple[Records, date | None]:
    """Records and as-of date of a row of part B: a line per item of `billed` (`64615x1@2025-03-15` on another date).

    `97110=5+10` are the therapist's and the assistant's minutes; `dx=`, `pointers=`, `received=`, `price=` (allowed for a unit)
    go on every line, `group=` on the notes; `certified=`, `ordered=`, `sent=` make a plan of care; `days=11` repeats the line.
    """
    facts = dict(fact.split("=", 1) for fact in row["inputs"].split())
    npi = PROVIDERS[1 if row["billed"][:1] == "J" or row["billed"][:2] == "64" else 0]["npi"]
    records: Records = {"payers": PAYERS, "providers": PROVIDERS, "claim_lines": []}
    start = date.fromisoformat(row["dos"])
    days = [start + timedelta(days=2 * number) for number in range(int(facts.get("days", "1")))]
    items = [(item, day) for day in days for item in (row["billed"] if billed is None else billed).split()]
    diagnoses = {f"diagnosis_{place}": code for place, code in enumerate(facts.get("dx", "M54.50").split(","), start=1)}
    for number, (item, day) in enumerate(items, start=1):
        coded, _, other = item.partition("@")
        coded, units = coded.split("x")
        code, *modifiers = coded.split("-")
        price = Decimal(facts.get("price", "29.06"))
        records["claim_lines"].append(
            {
                "claim_id": "C1" if len(days) == 1 else f"C{number}",
                "line_number": str(number),
                "patient_id": "P1",
                "payer_id": "cpt" if row["payer_rule"] == "cpt" else "cms",
                "billing_npi": BILLING,
                "rendering_npi": npi,
                "service_date": other or str(day),
                "received_date": facts.get("received", other or str(day)),
                "place_of_service": "11",
                "procedure_code": code,
                "units": units,
                "allowed_amount": str((price * int(units)).quantize(Decimal("0.01"))),
                "diagnosis_pointers": facts.get("pointers", "1"),
                **diagnoses,
                **{f"modifier_{place}": modifier for place, modifier in enumerate(modifiers, start=1)},
            }
        )
    visit = {"patient_id": "P1", "service_date": row["dos"], "rendering_npi": npi}
    for code, minutes in facts.items():
        if "+" in minutes:
            own, alone = minutes.split("+")
            service = {**visit, "procedure_code": code, "minutes": own, "assistant_minutes": alone}
            records.setdefault("visit_services", []).append(service | {"group_size": facts.get("group", "")})
    plan = {"certified_date": "certified", "order_signed_date": "ordered", "plan_sent_date": "sent"}
    if set(plan.values()) & set(facts):
        own_plan = {name: facts.get(fact, "") for name, fact in plan.items()}
        elsewhere = dict.fromkeys(plan, "2024-03-01")
        base = {"discipline": "PT", "billing_npi": BILLING}
        records["plans_of_care"] = [
            {**base, "patient_id": "P1", "evaluation_date": row["dos"], **own_plan},
            # another patient's plan, so that the columns are filled in somewhere
            {**base, "patient_id": "P2", "evaluation_date": "2024-03-01", **elsewhere},
        ]
    if "reports" in facts:
        # another patient's report, and data loaded long enough before the first day to know it for the first
        before = str(start - timedelta(days=100))
        line = records["claim_lines"][0] | {
            "claim_id": "Z1",
            "line_number": "1",
            "patient_id": "P2",
            "service_date": before,
        }
        records["claim_lines"].append(line)
        records["progress_reports"] = [
            {"patient_id": "P2", "discipline": "PT", "report_date": before, "author_role": "clinician"}
        ]
    return records, date.fromisoformat(facts["as_of"]) if "as_of" in facts else None


def codes_of(row: Row) -> set[str]:
    return {wanted.partition("=")[0] for wanted in row["expected"].split()}


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", VERDICT_ROWS_B, ids=lambda row: row["id"])
def test_verdicts_of_part_b(judge_of: Judge, row: Row) -> None:
    """As test_verdicts; `CODE=finding:651.20` is the amount of all lines, `@11` the day of a visit day."""
    assert codes_of(row) <= {check.code for check in CHECKS}
    records, as_of = world_of_b(row)
    lines = {
        (line["claim_id"], line["line_number"]): place for place, line in enumerate(records["claim_lines"], start=1)
    }
    days = sorted({line["service_date"] for line in records["claim_lines"] if line["patient_id"] == "P1"})
    judged = judge_of(records, as_of, codes_of(row))
    for wanted in row["expected"].split():
        code, _, rest = wanted.partition("=")
        verdict, _, places = rest.partition("@")
        verdict, _, amount = verdict.partition(":")
        mine = [found for found in judged if found.check_code == code and found.key[1] != "P2" and found.key[1] != "Z1"]
        if places:
            having = {
                str(
                    lines[found.key[1], str(found.key[2])]
                    if found.key[0] == "claim_line"
                    else days.index(str(found.key[2])) + 1
                )
                for found in mine
                if found.verdict == verdict
            }
            assert having == set(places.split(",")), wanted
        else:
            assert {found.verdict for found in mine} == (set() if verdict == "none" else {verdict}), wanted
        if amount:
            assert sum(found.amount or 0 for found in mine) == Decimal(amount), wanted


@pytest.mark.parametrize("judge_of", JUDGES.values(), ids=JUDGES)
@pytest.mark.parametrize("row", ASSISTANT_ROWS, ids=lambda row: row["id"])
def test_assistant_units(judge_of: Judge, row: Row) -> None:
    """Every split of the code's units: fewer with the modifier is MOD105, more is MOD106, the right number neither."""
    wanted = {name: int(count) for name, count in (part.split("=") for part in row["expected"].split())}
    units = wanted["without"] + wanted["with"]
    for marked in range(units + 1):
        items = [f"{row['billed']}-GPx{units - marked}"] if units > marked else []
        items += [f"{row['billed']}-GP-CQx{marked}"] if marked else []
        found = judge_of(*world_of_b(row, " ".join(items)), {"MOD105", "MOD106"})
        verdicts = {code: {one.verdict for one in found if one.check_code == code} for code in ("MOD105", "MOD106")}
        assert ("finding" in verdicts["MOD105"]) == (marked < wanted["with"]), marked
        assert ("finding" in verdicts["MOD106"]) == (marked > wanted["with"]), marked
        assert "cannot_tell" not in verdicts["MOD105"] | verdicts["MOD106"], marked


def test_every_row_is_run_or_explained() -> None:
    parts = {row["id"] for row in ROWS}, RESTATED
    assert len(parts[0]) == len(ROWS) and len(RESTATED) == len(ROWS_B)
    assert RESTATED.isdisjoint(NOT_A_VERDICT)
    assert len(UNITS_ROWS) + len(VERDICT_ROWS) == len(parts[0] - RESTATED - set(NOT_A_VERDICT))


def by_definition(minutes: tuple[int, ...]) -> set[tuple[int, ...]]:
    """The rule in words: k units for each 15k minutes, what is left of the day's units to the largest remainders."""
    total = sum(minutes)
    units = 0 if total < 8 else next(n for n in range(1, 20) if 15 * n - 7 <= total <= 15 * n + 7)
    left = units - sum(own // 15 for own in minutes)
    found = set()
    for extra in product((0, 1), repeat=len(minutes)):
        if sum(extra) != left or any(more and not own % 15 for more, own in zip(extra, minutes, strict=True)):
            continue
        got = [own % 15 for more, own in zip(extra, minutes, strict=True) if more]
        missed = [own % 15 for more, own in zip(extra, minutes, strict=True) if not more]
        if not got or not missed or min(got) >= max(missed):
            found.add(tuple(own // 15 + more for more, own in zip(extra, minutes, strict=True)))
    return found


def test_allocation_exhaustively() -> None:
    """All minute vectors of up to three codes from 0 to 25 minutes."""
    codes = ("97110", "97112", "97140")
    for count in (1, 2, 3):
        for minutes in product(range(26), repeat=count):
            given = dict(zip(codes, minutes, strict=False))
            valid = valid_allocations(given, "cms")
            vectors = {tuple(vector[code] for code in codes[:count]) for vector in valid}
            assert vectors == by_definition(minutes), minutes
            assert vectors, minutes
            assert len(vectors) == len(valid)


def test_units_of_minutes() -> None:
    """The printed table of the manual: 8-22 one unit, 23-37 two, and so on without end."""
    for minutes in range(1441):
        assert units_of(minutes) == (minutes + 7) // 15


# --- every vector of minutes, through the SQL ------------------------------------------------------

MOST = 40
UNITS_CODES = ("97110", "97112", "97140", "97530")
UNITS_CHECKS = ("UNT101", "UNT102", "UNT103")


def right_vectors(minutes: tuple[int, ...], method: str) -> set[tuple[int, ...]]:
    """The vectors of units that the minutes earn, by the words of the rule."""
    if method == "cpt":
        return {tuple(sum(1 for unit in range(1, 9) if own >= 15 * unit - 7) for own in minutes)}
    return by_definition(minutes)


def tried_vectors(minutes: tuple[int, ...], right: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """What is billed for the minutes: a right vector, one unit more, one less, and one unit moved to another code."""
    best = min(right)
    tried = [best, (best[0] + 1, *best[1:])]
    full = max(range(len(best)), key=lambda place: best[place])
    if best[full]:
        less = [count - (place == full) for place, count in enumerate(best)]
        tried.append(tuple(less))
        other = (full + 1) % len(best)
        tried.append(tuple(count + (place == other) for place, count in enumerate(less)))
    return [vector for vector in tried if sum(vector)]


def expected_verdicts(billed: tuple[int, ...], right: set[tuple[int, ...]]) -> tuple[str, str, str]:
    earned = sum(min(right))
    if sum(billed) == earned:
        allocated = billed in right
    else:
        allocated = sum(billed) > earned or all(
            count <= max(vector[place] for vector in right) for place, count in enumerate(billed)
        )
    over, under, misplaced = (
        "finding" if wrong else "pass" for wrong in (sum(billed) > earned, sum(billed) < earned, not allocated)
    )
    return over, under, misplaced


@pytest.mark.slow
@pytest.mark.parametrize("method", ["cms", "cpt"])
@pytest.mark.parametrize("codes", [3, pytest.param(4, marks=pytest.mark.long)])
def test_every_vector_of_minutes(codes: int, method: str) -> None:
    """All vectors of up to three (long: four) codes from 0 to 40 minutes, in order, since the codes are alike:
    12,341 (135,751) of them, each billed rightly and in up to three wrong ways."""
    checks = [check for check in CHECKS if check.code in UNITS_CHECKS]
    vectors = combinations_with_replacement(range(MOST + 1), codes)
    seen = 0
    while batch := list(islice(vectors, 12_500)):
        seen += len(batch)
        wanted: dict[str, tuple[str, str, str]] = {}
        what: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        records: Records = {"payers": PAYERS, "providers": PROVIDERS, "claim_lines": [], "visit_services": []}
        for minutes in batch:
            right = right_vectors(minutes, method)
            for billed in tried_vectors(minutes, right):
                patient = f"P{len(wanted)}"
                wanted[patient], what[patient] = expected_verdicts(billed, right), (minutes, billed)
                day = {"patient_id": patient, "service_date": "2025-03-03", "rendering_npi": PROVIDERS[0]["npi"]}
                for code, own, units in zip(UNITS_CODES, minutes, billed, strict=False):
                    records["visit_services"].append({**day, "procedure_code": code, "minutes": str(own)})
                    if units:
                        line = {
                            "claim_id": patient,
                            "line_number": code,
                            "payer_id": method,
                            "billing_npi": BILLING,
                            "modifier_1": "GP",
                        }
                        records["claim_lines"].append(
                            {**day, **line, "procedure_code": code, "units": str(units), "allowed_amount": "20.00"}
                        )
        worked.prepare(engine(), records, checks)
        for place, check in enumerate(sorted(checks, key=lambda check: check.code)):
            found = engine().rows(f"select patient_id, verdict from ({check.sql})")
            wrong = [
                (check.code, *what[patient], verdict) for patient, verdict in found if verdict != wanted[patient][place]
            ]
            assert not wrong, wrong[:5]
            assert len(found) == len(wanted)
    assert seen == {3: 12_341, 4: 135_751}[codes]
