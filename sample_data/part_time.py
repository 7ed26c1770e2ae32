"""Hazelwood Occupational Therapy: whose minutes, two patients at once, short units, codes with another time base, KX by habit, and patterns of providers (MOD105,
MOD106, UNT113 to UNT115, CAP103, PRV101 to PRV107).

A pattern needs a provider of its own with 30 patients or more, and peers. All are occupational therapists, so that the physical therapists of the other
practices stay as they are. Which of them stand out is worked out from all rows at the end (`patterns.py`); here it is only said who is meant to.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from clean_world import FIRST_NAMES, LAST_NAMES, MEDICARE, make_npi
from part import Part, Row

GROUP = make_npi("199940020")
OFFICES = [make_npi(f"19994002{n}") for n in range(1, 6)]  # five more locations with an NPI each
RIVER = "RIVER"
EVALUATION = "97165"
TIMED = {"97530", "97535", "97110", "97140"}
UNIT_PRICE = {
    EVALUATION: "60.00", "97166": "60.00", "97167": "60.00", "97150": "12.00", "97545": "80.00", "97546": "40.00",
    "97550": "50.00", "97551": "25.00", "98980": "48.00", "98981": "38.00",
}  # fmt: skip
ENOUGH = 30  # patients from which a provider is compared
# at other providers: above the threshold of 2025 and 2026, below the amount of medical review
SPENT = Decimal("2600.00")


@dataclass
class Note:
    """Minutes of one code: the therapist's, and the assistant's alone; start and end where they were taken down."""

    code: str
    minutes: int
    assistant: int = 0
    times: str = ""
    group: int | None = None


class Hazel:
    """One patient for each story, so that no story sees another."""

    def __init__(self) -> None:
        self.part = Part(
            "hazelwood",
            {"clinic_id": "HAZ", "state": "OR", "place_of_service": "11", "line_status": "paid"},
        )
        self.patients = self.claims = self.therapists = 0
        self.rng = random.Random(20261031)
        self.part.add(
            "payers", payer_id=RIVER, payer_name="Riverbend Health", payer_class="commercial", units_method="cms",
            uses_ncci="false", uses_therapy_threshold="false", requires_discipline_modifier="true",
            requires_assistant_modifier="false", requires_certified_plan="false",
            requires_rehabilitative_modifier="false",
        )  # fmt: skip
        for number, npi in enumerate([GROUP, *OFFICES]):
            name = "Hazelwood Occupational Therapy" + (f", office {number}" if number else "")
            self.part.add("providers", npi=npi, provider_name=name, clinic_id="HAZ", role="group")

    def therapist(self) -> str:
        self.therapists += 1
        npi = make_npi(f"1999503{self.therapists:02d}")
        self.part.add(
            "providers", npi=npi,
            provider_name=f"{FIRST_NAMES[self.therapists * 3 % 20]} {LAST_NAMES[self.therapists * 5 % 22]}",
            discipline="OT", specialty_code="67", taxonomy_code="225X00000X", clinic_id="HAZ", role="therapist",
            active_from=date(2020, 1, 6),
        )  # fmt: skip
        return npi

    def patient(self) -> str:
        self.patients += 1
        name = f"PH{self.patients:04d}"
        self.part.add(
            "patients",
            patient_id=name,
            patient_name=f"Hazelwood patient {self.patients}",
            birth_date=date(1946, 3, 2) + timedelta(days=11 * self.patients),
        )
        return name

    def claim(
        self,
        patient: str,
        day: date,
        npi: str,
        *services: str,
        payer: str = MEDICARE,
        group: str = GROUP,
        price: int = 1,
    ) -> list[Row]:
        """A paid claim of one day. A service is a code, modifiers besides GO and, after `x`, its units; `price` multiplies what is allowed."""
        self.claims += 1
        lines = []
        for service in services:
            coded, _, units = service.partition("x")
            code, *modifiers = coded.split()
            allowed = Decimal(UNIT_PRICE.get(code, "20.00")) * int(units or 1) * price
            part = Decimal("0.68") if payer == MEDICARE and "CO" in modifiers else Decimal("0.80")
            lines.append(
                self.part.line(
                    f"H{self.claims:05d}",
                    " ".join(["GO", *modifiers]),
                    "I69.351",
                    patient_id=patient,
                    payer_id=payer,
                    billing_npi=group,
                    rendering_npi=npi,
                    service_date=day,
                    received_date=day + timedelta(days=5),
                    processed_date=day + timedelta(days=19),
                    procedure_code=code,
                    units=int(units or 1),
                    diagnosis_pointers="1",
                    charge_amount=allowed * 2,
                    allowed_amount=allowed,
                    paid_amount=(allowed * part).quantize(Decimal("0.01")),
                )
            )
        return lines

    def note(self, patient: str, day: date, npi: str, *services: Note) -> None:
        head = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
        minutes = [(s.code in TIMED, s.minutes + s.assistant) for s in services]
        self.part.add(
            "visits",
            **head,
            discipline="OT",
            timed_minutes=sum(m for timed, m in minutes if timed),
            total_minutes=sum(m for _, m in minutes),
            note_signed_date=day,
            note_author_npi=npi,
        )
        for service in services:
            start, _, end = service.times.partition("-")
            self.part.add(
                "visit_services",
                **head,
                procedure_code=service.code,
                minutes=service.minutes,
                assistant_minutes=service.assistant,
                start_time=start,
                end_time=end,
                group_size=service.group,
            )

    def evaluated(self, day: date, npi: str, payer: str = MEDICARE) -> str:
        """A patient who was evaluated that day, with a note of it."""
        patient = self.patient()
        self.claim(patient, day, npi, EVALUATION, payer=payer)
        self.note(patient, day, npi, Note(EVALUATION, 30))
        return patient

    def treated(
        self, npi: str, day: date, services: tuple[str, ...], *notes: Note, payer: str = MEDICARE, before: int = 2
    ) -> list[Row]:
        """A patient's only treatment, `before` days after the evaluation, and its note."""
        patient = self.evaluated(day - timedelta(days=before), npi, payer)
        self.note(patient, day, npi, *notes)
        return self.claim(patient, day, npi, *services, payer=payer)

    def expect(
        self, check: str, severity: str, line: Row | None, why: str, amount: str = "0.00", direction: str = "none",
        **cells: str,
    ) -> None:  # fmt: skip
        self.part.expect(check, severity, why, line, Decimal(amount), direction, **cells)


# --- minutes --------------------------------------------------------------------------------------------------------


def assistants(hazel: Hazel) -> None:
    """MOD105 and MOD106: 15 percent of what was paid, or 12 of what was allowed, for the units with the wrong modifier."""
    npi, day = hazel.therapist(), date(2025, 5, 6)
    short = [
        (("97530x2",), Note("97530", 0, 30), "4.80", "all minutes are the assistant's"),
        (("97530x2",), Note("97530", 15, 15), "2.40", "fifteen minutes of either: one unit of two"),
        (("97110",), Note("97110", 7, 8), "2.40", "one unit, the therapist has less than 8 minutes of it"),
        (("97530x2",), Note("97530", 12, 13), "2.40", "two units left, one of them the assistant's"),
        (("97150",), Note("97150", 20, 3, group=3), "1.44", "3 minutes of 23: above a tenth"),
        (("97530 CO", "97530"), Note("97530", 0, 30), "2.40", "the modifier on one line of two"),
    ]
    for number, (services, note, amount, why) in enumerate(short):
        line = hazel.treated(npi, day + timedelta(days=number), services, note)[-1]
        hazel.expect("MOD105", "error", line, why, amount, "over")
    extra = [
        (("97530 COx2",), Note("97530", 30), "4.80", "no minute is the assistant's"),
        (("97530 COx2",), Note("97530", 22, 8), "2.40", "one unit of two is the therapist's"),
        (("97110 CO",), Note("97110", 8, 7), "2.40", "one unit, 8 minutes of it the therapist's"),
        (("97150 CO",), Note("97150", 21, 2, group=3), "1.44", "2 minutes of 23: not above a tenth"),
    ]
    for number, (services, note, amount, why) in enumerate(extra):
        line = hazel.treated(npi, day + timedelta(days=10 + number), services, note)[-1]
        hazel.expect("MOD106", "review", line, why, amount, "under")
    right = [
        (("97530 COx2",), Note("97530", 0, 30)),
        (("97530", "97530 CO"), Note("97530", 15, 15)),
        (("97110",), Note("97110", 8, 7)),
        (("97110 CO",), Note("97110", 7, 8)),
        (("97150",), Note("97150", 21, 2, group=3)),
        (("97150 CO",), Note("97150", 20, 3, group=3)),
        (("97110",), Note("97110", 7, 1)),  # the two published ways to reckon a tenth disagree
    ]
    for number, (services, note) in enumerate(right):
        hazel.treated(npi, day + timedelta(days=20 + number), services, note)
    hazel.treated(npi, day + timedelta(days=30), ("97530x2",), Note("97530", 0, 30), payer=RIVER)


def at_once(hazel: Hazel) -> None:
    """UNT113: the patient who came later; 20.00 a unit of the minutes in common."""
    npi, other, day = hazel.therapist(), hazel.therapist(), date(2025, 6, 3)

    def slots(number: int, *times: str, npis: tuple[str, ...] = (), **note: int) -> list[list[Row]]:
        """Patients of one day, half an hour of activities each."""
        found = []
        for place, slot in enumerate(times):
            cells = {"minutes": 30, **note} if place else {"minutes": 30}
            found.append(
                hazel.treated(
                    npis[place] if npis else npi, day + timedelta(days=number), ("97530x2",),
                    Note("97530", times=slot, **cells), payer=RIVER, before=40 + place,
                )
            )  # fmt: skip
        return found

    line = slots(0, "09:00-09:30", "09:15-09:45")[1][0]
    hazel.expect("UNT113", "error", line, "15 minutes together with another patient's: one unit", "20.00", "over")
    line = slots(1, "11:00-11:30", "11:29-11:59")[1][0]
    hazel.expect("UNT113", "error", line, "one minute together, which is no unit", "0.00", "over")
    for line in [lines[0] for lines in slots(2, "13:00-13:30", "13:10-13:40", "13:20-13:50")[1:]]:
        hazel.expect("UNT113", "error", line, "20 minutes with one or two others: one unit", "20.00", "over")
    slots(3, "10:00-10:30")
    lines = hazel.treated(
        npi, day + timedelta(days=3), ("97530x2", "97110"),
        Note("97530", 22, times="10:01-10:23"), Note("97110", 16, times="10:23-10:39"), payer=RIVER, before=44,
    )  # fmt: skip
    hazel.expect("UNT113", "error", lines[0], "29 minutes together: two units, from the last line on", "20.00", "over")
    hazel.expect("UNT113", "error", lines[1], "29 minutes together: two units, from the last line on", "20.00", "over")
    # one after the other; an assistant alone with the second; two therapists; a group
    slots(4, "09:00-09:30", "09:30-10:00")
    slots(5, "09:00-09:30", "09:15-09:45", minutes=0, assistant=30)
    slots(6, "09:00-09:30", "09:15-09:45", npis=(npi, other))
    for place in range(2):
        hazel.treated(
            npi, day + timedelta(days=7), ("97150",), Note("97150", 30, times="15:00-15:30", group=2),
            payer=RIVER, before=48 + place,
        )  # fmt: skip


def short_units(hazel: Hazel) -> None:
    """UNT114: below 12 minutes a unit, over 30 visit days."""
    for minutes, days, why in (
        (23, 30, "two units for 23 minutes, 30 times"),
        (8, 31, "one unit for 8 minutes, 31 times"),
        (23, 33, "two units for 23 minutes, 33 times"),
        (24, 30, ""),  # 12 minutes a unit
        (23, 29, ""),  # too few days
    ):
        npi, units = hazel.therapist(), (minutes + 7) // 15
        line: Row = {}
        for number in range(days):
            if number % 3 == 0:
                patient = hazel.evaluated(date(2025, 3, 3) + timedelta(days=number * 4), npi)
            day = date(2025, 3, 5) + timedelta(days=number * 4)
            hazel.note(patient, day, npi, Note("97530", minutes))
            line = hazel.claim(patient, day, npi, f"97530x{units}")[0]
        if why:
            hazel.expect("UNT114", "review", None, why, provider_npi=npi, service_date=line["service_date"])


def other_time(hazel: Hazel) -> None:
    """UNT115: codes whose unit is not a quarter of an hour of the day."""
    npi, day = hazel.therapist(), date(2026, 2, 3)

    def session(*services: str, minutes: tuple[int, ...]) -> list[Row]:
        nonlocal day
        day += timedelta(days=1)
        codes = [service.partition("x")[0] for service in services]
        notes = [Note(code, spent) for code, spent in zip(codes, minutes, strict=True)]
        return hazel.treated(npi, day, services, *notes, payer=RIVER)

    for services, minutes, amount, why in (
        (("97550",), (15,), "50.00", "15 minutes of caregiver training, 16 make the first half hour"),
        (("97550", "97551"), (30, 7), "25.00", "37 minutes in all, 38 make a further quarter of an hour"),
        (("97545",), (60,), "80.00", "an hour of work hardening, 61 minutes make the first two hours"),
        (("97545", "97546x2"), (120, 90), "40.00", "90 minutes, 91 make the second hour"),
    ):
        line = session(*services, minutes=minutes)[-1]
        hazel.expect("UNT115", "review", line, why, amount, "over")
    for services, minutes in (
        (("97550",), (16,)),
        (("97550", "97551"), (30, 8)),
        (("97545",), (61,)),
        (("97545", "97546x2"), (120, 91)),
    ):
        session(*services, minutes=minutes)
    # remote monitoring, by calendar month
    for minutes, services, amount in (
        ((10, 9), ("98980",), "48.00"),
        ((25, 14), ("98980", "98981"), "38.00"),
        ((10, 10), ("98980",), ""),
        ((25, 15), ("98980", "98981"), ""),
    ):
        patient = hazel.evaluated(date(2026, 3, 2), npi, RIVER)
        for week, spent in enumerate(minutes):
            hazel.note(patient, date(2026, 3, 10 + 7 * week), npi, Note("98980", spent))
        line = hazel.claim(patient, date(2026, 3, 17), npi, *services, payer=RIVER)[-1]
        if amount:
            hazel.expect("UNT115", "review", line, f"{sum(minutes)} minutes in the month: one short", amount, "over")


# --- patterns -------------------------------------------------------------------------------------------------------


def course(
    hazel: Hazel,
    npi: str,
    start: date,
    high: bool,
    treatments: int = 2,
    units: tuple[int, ...] = (1, 2),
    more: int = 0,
    modifier: str = "",
    **claim: object,
) -> list[Row]:
    """An evaluation and some treatments on two lines; the lines of the last. `units` of the first line are drawn, the second has one, and both have `more`.

    `modifier` is on the second line.
    """
    patient = hazel.patient()
    level = "97167" if high else hazel.rng.choice((EVALUATION, "97166"))
    lines = hazel.claim(patient, start, npi, level, *(["97535"] if hazel.rng.random() < 0.5 else []), **claim)
    for number in range(1, treatments + 1):
        first = f"97530x{hazel.rng.choice(units) + more}"
        second = f"97110 {modifier}".strip() + (f"x{1 + more}" if more else "")
        lines = hazel.claim(patient, start + timedelta(days=4 * number), npi, first, second, **claim)
    return lines


def compared(hazel: Hazel) -> None:
    """PRV101, PRV103, PRV104 and PRV106: three providers each who differ in one measure, and two on the other side of a boundary."""
    part, payers = hazel.part, (MEDICARE, RIVER)

    def provider(patients: int = ENOUGH, high: int = 6, **claim: object) -> str:
        """`high` of the evaluations are of high complexity; the payers take turns unless one is named."""
        npi = hazel.therapist()
        for number in range(patients):
            payer = {"payer": payers[number % 2]} | claim
            start = date(2025, 2, 3) + timedelta(days=hazel.therapists * 7 + number * 3)
            course(hazel, npi, start, number * high % patients < high, **payer)
        return npi

    for _ in range(3):
        part.patterns["PRV101", provider(more=1)] = "two units more on every treatment day than the others"
    part.patterns["PRV103", provider(treatments=9, units=(1,))] = (
        "nine treatments for each patient, where others give two"
    )
    for price in (4, 5):
        part.patterns["PRV103", provider(payer=RIVER, price=price)] = "a payer who pays a multiple of the others"
    for _ in range(3):
        part.patterns["PRV104", provider(payer=RIVER, modifier="59")] = "59 on the second line of every treatment"
    for high in (18, 21, 24):
        part.patterns["PRV106", provider(high=high)] = f"{high} of 30 evaluations of high complexity"
    # everything at once, with one patient too few; and evaluations that are a little more often of high complexity
    npi = provider(patients=ENOUGH - 1, high=25, more=1, modifier="59", price=5, payer=RIVER)
    part.no_patterns |= {(check, npi) for check in ("PRV101", "PRV103", "PRV104", "PRV106")}
    part.no_patterns.add(("PRV106", provider(high=9)))


def kx(hazel: Hazel) -> None:
    """CAP103 and PRV102. KX before the threshold is CAP102's, on each line; with spending elsewhere above the threshold it is right."""
    for office, patients, early, right, year in (
        (OFFICES[0], 30, 8, 6, 2025),
        (OFFICES[1], 30, 7, 9, 2025),
        (OFFICES[2], 32, 9, 6, 2026),
        (OFFICES[3], 30, 6, 0, 2025),  # a fifth is not above a fifth
        (OFFICES[4], 19, 5, 0, 2025),  # too few patients for a share
    ):
        npi, last = hazel.therapist(), ""
        for number in range(patients):
            start = date(year, 1, 13) + timedelta(days=hazel.therapists * 3 + number * 3)
            is_early, is_right = number < early, early <= number < early + right
            modifier = "KX" if is_early or is_right else ""
            line = course(hazel, npi, start, number % 5 == 0, 1, modifier=modifier, group=office)[-1]
            last = max(last, line["service_date"])
            if is_early:
                hazel.expect("CAP102", "review", line, "follows: KX by habit, far below the threshold")
            if is_right:
                for paid in hazel.part.records["claim_lines"][::-1]:
                    if paid["patient_id"] == line["patient_id"] and "KX" not in paid.values():
                        paid["modifier_2"] = "KX"
                hazel.part.add(
                    "therapy_accumulators", patient_id=line["patient_id"], year=year, bucket="OT", amount_used=SPENT,
                    as_of_date=date(year, 1, 2),
                )  # fmt: skip
        if patients >= 20 and early > 0.2 * patients:
            why = f"KX before the threshold for {early} of {patients} patients"
            hazel.expect("CAP103", "review", None, why, provider_npi=office, service_date=last)
            hazel.part.patterns["PRV102", npi] = f"KX for {early + right} of {patients} patients"
        else:
            hazel.part.no_patterns.add(("PRV102", npi))


def cloned(hazel: Hazel) -> None:
    """PRV105: an evaluation and treatment days with the same units and minutes for months."""
    for patients, why in (
        ([(20, 0), (21, 0), (22, 0)], "three patients, every treatment day the same"),
        ([(20, 1), (21, 1), (20, 1)], "three patients, every treatment day but one the same"),
        ([(19, 0), (19, 0), (19, 0), (20, 9)], "three patients of four, 20 days with the evaluation's"),
        ([(20, 0), (20, 0), (20, 2)], ""),  # the third: 18 of 21 days, below nine in ten
        ([(18, 0), (18, 0), (18, 0)], ""),  # 19 days
    ):
        npi = hazel.therapist()
        for place, (days, different) in enumerate(patients):
            start = date(2025, 9, 1) + timedelta(days=place)
            patient = hazel.evaluated(start, npi)
            for number in range(days):
                day, minutes = start + timedelta(days=3 * number + 3), 34 if number < different else 30
                hazel.note(patient, day, npi, Note("97530", minutes))
                hazel.claim(patient, day, npi, "97530x2")
        if why:
            hazel.part.patterns["PRV105", npi] = why
        else:
            hazel.part.no_patterns.add(("PRV105", npi))


def shifted(hazel: Hazel) -> None:
    """PRV107: months of twelve visits; from one on, other units or another code."""
    usual = [("97530x2", 4), ("97110x2", 1)]
    for months, turn, later, why in (
        (12, 6, [("97530x3", 4), ("97110x3", 1)], "three units instead of two from the seventh month on"),
        (12, 5, [("97530x2", 1), ("97110x2", 4)], "exercise instead of activities from the sixth month on"),
        (14, 9, [("97140x2", 3), ("97530x2", 2)], "manual therapy from the tenth month on"),
        (12, 12, usual, ""),  # nothing changes
        (7, 4, [("97110x2", 1)], ""),  # too few months
    ):
        npi = hazel.therapist()
        for month in range(months):
            services = usual if month < turn else later
            menu = [service for service, weight in services for _ in range(weight)]
            first = date(2025 + (7 + month) // 12, (7 + month) % 12 + 1, 2)
            for place in range(3 if months > 7 else 5):
                patient, start = hazel.patient(), first + timedelta(days=2 * place)
                level = "97167" if hazel.patients % 5 == 0 else hazel.rng.choice((EVALUATION, "97166"))
                hazel.claim(patient, start, npi, level, payer=(MEDICARE, RIVER)[place % 2])
                for number in range(1, 4):
                    day, service = start + timedelta(days=4 * number), hazel.rng.choice(menu)
                    hazel.claim(patient, day, npi, service, payer=(MEDICARE, RIVER)[place % 2])
        if why:
            hazel.part.patterns["PRV107", npi] = why
        else:
            hazel.part.no_patterns.add(("PRV107", npi))


def build() -> Part:
    hazel = Hazel()
    assistants(hazel)
    at_once(hazel)
    short_units(hazel)
    other_time(hazel)
    compared(hazel)
    kx(hazel)
    cloned(hazel)
    shifted(hazel)
    return hazel.part
