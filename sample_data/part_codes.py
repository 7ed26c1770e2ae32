"""Elmwood Therapy Group: code pairs, unit limits, add-on codes, payers' codes, modifiers and diagnoses (NCC, MOD111-114, DXC)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from clean_world import MEDICARE, make_npi
from part import Part, Row

GROUP = make_npi("199940011")
PT, OT = make_npi("199950211"), make_npi("199950212")
SUMMIT, BRIDGE = "SUMMIT", "BRIDGE"
DISCIPLINE = {PT: "GP", OT: "GO"}
FIRST = date(2025, 11, 3)


class Elmwood:
    """One patient and one claim for each visit, so that no visit sees another."""

    def __init__(self) -> None:
        self.part = Part(
            "elmwood",
            {"billing_npi": GROUP, "place_of_service": "11", "clinic_id": "ELM", "state": "OR", "line_status": "paid"},
        )
        self.visits = 0

    def visit(
        self,
        *services: str,
        payer: str = MEDICARE,
        npi: str = PT,
        diagnoses: str = "M25.561",
        pointers: str | None = None,
        day: date | None = None,
        denied: Iterable[int] = (),
        rehabilitative: str = "97",
    ) -> list[Row]:
        """The lines of a visit; a service is a code, its modifiers but the discipline's and, after `x`, its units.

        Summit wants 96 or 97 on every line and gets what `rehabilitative` says.
        """
        self.visits += 1
        day = day or FIRST + timedelta(days=self.visits * 5 % 280)
        claim, patient = f"E{self.visits:05d}", f"PE{self.visits:04d}"
        self.part.add(
            "patients",
            patient_id=patient,
            patient_name=f"Elmwood patient {self.visits}",
            birth_date=date(1950, 4, 1) + timedelta(days=37 * self.visits),
        )
        if not services[0].startswith("9716"):
            self.evaluate(patient, payer, npi, day - timedelta(days=3))
        lines = []
        for number, service in enumerate(services, start=1):
            coded, _, units = service.partition("x")
            code, *modifiers = [*coded.split(), *(rehabilitative.split() if payer == SUMMIT else [])]
            count = int(units or 1)
            paid = number not in denied
            lines.append(
                self.part.line(
                    claim,
                    " ".join([DISCIPLINE[npi], *modifiers]),
                    diagnoses,
                    patient_id=patient,
                    payer_id=payer,
                    rendering_npi=npi,
                    service_date=day,
                    received_date=day + timedelta(days=4),
                    processed_date=day + timedelta(days=18),
                    procedure_code=code,
                    units=count,
                    diagnosis_pointers=pointers
                    if pointers is not None
                    else ":".join(str(n) for n in range(1, min(4, len(diagnoses.split())) + 1)),
                    charge_amount=Decimal("60.00") * count,
                    allowed_amount=Decimal("11.00") * count if paid else Decimal("0.00"),
                    paid_amount=Decimal("8.80") * count if paid else Decimal("0.00"),
                    **({} if paid else {"line_status": "denied", "carc_codes": "CO-97"}),
                )
            )
        return lines

    def evaluate(self, patient: str, payer: str, npi: str, day: date) -> None:
        """The evaluation with which the treatment began, on a claim of its own."""
        self.part.line(
            f"EV{self.visits:05d}",
            DISCIPLINE[npi] + (" 97" if payer == SUMMIT else ""),
            "M25.561",
            patient_id=patient,
            payer_id=payer,
            rendering_npi=npi,
            service_date=day,
            received_date=day + timedelta(days=4),
            processed_date=day + timedelta(days=18),
            procedure_code="97161" if npi == PT else "97165",
            units=1,
            diagnosis_pointers="1",
            charge_amount=Decimal("200.00"),
            allowed_amount=Decimal("60.00"),
            paid_amount=Decimal("48.00"),
        )

    def expect(
        self, check: str, severity: str, line: Row, why: str, amount: str = "0.00", direction: str = "none"
    ) -> None:
        self.part.expect(check, severity, why, line, Decimal(amount), direction)


def pairs(elm: Elmwood) -> None:
    """NCC101 to NCC103 and MOD111."""
    for payer in (MEDICARE, SUMMIT):
        line = elm.visit("97140", "97124", payer=payer)[1]
        elm.expect(
            "NCC101", "error", line, "massage beside manual therapy: no modifier lifts the pair", "11.00", "over"
        )
        line = elm.visit("97113x2", "97036", payer=payer)[1]
        elm.expect(
            "NCC101", "error", line, "Hubbard tank beside aquatic therapy: no modifier lifts the pair", "11.00", "over"
        )
    line = elm.visit("97140", "97124 59")[1]
    elm.expect("NCC101", "error", line, "59 does not lift a pair of indicator 0", "11.00", "over")
    for payer in (MEDICARE, SUMMIT):
        line = elm.visit("97530x2", "97750x2", payer=payer)[1]
        elm.expect("NCC102", "error", line, "performance test beside activities, no modifier", "22.00", "over")
        line = elm.visit("97150", "97110x2", payer=payer)[1]
        elm.expect("NCC102", "error", line, "exercise beside group therapy, no modifier", "22.00", "over")
    line = elm.visit("97530x2", "97750 76")[1]
    elm.expect("NCC102", "error", line, "76 lifts no pair", "11.00", "over")
    elm.expect("MOD110", "review", line, "follows: 76 on a timed code")
    for services in (("97530x2", "97750 59"), ("97530 59x2", "97750"), ("97150", "97110 XEx2")):
        line = elm.visit(*services)[1]
        elm.expect("NCC103", "info", line, "a pair of indicator 1 lifted by a modifier on either line")
    elm.visit("97530x2", "97750", denied=[2])  # a denied line makes no pair
    elm.visit("97530x2", "97750", payer=BRIDGE)  # a payer without code pairs
    # 59 where no pair is in force: the pair of manual therapy and exercise never was
    for services in (("97110x2", "97140 59"), ("97110x2", "97112", "97140 XS"), ("97161", "97140 59")):
        line = elm.visit(*services)[-1]
        elm.expect("MOD111", "review", line, "a modifier that sets services apart, and no pair needs it")


def limits(elm: Elmwood) -> None:
    """NCC201, NCC301, NCC401 and MOD114."""
    for payer in (MEDICARE, SUMMIT, MEDICARE):
        line = elm.visit("97110", "A6460x3", payer=payer)[1]
        elm.expect("NCC201", "error", line, "3 units on one line, the line limit is 1", "22.00", "over")
    elm.visit("97110", "A6460")
    for services, why in (
        (("97110", "97130x2"), "additional quarters of an hour of a service whose first was not billed"),
        (("97110", "97598"), "further area of debridement without the first"),
        (("97110", "97551"), "further time of caregiver training without the first half hour"),
    ):
        line = elm.visit(*services)[1]
        elm.expect("NCC301", "error", line, why, "22.00" if "97130" in services[1] else "11.00", "over")
    elm.visit("97129", "97130x2")
    elm.visit("97597", "97598")
    for services, payer, why in (
        (("97110x2", "97010"), MEDICARE, "hot or cold pack: bundled by Medicare"),
        (("97110x2", "97602"), MEDICARE, "non-selective debridement: bundled by Medicare"),
        (("97110x2", "97010"), SUMMIT, "hot or cold pack: unit limit 0 for a payer with Medicare's limits"),
    ):
        line = elm.visit(*services, payer=payer)[1]
        elm.expect("NCC401", "error", line, why, "11.00", "over")
    elm.visit("97110x2", "97010 GY")
    elm.visit("97110x2", "97010", payer=BRIDGE)
    for code in ("97012", "97016", "G0283"):
        line = elm.visit("97110x2", code, f"{code} KX", payer=BRIDGE)[2]
        elm.expect("MOD114", "review", line, "an untimed code on a second line that does not say why", "11.00", "over")
        elm.expect("CAP105", "review", line, "follows: KX for a payer without a threshold")
    elm.visit("97110x2", "97016", "97016 76", payer=BRIDGE)


def modifiers(elm: Elmwood) -> None:
    """MOD112 and MOD113."""
    for modifier, why in (
        ("GD", "GD ended with 2019"),
        ("G#", "a character that no modifier has"),
        ("KXX", "three characters"),
    ):
        line = elm.visit("97140", f"97110 {modifier}x2")[1]
        elm.expect("MOD112", "error", line, why)
    for services in (("97110x2",), ("97140x2",), ("97035 97", "97112x2")):
        line = elm.visit(*services, payer=SUMMIT, rehabilitative="")[-1]
        elm.expect("MOD113", "review", line, "the payer wants 96 or 97 on every therapy line")
    elm.visit("97110x2", "97140", payer=SUMMIT)
    elm.visit("97110x2", payer=SUMMIT, rehabilitative="96")


def diagnoses(elm: Elmwood) -> None:
    """DXC101 to DXC110 but DXC109; 11.00 a line."""
    year = date(2026, 3, 2)

    def error(check: str, diagnosis: str, why: str, day: date = year) -> None:
        line = elm.visit("97110x2", diagnoses=diagnosis, day=day)[0]
        elm.expect(check, "error", line, why, "22.00", "over")

    error("DXC101", "S93.40R", "no such code: the side is a digit")
    error("DXC101", "S93.401Z", "no such seventh character")
    error("DXC101", "M25.ZZ", "no such code in any year")
    error("DXC102", "S30.1XXD", "ended with September 2025", date(2025, 11, 3))
    error("DXC102", "S23.420D", "ended with September 2026", date(2026, 10, 1))
    error("DXC102", "M05.A", "not before October 2025", date(2025, 9, 30))
    error("DXC103", "M54.5", "a header since October 2021")
    error("DXC103", "M25.56", "a header: the side is missing")
    error("DXC103", "M48.06", "a header since October 2017")
    error("DXC104", "S93.401", "the seventh character is missing")
    error("DXC104", "M25.5611", "a character too many")
    error("DXC104", "S83.511", "the seventh character is missing")
    for code in ("M25.569", "M75.100", "G56.00"):
        line = elm.visit("97110x2", diagnoses=code)[0]
        elm.expect("DXC105", "review", line, "no side, where codes with a side exist")
    for service, codes, why in (
        ("97760 RT", "M25.562", "right, and the diagnosis is of the left knee"),
        ("97760 LT", "M25.511", "left, and the diagnosis is of the right shoulder"),
        ("97760 RT", "M25.562 M25.512", "right, and both diagnoses are of the left"),
    ):
        line = elm.visit(service, diagnoses=codes)[0]
        elm.expect("DXC106", "review", line, why)
    elm.visit("97760 RT", diagnoses="M25.561")
    for pointers, why in (
        ("3", "points at an empty slot"),
        ("", "points at nothing, while other lines of the file do"),
        ("1:2:3:4:5", "points at five"),
    ):
        codes = "M25.561 M62.81" if pointers != "1:2:3:4:5" else "M25.561 M62.81 R26.89 M54.2 Z96.651"
        line = elm.visit("97110x2", diagnoses=codes, pointers=pointers)[0]
        elm.expect("DXC107", "error", line, why)
    for codes, why in (
        ("M54.2 M50.120", "neck pain beside a disc disorder of the neck"),
        ("M54.50 M51.26", "low back pain beside a disc displacement"),
        ("M25.661 M24.561", "stiffness of the knee beside its contracture"),
    ):
        line = elm.visit("97110x2", diagnoses=codes, day=year)[0]
        elm.expect("DXC108", "review", line, why)
    for codes in ("M25.561 M25.561", "M54.2 M62.81 M54.2", "m25.561 M25561"):
        line = elm.visit("97110x2", diagnoses=codes, day=year)[0]
        elm.expect("DXC110", "info", line, "one diagnosis twice")


def build() -> Part:
    elm = Elmwood()
    part = elm.part
    part.add(
        "payers",
        payer_id=SUMMIT,
        payer_name="Summit Employers Trust",
        payer_class="commercial",
        units_method="cms",
        uses_ncci="true",
        uses_therapy_threshold="false",
        requires_discipline_modifier="true",
        requires_assistant_modifier="false",
        requires_certified_plan="false",
        requires_rehabilitative_modifier="true",
    )
    part.add(
        "payers",
        payer_id=BRIDGE,
        payer_name="Bridgewater Mutual",
        payer_class="commercial",
        units_method="cms",
        uses_ncci="false",
        uses_therapy_threshold="false",
        requires_discipline_modifier="true",
        requires_assistant_modifier="false",
        requires_certified_plan="false",
        requires_rehabilitative_modifier="false",
    )
    part.add(
        "providers",
        npi=PT,
        provider_name="Rowan Elmsworth",
        discipline="PT",
        specialty_code="65",
        taxonomy_code="225100000X",
        clinic_id="ELM",
        role="therapist",
        active_from=date(2020, 1, 6),
    )
    part.add(
        "providers",
        npi=OT,
        provider_name="Sabine Hartwell",
        discipline="OT",
        specialty_code="67",
        taxonomy_code="225X00000X",
        clinic_id="ELM",
        role="therapist",
        active_from=date(2020, 1, 6),
    )
    part.add("providers", npi=GROUP, provider_name="Elmwood Therapy Group", clinic_id="ELM", role="group")
    pairs(elm)
    limits(elm)
    modifiers(elm)
    diagnoses(elm)
    for number in range(40):  # ordinary visits without an error
        npi = OT if number % 4 == 0 else PT
        elm.visit(
            "97530x2",
            "97110",
            npi=npi,
            payer=(MEDICARE, BRIDGE)[number % 2],
            diagnoses="I69.351" if npi == OT else "M17.11 R26.89",
        )
    return part
