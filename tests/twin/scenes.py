"""Scenes of a practice as canonical text records: each is one patient's story that reaches some family of checks.

A world is any number of scenes with the payers and providers that they share. The chance is a `random.Random` (a big
world from a seed) or Hypothesis's own (a small world that shrinks). Dates, minutes, units, modifiers, diagnoses and
pairs are drawn near the boundaries of the rules. Nobody in it exists.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

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
AMOUNTS = ("29.06", "29.06", "22.21", "33.33", "87.18", "0.00", "0.01", "100.00", "")


class Stage:
    """Collects the records of the scenes and hands out names and numbers."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.records: Records = {name: [] for name in RECORDS}
        self.patients = 0
        self.claims = 0

    def pick(self, *options: object):
        """One of the options; a list or tuple alone is the list of options."""
        several = options[0] if len(options) == 1 else options
        return several[self.chance.randrange(len(several))]  # type: ignore[arg-type,index]

    def some(self, one_in: int) -> bool:
        return self.chance.randrange(one_in) == 0

    def patient(self) -> str:
        self.patients += 1
        return f"P{self.patients}"

    def claim(self) -> str:
        self.claims += 1
        return f"C{self.claims}"

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
        row |= {f"modifier_{place}": name for place, name in enumerate(list(modifiers)[:4], start=1)}  # type: ignore[arg-type]
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
    "64645 95873 95874 97129 97130 97550 97551 97545 97546 90912 90913 J0585 97602 97039 80053 12345"
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
    "G43.E09 M53.3 M54 Z98.42 ZZZ 1 S93.0R M54.50A C50.9 H49.20 A00 U07.1 M79.60 M79.609 F32.A T14.8XXA S00.01XA"
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


SCENES = [pair_day, modifier_day, diagnosed_claim]


def world(chance: random.Random, scenes: int, kinds=None) -> tuple[Records, date]:
    """The records of some scenes, and an as-of date."""
    stage = Stage(chance)
    for _ in range(scenes):
        stage.pick(kinds or SCENES)(stage)
    stage.records["payers"] = [dict(row) for row in PAYERS]
    stage.records["providers"] = [dict(row) for row in PROVIDERS]
    if stage.some(6):
        # a source that does not carry pointers
        for row in stage.records["claim_lines"]:
            row["diagnosis_pointers"] = ""
    as_of = stage.pick(date(2027, 6, 30), date(2027, 6, 30), date(2027, 6, 30), date(2026, 3, 31))
    return {name: rows for name, rows in stage.records.items() if rows}, as_of
