"""Small invented practices as canonical records, for tests that need a bit of everything: all kinds of payer, replaced,
voided, repeated and mirrored lines, denials, odd units, notes that do and do not fit, and records that cannot be used.

The same seed gives the same world. Nobody in it exists.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]
Records = dict[str, list[Row]]

AS_OF = date(2026, 6, 30)
FIRST_DAY = date(2026, 1, 5)
PATIENTS = 60


def npi(number: int) -> str:
    """A ten-digit NPI with a valid check digit (Luhn over 80840 and the number)."""
    nine = f"{100_000_000 + number}"
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in nine[::2])
    return f"{nine}{-(24 + sum(doubled) + sum(int(digit) for digit in nine[1::2])) % 10}"


GROUPS = (npi(91), npi(92))
THERAPISTS = {npi(1): "PT", npi(2): "PT", npi(3): "PT", npi(4): "OT", npi(5): "OT", npi(6): "SLP"}
PHYSICIAN, UNKNOWN, MISTYPED = npi(7), npi(8), "1000000099"
MODIFIER = {"PT": "GP", "OT": "GO", "SLP": "GN"}
TIMED = {"PT": ("97110", "97112", "97140", "97530"), "OT": ("97110", "97530", "97535"), "SLP": ("97129", "97530")}
UNTIMED = {"PT": ("97161", "G0283", "97010"), "OT": ("97165", "97150"), "SLP": ("92507", "92526")}
# allowed amount of one unit; two codes share one, so that ties are met
PRICE = {"97110": 29, "97112": 33, "97140": 29, "97530": 35, "97535": 33, "97129": 24}

PAYERS: list[Row] = [
    {"payer_id": "MEDB", "payer_name": "Medicare Part B", "payer_class": "medicare_b"},
    {"payer_id": "ADVANT", "payer_name": "An Advantage plan", "payer_class": "medicare_advantage"},
    {"payer_id": "BYDAY", "payer_name": "Commercial, day total", "payer_class": "commercial", "units_method": "cms"},
    {"payer_id": "BYCODE", "payer_name": "Commercial, each code", "payer_class": "commercial", "units_method": "cpt"},
    {"payer_id": "SILENT", "payer_name": "Commercial, nothing known", "payer_class": "commercial"},
    {
        "payer_id": "ALLYES",
        "payer_name": "Asks for everything",
        "payer_class": "other",
        "units_method": "cms",
        "uses_ncci": "true",
        "uses_therapy_threshold": "true",
        "requires_discipline_modifier": "true",
        "requires_assistant_modifier": "true",
        "requires_certified_plan": "true",
        "wants_97014": "true",
    },
    {
        "payer_id": "ALLNO",
        "payer_name": "Asks for nothing",
        "payer_class": "other",
        "units_method": "cms",
        "uses_ncci": "false",
        "uses_therapy_threshold": "false",
        "requires_discipline_modifier": "false",
        "requires_assistant_modifier": "false",
        "requires_certified_plan": "false",
        "wants_97014": "false",
    },
]


def world(seed: int, patients: int = PATIENTS) -> Records:
    """All records of one practice, in the order in which they arise."""
    return _World(random.Random(seed)).build(patients)


class _World:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.lines: list[Row] = []
        self.visits: list[Row] = []
        self.services: list[Row] = []
        self.claims = 0

    def build(self, patients: int) -> Records:
        names = [f"P{number:03d}" for number in range(1, patients + 1)]
        payers = [payer["payer_id"] for payer in [*PAYERS, PAYERS[0], PAYERS[0]]]
        for number, patient in enumerate(names):
            self._patient(patient, payers[number % len(payers)])
        self._long_day(names[:40], npi(3), date(2026, 5, 4), payers[:1])
        self._long_day(names[:20], npi(2), date(2026, 5, 6), payers)
        self._unusable()
        providers = [
            {
                "npi": number,
                "provider_name": f"Therapist {number[-3:]}",
                "discipline": discipline,
                "specialty_code": "65",
            }
            for number, discipline in THERAPISTS.items()
        ]
        providers += [{"npi": PHYSICIAN, "provider_name": "Physician", "specialty_code": "08"}, {"npi": UNKNOWN}]
        known = [
            (name, amount, day)
            for name in names[::7]
            for amount, day in (("2300.00", "2026-01-02"), ("2950.00", "2026-04-01"))
        ]
        return {
            "claim_lines": self.lines,
            "visits": self.visits,
            "visit_services": self.services,
            "providers": providers,
            "payers": [dict(payer) for payer in PAYERS],
            "patients": [
                {"patient_id": name, "patient_name": f"Patient {name}", "birth_date": "1951-05-05"} for name in names
            ],
            "provider_days": [{"npi": npi(1), "date": FIRST_DAY.isoformat(), "clinicians": "2"}],
            "therapy_accumulators": [
                {"patient_id": name, "year": "2026", "bucket": "PTSLP", "amount_used": amount, "as_of_date": day}
                for name, amount, day in known
            ],
        }

    def _some(self, share: float) -> bool:
        return self.chance.random() < share

    def _patient(self, patient: str, payer: str) -> None:
        therapist = self.chance.choice([*THERAPISTS, *THERAPISTS, PHYSICIAN, UNKNOWN, MISTYPED])
        discipline = THERAPISTS.get(therapist, "PT")
        group = self.chance.choice(GROUPS)
        day = FIRST_DAY + timedelta(days=self.chance.randrange(30))
        for visit in range(self.chance.randint(3, 7)):
            # a few visits lie after the as-of date
            day += timedelta(days=self.chance.choice((1, 2, 3, 7, 45)))
            self._visit(patient, payer, group, therapist, discipline, day, first=visit == 0)
            if self._some(0.05):
                other = self.chance.choice(list(THERAPISTS))
                self._visit(patient, payer, self.chance.choice(GROUPS), other, discipline, day, first=False)

    def _visit(
        self, patient: str, payer: str, group: str, therapist: str, discipline: str, day: date, first: bool
    ) -> None:
        codes = self.chance.sample(TIMED[discipline], self.chance.randint(1, 2))
        minutes = {code: self.chance.choice((7, 8, 15, 16, 22, 23, 30, 38)) for code in codes}
        total = sum(minutes.values())
        billed = {
            code: max(1, (minutes[code] + 7) // 15 + self.chance.choice((0, 0, 0, 0, 0, 1, -1, 4))) for code in codes
        }
        if first or self._some(0.2):
            billed[self.chance.choice(UNTIMED[discipline])] = self.chance.choice((1, 1, 1, 2))
        self.claims += 1
        claim = f"C{self.claims:05d}"
        received = day + timedelta(days=self.chance.randint(1, 9))
        header = {
            "claim_id": claim,
            "patient_id": patient,
            "payer_id": payer,
            "billing_npi": group,
            "rendering_npi": therapist,
            "place_of_service": "11",
            "service_date": day.isoformat(),
            "received_date": "" if self._some(0.05) else received.isoformat(),
            "processed_date": "" if self._some(0.05) else (received + timedelta(days=14)).isoformat(),
            "diagnosis_1": "M54.50",
            "diagnosis_pointers": "1",
        }
        lines = [
            header | self._line(number, code, units, MODIFIER[discipline])
            for number, (code, units) in enumerate(billed.items(), start=1)
        ]
        self.lines += lines
        self._later(lines)
        if self._some(0.85):
            self.visits.append(
                {
                    "patient_id": patient,
                    "service_date": day.isoformat(),
                    "rendering_npi": therapist,
                    "discipline": discipline,
                    "timed_minutes": "" if self._some(0.1) else str(total + self.chance.choice((0, 0, 0, 5))),
                    "total_minutes": "" if self._some(0.1) else str(total + 10),
                }
            )
        if self._some(0.8):
            self.services += [
                {
                    "patient_id": patient,
                    "service_date": day.isoformat(),
                    "rendering_npi": therapist,
                    "procedure_code": code,
                    "minutes": "" if self._some(0.05) else str(spent),
                    "assistant_minutes": str(self.chance.choice((0, 0, 5))),
                }
                for code, spent in minutes.items()
            ]

    def _line(self, number: int, code: str, units: int, discipline_modifier: str) -> Row:
        modifiers = [self.chance.choice((discipline_modifier,) * 18 + ("", "GN"))]
        modifiers += [extra for extra in ("KX", "CQ", "59", "GA", "GZ", "GO", "76") if self._some(0.05)]
        self.chance.shuffle(modifiers)
        allowed = Decimal(PRICE.get(code, 80) * units)
        status = self.chance.choice(("paid",) * 16 + ("denied", "pending", "", "paid"))
        # without an allowed amount the money is what was paid, at times the same amount on another basis
        known, same = not self._some(0.08), self._some(0.5)
        paid = Decimal(0) if status == "denied" else allowed * (1 if same else Decimal("0.8"))
        line = {
            "line_number": str(number),
            "procedure_code": code,
            "units": "1.5" if self._some(0.01) else str(units),
            "charge_amount": f"{allowed * 2:.2f}",
            "allowed_amount": f"{allowed:.2f}" if known else "",
            "paid_amount": "" if self._some(0.05) else f"{paid:.2f}",
            "line_status": status,
            "carc_codes": "CO-119" if status == "denied" and same else "",
        }
        return line | {
            f"modifier_{place}": modifier for place, modifier in enumerate(filter(None, modifiers[:4]), start=1)
        }

    def _later(self, lines: list[Row]) -> None:
        """What may happen to a claim after it was sent."""
        sent = date.fromisoformat(lines[0]["service_date"]) + timedelta(days=20)
        new, original = f"{lines[0]['claim_id']}R", lines[0]["claim_id"]
        what = self.chance.random()
        if what < 0.05:
            fixed = {
                "claim_id": new,
                "claim_frequency": "7",
                "original_claim_id": original,
                "received_date": sent.isoformat(),
            }
            self.lines += [line | fixed | {"units": "1"} for line in lines]
        elif what < 0.08:
            void = {
                "claim_id": new,
                "claim_frequency": "8",
                "original_claim_id": original,
                "received_date": sent.isoformat(),
            }
            self.lines += [line | void for line in lines]
        elif what < 0.11:
            # the same claim exported twice, once before it was processed
            self.lines += [line | {"processed_date": "", "paid_amount": ""} for line in lines]
        elif what < 0.14:
            self.lines += [line | {"claim_id": new} for line in lines]
        elif what < 0.17:
            self.lines += [line | {"claim_id": new, "charge_amount": "99.00"} for line in lines]
        elif what < 0.19:
            self.lines += [
                line | {"claim_id": new, "units": f"-{line['units']}", "received_date": sent.isoformat()}
                for line in lines
            ]
        elif what < 0.21:
            until = date.fromisoformat(lines[0]["service_date"]) + timedelta(days=2)
            lines[0]["service_date_to"] = until.isoformat()
        elif what < 0.26:
            # more of it on further lines of the claim
            self.lines += [line | {"line_number": str(int(line["line_number"]) + 5), "units": "1"} for line in lines]

    def _long_day(self, names: Sequence[str], therapist: str, day: date, payers: Sequence[str]) -> None:
        """One therapist and day with too many patients."""
        for number, name in enumerate(names):
            self._visit(name, payers[number % len(payers)], GROUPS[0], therapist, "PT", day, first=True)

    def _unusable(self) -> None:
        """Records that the strict casts refuse."""
        for number, (column, text) in enumerate((("service_date", "05/04/2026"), ("units", "two"), ("claim_id", ""))):
            self.lines.append({**self.lines[number], "claim_id": f"X{number}", column: text})
        self.visits.append({**self.visits[0], "timed_minutes": "half an hour"})


def write(records: Records, folder: Path, *, shuffle: int | None = None, files: int = 1) -> Path:
    """Write the records as CSV into `folder`: with `shuffle` (a seed) the rows of each record in another order, with
    `files` the claim lines spread over so many files."""
    folder.mkdir(parents=True)
    for record, rows in records.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        ordered = list(rows)
        if shuffle is not None:
            random.Random(f"{shuffle} {record}").shuffle(ordered)
        parts = files if record == "claim_lines" else 1
        for part in range(parts):
            name = record if parts == 1 else f"{record}_{part + 1}"
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(ordered[part::parts])
    return folder
