"""Scenes of a practice as canonical text records: each is one patient's story that reaches some family of checks.

A world is any number of scenes with the payers and providers that they share. The chance is a `random.Random` (a big
world from a seed) or Hypothesis's own (a small world that shrinks). Dates, minutes, units, modifiers, diagnoses and
pairs are drawn near the boundaries of the rules. Nobody in it exists.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.worlds import npi as made_npi

Row = dict[str, str]
Records = dict[str, list[Row]]

RECORDS = (
    "claim_lines visits visit_services plans_of_care progress_reports providers payers patients provider_days "
    "coverage_policies exclusions therapy_accumulators"
).split()
BILLING = ("1999999992", "1999999984")
PT, PT2, OT, SLP, DOCTOR, STRANGER = (
    "1000000004", "1000000012", "1000000020", "1000000038", "1000000046", "1000000053",
)  # fmt: skip
PROVIDERS: tuple[Row, ...] = (
    {"npi": PT, "discipline": "PT", "specialty_code": "65"},
    {"npi": PT2, "specialty_code": "65", "active_from": "2019-07-01", "active_to": "2026-03-31"},
    {"npi": OT, "taxonomy_code": "225X00000X"},
    {"npi": SLP, "discipline": "SLP", "specialty_code": "15"},
    {"npi": DOCTOR, "specialty_code": "08"},
    {"npi": STRANGER},
    {"npi": BILLING[0], "active_from": "2013-07-02"},
)
MODIFIER = {PT: "GP", PT2: "GP", OT: "GO", SLP: "GN"}
PAYERS: tuple[Row, ...] = (
    {"payer_id": "MCR", "payer_class": "medicare_b", "mac": "JK"},
    {"payer_id": "MCR2", "payer_class": "medicare_b", "wants_97014": "true", "same_provider": "billing", "mac": "J15"},
    {"payer_id": "HOSP", "payer_class": "medicare_b", "ncci_setting": "hospital", "requires_certified_plan": "false"},
    {"payer_id": "ADV", "payer_class": "medicare_advantage", "timely_filing_days": "90"},
    {
        "payer_id": "YES", "payer_class": "commercial", "units_method": "cms", "uses_ncci": "true",
        "uses_therapy_threshold": "true", "requires_discipline_modifier": "true", "requires_assistant_modifier": "true",
        "requires_certified_plan": "true", "requires_rehabilitative_modifier": "true", "wants_97014": "true",
        "bilateral_form": "one_line_50", "timely_filing_days": "365",
    },
    {
        "payer_id": "NO", "payer_class": "commercial", "units_method": "cpt", "uses_ncci": "false",
        "uses_therapy_threshold": "false", "requires_discipline_modifier": "false",
        "requires_assistant_modifier": "false", "requires_certified_plan": "false",
        "requires_rehabilitative_modifier": "false", "wants_97014": "false", "bilateral_form": "two_lines",
        "timely_filing_days": "0",
    },
    {"payer_id": "SILENT", "payer_class": "commercial"},
)  # fmt: skip
EDGES = [
    date.fromisoformat(text)
    for text in (
        "2009-12-31 2010-01-01 2012-02-29 2013-06-30 2013-07-01 2015-09-30 2015-10-01 2016-12-31 2017-01-01 2017-12-31 2018-01-01 "
        "2018-12-31 2019-01-01 2019-06-30 2019-07-01 2019-12-31 2020-01-01 2020-02-29 2020-09-30 2020-10-01 2021-09-30 2021-10-01 "
        "2021-12-31 2022-01-01 2023-06-30 2023-07-01 2024-02-29 2024-03-08 2024-03-09 2024-06-30 2024-07-01 2024-12-31 2025-01-01 "
        "2025-09-30 2025-10-01 2025-12-31 2026-01-01 2026-03-31 2026-04-01 2026-09-30 2026-10-01 2026-12-31 2027-01-01"
    ).split()
]
LATE = [day for day in EDGES if day >= date(2024, 7, 1)]
AMOUNTS = ("29.06", "29.06", "22.21", "33.33", "87.18", "0.00", "0.01", "100.00", "", "-29.06")


class Stage:
    """Collects the records of the scenes and hands out names and numbers."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.records: Records = {name: [] for name in RECORDS}
        self.patients = 0
        self.claims = 0
        self.groups = 5000

    def pick(self, *options: Any) -> Any:
        """One of the options; a list or tuple alone is the list of options."""
        several = options[0] if len(options) == 1 else options
        return several[self.chance.randrange(len(several))]

    def some(self, one_in: int) -> bool:
        return self.chance.randrange(one_in) == 0

    def patient(self) -> str:
        self.patients += 1
        return f"P{self.patients}"

    def claim(self) -> str:
        self.claims += 1
        return f"C{self.claims}"

    def group(self) -> str:
        """A group that bills nothing else, or one that bills much."""
        self.groups += 1
        return made_npi(self.groups) if self.some(2) else self.pick(*BILLING)

    def line(self, **cells: object) -> Row:
        """A claim line of the record, with what is not given left plain."""
        row = {
            "claim_id": "", "line_number": "1", "payer_id": "MCR", "billing_npi": BILLING[0], "rendering_npi": PT,
            "procedure_code": "97110", "units": "1", "place_of_service": "11", "received_date": "", "allowed_amount": "29.06",
            "charge_amount": "60.00", "diagnosis_1": "M54.50", "diagnosis_pointers": "1",
        }  # fmt: skip
        modifiers = cells.pop("modifiers", ())
        for place in range(1, 13):
            if f"diagnosis_{place}" in cells:
                row[f"diagnosis_{place}"] = str(cells.pop(f"diagnosis_{place}"))
        row |= {name: "" if value is None else str(value) for name, value in cells.items()}
        row |= {f"modifier_{place}": name for place, name in enumerate(list(modifiers)[:4], start=1)}
        if not row["claim_id"]:
            row["claim_id"] = self.claim()
        self.records["claim_lines"].append(row)
        return row

    def add(self, record: str, **cells: object) -> None:
        self.records[record].append({name: "" if value is None else str(value) for name, value in cells.items()})


# --- scenes ---------------------------------------------------------------------------------------

PAIRED = (
    "97110 97110 97112 97116 97124 97140 97140 97150 97150 97530 97530 97535 97750 97161 97161 97164 97165 97168 97010 97014 "
    "G0283 97032 97018 97012 97016 99213 99203 95851 97597 97598 98941 20553 20560 64615 64612 64616 64617 64642 64643 64644 "
    "64645 95873 95874 97129 97130 97550 97551 97545 97546 90912 90913 J0585 97602 97039 80053 12345 A6460 A6461"
).split()
DISTINCT = (
    "", "", "", "", "59", "59", "XE", "XS", "XU", "25", "24", "57", "58", "79", "91", "27", "RT", "LT", "LT RT", "E1", "76", "77",
    "50", "GA", "GY", "GX", "KX", "JW", "CQ", "GP GO",
)  # fmt: skip


def pair_day(stage: Stage) -> None:
    """Several codes on one day, with and without the modifiers that part them: pairs, limits, add-ons, repeats."""
    pick = stage.pick
    patient, day = stage.patient(), pick(EDGES + LATE * 2)
    payers = [pick(PAYERS)["payer_id"] for _ in range(2)] + ["MCR", "NOROW"]
    npis = [pick(PT, PT2, OT, DOCTOR) for _ in range(2)]
    codes = [pick(PAIRED) for _ in range(pick(1, 2, 3, 4, 5))]
    claim = stage.claim()
    for number, code in enumerate(codes + [c for c in codes if stage.some(4)], start=1):
        if stage.some(3):
            claim = stage.claim()
        npi = npis[0] if not stage.some(5) else npis[1]
        modifiers = [MODIFIER.get(npi, "")] if not stage.some(4) else []
        modifiers += pick(DISTINCT).split() if stage.some(2) else []
        stage.line(
            claim_id=claim, line_number=number, patient_id=patient, service_date=day, procedure_code=code,
            payer_id=payers[0] if not stage.some(6) else pick(payers), rendering_npi=npi,
            billing_npi=pick(BILLING[0], BILLING[0], BILLING[0], BILLING[1]),
            modifiers=[name for name in modifiers if name], units=pick("1", "1", "1", "2", "3", "5", "9", "1.5", "0"),
            line_status=pick("", "", "", "", "paid", "denied"), allowed_amount=pick(AMOUNTS),
            received_date=pick("", day, day + timedelta(days=9)),
            service_date_to=pick("", "", "", "", "", "", "", "", day + timedelta(days=1)),
        )  # fmt: skip


MODIFIERS = (
    "GP GO GN KX CQ CO GA GX GY GZ 59 XE XP XS XU 76 77 52 25 50 26 TC AT 22 96 97 JW JZ GD 95 93 CH CN RT LT Z gp ABC ZZ 1! "
    "9 \u00c4\u00c4"
).split()


def modifier_day(stage: Stage) -> None:
    """Modifiers of every kind around the dates at which they begin and end."""
    day = stage.pick(EDGES + [date(2014, 12, 31), date(2015, 1, 1), date(2022, 12, 31), date(2023, 1, 1)])
    patient, payer = stage.patient(), stage.pick(PAYERS)["payer_id"]
    for _ in range(stage.pick(1, 2)):
        stage.line(
            patient_id=patient, service_date=day, payer_id=payer, allowed_amount=stage.pick(AMOUNTS),
            procedure_code=stage.pick("97110", "97140", "97161", "97150", "92507", "97129", "97010", "99213", "J0585", "G8978"),
            modifiers=[stage.pick(MODIFIERS) for _ in range(stage.pick(0, 1, 2, 3, 4))],
            line_status=stage.pick("", "paid", "denied"), rendering_npi=stage.pick(PT, OT, SLP, DOCTOR, STRANGER),
        )  # fmt: skip


DIAGNOSES = (
    "M54.5 M545 m54.50 M54.51 M54.41 M54.42 M54.4 M51.360 M51.16 S39.012A M25.561 M25.562 M25.569 M25.5611 M75.100 M75.101 M75.102 "
    "G56.00 G56.01 G56.02 G56.03 S86.011 S86.011A S86.011D S93.04 S93.04X S93.04XA S93.40R S93.401Z S93.401 G43.709 G43.009 G43.719 "
    "G43.E09 G43.E091 M53.3 M54 Z98.42 ZZZ 1 S93.0R M54.50A C50.9 H49.20 A00 U07.1 M79.60 M79.609 F32.A T14.8XXA S00.01XA"
).split()


def diagnosed_claim(stage: Stage) -> None:
    """A claim with good and bad diagnoses and pointers; now and then two headers that differ."""
    pick = stage.pick
    day = pick([date(2015, 9, 30), date(2015, 10, 1), date(2021, 9, 30), date(2021, 10, 1), date(2023, 9, 30), date(2023, 10, 1),
                date(2025, 9, 30), date(2025, 10, 1), date(2026, 3, 1), date(2026, 9, 30), date(2026, 10, 1), date(2027, 1, 4)])  # fmt: skip
    claim, patient, payer = stage.claim(), stage.patient(), pick("MCR", "YES", "SILENT")
    codes = [pick(DIAGNOSES) for _ in range(pick(0, 1, 1, 2, 2, 3, 5))]
    if stage.some(6):
        codes = codes[:1] + [""] + codes[1:]
    if stage.some(12):
        codes = (codes * 12)[:12]
    for number in range(1, pick(1, 2, 3) + 1):
        own = [pick(DIAGNOSES)] if stage.some(8) else codes
        stage.line(
            claim_id=claim, line_number=number, patient_id=patient, payer_id=payer, procedure_code=pick("97110", "97140", "20553"),
            service_date=day + timedelta(days=pick(0, 0, 0, 1)), line_status=pick("", "", "", "denied"), allowed_amount=pick(AMOUNTS),
            diagnosis_pointers=pick("", "1", "1", "1:2", "2", "1:2:3:4", "1:2:3:4:5", "13", "0", "A", "1:1", "3:1", "1:"),
            modifiers=pick("", "", "RT", "LT", "50", "RT LT", "GP RT", "RT RT", "LT 50").split(),
            **({"diagnosis_1": ""} | {f"diagnosis_{place}": code for place, code in enumerate(own, start=1)}),
        )  # fmt: skip


# --- episodes -------------------------------------------------------------------------------------

GAPS = (1, 1, 2, 3, 3, 7, 7, 8, 10, 29, 30, 31, 45, 59, 60, 61, 83, 84, 89, 90, 91)
FUNCTIONAL = ("G8978", "G8979", "G8981", "G8999", "G9158", "G9176", "G9186")


def episode(stage: Stage) -> None:
    """A course of therapy with evaluations, plans, certifications, progress reports and functional codes."""
    pick = stage.pick
    day = pick(date(2013, 5, 20), date(2013, 6, 30), date(2018, 11, 15), date(2018, 12, 30), date(2024, 11, 20), date(2025, 1, 1),
               date(2025, 1, 6), date(2025, 9, 1), date(2026, 2, 2))  # fmt: skip
    patient, who = stage.patient(), pick(PT, PT, PT, PT2, OT, SLP)
    payer = pick("MCR", "MCR", "MCR", "HOSP", "YES", "NO", "ADV", "SILENT")
    billing = stage.group()
    modifier = MODIFIER[who]
    discipline = {"GP": "PT", "GO": "OT", "GN": "SLP"}[modifier]
    evaluation = {
        "PT": ("97001", "97161", "97162"),
        "OT": ("97003", "97165", "97166"),
        "SLP": ("92506", "92521", "92522"),
    }
    again = {"PT": ("97002", "97164"), "OT": ("97004", "97168"), "SLP": ("92526", "92507")}
    first, long, old = day, stage.some(2), day < date(2017, 1, 1)
    visits = pick(1, 3, 5, 9, 11, 12, 14, 22, 23)
    assisted = stage.some(3)
    for number in range(visits):
        if number:
            day += timedelta(days=pick(GAPS) if not long or stage.some(8) else pick(1, 2, 3))
        claim = stage.claim()
        codes: list[str] = []
        if (number == 0 and not stage.some(3)) or stage.some(12):
            codes.append(evaluation[discipline][0] if old else pick(evaluation[discipline][1:]))
        if stage.some(10):
            codes.append(again[discipline][0] if old else again[discipline][1])
        if number or stage.some(2) or not codes:
            codes.append(pick("97110", "97530", "97530", "92507" if discipline == "SLP" else "97140", "97150"))
        if day < date(2019, 7, 1) and stage.some(4):
            codes.append(pick(FUNCTIONAL))
        marked = modifier if not stage.some(15) else pick("", "GP GO", "GN")
        for place, code in enumerate(codes, start=1):
            own = marked.split()
            if assisted and not stage.some(8):
                own.append({"PT": "CQ", "OT": "CO", "SLP": "KX"}[discipline])
            if code[0] == "G" and code != "G0283" and not stage.some(4):
                own.append(pick("CH", "CK", "CN"))
            stage.line(
                claim_id=claim, line_number=place, patient_id=patient, payer_id=payer if not stage.some(20) else "SILENT",
                billing_npi=billing, rendering_npi=who if not stage.some(15) else pick(PT, DOCTOR), procedure_code=code,
                service_date=day, modifiers=own, allowed_amount=pick("29.06", "29.06", ""), line_status=pick(*[""] * 15, "denied"),
                received_date=pick(day + timedelta(days=5), day + timedelta(days=5), day, ""),
                diagnosis_1=pick("M54.50", "M54.50", "M25.561", "S86.011A", "S13.4XXA", "T33.011A", "T67.0XXA", "T80.0XXA"),
            )  # fmt: skip
        if not stage.some(3):
            base = {"patient_id": patient, "service_date": day, "rendering_npi": who}
            signed = pick("", day, day + timedelta(days=5), day + timedelta(days=6), day + timedelta(days=30))
            stage.add("visits", **base, discipline=discipline, timed_minutes=pick("15", "23", ""), total_minutes="45",
                      note_signed_date=signed, note_author_npi=pick(who, ""))  # fmt: skip
            for code in codes:
                alone = pick("", "0", "15") if not assisted else pick("15", "15", "15", "0", "")
                stage.add("visit_services", **base, procedure_code=code, minutes=pick("15", "0", "0", ""), assistant_minutes=alone,
                          group_size=pick("", "1", "2", "3") if code == "97150" else "")  # fmt: skip
        if stage.some(9):
            stage.add("progress_reports", patient_id=patient, discipline=discipline, report_date=day + timedelta(days=pick(-1, 0, 0, 1)),
                      author_npi=who, author_role=pick("clinician", "clinician", "", "assistant"))  # fmt: skip
    if not stage.some(4):
        starts = first + timedelta(days=pick(0, 0, 0, 0, -1, 1, -7, 14))
        for _ in range(pick(1, 1, 2, 3)):

            def days(*spans, starts=starts):
                return "" if stage.some(4) else starts + timedelta(days=pick(*spans))

            stage.add("plans_of_care", patient_id=patient, discipline=discipline if not stage.some(12) else "OT",
                      billing_npi=pick(billing, billing, ""), evaluation_date=starts, plan_to=days(28, 60, 88, 89, 90, 120),
                      plan_sent_date=days(0, 5, 29, 30, 31, -1), order_signed_date=days(-3, 0, 1),
                      certified_date=days(0, 10, 29, 30, 31, 60))  # fmt: skip
            starts += timedelta(days=pick(28, 60, 89, 90, 91))


def assistant_day(stage: Stage) -> None:
    """Minutes of therapist and assistant on one day, billed near what they ask for."""
    pick = stage.pick
    day = pick(
        date(2019, 12, 31), date(2020, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2025, 3, 3), date(2026, 5, 4)
    )
    patient, payer = stage.patient(), pick("MCR", "MCR", "MCR", "YES", "NO", "SILENT", "ADV", "HOSP")
    npi = pick(PT, PT, OT, SLP, STRANGER)
    mark = {PT: "CQ", OT: "CO"}.get(npi, "CQ")
    base = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
    total = 0
    claim, number = stage.claim(), 0
    for code in dict.fromkeys(
        pick("97110", "97140", "97112", "97150", "97129", "97130", "97161", "98977", "92507", "G0283")
        for _ in range(pick(1, 1, 2, 3))
    ):
        own, alone = (
            pick(0, 5, 6, 7, 7, 8, 9, 10, 13, 14, 15, 20, 22, 23, 26, 28, 30),
            pick(0, 0, 1, 1, 2, 3, 4, 7, 8, 9, 14, 15, 22, 23),
        )
        if not stage.some(9):
            stage.add(
                "visit_services",
                **base,
                procedure_code=code,
                minutes=own if not stage.some(15) else "",
                assistant_minutes=alone or pick("", "0"),
            )
        total += own + alone
        units = (
            max((own + alone + 7) // 15 + pick(0, 0, 0, 0, -1, 1), 1)
            if code[0] == "9" and code not in ("97150", "97161", "98977", "92507")
            else 1
        )
        marked = pick(0, units, units // 2, (alone + 7) // 15)
        for share, extra in ((units - marked, []), (marked, [mark])):
            if share > 0:
                number += 1
                stage.line(
                    **base, claim_id=claim, line_number=number, payer_id=payer, procedure_code=code, units=pick(share, share, share, share, share, "1.5"),
                    modifiers=[MODIFIER.get(npi, "GP"), *extra], allowed_amount=pick(AMOUNTS), paid_amount=pick("", "23.25", "18.60", "0.05"),
                    line_status=pick("", "", "", "", "", "denied"), received_date=pick("", day + timedelta(days=3)),
                )  # fmt: skip
    if not stage.some(5):
        stage.add(
            "visits",
            **base,
            discipline=pick("PT", ""),
            timed_minutes=pick(total, total, total, "", total + 1),
            total_minutes=total + 20,
        )


def injection(stage: Stage) -> None:
    """Chemodenervation, its guidance and its drugs, now and again too soon."""
    pick = stage.pick
    day = pick(date(2011, 3, 31), date(2011, 4, 1), date(2012, 1, 1), date(2016, 6, 1), date(2022, 12, 31), date(2023, 6, 30),
               date(2023, 7, 1), date(2024, 3, 31), date(2024, 4, 1), date(2025, 1, 6), date(2026, 2, 2))  # fmt: skip
    patient = stage.patient()
    payer = pick("MCR", "MCR", "MCR", "YES", "NO", "SILENT", "HOSP")
    for _ in range(pick(1, 1, 2, 3)):
        place = pick("11", "11", "11", "22", "24", "19", "21", "")
        claim, number = stage.claim(), 0
        for _ in range(pick(0, 1, 1, 2, 3)):
            number += 1
            stage.line(
                claim_id=claim, line_number=number, patient_id=patient, service_date=day, payer_id=payer, rendering_npi=DOCTOR,
                procedure_code=pick("64611 64612 64612 64613 64614 64615 64615 64616 64616 64617 64642 64643 64644 64645 64646 64647 64650 64653 95874 52287 43201".split()),
                units=pick("1", "1", "1", "2"), modifiers=pick("", "", "", "RT", "LT", "50", "RT LT", "59 RT", "LT 59").split(), place_of_service=place,
                allowed_amount=pick("138.48", "207.71", "154.45", "0.01", ""), line_status=pick("", "", "", "", "", "denied"),
                received_date=pick("", day + timedelta(days=4), day + timedelta(days=9)),
                diagnosis_1=pick("G43.709", "G24.3", "G81.11", "G81.12", "M62.411", "M62.412", "G56.01"), diagnosis_2=pick("", "G56.01", "M62.411"),
                diagnosis_pointers=pick("1", "1:2", ""), billing_npi=pick(BILLING[0], BILLING[0], BILLING[0], BILLING[1]),
            )  # fmt: skip
        for _ in range(pick(0, 1, 1, 1, 2)):
            drug = pick("J0585", "J0585", "J0586", "J0587", "J0588", "J0588", "J0589", "J0589")
            vials = {
                "J0585": (100, 200, 300),
                "J0586": (60, 100, 160),
                "J0587": (25, 50, 100),
                "J0588": (50, 100, 200, 150),
                "J0589": (50, 100, 150),
            }
            total = pick(vials[drug])
            given = pick(total, total, max(total - 45, 1), max(total - 1, 1), total + 1, total // 2)
            waste = max(total - given + pick(0, 0, 0, 0, 1, -1, -10, 50, 100), 0)
            mark = pick("", "JZ", "JZ") if not waste or stage.some(6) else ""
            for units, own in ((given, mark), (waste, "JW" if not stage.some(8) else pick("", "JZ", "JW JZ"))):
                if units:
                    number += 1
                    stage.line(
                        claim_id=claim if not stage.some(5) else stage.claim(), line_number=number, patient_id=patient, service_date=day,
                        payer_id=payer, rendering_npi=DOCTOR, procedure_code=drug, units=units if not stage.some(25) else "1.5",
                        modifiers=own.split(), place_of_service=place, allowed_amount=pick("1009.36", "325.60", "100.00", ""),
                        received_date=pick("", day + timedelta(days=4), day + timedelta(days=9)), line_status=pick("", "", "", "", "", "", "denied"),
                        ndc=pick("", "00023114501"), billing_npi=pick(BILLING[0], BILLING[0], BILLING[0], BILLING[0], BILLING[1]),
                    )  # fmt: skip
        day += timedelta(days=pick(1, 28, 68, 82, 83, 84, 85, 90))


def filing(stage: Stage) -> None:
    """Claims around their filing limit, replaced and voided, with headers that do not agree, places and providers that do not fit."""
    pick = stage.pick
    day = pick(
        EDGES
        + [
            date(2024, 3, 15),
            date(2023, 7, 4),
            date(2024, 12, 25),
            date(2023, 1, 2),
            date(2025, 2, 28),
            date(2020, 6, 19),
        ]
    )
    patient, payer = stage.patient(), pick("MCR", "MCR", "ADV", "YES", "NO", "SILENT")
    npi = pick(PT, PT2, OT, SLP, DOCTOR, STRANGER)
    sent = "" if stage.some(8) else day + timedelta(days=pick(0, 9, 89, 90, 91, 364, 365, 366, 367, 368, 369, 370, 400))
    claim = stage.claim()
    lines = []
    for number in range(1, pick(1, 2, 3) + 1):
        row = stage.line(
            claim_id=claim, line_number=number, patient_id=patient, service_date=day, payer_id=payer, rendering_npi=npi,
            billing_npi=BILLING[0], received_date=sent, place_of_service=pick("11", "12", "02", "10", "19", "21", "22", "23", "31", "32", "62", "99", ""),
            procedure_code=pick("97110", "97014", "G0283", "97001", "97161", "97762", "97763", "97532", "64613", "J0589", "99213", "12345", "90911"),
            modifiers=pick("", "GP", "GP GY", "GY", "GA").split(), charge_amount=pick("60.00", "29.05", "0.01", "0.00", ""),
            allowed_amount=pick("29.06", "31.00", "60.00", "60.01", "60.06", ""), paid_amount=pick("", "23.25", "61.00"),
            line_status=pick("", "", "", "", "denied"), state=pick("", "NY", "CA"),
        )  # fmt: skip
        if stage.some(6):
            row["billing_npi"] = BILLING[1]
        if stage.some(9):
            row["received_date"] = pick("", str(day + timedelta(days=3)))
        if stage.some(9):
            row["diagnosis_2"] = "M25.561"
        lines.append(row)
    for frequency in pick((), (), (), ("7",), ("8",), ("7", "7"), ("7", "8")):
        later = str(day + timedelta(days=pick(30, 365, 366, 400))) if not stage.some(6) else ""
        original = pick(claim, claim, claim, "", "GONE", lines[0]["claim_id"])
        claim = pick(stage.claim(), stage.claim(), lines[0]["claim_id"])
        for row in lines[: pick(1, 2, 3)]:
            stage.records["claim_lines"].append(
                row
                | {
                    "claim_id": claim,
                    "claim_frequency": frequency,
                    "original_claim_id": original,
                    "received_date": later,
                }
            )
    if stage.some(6):
        stage.add(
            "exclusions",
            npi=pick(npi, BILLING[0]),
            from_date=day + timedelta(days=pick(-1, 0, 1)),
            to_date=pick("", day, day - timedelta(days=1)),
            source="list",
        )


def crowded_hours(stage: Stage) -> None:
    """One therapist's patients by the clock, some of them at once: overlaps, groups, codes with a time of their own."""
    pick = stage.pick
    day = pick(date(2024, 2, 5), date(2025, 3, 3), date(2026, 5, 4)) + timedelta(days=pick(range(40)))
    npi = pick(PT, PT2, OT)
    clock = 8 * 60
    for _ in range(pick(1, 2, 3, 4)):
        patient = stage.patient()
        for payer in pick(("MCR",), ("MCR",), ("YES",), ("MCR", "YES")):
            claim = stage.claim()
            for number, code in enumerate(
                pick(
                    ("97110",),
                    ("97110", "97140"),
                    ("97161", "97110"),
                    ("97150",),
                    ("97530", "97150"),
                    ("97550", "97551"),
                ),
                start=1,
            ):
                minutes = pick(8, 15, 15, 23, 30)
                base = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
                stage.line(**base, claim_id=claim, line_number=number, payer_id=payer, procedure_code=code, units=(minutes + 7) // 15 if code != "97161" else 1,
                           modifiers=[MODIFIER[npi]], allowed_amount=pick("29.06", "22.21", "58.12", ""), line_status=pick(*[""] * 9, "denied"))  # fmt: skip
                start, end = clock, clock + minutes
                hours = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (start, end)]
                if not stage.some(8):
                    stage.add("visit_services", **base, procedure_code=code, minutes=minutes, assistant_minutes=pick("", "", "", "0", "5"),
                              start_time=hours[0] if not stage.some(8) else "", end_time=hours[1], group_size=pick("", "", "1", "2"))  # fmt: skip
                clock = end
        clock -= pick(0, 0, 0, 1, 7, 8, 22, 23)


OWN_TIME = (
    "96105",
    "96125",
    "92607",
    "92608",
    "97550",
    "97551",
    "97545",
    "97546",
    "98979",
    "98980",
    "98981",
    "G0541",
    "G0542",
)


def own_time(stage: Stage) -> None:
    """Codes whose unit is not 15 minutes, near their own thresholds; some of them counted over a month."""
    pick = stage.pick
    day = pick(date(2023, 12, 30), date(2024, 1, 1), date(2025, 1, 31), date(2026, 1, 1), date(2026, 5, 4))
    patient, payer, npi = stage.patient(), pick("MCR", "YES", "SILENT"), pick(PT, OT, SLP)
    for _ in range(pick(1, 2, 3)):
        codes = dict.fromkeys([pick(OWN_TIME) for _ in range(pick(1, 2))])
        for code in codes:
            minutes = pick(0, 9, 10, 15, 16, 19, 20, 30, 31, 37, 38, 39, 40, 52, 53, 60, 61, 90, 91, 120, 150, 151)
            base = {"patient_id": patient, "service_date": day, "rendering_npi": npi}
            stage.line(**base, payer_id=payer, procedure_code=code, units=pick("1", "1", "1", "2", "3", "0", "1.5"), modifiers=[MODIFIER[npi]],
                       allowed_amount=pick(AMOUNTS), line_status=pick(*[""] * 7, "denied"))  # fmt: skip
            if not stage.some(6):
                stage.add(
                    "visit_services",
                    **base,
                    procedure_code=code,
                    minutes=pick(minutes, minutes, minutes, ""),
                    assistant_minutes=pick("", "", "", "5"),
                )
        day += timedelta(days=pick(0, 1, 30, 31))


def policy_line(stage: Stage) -> None:
    """Lines under coverage policies that list diagnoses, with and without authorization."""
    pick = stage.pick
    day = pick(date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 1))
    payer = pick("MCR", "MCR", "MCR2", "HOSP", "YES", "SILENT")
    claim, patient = stage.claim(), stage.patient()
    for number in range(1, pick(1, 2) + 1):
        stage.line(
            claim_id=claim, line_number=number, patient_id=patient, payer_id=payer, service_date=day, rendering_npi=pick(PT, DOCTOR),
            procedure_code=pick("64612", "64615", "64616", "64642", "97110", "J0585"), diagnosis_1=pick("G43.709", "G24.3", "G24.5", "M54.50", "G81.11", ""),
            diagnosis_2=pick("", "G35", "G80.0", "G43.709"), diagnosis_pointers=pick("1", "1:2", "2", "", "3"), prior_authorization=pick("", "", "A1"),
            place_of_service=pick("11", "22", "19", ""), state=pick("", "NY", "KY"), line_status=pick("", "", "", "denied"), allowed_amount=pick(AMOUNTS),
        )  # fmt: skip


POLICIES: tuple[Row, ...] = (
    {"mac": "JK", "policy_id": "A1", "policy_version": "1", "code_low": "64615", "code_high": "64615", "dx_low": "G43.7", "dx_high": "G43.7",
     "group_no": "1", "role": "covered", "dos_from": "2025-01-01", "dos_to": "2025-06-30"},
    {"mac": "JK", "policy_id": "A1", "policy_version": "2", "code_low": "64612", "code_high": "64616", "dx_low": "G24", "dx_high": "G24.9",
     "group_no": "1", "role": "covered", "dos_from": "2025-01-01"},
    {"mac": "JK", "policy_id": "A1", "policy_version": "2", "code_low": "64612", "code_high": "64616", "dx_low": "M54.50", "dx_high": "M54.50",
     "group_no": "2", "role": "noncovered", "dos_from": "2025-01-01"},
    {"mac": "JK", "policy_id": "A2", "policy_version": "1", "code_low": "64642", "code_high": "64647", "dx_low": "G81.11", "dx_high": "G81.14",
     "group_no": "2", "role": "primary_required", "pair_group_no": "3", "dos_from": "2025-01-01"},
    {"mac": "JK", "policy_id": "A2", "policy_version": "1", "code_low": "64642", "code_high": "64647", "dx_low": "G35", "dx_high": "G35",
     "group_no": "3", "role": "secondary_required", "dos_from": "2025-01-01"},
    {"mac": "J15", "region": "KY", "policy_id": "B1", "policy_version": "1", "code_low": "97110", "code_high": "97140", "dx_low": "M54", "dx_high": "M54.9",
     "group_no": "1", "role": "covered", "dos_from": "2025-01-01", "dos_to": "2026-02-28"},
    {"payer_id": "YES", "policy_id": "C1", "policy_version": "1", "code_low": "64615", "code_high": "64615", "dx_low": "G43", "dx_high": "G43.999",
     "group_no": "1", "role": "covered", "dos_from": "2024-01-01"},
    {"mac": "JK", "policy_id": "A3", "code_low": "64612", "code_high": "64616", "role": "authorization", "places": "19 22", "dos_from": "2025-01-01"},
    {"payer_id": "SILENT", "region": "NY", "policy_id": "A4", "code_low": "97110", "role": "authorization", "dos_from": "2025-01-01", "dos_to": "2025-06-30"},
    {"payer_id": "SILENT", "policy_id": "A5", "code_low": "97110", "dx_low": "M54", "role": "either", "group_no": "1", "pair_group_no": "2", "dos_from": "2025-01-01"},
    {"payer_id": "SILENT", "policy_id": "A5", "code_low": "97110", "dx_low": "G80", "dx_high": "G81", "role": "either", "group_no": "2", "pair_group_no": "1",
     "dos_from": "2025-01-01"},
    {"payer_id": "YES", "region": "NY", "policy_id": "C2", "policy_version": "1", "code_low": "97110", "code_high": "97110", "dx_low": "G81.11",
     "dx_high": "G81.11", "group_no": "1", "role": "either", "dos_from": "2024-01-01"},
)  # fmt: skip


def habits(stage: Stage) -> None:
    """A provider's few patients over many visits: days that are alike, units that are short, KX from the first day."""
    pick = stage.pick
    stage.groups += 1
    npi, billing = made_npi(stage.groups + 40_000), made_npi(stage.groups + 80_000)
    stage.records["providers"].append({"npi": npi, "discipline": "PT", "specialty_code": "65"})
    start, payer = pick(date(2025, 1, 2), date(2025, 11, 3), date(2026, 1, 5)), pick("MCR", "MCR", "YES", "ADV", "NO")
    mean, noted = pick(9, 11, 12, 13, 15), not stage.some(3)
    for _ in range(pick(1, 2, 3, 3, 4)):
        patient, alike = stage.patient(), not stage.some(3)
        visits = pick(5, 18, 19, 20, 21, 22, 30)
        different = {pick(range(visits)) for _ in range(pick(0, 1, 2, 3))}
        for number in range(visits):
            day = start + timedelta(days=2 * number)
            odd = number in different or not alike
            codes = ("97110", "97140") if not odd else pick(("97110",), ("97112", "97530"), ("97110", "97140"))
            claim = stage.claim()
            for line, code in enumerate(codes, start=1):
                stage.line(
                    claim_id=claim, line_number=line, patient_id=patient, payer_id=payer, billing_npi=billing, rendering_npi=npi, service_date=day,
                    procedure_code=code, units=pick(1, 2) if odd else 1, modifiers=["GP", *(["KX"] if not stage.some(5) else [])], allowed_amount="29.06",
                    received_date=day + timedelta(days=5),
                )  # fmt: skip
            if noted or stage.some(2):
                minutes = 2 * mean + (pick(-1, 0, 1, 7) if odd else 0)
                stage.add(
                    "visits",
                    patient_id=patient,
                    service_date=day,
                    rendering_npi=npi,
                    discipline="PT",
                    timed_minutes=minutes,
                    total_minutes=minutes + 10,
                )


def kx_practice(stage: Stage) -> None:
    """Some twenty patients of one group in a year, of whom a fifth or so have KX before the threshold."""
    pick = stage.pick
    stage.groups += 1
    billing, payer = made_npi(stage.groups + 120_000), pick("MCR", "MCR", "YES", "SILENT")
    day = pick(date(2024, 6, 3), date(2026, 2, 2), date(2027, 1, 11))
    for _ in range(pick(19, 20, 20, 21, 25)):
        patient, marked = stage.patient(), stage.some(5)
        for number in range(pick(1, 1, 2)):
            modifiers = ["GP", "KX"] if marked or stage.some(30) else ["GP"]
            stage.line(
                patient_id=patient, payer_id=payer if not stage.some(10) else "SILENT", billing_npi=billing, service_date=day + timedelta(days=number),
                modifiers=modifiers, allowed_amount=pick("29.06", "29.06", "29.06", "2600.00", ""), processed_date=pick("", day + timedelta(days=20)),
                received_date=day + timedelta(days=9), line_status=pick("", "", "", "", "denied"),
            )  # fmt: skip
        if stage.some(6):
            stage.add("therapy_accumulators", patient_id=patient, year=day.year, bucket=pick("PTSLP", "PTSLP", "OT"),
                      amount_used=pick("2300.00", "2500.00", "100.00"), as_of_date=pick("", day - timedelta(days=3), day + timedelta(days=30)))  # fmt: skip


REACHES: dict[str, str] = {
    "pair_day": "NCC MOD UNT BIL INJ",
    "modifier_day": "MOD CAP NCC",
    "diagnosed_claim": "DXC BIL",
    "episode": "DOC EVL FLR DXC UNT",
    "assistant_day": "MOD UNT BIL",
    "injection": "INJ NCC DXC",
    "filing": "BIL COV",
    "crowded_hours": "UNT EVL",
    "own_time": "UNT MOD",
    "policy_line": "COV",
    "habits": "PRV UNT CAP",
    "kx_practice": "CAP",
}
SCENES = [
    pair_day, modifier_day, diagnosed_claim, episode, assistant_day, injection, filing, crowded_hours, own_time, policy_line, habits, kx_practice,
]  # fmt: skip


def world(chance: random.Random, scenes: int, kinds=None) -> tuple[Records, date]:
    """The records of some scenes, and an as-of date."""
    stage = Stage(chance)
    for _ in range(scenes):
        kind = stage.pick(kinds or SCENES)
        # the scenes with many visits are rarer in a mixed world
        if kinds or kind not in (habits, kx_practice) or stage.some(5):
            kind(stage)
    stage.records["payers"] = [dict(row) for row in PAYERS]
    stage.records["coverage_policies"] = [dict(row) for row in POLICIES]
    stage.records["providers"] += [dict(row) for row in PROVIDERS]
    if stage.some(6):
        # a source that does not carry pointers
        for row in stage.records["claim_lines"]:
            row["diagnosis_pointers"] = ""
    as_of = stage.pick(date(2027, 6, 30), date(2027, 6, 30), date(2027, 6, 30), date(2026, 3, 31))
    return {name: rows for name, rows in stage.records.items() if rows}, as_of
