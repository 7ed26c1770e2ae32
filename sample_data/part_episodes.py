"""Fernhill Rehabilitation: plans of care, notes, evaluations, and functional reporting in the years that asked for it (DOC, EVL, FLR, DXC109)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from clean_world import MEDICARE, make_npi
from part import Part, Row

GROUP, FORMER_GROUP = make_npi("199940013"), make_npi("199940014")
# one therapist whose notes are not exported, one whose notes are, and one of the years of functional reporting
THERAPIST, NOTED, FORMER = (make_npi(f"19995023{n}") for n in range(1, 4))
FIRST = date(2025, 2, 3)
EVALUATION, EXERCISE = "97161", "97110"


class Fernhill:
    """One patient for each story, so that no story sees another."""

    def __init__(self) -> None:
        self.part = Part(
            "fernhill",
            {"clinic_id": "FER", "state": "OR", "place_of_service": "11", "line_status": "paid", "payer_id": MEDICARE},
        )
        self.patients = self.claims = 0

    def patient(self) -> str:
        self.patients += 1
        name = f"PF{self.patients:04d}"
        self.part.add(
            "patients",
            patient_id=name,
            patient_name=f"Fernhill patient {self.patients}",
            birth_date=date(1947, 6, 5) + timedelta(days=41 * self.patients),
        )
        return name

    @property
    def start(self) -> date:
        """The first day of the last patient's story: a few patients begin on any one day."""
        return FIRST + timedelta(days=self.patients * 3 % 46)

    def visit(
        self,
        patient: str,
        day: date,
        services: str = EXERCISE,
        npi: str = THERAPIST,
        diagnoses: str = "M54.2",
        received: date | None = None,
        modifiers: str = "",
    ) -> list[Row]:
        """A claim of one day: codes parted by spaces; exercise is three units, of every third patient two, everything else one."""
        self.claims += 1
        claim = f"F{self.claims:05d}"
        received = received or day + timedelta(days=6)
        exercise = 3 if int(patient[2:]) % 3 else 2
        allowed = {EVALUATION: "80.00", EXERCISE: "30.00"}
        lines = []
        for code in services.split():
            amount = Decimal("0.01" if code[0] == "G" else allowed.get(code, "12.00"))
            lines.append(
                self.part.line(
                    claim,
                    f"GP {modifiers}" if code in (EXERCISE, "97140") or code[0] == "G" else "GP",
                    diagnoses,
                    billing_npi=FORMER_GROUP if npi == FORMER else GROUP,
                    patient_id=patient,
                    rendering_npi=npi,
                    service_date=day,
                    received_date=received,
                    processed_date=received + timedelta(days=14),
                    procedure_code=code,
                    units=exercise if code == EXERCISE else 1,
                    diagnosis_pointers="1",
                    charge_amount=max(amount * 3, Decimal("0.01")),
                    allowed_amount=amount,
                    paid_amount=(amount * Decimal("0.8")).quantize(Decimal("0.01")),
                )
            )
        if npi == NOTED:
            self.part.add(
                "visits",
                patient_id=patient,
                service_date=day,
                rendering_npi=npi,
                discipline="PT",
                timed_minutes=15 * exercise if EXERCISE in services else 0,
                total_minutes=60,
                note_signed_date=day,
                note_author_npi=npi,
            )
        return lines

    def plan(
        self,
        patient: str,
        start: date,
        to: date | None = None,
        certified: date | None = None,
        is_certified: bool = True,
        ordered: date | None = None,
    ) -> None:
        """A certification of 80 days unless `to` says otherwise, signed after twelve days unless `certified` does; the order comes late unless `ordered`."""
        self.part.add(
            "plans_of_care",
            patient_id=patient,
            discipline="PT",
            billing_npi=GROUP,
            evaluation_date=start,
            plan_to=to or start + timedelta(days=80),
            plan_sent_date=start + timedelta(days=2),
            order_signed_date=ordered or start + timedelta(days=1),
            certified_date=(certified or start + timedelta(days=12)) if is_certified else None,
        )

    def course(
        self, patient: str, start: date, visits: int, npi: str = THERAPIST, every: int = 3, **visit: str
    ) -> list[list[Row]]:
        """An evaluation and then treatments every few days; the claims in order."""
        claims = [
            self.visit(patient, start, f"{EVALUATION} {EXERCISE}", npi, diagnoses=visit.get("diagnoses", "M54.2"))
        ]
        return claims + [
            self.visit(patient, start + timedelta(days=every * n), npi=npi, **visit) for n in range(1, visits)
        ]

    def report(self, patient: str, day: date) -> None:
        self.part.add(
            "progress_reports",
            patient_id=patient,
            discipline="PT",
            report_date=day,
            author_npi=THERAPIST,
            author_role="clinician",
        )

    def expect(
        self, check: str, severity: str, lines: list[Row], why: str, amount: str = "0.00", direction: str = "none"
    ) -> None:
        for line in lines:
            self.part.expect(check, severity, why, line, Decimal(amount), direction)


def ordinary(fern: Fernhill, seed: int, patients: int) -> None:
    """Correct courses: certified and recertified plans, a report in time, signed notes, one evaluation."""
    rng = random.Random(seed)
    for _ in range(patients):
        patient, start, visits = fern.patient(), FIRST + timedelta(days=rng.randrange(300)), rng.randint(3, 26)
        every = rng.randint(2, 4)
        fern.course(patient, start, visits, rng.choice((THERAPIST, NOTED)), every)
        fern.plan(patient, start)
        for number in range(9, visits, 9):
            fern.report(patient, start + timedelta(days=every * number))
        if (visits - 1) * every > 75:
            fern.plan(patient, start + timedelta(days=75))


def plans(fern: Fernhill) -> None:
    """DOC101, DOC102, DOC103, DOC106."""
    for visits in (2, 3, 4):
        patient = fern.patient()
        lines = sum(fern.course(patient, fern.start, visits), [])
        fern.plan(patient, fern.start, is_certified=False)
        fern.expect("DOC101", "review", lines, "nobody certified the plan")
    # an order signed before the first treatment stands for the signature, from 2025 on
    patient = fern.patient()
    fern.course(patient, fern.start, 3)
    fern.plan(patient, fern.start, is_certified=False, ordered=fern.start - timedelta(days=4))
    for days in (31, 45, 60):
        patient = fern.patient()
        lines = sum(fern.course(patient, fern.start, 3), [])
        fern.plan(patient, fern.start, certified=fern.start + timedelta(days=days))
        fern.expect("DOC102", "review", lines, f"certified {days} days after the first treatment day")
    patient = fern.patient()
    fern.course(patient, fern.start, 3)
    fern.plan(patient, fern.start, certified=fern.start + timedelta(days=30))
    for day, to in ((40, 35), (60, 50), (95, 150)):
        patient = fern.patient()
        fern.course(patient, fern.start, 3)
        if day == 95:
            fern.visit(patient, fern.start + timedelta(days=50))
        fern.plan(patient, fern.start, to=fern.start + timedelta(days=to))
        lines = fern.visit(patient, fern.start + timedelta(days=day))
        fern.expect("DOC103", "error", lines, f"day {day} of a plan that covers {min(to, 89)}", "30.00", "over")
    for visits in (2, 3, 4):
        patient = fern.patient()
        claims = fern.course(patient, fern.start, visits)
        fern.expect("DOC101", "review", sum(claims, []), "follows: a plan that is not there is not certified")
        fern.expect(
            "DOC106",
            "review",
            [line for claim in claims for line in claim if line["procedure_code"] == EXERCISE],
            "no plan of care, while those of other patients are there",
        )


def notes(fern: Fernhill) -> None:
    """DOC104, DOC105, DOC107."""
    for visits in (11, 11, 13):
        patient = fern.patient()
        claims = fern.course(patient, fern.start, visits)
        fern.plan(patient, fern.start)
        for claim in claims[10:]:
            fern.expect("DOC104", "error", claim, "more than ten treatment days and no report")
    for visits in (11, 12, 13):
        patient = fern.patient()
        claims = fern.course(patient, fern.start, visits, modifiers="CQ")
        for line in claims[0]:
            line["modifier_2"] = ""
        fern.plan(patient, fern.start)
        fern.report(patient, fern.start + timedelta(days=15))
        fern.expect("DOC105", "review", sum(claims[1:], []), "ten or more days in a row by the assistant alone")
    for signed, why in (
        (12, "signed twelve days later, after the claim had come in"),
        (7, "signed the day after the claim had come in"),
        (None, "never signed"),
    ):
        patient = fern.patient()
        claims = fern.course(patient, fern.start, 3, NOTED)
        fern.plan(patient, fern.start)
        note = fern.part.records["visits"][-1]
        note["note_signed_date"] = (
            (date.fromisoformat(note["service_date"]) + timedelta(days=signed)).isoformat() if signed else ""
        )
        fern.expect("DOC107", "review", claims[-1], why)


def evaluations(fern: Fernhill) -> None:
    """EVL101 to EVL105 and DXC109."""
    for days in (10, 30, 60):
        patient = fern.patient()
        fern.course(patient, fern.start, 3)
        fern.plan(patient, fern.start)
        line = fern.visit(patient, fern.start + timedelta(days=days), "97162")
        fern.expect("EVL101", "review", line, f"evaluated again after {days} days for the same diagnosis")
    patient = fern.patient()
    fern.course(patient, fern.start, 3)
    fern.plan(patient, fern.start)
    fern.visit(patient, fern.start + timedelta(days=30), "97162", diagnoses="S83.511D")
    for days in (9, 21, 30):
        patient = fern.patient()
        fern.course(patient, fern.start, 3)
        fern.plan(patient, fern.start)
        line = fern.visit(patient, fern.start + timedelta(days=days), "97164")
        fern.expect("EVL102", "review", line, f"re-evaluated {days} days after the evaluation")
    for visits in (1, 2, 3):
        patient, start = fern.patient(), fern.start + timedelta(days=120)
        claims = [fern.visit(patient, start + timedelta(days=3 * n)) for n in range(visits)]
        fern.plan(patient, start)
        fern.expect("EVL103", "review", claims[0], "treatment without an evaluation")
    for _ in range(3):
        patient = fern.patient()
        claims = [
            fern.visit(patient, fern.start, f"{EVALUATION} 97164"),
            fern.visit(patient, fern.start + timedelta(days=3)),
        ]
        fern.plan(patient, fern.start)
        fern.expect("EVL104", "error", claims[0][1:], "evaluation and re-evaluation on one day", "12.00", "over")
        fern.expect(
            "NCC101",
            "error",
            claims[0][1:],
            "follows: the two codes are a pair that no modifier lifts",
            "12.00",
            "over",
        )
    for _ in range(3):
        patient = fern.patient()
        fern.course(patient, fern.start, 2, NOTED)
        fern.plan(patient, fern.start)
        day = fern.start + timedelta(days=6)
        line = fern.visit(patient, day, "97150", NOTED)
        fern.part.add(
            "visit_services",
            patient_id=patient,
            service_date=day,
            rendering_npi=NOTED,
            procedure_code="97150",
            minutes=30,
            group_size=1,
        )
        fern.expect("EVL105", "review", line, "a group of one patient")
    for code in ("S83.511A", "S93.401A", "S52.501A"):
        patient = fern.patient()
        claims = fern.course(patient, fern.start, 3, diagnoses=code)
        fern.plan(patient, fern.start)
        for claim in claims[1:]:
            fern.expect("DXC109", "review", claim, "active treatment on a later visit")


def functional(fern: Fernhill) -> None:
    """FLR101 to FLR104: a practice of 2018, whose plans and reports are not exported."""
    start, codes = date(2018, 3, 5), "G8978 G8979"

    def evaluation(day: date, reported: str = codes, modifiers: str = "CK") -> tuple[str, list[Row]]:
        patient = fern.patient()
        return patient, fern.visit(patient, day, f"{EVALUATION} {reported}".strip(), FORMER, modifiers=modifiers)

    for _ in range(3):
        _, lines = evaluation(start, "")
        fern.expect("FLR101", "error", lines, "an evaluation without functional codes")
    for days in (11, 11, 12):
        patient, _ = evaluation(start)
        claims = [fern.visit(patient, start + timedelta(days=3 * n), npi=FORMER) for n in range(1, days + 1)]
        for claim in claims[10:]:
            fern.expect("FLR102", "error", claim, "more than ten treatment days since the last functional codes")
    patient, _ = evaluation(start)
    for number in range(1, 15):
        fern.visit(
            patient,
            start + timedelta(days=3 * number),
            f"{EXERCISE} {codes}" if number == 10 else EXERCISE,
            FORMER,
            modifiers="CK" if number == 10 else "",
        )
    for line in fern.part.records["claim_lines"][-20:]:
        if line["procedure_code"] == EXERCISE:
            line["modifier_2"] = ""
    for _ in range(2):
        _, lines = evaluation(start, modifiers="")
        fern.expect("FLR103", "error", lines[1:], "a functional code without its severity", "0.01", "over")
    _, lines = evaluation(date(2019, 2, 4))
    fern.expect("FLR104", "info", lines[1:], "functional reporting had ended with 2018")
    _, lines = evaluation(date(2019, 3, 4), "G8978")
    fern.expect("FLR104", "info", lines[1:], "functional reporting had ended with 2018")


def people(fern: Fernhill) -> None:
    """The therapists and the groups that bill for them."""
    for npi, name in ((THERAPIST, "Edda Fernsby"), (NOTED, "Gideon Halloway"), (FORMER, "Hester Ingleby")):
        fern.part.add(
            "providers",
            npi=npi,
            provider_name=name,
            discipline="PT",
            specialty_code="65",
            taxonomy_code="225100000X",
            clinic_id="FER",
            role="therapist",
            active_from=date(2015, 1, 5),
        )
    fern.part.add("providers", npi=GROUP, provider_name="Fernhill Rehabilitation", clinic_id="FER", role="group")
    fern.part.add(
        "providers",
        npi=FORMER_GROUP,
        provider_name="Fernhill Rehabilitation (until 2019)",
        clinic_id="FER",
        role="group",
    )


def without_errors(seed: int, patients: int) -> Part:
    """The practice with ordinary patients alone."""
    fern = Fernhill()
    people(fern)
    ordinary(fern, seed, patients)
    return fern.part


def build() -> Part:
    fern = Fernhill()
    people(fern)
    plans(fern)
    notes(fern)
    evaluations(fern)
    functional(fern)
    ordinary(fern, 20261031, 30)
    return fern.part
