"""Gable Pain Medicine: injections of botulinum toxin, filing, places, codes by date and payer, header fields and coverage policies (INJ, BIL103-112, COV)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from clean_world import MEDICARE, make_npi
from part import Part, Row

GROUP = make_npi("199940012")
PHYSICIAN, THERAPIST, FORMER, EXCLUDED = (make_npi(f"19995022{n}") for n in range(1, 5))
VALLEY = "VALLEY"
ONE_DAY = timedelta(days=1)
SPACING = 90  # days between injections that no rule calls too soon


class Gable:
    """One patient for each story, so that no story sees another."""

    def __init__(self) -> None:
        self.part = Part(
            "gable",
            {"billing_npi": GROUP, "clinic_id": "GAB", "state": "OR", "place_of_service": "11", "line_status": "paid"},
        )
        self.patients = self.claims = 0
        self.evaluated: set[str] = set()

    def patient(self) -> str:
        self.patients += 1
        name = f"PG{self.patients:04d}"
        self.part.add(
            "patients",
            patient_id=name,
            patient_name=f"Gable patient {self.patients}",
            birth_date=date(1948, 2, 3) + timedelta(days=53 * self.patients),
        )
        return name

    def claim(self) -> str:
        self.claims += 1
        return f"G{self.claims:05d}"

    def line(
        self,
        claim: str,
        patient: str,
        code: str,
        modifiers: str = "",
        units: int = 1,
        allowed: str = "100.00",
        day: date | None = None,
        **cells: object,
    ) -> Row:
        """A paid line; charged at twice what is allowed, a few patients on any one day."""
        day = day or date(2026, 2, 3) + timedelta(days=self.patients % 40)
        amount = Decimal(allowed)
        if cells.get("rendering_npi") in (THERAPIST, FORMER, EXCLUDED) and patient not in self.evaluated:
            # treatment begins with an evaluation of the same day, under a claim of its own
            self.evaluated.add(patient)
            self.line(
                self.claim(),
                patient,
                "97161",
                "GP",
                1,
                "60.00",
                day,
                rendering_npi=THERAPIST,
                diagnoses="M54.2",
                payer_id=cells.get("payer_id", MEDICARE),
            )
        return self.part.line(
            claim,
            modifiers,
            str(cells.pop("diagnoses", "G43.709")),
            **{
                "patient_id": patient,
                "payer_id": MEDICARE,
                "rendering_npi": PHYSICIAN,
                "service_date": day,
                "received_date": day + timedelta(days=5),
                "processed_date": day + timedelta(days=19),
                "procedure_code": code,
                "units": units,
                "diagnosis_pointers": "1",
                "charge_amount": amount * 2,
                "allowed_amount": amount,
                "paid_amount": (amount * Decimal("0.8")).quantize(Decimal("0.01")),
                **cells,
            },
        )

    def expect(
        self,
        check: str,
        severity: str,
        line: Row | None,
        why: str,
        amount: str = "0.00",
        direction: str = "none",
        **cells: object,
    ) -> None:
        self.part.expect(check, severity, why, line, Decimal(amount), direction, **cells)


def migraine(gable: Gable, patient: str, day: date, drug: list[tuple[str, int]]) -> list[Row]:
    """An injection for migraine and its drug lines: (modifier, units), 6.00 a unit."""
    claim = gable.claim()
    lines = [gable.line(claim, patient, "64615", day=day)]
    return lines + [
        gable.line(claim, patient, "J0585", modifier, units, f"{6 * units}.00", day) for modifier, units in drug
    ]


def ordinary(gable: Gable, seed: int, patients: int) -> None:
    """Correct claims: courses of injections with every vial accounted for, and a therapist's treatments."""
    rng = random.Random(seed)
    for _ in range(patients):
        patient, day = gable.patient(), date(2025, 1, 6) + timedelta(days=rng.randrange(120))
        for _ in range(rng.randint(1, 5)):
            given = rng.choice((155, 160, 175, 195, 200))
            drug = [("JZ", 200)] if given == 200 else [("", given), ("JW", 200 - given)]
            migraine(gable, patient, day, drug)
            day += timedelta(days=rng.randint(SPACING, 120))
        therapy, day = gable.patient(), date(2025, 9, 1) + timedelta(days=rng.randrange(60))
        for _ in range(rng.randint(2, 6)):
            claim = gable.claim()
            gable.line(claim, therapy, "97110", "GP", 3, "45.00", day, rendering_npi=THERAPIST, diagnoses="M54.2")
            day += timedelta(days=rng.randint(2, 5))


def injections(gable: Gable) -> None:
    """INJ101 to INJ110. Fees of 2026 are not known, so a third of the allowed amount stands for the half above one side."""
    day = date(2026, 2, 3)
    for code, diagnosis in (("64615", "G43.709"), ("64642", "G80.1"), ("64611", "K11.7")):
        claim, patient = gable.claim(), gable.patient()
        line = gable.line(claim, patient, code, "50", allowed="150.00", diagnoses=diagnosis)
        gable.line(claim, patient, "J0585", "JZ", 100, "600.00", diagnoses=diagnosis)
        gable.expect(
            "INJ101",
            "error",
            line,
            "50 on a code that is not paid by side: a third of what was allowed",
            "50.00",
            "over",
        )
    for code, diagnosis in (("64616", "G24.3"), ("64612", "G24.5"), ("64616", "M43.6")):
        claim, patient = gable.claim(), gable.patient()
        first = gable.line(claim, patient, code, "RT", diagnoses=diagnosis)
        line = gable.line(claim, patient, code, "LT", diagnoses=diagnosis)
        gable.line(claim, patient, "J0585", "JZ", 100, "600.00", diagnoses=diagnosis)
        gable.expect("INJ102", "error", line, "both sides on two lines; the payer wants one with 50", "100.00", "over")
        gable.expect("NCC202", "error", first, "follows: two units of the day, the limit is one", direction="over")
        gable.expect("NCC202", "error", line, "follows: two units of the day, the limit is one", "100.00", "over")
    for days in (28, 60, 83):
        patient = gable.patient()
        migraine(gable, patient, day - timedelta(days=days), [("JZ", 200)])
        line = migraine(gable, patient, day, [("JZ", 200)])[0]
        gable.expect("INJ103", "review", line, f"the head again after {days} days", "100.00", "over")
    patient = gable.patient()
    migraine(gable, patient, day - timedelta(days=84), [("JZ", 200)])
    migraine(gable, patient, day, [("JZ", 200)])
    for _ in range(3):
        line = migraine(gable, gable.patient(), day, [("", 200)])[1]
        gable.expect("INJ104", "error", line, "neither JW nor JZ", "1200.00", "over")
    for given in (100, 155, 160):
        lines = migraine(gable, gable.patient(), day, [("JZ", given), ("JW", 200 - given)])
        for line, units in zip(lines[1:], (given, 200 - given), strict=True):
            gable.expect("INJ105", "error", line, "JZ and JW for one drug and day", f"{6 * units}.00", "over")
    for given in (155, 150, 195):
        line = migraine(gable, gable.patient(), day, [("JZ", given)])[1]
        gable.expect("INJ106", "error", line, f"JZ, and no vials hold {given} units")
    for given, waste, above in ((155, 60, 15), (155, 145, 100), (90, 30, 20)):
        line = migraine(gable, gable.patient(), day, [("", given), ("JW", waste)])[2]
        gable.expect(
            "INJ107", "error", line, f"{given} given leave less than {waste} of any vials", f"{6 * above}.00", "over"
        )
    for given, waste in ((155, 40), (160, 10), (70, 25)):
        line = migraine(gable, gable.patient(), day, [("", given), ("JW", waste)])[2]
        gable.expect("INJ108", "review", line, f"{given} and {waste} are no sum of vials")
        gable.expect("INJ109", "opportunity", line, f"follows: the vials leave more than {waste}")
    for _ in range(2):
        line = gable.line(gable.claim(), gable.patient(), "64615", day=day)
        gable.expect("INJ110", "review", line, "an injection and no drug that day")
        line = gable.line(gable.claim(), gable.patient(), "J0585", "JZ", 100, "600.00", day)
        gable.expect("INJ110", "review", line, "a drug and no injection that day")


def filing(gable: Gable) -> None:
    """BIL103, BIL106, BIL112."""
    for service, received, payer, why in (
        (date(2025, 1, 6), date(2026, 1, 7), MEDICARE, "a year and a day later"),
        (date(2025, 3, 17), date(2026, 3, 18), MEDICARE, "a year and a day later"),
        (date(2026, 1, 5), date(2026, 4, 6), VALLEY, "91 days later, the payer takes 90"),
    ):
        line = gable.line(
            gable.claim(),
            gable.patient(),
            "97110",
            "GP",
            2,
            "30.00",
            service,
            payer_id=payer,
            rendering_npi=THERAPIST,
            diagnoses="M54.2",
            received_date=received,
            processed_date=received + timedelta(days=14),
        )
        gable.expect("BIL103", "error", line, why, "30.00", "over")
    # the last days, and a deadline that falls on a Saturday and moves to Monday
    for service, received, payer in (
        (date(2025, 1, 6), date(2026, 1, 6), MEDICARE),
        (date(2025, 3, 14), date(2026, 3, 16), MEDICARE),
        (date(2026, 1, 5), date(2026, 4, 5), VALLEY),
    ):
        gable.line(
            gable.claim(),
            gable.patient(),
            "97110",
            "GP",
            2,
            "30.00",
            service,
            payer_id=payer,
            rendering_npi=THERAPIST,
            diagnoses="M54.2",
            received_date=received,
            processed_date=received + timedelta(days=14),
        )
    for payer, pointed, why in (
        (VALLEY, "G99999", "the original is not loaded"),
        (VALLEY, "", "no original is named"),
        (MEDICARE, "", "Part B takes originals; none is named either"),
    ):
        line = gable.line(
            gable.claim(),
            gable.patient(),
            "97110",
            "GP",
            2,
            "30.00",
            payer_id=payer,
            rendering_npi=THERAPIST,
            diagnoses="M54.2",
            claim_frequency="7",
            original_claim_id=pointed,
        )
        gable.expect("BIL106", "review", line, why)
    for cells in ({"diagnoses": "M54.6"}, {"received_date": date(2026, 2, 10)}, {"diagnoses": "M62.81"}):
        claim, patient = gable.claim(), gable.patient()
        lines = [
            gable.line(
                claim,
                patient,
                "97110",
                "GP",
                2,
                "30.00",
                day=date(2026, 2, 3),
                rendering_npi=THERAPIST,
                diagnoses="M54.2",
            ),
            gable.line(
                claim,
                patient,
                "97140",
                "GP",
                1,
                "15.00",
                **{"day": date(2026, 2, 3), "rendering_npi": THERAPIST, "diagnoses": "M54.2", **cells},
            ),
        ]
        for line in lines:
            gable.expect("BIL112", "review", line, "the lines of the claim do not agree on its header")


def codes(gable: Gable) -> None:
    """BIL107 to BIL111."""
    therapy = {"rendering_npi": THERAPIST, "diagnoses": "M54.2"}
    for place in ("22", "31", "21"):
        line = gable.line(gable.claim(), gable.patient(), "97110", "GP", 2, "30.00", place_of_service=place, **therapy)
        gable.expect("BIL107", "review", line, f"a therapist in private practice at place {place}")
    for code, modifier in (("97001", "GP"), ("97762", "GP"), ("97532", "GP")):
        line = gable.line(gable.claim(), gable.patient(), code, modifier, 1, "30.00", **therapy)
        gable.expect("BIL108", "error", line, "the code ended years before", "30.00", "over")
    for code, payer in (("97014", MEDICARE), ("97014", MEDICARE), ("G0283", VALLEY)):
        claim, patient = gable.claim(), gable.patient()
        gable.line(claim, patient, "97110", "GP", 2, "30.00", payer_id=payer, **therapy)
        line = gable.line(claim, patient, code, "GP", 1, "8.00", payer_id=payer, **therapy)
        gable.expect("BIL109", "error", line, "the code of the other payers", "8.00", "over")
    claim, patient = gable.claim(), gable.patient()
    gable.line(claim, patient, "97110", "GP", 2, "30.00", **therapy)
    gable.line(claim, patient, "97014", "GP GY", 1, "0.00", line_status="denied", **therapy)
    for npi, day, why in (
        (FORMER, date(2025, 12, 2), "left in November 2025"),
        (FORMER, date(2019, 12, 31), "began with 2020"),
        (EXCLUDED, date(2026, 2, 3), "on the exclusion list since January 2026"),
    ):
        line = gable.line(
            gable.claim(), gable.patient(), "97110", "GP", 2, "30.00", day, rendering_npi=npi, diagnoses="M54.2"
        )
        gable.expect("BIL110", "review", line, why)
    gable.line(
        gable.claim(),
        gable.patient(),
        "97110",
        "GP",
        2,
        "30.00",
        date(2025, 11, 28),
        rendering_npi=FORMER,
        diagnoses="M54.2",
    )
    for allowed, charge, why in (
        ("130.00", "140.00", "two units of exercise paid at more than twice the fee"),
        ("70.00", "60.00", "allowed above the charge"),
        ("95.00", "200.00", "above the fee of two units"),
    ):
        line = gable.line(
            gable.claim(), gable.patient(), "97110", "GP", 2, allowed, charge_amount=Decimal(charge), **therapy
        )
        gable.expect("BIL111", "review", line, why)


def coverage(gable: Gable) -> None:
    """COV101 to COV104, by invented policies of one payer."""
    listed: list[tuple[str, str, str, str, str, str, str]] = [
        ("VAL-MIGRAINE", "64615", "", "G43.7", "covered", "1", ""),
        ("VAL-MIGRAINE", "64615", "", "G44.2", "noncovered", "2", ""),
        ("VAL-LIMB", "64642", "64645", "G81.1", "primary_required", "1", "2"),
        ("VAL-LIMB", "64642", "64645", "I69.3", "secondary_required", "2", "1"),
        ("VAL-AUTH", "64616", "", "", "authorization", "", ""),
    ]
    for policy, first, last, diagnosis, role, group, partner in listed:
        gable.part.add(
            "coverage_policies", payer_id=VALLEY, policy_id=policy, policy_version="1", code_low=first, code_high=last,
            dx_low=diagnosis, group_no=group, role=role, pair_group_no=partner, dos_from=date(2025, 1, 1),
        )  # fmt: skip

    def injected(code: str, diagnoses: str, pointers: str, **cells: object) -> Row:
        claim, patient = gable.claim(), gable.patient()
        line = gable.line(
            claim, patient, code, payer_id=VALLEY, diagnoses=diagnoses, diagnosis_pointers=pointers, **cells
        )
        gable.line(
            claim,
            patient,
            "J0585",
            "JZ",
            100,
            "600.00",
            payer_id=VALLEY,
            diagnoses=diagnoses,
            diagnosis_pointers=pointers,
            **cells,
        )
        return line

    for codes, pointers in (("G24.3", "1"), ("M62.838", "1"), ("R51.9 G43.709", "1")):
        line = injected("64615", codes, pointers, day=date(2025, 3, 4))
        gable.expect("COV101", "error", line, "no diagnosis that the line points at is listed", "100.00", "over")
    for codes, pointers in (("G44.219", "1"), ("G43.709 G44.209", "1:2"), ("G44.229", "1")):
        line = injected("64615", codes, pointers, day=date(2025, 3, 4))
        gable.expect("COV102", "error", line, "tension headache is listed as not covered", "100.00", "over")
    for codes, pointers in (("G81.11", "1"), ("G81.12 I69.351", "1"), ("G81.11 G43.709", "1:2")):
        line = injected("64642", codes, pointers, day=date(2025, 3, 4))
        gable.expect("COV103", "error", line, "hemiplegia without its sequela code", "100.00", "over")
    injected("64615", "G43.709", "1")
    injected("64642", "G81.11 I69.351", "1:2", day=date(2025, 3, 4))
    for _ in range(3):
        line = injected("64616", "G24.3", "1")
        gable.expect("COV104", "review", line, "the payer asks for authorization of the code")
    injected("64616", "G24.3", "1", prior_authorization="VA-20260131")


def people(gable: Gable) -> None:
    """The physician, the therapists, the group and the payer with rules of its own."""
    add = gable.part.add
    add(
        "payers",
        payer_id=VALLEY,
        payer_name="Valley Health Cooperative",
        payer_class="commercial",
        units_method="cms",
        uses_ncci="false",
        uses_therapy_threshold="false",
        requires_discipline_modifier="true",
        requires_assistant_modifier="false",
        requires_certified_plan="false",
        bilateral_form="two_lines",
        wants_97014="true",
        timely_filing_days=90,
        requires_rehabilitative_modifier="false",
    )
    add(
        "providers",
        npi=PHYSICIAN,
        provider_name="Dr. Ottilie Gable",
        specialty_code="72",
        clinic_id="GAB",
        role="physician",
        active_from=date(2015, 1, 5),
    )
    for npi, name, until in (
        (THERAPIST, "Bram Lindqvist", None),
        (FORMER, "Cleo Marchetti", date(2025, 11, 28)),
        (EXCLUDED, "Dorian Ashcombe", None),
    ):
        add(
            "providers",
            npi=npi,
            provider_name=name,
            discipline="PT",
            specialty_code="65",
            taxonomy_code="225100000X",
            clinic_id="GAB",
            role="therapist",
            active_from=date(2015, 1, 5) if npi == THERAPIST else date(2020, 1, 1),
            active_to=until,
        )
    add("providers", npi=GROUP, provider_name="Gable Pain Medicine", clinic_id="GAB", role="group")
    add("exclusions", npi=EXCLUDED, from_date=date(2026, 1, 20), source="LEIE (invented row)")


def without_errors(seed: int, patients: int) -> Part:
    """The practice with ordinary patients alone."""
    gable = Gable()
    people(gable)
    ordinary(gable, seed, patients)
    return gable.part


def build() -> Part:
    gable = Gable()
    people(gable)
    injections(gable)
    filing(gable)
    codes(gable)
    coverage(gable)
    ordinary(gable, 20261031, 25)
    return gable.part
