"""The planted errors: each function puts one check's errors into the clean world and returns rows of the answer key.

A plant changes as little as it can, on a patient whose therapy stays far below the annual threshold, and on at most
two days per patient, so that it raises no finding but its own. Where the rules leave no such choice the other findings
are rows of the key as well, with a `why` that begins with "follows:".

Money follows the rulings: a row holds its line's share; excess units lie on the lines from the last to the first
(received, claim, line). A finding on a visit day is listed on the day's timed lines (UNT101 to UNT103) or on all lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from clean_world import (
    AS_OF,
    BIRCH,
    CEDAR,
    CENT,
    COHORTS,
    CPT_PAYER,
    DISCIPLINE_MODIFIER,
    DUNE,
    EVALUATIONS,
    LOCUM,
    MEDICARE,
    REVIEW_THRESHOLD,
    THRESHOLD,
    TIMED,
    UNKNOWN_PAYER,
    ZERO,
    Claim,
    Line,
    Patient,
    Service,
    Visit,
    World,
    copy_claim,
    fee,
    swap_digits,
)

# check code -> severity, direction (over: paid too much; under: billed too little; none: no money in the finding)
CHECKS = {
    "UNT101": ("error", "over"),
    "UNT102": ("opportunity", "under"),
    "UNT103": ("error", "over"),
    "UNT104": ("error", "over"),
    "UNT105": ("review", "over"),
    "UNT106": ("opportunity", "none"),
    "UNT107": ("review", "none"),
    "UNT108": ("error", "over"),
    "UNT109": ("error", "none"),
    "UNT110": ("error", "over"),
    "UNT111": ("error", "none"),
    "UNT112": ("review", "none"),
    "MOD101": ("error", "over"),
    "MOD102": ("error", "over"),
    "MOD103": ("error", "over"),
    "MOD104": ("review", "none"),
    "MOD107": ("error", "over"),
    "MOD108": ("error", "over"),
    "MOD109": ("error", "over"),
    "MOD110": ("review", "none"),
    "CAP101": ("review", "over"),
    "CAP102": ("review", "none"),
    "CAP104": ("info", "none"),
    "CAP105": ("review", "none"),
    "BIL101": ("error", "over"),
    "BIL102": ("review", "none"),
    "BIL104": ("error", "over"),
    "BIL105": ("error", "none"),
    "NCC202": ("error", "over"),
}
# what the plants imply besides; the errors of these checks themselves are planted in the parts
IMPLIED = dict.fromkeys("MOD111 DXC106 EVL103 DOC101 DOC106".split(), ("review", "none"))
DISCIPLINE_OF = {modifier: discipline for discipline, modifier in DISCIPLINE_MODIFIER.items()}
# CAP101 contradicts the rule for certain only where the payer denied the line for it (CARC 119); otherwise a reviewer
# must see whether the order of processing was another one.
CAP101_DENIED_SEVERITY = "error"

PLANTS_PER_PATIENT = 2
LOW_TOTAL = Decimal(1700)  # patients below this total in every year are safe to plant on


@dataclass(eq=False)
class KeyRow:
    """One expected row of findings.csv: a finding, on one of its claim lines (none for findings without a claim)."""

    check: str
    why: str
    line: Line | None = None
    visit: Visit | None = None  # where there is no line
    provider_day: tuple[str, date] | None = None
    amount: Decimal = ZERO
    severity: str | None = None
    provider_npi: str | None = None  # where a day's finding names another provider than the line

    def cells(self) -> dict[str, str]:
        severity, direction = (CHECKS | IMPLIED)[self.check]
        row = {
            "check_code": self.check, "severity": self.severity or severity, "patient_id": "", "service_date": "",
            "provider_npi": "", "payer_id": "", "claim_id": "", "line_number": "",
            "amount_at_risk": str(self.amount.quantize(CENT, ROUND_HALF_UP)), "direction": direction, "why": self.why,
        }  # fmt: skip
        if self.line:
            row |= {
                "patient_id": self.line.claim.patient.patient_id, "service_date": self.line.day.isoformat(),
                "provider_npi": self.provider_npi or self.line.provider.npi, "payer_id": self.line.claim.payer,
                "claim_id": self.line.claim.claim_id, "line_number": str(self.line.number),
            }  # fmt: skip
        elif self.visit:
            row |= {
                "patient_id": self.visit.patient.patient_id, "service_date": self.visit.day.isoformat(),
                "provider_npi": self.visit.provider.npi,
            }  # fmt: skip
        elif self.provider_day:
            row |= {"provider_npi": self.provider_day[0], "service_date": self.provider_day[1].isoformat()}
        return row


class Picker:
    """Hands out ordinary visits, each with a claim of its own; patients come twice when all have come once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.used: Counter[Patient] = Counter()
        self.taken: set[Visit] = set()
        highest: dict[Patient, Decimal] = defaultdict(Decimal)
        for line, _, after, _ in world.threshold_walk():
            highest[line.claim.patient] = max(highest[line.claim.patient], after)
        self.visits = [
            v for v in world.visits
            if v.plain and v.patient.role == "ordinary" and len(v.patient.disciplines) == 1 and v.note == "full"
            and not v.patient.clinic.weekly_claims and highest[v.patient] < LOW_TOTAL and self._has_own_claim(v)
            and v.day < AS_OF - timedelta(days=75)
        ]  # fmt: skip
        world.rng.shuffle(self.visits)

    @staticmethod
    def _has_own_claim(visit: Visit) -> bool:
        if len(visit.claims) != 1:
            return False
        claim = visit.claims[0]
        return claim.visits == [visit] and claim.frequency == "1" and all(x.status == "paid" for x in claim.lines)

    def take(
        self, count: int, payer: str = MEDICARE, discipline: str = "PT", fits: Callable[[Visit], bool] | None = None
    ) -> list[Visit]:
        """`count` visits that no plant has changed yet; treatment visits with timed codes alone unless `fits` says
        otherwise."""
        fits = fits or only_timed
        found: list[Visit] = []
        for times in range(PLANTS_PER_PATIENT):
            for visit in self.visits:
                if len(found) == count:
                    return found
                free = visit not in self.taken and self.used[visit.patient] <= times
                if free and visit.claims[0].payer == payer and visit.discipline == discipline and fits(visit):
                    self.used[visit.patient] += 1
                    self.taken.add(visit)
                    found.append(visit)
        if len(found) < count:
            raise ValueError(f"only {len(found)} of {count} visits left for {payer} {discipline}")
        return found


def only_timed(visit: Visit) -> bool:
    return all(s.code in TIMED for s in visit.services)


def only_evaluation(visit: Visit) -> bool:
    return len(visit.services) == 1 and visit.services[0].code[:4] in ("9716", "9252")


def any_visit(visit: Visit) -> bool:
    return len(visit.services) > 0


def set_day(visit: Visit, minutes: dict[str, int], units: list[tuple[str, int]], note: str = "full") -> list[Line]:
    """Rewrite a visit: the note has these minutes per code, the claim these units per line. Returns the lines."""
    visit.services = [Service(code, m) for code, m in minutes.items()]
    visit.note = note
    visit.settle_minutes()
    claim = visit.claims[0]
    claim.lines.clear()
    for code, count in units:
        claim.add(visit, code, count, [DISCIPLINE_MODIFIER[visit.discipline]])
    return claim.lines


def per_unit(line: Line) -> Decimal:
    return fee(line.code, line.day, line.claim.payer)


def billing_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda x: (x.claim.received, x.claim.claim_id, x.number))


def day_rows(check: str, lines: list[Line], units: int, why: str) -> list[KeyRow]:
    """A day's finding over its timed lines: so many units at the lowest amount per unit, the last lines first."""
    timed = billing_order([x for x in lines if x.code in TIMED])
    lowest = min(per_unit(x) for x in timed)
    left, shares = units, {}
    for line in reversed(timed):
        # missing units (UNT102) belong to no line: they are all shown on the last
        placed = left if check == "UNT102" else min(left, int(line.units))
        shares[line] = placed * lowest
        left -= placed
    return [KeyRow(check, why, line, amount=shares[line]) for line in timed]


def line_row(check: str, line: Line, why: str, amount: Decimal | None = None) -> KeyRow:
    """A finding on a line; without an amount the whole line is at risk where the check has money at all."""
    if amount is None:
        amount = ZERO if (CHECKS | IMPLIED)[check][1] == "none" else (line.allowed or ZERO)
    return KeyRow(check, why, line, amount=amount)


# --- units and time -----------------------------------------------------------------------------------------------


def plant_units_over(world: World, pick: Picker) -> list[KeyRow]:
    """UNT101: more timed units than the payer's method allows."""
    rows = []
    for visit in pick.take(4):
        lines = set_day(visit, {"97110": 20, "97140": 20}, [("97110", 2), ("97140", 2)])
        rows += day_rows("UNT101", lines, 1, "cms: 40 minutes are 3 units, 4 billed")
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 20, "97112": 10, "97140": 10}, [("97110", 2), ("97112", 2), ("97140", 1)])
        rows += day_rows(
            "UNT101",
            lines,
            2,
            "cms: 40 minutes are 3 units, 5 billed; the excess takes the last line and part of the one before",
        )
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 10, "97140": 10}, [("97110", 1), ("97140", 1)])
        rows += day_rows("UNT101", lines, 1, "cms: 20 minutes are 1 unit, each code was counted alone and 2 billed")
    for visit in pick.take(3, CPT_PAYER):
        lines = set_day(visit, {"97110": 33, "97140": 7}, [("97110", 2), ("97140", 1)])
        rows += day_rows("UNT101", lines, 1, "cpt: 33 and 7 minutes are 2 and 0 units, 3 billed (cms would give 3)")
    for visit in pick.take(3, UNKNOWN_PAYER):
        lines = set_day(visit, {"97110": 20, "97140": 20}, [("97110", 2), ("97140", 2)])
        rows += day_rows(
            "UNT101",
            lines,
            1,
            "method unknown: 20 and 20 minutes are 3 units (cms) or 2 (cpt), 4 billed are above both",
        )
    for visit in pick.take(3):
        lines = set_day(visit, {"97110": 25, "97140": 15}, [("97110", 2), ("97140", 2)], note="totals")
        rows += day_rows("UNT101", lines, 1, "cms, note with totals only: 40 minutes are 3 units, 4 billed")
    for visit in pick.take(1, CPT_PAYER):
        lines = set_day(visit, {"97110": 20, "97140": 10}, [("97110", 2), ("97140", 1)], note="totals")
        rows += day_rows(
            "UNT101",
            lines,
            1,
            "cpt, totals only: 30 minutes in two codes are at most floor((30+14)/15) = 2 units, 3 billed",
        )
    return rows


def plant_units_under(world: World, pick: Picker) -> list[KeyRow]:
    """UNT102: fewer timed units than the method allows."""
    rows = []
    for visit in pick.take(3):
        lines = set_day(visit, {"97110": 40}, [("97110", 2)])
        rows += day_rows("UNT102", lines, 1, "cms: 40 minutes are 3 units, 2 billed")
    for visit in pick.take(2):
        lines = set_day(visit, {"97112": 30, "97140": 15}, [("97112", 2)])
        rows += day_rows("UNT102", lines, 1, "cms: 45 minutes are 3 units, 2 billed: the second code was not billed")
    for visit in pick.take(1):
        lines = set_day(visit, {"97110": 30, "97140": 15}, [("97110", 1), ("97140", 1)])
        rows += day_rows("UNT102", lines, 1, "cms: 45 minutes are 3 units, 2 billed on two lines")
    for visit in pick.take(2, CPT_PAYER):
        lines = set_day(visit, {"97110": 38}, [("97110", 2)])
        rows += day_rows("UNT102", lines, 1, "cpt: 38 minutes of one code are 3 units, 2 billed")
    for visit in pick.take(2, UNKNOWN_PAYER):
        lines = set_day(visit, {"97530": 40}, [("97530", 2)])
        rows += day_rows("UNT102", lines, 1, "method unknown: 40 minutes of one code are 3 units either way, 2 billed")
    return rows


def plant_misallocation(world: World, pick: Picker) -> list[KeyRow]:
    """UNT103: the total is right, the codes are not. The code with too many units is always on the last line."""
    rows = []

    def misallocated(
        visits: list[Visit], minutes: dict[str, int], units: list[tuple[str, int]], valid: dict[str, int], why: str
    ) -> None:
        for visit in visits:
            lines = set_day(visit, minutes, units)
            difference = sum((per_unit(x) * (x.units - valid[x.code]) for x in lines), ZERO)
            rows.append(KeyRow("UNT103", why, lines[0]))
            rows.append(KeyRow("UNT103", why, lines[1], amount=max(difference, ZERO)))

    misallocated(
        pick.take(2), {"97110": 24, "97530": 23}, [("97110", 1), ("97530", 2)], {"97110": 2, "97530": 1},
        "cms: the third unit of 47 minutes belongs to 97110 (remainder 9 against 8)",
    )  # fmt: skip
    misallocated(
        pick.take(2), {"97110": 23, "97112": 24}, [("97112", 1), ("97110", 2)], {"97110": 1, "97112": 2},
        "cms: the third unit of 47 minutes belongs to 97112; the units billed instead cost less, so nothing is at risk",
    )  # fmt: skip
    misallocated(
        pick.take(2, CPT_PAYER), {"97110": 24, "97530": 10}, [("97110", 1), ("97530", 2)], {"97110": 2, "97530": 1},
        "cpt: 24 and 10 minutes are 2 and 1 units, billed 1 and 2",
    )  # fmt: skip
    misallocated(
        pick.take(1, UNKNOWN_PAYER), {"97110": 30, "97530": 15}, [("97110", 1), ("97530", 2)], {"97110": 2, "97530": 1},
        "method unknown: 30 and 15 minutes are 2 and 1 units either way, billed 1 and 2",
    )  # fmt: skip
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 45, "97530": 10}, [("97110", 1), ("97530", 2)])
        why = "cms: 55 minutes are 4 units (3 and 1); 3 billed, yet 97530 has more than any valid allocation gives it"
        rows += [KeyRow("UNT103", why, line) for line in lines]
        rows += day_rows("UNT102", lines, 1, "follows: of the same day's 4 units only 3 are billed")
    return rows


def plant_code_without_minutes(world: World, pick: Picker) -> list[KeyRow]:
    """UNT104: minutes are recorded per code, and a billed code has none."""
    rows = []
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 23}, [("97110", 1), ("97112", 1)])
        rows.append(line_row("UNT104", lines[1], "97112 billed, the note has minutes for 97110 alone"))
        why = "follows: both units of 23 minutes belong to 97110"
        rows.append(KeyRow("UNT103", why, lines[0]))
        rows.append(KeyRow("UNT103", why, lines[1], amount=per_unit(lines[1]) - per_unit(lines[0])))
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 20}, [("97110", 1), ("97112", 1)])
        rows.append(line_row("UNT104", lines[1], "97112 billed, the note has minutes for 97110 alone"))
        rows += day_rows("UNT101", lines, 1, "follows: 20 minutes are 1 unit, 2 billed")
    for visit in pick.take(1, CPT_PAYER):
        lines = set_day(visit, {"97110": 20}, [("97110", 1), ("97140", 1)])
        rows.append(line_row("UNT104", lines[1], "97140 billed, the note has minutes for 97110 alone"))
        rows += day_rows("UNT101", lines, 1, "follows: 20 minutes are 1 unit, 2 billed")
    return rows


def plant_missing_notes(world: World, pick: Picker) -> list[KeyRow]:
    """UNT105: claims on days without a visit record, while the provider's other visits of the month are there."""
    visits = (
        pick.take(3) + pick.take(1, CPT_PAYER) + pick.take(1, UNKNOWN_PAYER) + pick.take(1, MEDICARE, "SLP", any_visit)
    )
    rows = []
    for visit in visits:
        visit.note = "absent"
        rows += [line_row("UNT105", x, "billed, no visit recorded that day") for x in visit.claims[0].lines]
    return rows


def plant_unbilled_notes(world: World, pick: Picker) -> list[KeyRow]:
    """UNT106: visits that were never billed."""
    treatments = pick.take(2) + pick.take(1, CPT_PAYER)
    evaluations = pick.take(1, MEDICARE, "PT", only_evaluation) + pick.take(1, CPT_PAYER, "PT", only_evaluation)
    rows = []
    for visit in treatments + evaluations:
        world.claims.remove(visit.claims.pop())
        what = "an evaluation" if visit in evaluations else f"{visit.timed_minutes} timed minutes"
        rows.append(
            KeyRow("UNT106", f"visit with {what}, older than 45 days, and no line by this provider", visit=visit)
        )
    return rows


def plant_inconsistent_notes(world: World, pick: Picker) -> list[KeyRow]:
    """UNT107: notes that contradict themselves. Units stay right, so that no unit check joins in."""
    rows = []
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 30, "97140": 15}, [("97110", 2), ("97140", 1)])
        visit.total_minutes = 35
        rows += [line_row("UNT107", x, "total of 35 minutes, of which 45 timed") for x in lines]
    for visit in pick.take(2):
        lines = set_day(visit, {"97110": 23, "97140": 15}, [("97110", 2), ("97140", 1)])
        visit.timed_minutes = visit.total_minutes = 42
        rows += [
            line_row("UNT107", x, "38 minutes per code against 42 timed minutes (3 units either way)") for x in lines
        ]
    for visit in pick.take(2, CPT_PAYER):
        lines = set_day(visit, {"97110": 30}, [("97110", 2), ("97012", 1)])
        rows += [line_row("UNT107", x, "an untimed code billed, and no minute of the total is untimed") for x in lines]
    speech = pick.take(1, CPT_PAYER, "SLP", lambda v: v.services[0].code == "92507")
    for visit in speech + pick.take(1, MEDICARE, "PT", only_evaluation):
        visit.note, visit.total_minutes = "totals", 0
        rows += [
            line_row("UNT107", x, "an untimed code billed, and the note has no minutes at all")
            for x in visit.claims[0].lines
        ]
    return rows


def plant_untimed_units(world: World, pick: Picker) -> list[KeyRow]:
    """UNT108: more than one unit of a code that is billed once a session. Where unit limits apply it is found twice."""
    rows = []
    for payer, count in ((UNKNOWN_PAYER, 3), (MEDICARE, 2)):
        for visit in pick.take(count, payer):
            lines = set_day(visit, {"97110": 30, "97012": 15}, [("97110", 2), ("97012", 2)])
            rows.append(line_row("UNT108", lines[1], "97012 is untimed: 1 unit a day, 2 billed", per_unit(lines[1])))
            if payer == MEDICARE:
                rows.append(line_row("NCC202", lines[1], "follows: limit of 97012 is 1 a day", per_unit(lines[1])))
    for visit in pick.take(1, MEDICARE, "SLP", lambda v: v.services[0].code == "92507"):
        line = visit.claims[0].lines[0]
        line.units = Decimal(2)
        line.price()
        rows.append(line_row("UNT108", line, "92507 is untimed: 1 unit a day, 2 billed", per_unit(line)))
        rows.append(line_row("NCC202", line, "follows: limit of 92507 is 1 a day", per_unit(line)))
    return rows


def plant_split_lines(world: World, pick: Picker) -> list[KeyRow]:
    """UNT109: one timed code of a day on two lines (Medicare)."""
    rows = []
    for visit in pick.take(3):
        lines = set_day(visit, {"97110": 45}, [("97110", 2), ("97110", 1)])
        rows += [line_row("UNT109", x, "97110 on two lines of a day that differ in nothing but units") for x in lines]
    for visit in pick.take(1):
        lines = set_day(visit, {"97116": 30}, [("97116", 1), ("97116", 1)])
        lines[1].modifiers.append("76")
        rows += [line_row("UNT109", x, "a second gait session of the day on its own line with 76") for x in lines]
        rows.append(line_row("MOD110", lines[1], "follows: 76 on a timed code"))
    return rows


def plant_odd_units(world: World, pick: Picker) -> list[KeyRow]:
    """UNT110: zero, negative and fractional units. The notes have no minutes, so the unit checks cannot tell."""
    rows = []
    for count, word in ((Decimal(0), "zero"), (Decimal("1.5"), "fractional")):
        for visit in pick.take(1) + pick.take(1, CPT_PAYER):
            line = set_day(visit, {"97110": 30, "97112": 15}, [("97110", 2), ("97112", 1)], note="none")[1]
            line.units = count
            if count:
                line.price()
            rows.append(line_row("UNT110", line, f"{word} units, paid"))
    for visit in pick.take(1, CPT_PAYER) + pick.take(1, UNKNOWN_PAYER):
        line = set_day(visit, {"97110": 30, "97112": 15}, [("97110", 2), ("97112", 1)], note="none")[1]
        line.units, line.charge, line.allowed, line.paid = Decimal(-1), -line.charge, ZERO, ZERO
        rows.append(line_row("UNT110", line, "negative units that mirror no earlier line; nothing was allowed for it"))
    return rows


def plant_crowded_days(world: World, pick: Picker) -> list[KeyRow]:
    """UNT111 and UNT112: days that are too long for one provider. Every single visit agrees with its note and claim.
    A day that is impossible (UNT111) is not reported as implausible (UNT112) as well."""
    rows = []
    for cohort in COHORTS:
        for visit in [v for v in world.visits if v.day == cohort.day and v.patient in cohort.patients]:
            if cohort.shape == "expected":
                set_day(visit, {"97110": 30, "97012": 12, "G0283": 12}, [("97110", 2), ("97012", 1), ("G0283", 1)])
            else:
                set_day(visit, {"97110": 60, "97530": 60}, [("97110", 4), ("97530", 4)])
        day = (cohort.provider.npi, cohort.day)
        if cohort.shape == "impossible":
            why = "13 Medicare patients with 8 timed units each: at least 13 x 113 = 1,469 minutes in a day of 1,440"
            rows.append(KeyRow("UNT111", why, provider_day=day))
        elif cohort.shape == "minimum":
            rows.append(
                KeyRow("UNT112", "6 patients with 8 timed units: at least 678 minutes, above 600", provider_day=day)
            )
        elif cohort.shape == "expected":
            why = "16 patients with 2 timed units and 2 untimed codes: expected 16 x 50 = 800 minutes, above 720"
            rows.append(KeyRow("UNT112", why, provider_day=day))
    return rows


# --- modifiers ----------------------------------------------------------------------------------------------------


def plant_discipline_modifiers(world: World, pick: Picker) -> list[KeyRow]:
    """MOD101 to MOD104: GP, GO and GN missing, doubled, wrong for the code, or not of the provider's discipline."""
    rows = []
    cognitive = pick.take(1, MEDICARE, "SLP", lambda v: v.services[0].code == "97129")
    for visit in pick.take(3) + pick.take(2, CPT_PAYER) + cognitive:
        line = visit.claims[0].lines[0]
        line.modifiers.clear()
        rows.append(line_row("MOD101", line, f"{line.code} by a therapist in private practice, without GP, GO or GN"))
    for visit in pick.take(1, MEDICARE, "PT", only_evaluation):
        line = visit.claims[0].lines[0]
        line.modifiers.clear()
        line.deny("CO-4")
        rows.append(line_row("MOD101", line, "the same on a line that was denied for it: nothing left at risk"))

    for visit in pick.take(2) + pick.take(1, UNKNOWN_PAYER):
        line = visit.claims[0].lines[0]
        line.modifiers.append("GO")
        rows.append(line_row("MOD102", line, "GP and GO on one line"))
    for visit in pick.take(1, MEDICARE, "SLP", lambda v: v.services[0].code == "92507"):
        line = visit.claims[0].lines[0]
        line.modifiers.append("GP")
        rows.append(line_row("MOD102", line, "GN and GP on one line"))

    evaluations = pick.take(2, MEDICARE, "OT", only_evaluation) + pick.take(1, CPT_PAYER, "OT", only_evaluation)
    for visit in evaluations:
        visit.services[0].code = visit.claims[0].lines[0].code = "97161"
        visit.claims[0].lines[0].price()
        rows.append(
            line_row(
                "MOD103", visit.claims[0].lines[0], "97161 is locked to GP; an occupational therapist billed it with GO"
            )
        )
    for visit in pick.take(1, MEDICARE, "PT", only_evaluation):
        # the visit log carries the wrong discipline as well, so that claim and note still meet
        visit.discipline = "OT"
        line = visit.claims[0].lines[0]
        line.modifiers[0] = "GO"
        rows.append(line_row("MOD103", line, f"{line.code} is locked to GP, billed with GO"))
        rows.append(line_row("MOD104", line, "follows: GO by a physical therapist"))

    for visit in pick.take(2, MEDICARE, "OT") + pick.take(1, CPT_PAYER, "OT"):
        visit.discipline = "PT"
        for line in visit.claims[0].lines:
            line.modifiers[0] = "GP"
            rows.append(line_row("MOD104", line, "GP on the lines of an occupational therapist"))
    return rows


def plant_assistant_modifiers(world: World, pick: Picker) -> list[KeyRow]:
    """MOD107 and MOD108. The notes give the assistant the minutes, so the modifier as such is deserved."""
    rows = []

    def assistant_line(visit: Visit, code: str, modifiers: list[str]) -> Line:
        line = set_day(visit, {code: 0}, [(code, 2)])[0]
        visit.services[0].assistant = 30
        visit.settle_minutes()
        line.modifiers = modifiers
        line.price()
        return line

    plants = [
        (pick.take(1, MEDICARE, "OT"), ["GO", "CQ"], "CQ with GO"),
        (pick.take(2), ["CQ"], "CQ without GP (and no MOD101 besides)"),
        (pick.take(1), ["GP", "CO"], "CO with GP"),
        (pick.take(1, CPT_PAYER), ["GP", "CQ", "CO"], "CQ and CO on one line"),
    ]
    for visits, modifiers, why in plants:
        for visit in visits:
            rows.append(line_row("MOD107", assistant_line(visit, "97110", list(modifiers)), why))
    evaluations = pick.take(2, MEDICARE, "PT", only_evaluation) + pick.take(1, MEDICARE, "OT", only_evaluation)
    for visit in evaluations:
        line = visit.claims[0].lines[0]
        line.modifiers.append({"PT": "CQ", "OT": "CO"}[visit.discipline])
        line.price()
        rows.append(line_row("MOD108", line, f"{line.modifiers[-1]} on an evaluation, which an assistant may not do"))
    return rows


def plant_modifier_conflicts(world: World, pick: Picker) -> list[KeyRow]:
    """MOD109 and MOD110: modifiers that exclude each other, or that have no place on therapy."""
    rows = []
    for line in last_lines_above_threshold(world, pick, 2):
        line.modifiers.append("GA")
        rows.append(
            line_row("MOD109", line, "KX and GA on one line (total above the annual amount, so KX itself is due)")
        )
    for visit in pick.take(1):
        for line in visit.claims[0].lines:
            line.modifiers += ["KX", "GZ"]
            line.deny("CO-50")
            rows.append(line_row("MOD109", line, "KX and GZ on a denied line: nothing left at risk"))
    for visit in pick.take(1):
        line = visit.claims[0].lines[-1]
        line.modifiers += ["GA", "GZ"]
        rows.append(line_row("MOD109", line, "GA and GZ on one line"))
    no_money = [
        (MEDICARE, ["59", "XS"], "59 and XS on one line"),
        (CPT_PAYER, ["96", "97"], "96 and 97 on one line"),
        (CPT_PAYER, ["59", "59"], "59 twice on one line"),
    ]
    for payer, modifiers, why in no_money:
        for visit in pick.take(1, payer):
            line = visit.claims[0].lines[-1]
            line.modifiers += modifiers
            rows.append(line_row("MOD109", line, why, ZERO))
            if "59" in modifiers:
                rows.append(line_row("MOD111", line, "follows: no pair of the day needs 59"))

    misplaced = [
        ("76", MEDICARE),
        ("52", UNKNOWN_PAYER),
        ("AT", MEDICARE),
        ("22", CPT_PAYER),
        ("50", MEDICARE),
        ("TC", UNKNOWN_PAYER),
        ("26", CPT_PAYER),
    ]
    for modifier, payer in misplaced:
        for visit in pick.take(1, payer):
            line = visit.claims[0].lines[-1]
            line.modifiers.append(modifier)
            rows.append(line_row("MOD110", line, f"{modifier} on {line.code}"))
            if modifier == "50":
                rows.append(line_row("DXC106", line, "follows: 50 beside a diagnosis of one side"))
    for visit in pick.take(1, MEDICARE, "PT", only_evaluation):
        line = visit.claims[0].lines[0]
        line.modifiers.append("25")
        rows.append(line_row("MOD110", line, f"25 on the evaluation {line.code}"))
    for visit in pick.take(1, CPT_PAYER, "SLP", lambda v: v.services[0].code == "97129"):
        line = visit.claims[0].lines[0]
        line.modifiers.append("52")
        rows.append(line_row("MOD110", line, "52 on 97129, a timed code that is sometimes therapy"))
    return rows


# --- annual threshold ---------------------------------------------------------------------------------------------


def above_threshold(world: World) -> dict[Claim, list[Line]]:
    """Claims with lines that need KX, and those lines, in the order of the walk."""
    found: dict[Claim, list[Line]] = defaultdict(list)
    for line, _, after, accrues in world.threshold_walk():
        if accrues and after > THRESHOLD[line.day.year]:
            found[line.claim].append(line)
    return found


def last_lines_above_threshold(world: World, pick: Picker, count: int) -> Iterator[Line]:
    """The last line of a patient's year, where the total ends between the two thresholds."""
    last: dict[Patient, tuple[Line, Decimal]] = {}
    for line, _, after, _ in world.threshold_walk():
        last[line.claim.patient] = (line, after)
    for patient, (line, after) in last.items():
        between = THRESHOLD[line.day.year] + 150 < after < REVIEW_THRESHOLD
        if patient.role == "heavy" and len(patient.disciplines) == 1 and between and patient not in pick.used and count:
            pick.used[patient] += 1
            count -= 1
            yield line


def plant_missing_kx(world: World, pick: Picker) -> list[KeyRow]:
    """CAP101: lines above the year's amount without KX. The rest of the patient's claims keep theirs."""
    rows = []

    def strip(claim: Claim, lines: list[Line], why: str) -> None:
        for line in claim.lines:
            if "KX" in line.modifiers:
                line.modifiers.remove("KX")
        for line in lines:
            rows.append(line_row("CAP101", line, why))

    by_patient: dict[Patient, list[tuple[Claim, list[Line]]]] = defaultdict(list)
    for claim, lines in above_threshold(world).items():
        by_patient[claim.patient].append((claim, lines))
    heavy = [p for p in by_patient if p.role == "heavy" and p not in pick.used and len(by_patient[p]) > 2]

    def choose(disciplines: tuple[str, ...], count: int) -> list[Patient]:
        chosen = [p for p in heavy if p.disciplines == disciplines and p not in pick.used][:count]
        pick.used.update(chosen)
        return chosen

    for patient in choose(("PT",), 2):
        strip(
            *by_patient[patient][0], "the claim that crosses the year's amount has no KX: only its lines above it count"
        )
    for patient in choose(("PT",), 2):
        strip(*by_patient[patient][-2], "a later claim above the year's amount without KX")
    for patient in choose(("OT",), 1):
        strip(*by_patient[patient][1], "occupational therapy, in its own bucket, above the year's amount without KX")
    for patient in choose(("PT", "SLP"), 1):
        speech = [(claim, lines) for claim, lines in by_patient[patient] if lines[0].modifiers[0] == "GN"]
        strip(*speech[-1], "speech therapy shares the bucket of physical therapy, which is full")
    for patient in [p for p in by_patient if p.role == "elsewhere"][:1]:
        pick.used[patient] += 1
        strip(*by_patient[patient][-1], "above the year's amount only with the known spending at another provider")
    for patient in choose(("PT",), 2):
        claim, lines = by_patient[patient][-1]
        strip(claim, lines, "denied for want of KX (CARC 119), the total before it already above the amount")
        for line in claim.lines:
            line.deny("CO-119")
        for row in rows[-len(lines) :]:
            row.amount, row.severity = ZERO, CAP101_DENIED_SEVERITY
    return rows


def plant_early_kx(world: World, pick: Picker) -> list[KeyRow]:
    """CAP102 and CAP105: KX while the total is far below the amount, and for payers that have no such amount."""
    rows = []
    for check, visits, why in (
        (
            "CAP102",
            pick.take(3) + pick.take(1, MEDICARE, "OT"),
            "KX on a claim while the year's total is far below the amount",
        ),
        ("CAP105", pick.take(2, CPT_PAYER) + pick.take(2, UNKNOWN_PAYER), "KX for a payer without an annual threshold"),
    ):
        for visit in visits:
            for line in visit.claims[0].lines:
                line.modifiers.append("KX")
                rows.append(line_row(check, line, why))
    return rows


def note_review_exposure(world: World) -> list[KeyRow]:
    """CAP104: not an error. The first line of a patient, year and bucket above the review amount; called last, since
    other plants move totals."""
    rows, seen = [], set()
    for line, _, after, accrues in world.threshold_walk():
        group = (line.claim.patient, line.day.year, line.bucket)
        if accrues and after > REVIEW_THRESHOLD and group not in seen:
            seen.add(group)
            rows.append(line_row("CAP104", line, "first line of the year above the review amount of 3,000"))
    return rows


def courses(world: World) -> Iterator[tuple[Patient, str, str, dict[date, list[Line]]]]:
    """Patient, discipline, billing NPI and the lines by day of each course: treatment days at most 60 days apart, denied lines left out."""
    days: dict[tuple[Patient, str, str], dict[date, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for claim in world.surviving_claims():
        for line in claim.lines:
            if line.status != "denied":
                named = {m for m in line.modifiers if m in DISCIPLINE_OF}
                discipline = DISCIPLINE_OF[named.pop()] if len(named) == 1 else line.provider.discipline
                days[(claim.patient, discipline, claim.billing_npi)][line.day].append(line)
    for (patient, discipline, npi), lines in days.items():
        course: dict[date, list[Line]] = {}
        for day in sorted(lines):
            if course and (day - max(course)).days > 60:
                yield patient, discipline, npi, course
                course = {}
            course[day] = lines[day]
        yield patient, discipline, npi, course


def note_odd_courses(world: World) -> list[KeyRow]:
    """EVL103, DOC101, DOC106: what other plants and denials leave of a course, without its evaluation or without its plan. Called last."""
    rows = []
    loaded: dict[str, date] = {}
    for claim in world.surviving_claims():
        for line in claim.lines:
            loaded[claim.billing_npi] = min(line.day, loaded.get(claim.billing_npi, AS_OF))
    plans: dict[tuple[Patient, str, str], list[date]] = defaultdict(list)
    for episode in world.episodes:  # a plan for every 80 days, all of them certified in time
        start = episode.days[0]
        while start <= episode.days[-1]:
            plans[(episode.patient, episode.discipline, episode.patient.clinic.npi)].append(start)
            start += timedelta(days=80)
    found = list(courses(world))
    evaluated: dict[tuple[Patient, str], set[date]] = defaultdict(set)
    for patient, discipline, _, course in found:
        evaluated[(patient, discipline)] |= {
            d for d, lines in course.items() if any(x.code in EVALUATIONS for x in lines)
        }
    for patient, discipline, npi, course in found:
        first, last = min(course), max(course)
        begun = [p for p in plans[(patient, discipline, npi)] if p <= last and (first - p).days <= 60]
        known = (
            (first - loaded[npi]).days > 60
            or any(p <= first for p in begun)
            or first in evaluated[(patient, discipline)]
        )
        near = [d for d in evaluated[(patient, discipline)] if abs((d - first).days) <= 7]
        if known and not near and first + timedelta(days=7) <= AS_OF:
            rows += [
                KeyRow("EVL103", "follows: the evaluation was denied, not billed, or says another discipline", x)
                for x in course[first]
            ]
        if npi != patient.clinic.npi:
            continue  # a mistyped billing NPI, of which no plan is loaded
        lines = [x for day in course for x in course[day] if x.claim.payer == MEDICARE]
        if lines and known and not begun and first + timedelta(days=30) < AS_OF:
            rows += [KeyRow("DOC101", "follows: no plan for the discipline that the modifier names", x) for x in lines]
        for line in lines:
            if line.code not in EVALUATIONS and not any(p <= line.day for p in plans[(patient, discipline, npi)]):
                rows.append(KeyRow("DOC106", "follows: no plan for the discipline that the modifier names", line))
    return rows


# --- the claim itself ---------------------------------------------------------------------------------------------


def plant_duplicates(world: World, pick: Picker) -> list[KeyRow]:
    """BIL101 and BIL102: lines billed twice. Most notes are without minutes, so that units are not judged as well."""
    rows = []
    for visit in pick.take(2) + pick.take(1, UNKNOWN_PAYER):
        set_day(visit, {"97110": 30, "97140": 15}, [("97110", 2), ("97140", 1)], note="none")
        for line in copy_claim(world, visit.claims[0]).lines:
            rows.append(line_row("BIL101", line, "the whole claim was sent again under another number"))
    for visit in pick.take(1) + pick.take(1, CPT_PAYER):
        lines = set_day(visit, {"97110": 30}, [("97110", 2), ("97110", 2)], note="none")
        rows.append(line_row("BIL101", lines[1], "the line stands twice on one claim"))
    for visit in pick.take(1):
        lines = set_day(visit, {"97110": 30, "97140": 15}, [("97110", 2), ("97140", 1), ("97140", 1)])
        rows.append(line_row("BIL101", lines[2], "the line stands twice on one claim"))
        rows += day_rows("UNT101", lines, 1, "follows: with the repeated line 4 units are billed for 45 minutes")
    for visit in pick.take(1, MEDICARE, "SLP", lambda v: v.services[0].code == "92507" and v.note == "full"):
        twin = copy_claim(world, visit.claims[0])
        first, second = visit.claims[0].lines[0], twin.lines[0]
        rows.append(line_row("BIL101", second, "the whole claim was sent again under another number"))
        rows.append(line_row("UNT108", first, "follows: 92507 twice a day", ZERO))
        rows.append(line_row("UNT108", second, "follows: 92507 twice a day", per_unit(second)))
        rows.append(line_row("NCC202", first, "follows: limit of 92507 is 1 a day", ZERO))
        rows.append(line_row("NCC202", second, "follows: limit of 92507 is 1 a day", per_unit(second)))

    for visit in pick.take(2, CPT_PAYER):
        set_day(visit, {"97110": 30}, [("97110", 2)], note="none")
        line = copy_claim(world, visit.claims[0]).lines[0]
        line.charge += 6
        rows.append(line_row("BIL102", line, "sent again with another charge"))
    for visit in pick.take(1, UNKNOWN_PAYER):
        lines = set_day(visit, {"97110": 30}, [("97110", 2), ("97110", 2)], note="none")
        lines[0].modifiers, lines[1].modifiers = ["GP", "97"], ["97", "GP"]
        rows.append(line_row("BIL102", lines[1], "the same line with its modifiers in another order"))
    for visit in pick.take(1):
        first = set_day(visit, {"97110": 30}, [("97110", 2)], note="none")[0]
        second = copy_claim(world, visit.claims[0]).lines[0]
        second.charge += 6
        rows.append(line_row("BIL102", second, "sent again with another charge"))
        rows += [
            line_row("UNT109", x, "follows: a timed code of a day on two lines (Medicare)") for x in (first, second)
        ]
    return rows


def plant_impossible_dates(world: World, pick: Picker) -> list[KeyRow]:
    """BIL104: claims that arrived before the service, and a service that ends before it starts."""
    rows = []
    for visit in pick.take(1) + pick.take(1, CPT_PAYER):
        claim = visit.claims[0]
        claim.received = visit.day - timedelta(days=2)
        rows += [line_row("BIL104", x, "received two days before the service") for x in claim.lines]
    for visit in pick.take(1) + pick.take(1, UNKNOWN_PAYER):
        line = visit.claims[0].lines[-1]
        line.service_date_to = visit.day - timedelta(days=1)
        rows.append(line_row("BIL104", line, "the service ends the day before it starts"))
    return rows


def plant_bad_npis(world: World, pick: Picker) -> list[KeyRow]:
    """BIL105: a locum whose NPI is mistyped in the clinic's master data, and a billing NPI mistyped on two claims."""
    rows = []
    covered = [
        c for c in world.claims
        if c.clinic is DUNE and date(2026, 8, 1) <= c.lines[0].day <= date(2026, 8, 21) and c.patient.role == "ordinary"
        and c.frequency == "1" and all(v.plain and v.claims == [c] for v in c.visits) and c.visits
    ][:5]  # fmt: skip
    for claim in covered:
        for visit in claim.visits:
            visit.provider = LOCUM
        for line in claim.lines:
            line.provider = LOCUM
            rows.append(
                line_row("BIL105", line, f"rendering NPI {LOCUM.npi}: two digits exchanged, the check digit fails")
            )
    for visit in pick.take(1, MEDICARE, "PT", lambda v: only_timed(v) and v.patient.clinic is BIRCH) + pick.take(
        1, CPT_PAYER, "PT", lambda v: only_timed(v) and v.patient.clinic is CEDAR
    ):
        claim = visit.claims[0]
        claim.billing_npi = swap_digits(claim.clinic.npi, 3)
        rows += [
            line_row("BIL105", x, f"billing NPI {claim.billing_npi}: two digits exchanged, the check digit fails")
            for x in claim.lines
        ]
    return rows


def plant_units_over_limit(world: World, pick: Picker) -> list[KeyRow]:
    """NCC202: more units a day than the practitioner limit, although the minutes would carry them."""
    rows = []
    for visit in pick.take(2) + pick.take(1, CPT_PAYER):
        line = set_day(visit, {"97112": 75}, [("97112", 5)])[0]
        rows.append(line_row("NCC202", line, "97112: 5 units, limit 4", per_unit(line)))
    for visit in pick.take(1):
        line = set_day(visit, {"97110": 15, "97035": 45}, [("97110", 1), ("97035", 3)])[1]
        rows.append(line_row("NCC202", line, "97035: 3 units, limit 2", per_unit(line)))
    for visit in pick.take(1):
        lines = set_day(visit, {"97110": 60}, [("97110", 4), ("97110", 3)])
        visit.services[0].assistant = 45
        visit.settle_minutes()
        lines[1].modifiers.append("CQ")
        lines[1].price()
        why = "97110: 4 units and 3 by an assistant, limit 6; the two lines as such are right"
        rows += [line_row("NCC202", lines[0], why, ZERO), line_row("NCC202", lines[1], why, per_unit(lines[1]))]
    return rows


def plant_all(world: World) -> list[KeyRow]:
    """Every plant, in a fixed order; the answer key."""
    pick = Picker(world)
    plants = [
        plant_units_over, plant_units_under, plant_misallocation, plant_code_without_minutes, plant_missing_notes,
        plant_unbilled_notes, plant_inconsistent_notes, plant_untimed_units, plant_split_lines, plant_odd_units,
        plant_crowded_days, plant_discipline_modifiers, plant_assistant_modifiers, plant_modifier_conflicts,
        plant_missing_kx, plant_early_kx, plant_duplicates, plant_impossible_dates, plant_bad_npis,
        plant_units_over_limit,
    ]  # fmt: skip
    rows = [row for plant in plants for row in plant(world, pick)]
    return rows + note_review_exposure(world) + note_odd_courses(world)
