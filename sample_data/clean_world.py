"""The clean world of the sample: four invented clinics whose claims agree with their notes.

Nothing here is an error on purpose. Every rule of billing is written out once more, independently of the product, so
that sample and product can disagree: 15-minute units, the annual therapy threshold, the assistant modifiers. The errors
are added afterwards, by `planted_errors.py`.

Units: minutes are whole minutes, money is US dollars in Decimal with two places, dates are datetime.date.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

FIRST_DAY = date(2024, 11, 1)
AS_OF = date(2026, 10, 31)
CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# --- reference facts that the world itself needs ------------------------------------------------------------------

# Total relative value units outside a facility: 2024, 2025, 2026 (CMS fee-schedule files of July 2024, October 2025
# and January 2026). Allowed = units x value x conversion factor, national. The therapy reduction (MPPR) halves the practice expense
# of every unit of a day but the dearest; here of every unit but an evaluation's, so that no day is paid above it.
RELATIVE_VALUE = {
    "97161": ("3.01", "3.03", "2.93"), "97162": ("3.01", "3.03", "2.93"), "97163": ("3.01", "3.03", "2.93"),
    "97164": ("2.09", "2.09", "2.02"), "97165": ("3.04", "3.11", "3.01"), "97166": ("3.04", "3.11", "3.01"),
    "97167": ("3.04", "3.11", "3.01"), "97168": ("2.10", "2.15", "2.05"), "97110": ("0.88", "0.89", "0.87"),
    "97112": ("1.01", "0.99", "0.98"), "97116": ("0.88", "0.89", "0.87"), "97140": ("0.81", "0.84", "0.83"),
    "97530": ("1.10", "1.07", "1.05"), "97535": ("0.98", "0.99", "0.97"), "97035": ("0.42", "0.43", "0.43"),
    "97012": ("0.42", "0.44", "0.43"), "97150": ("0.54", "0.54", "0.54"), "G0283": ("0.35", "0.38", "0.38"),
    "97129": ("0.67", "0.67", "0.67"), "97130": ("0.64", "0.64", "0.63"), "92507": ("2.29", "2.32", "2.28"),
    "92523": ("6.84", "6.91", "6.78"), "92524": ("3.29", "3.30", "3.28"), "92526": ("2.54", "2.56", "2.52"),
}  # fmt: skip
PRACTICE_EXPENSE = {
    "97164": ("1.10", "1.11", "1.05"), "97168": ("1.11", "1.16", "1.08"),
    "97110": ("0.42", "0.43", "0.41"), "97112": ("0.50", "0.48", "0.47"), "97116": ("0.42", "0.43", "0.41"),
    "97140": ("0.37", "0.40", "0.39"), "97530": ("0.65", "0.62", "0.60"), "97535": ("0.52", "0.53", "0.51"),
    "97035": ("0.20", "0.21", "0.21"), "97012": ("0.16", "0.18", "0.18"), "97150": ("0.24", "0.24", "0.24"),
    "G0283": ("0.16", "0.19", "0.19"), "97129": ("0.16", "0.16", "0.16"), "97130": ("0.15", "0.15", "0.15"),
    "92507": ("0.96", "0.99", "0.97"), "92526": ("1.17", "1.19", "1.17"),
}  # fmt: skip
CONVERSION_FACTOR = {2024: Decimal("33.2875"), 2025: Decimal("32.3465"), 2026: Decimal("33.4009")}
THRESHOLD = {2024: Decimal(2330), 2025: Decimal(2410), 2026: Decimal(2480)}
REVIEW_THRESHOLD = Decimal(3000)

TIMED = {"97110", "97112", "97116", "97140", "97530", "97535", "97035", "97129", "97130"}
COGNITIVE = ("97129", "97130")  # first and additional units of one service: one code for the allocation
EVALUATIONS = {"97161", "97162", "97163", "97164", "97165", "97166", "97167", "97168", "92523", "92524"}
DISCIPLINE_MODIFIER = {"PT": "GP", "OT": "GO", "SLP": "GN"}
ASSISTANT_MODIFIER = {"PT": "CQ", "OT": "CO"}
BUCKET = {"GP": "PTSLP", "GN": "PTSLP", "GO": "OT"}

# --- people and places, all invented ------------------------------------------------------------------------------

MEDICARE, CPT_PAYER, UNKNOWN_PAYER = "MEDB", "HARBOR", "LAKEMUT"
COMMERCIAL_FACTOR = {MEDICARE: Decimal(1), CPT_PAYER: Decimal("1.15"), UNKNOWN_PAYER: Decimal("1.08")}
# Blank cells of the unknown payer stay blank: its rules are to be reported as unknown, not guessed.
PAYERS = [
    {"payer_id": MEDICARE, "payer_name": "Medicare Part B", "payer_class": "medicare_b", "units_method": "cms"},
    {
        "payer_id": CPT_PAYER, "payer_name": "Harborline Health Plan", "payer_class": "commercial",
        "units_method": "cpt", "uses_ncci": "true", "uses_therapy_threshold": "false",
        "requires_discipline_modifier": "true",
        "requires_assistant_modifier": "false", "requires_certified_plan": "false", "timely_filing_days": "180",
    },
    {
        "payer_id": UNKNOWN_PAYER, "payer_name": "Lakeland Mutual", "payer_class": "commercial",
        "uses_therapy_threshold": "false",
    },
]  # fmt: skip


@dataclass(frozen=True)
class Clinic:
    clinic_id: str
    name: str
    file_stem: str
    npi: str
    state: str = "OR"
    weekly_claims: bool = False  # one claim per patient and week, instead of one per visit
    writes_end_date: bool = False  # its export fills service_date_to
    compressed: bool = False


@dataclass(frozen=True)
class Provider:
    npi: str
    name: str
    discipline: str
    clinic: Clinic


def npi_is_valid(npi: str) -> bool:
    """Luhn check over 80840 and the ten digits."""
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return len(npi) == 10 and total % 10 == 0


def make_npi(nine_digits: str) -> str:
    """The nine digits with their check digit."""
    return next(nine_digits + str(d) for d in range(10) if npi_is_valid(nine_digits + str(d)))


def swap_digits(npi: str, place: int) -> str:
    """The NPI as somebody mistypes it: the digits at `place` and the next one exchanged."""
    return npi[:place] + npi[place + 1] + npi[place] + npi[place + 2 :]


ALDER = Clinic("ALD", "Alder Creek Therapy", "alder_creek", make_npi("199940001"), compressed=True)
BIRCH = Clinic("BIR", "Birchwood Rehabilitation", "birchwood", make_npi("199940002"))
CEDAR = Clinic("CED", "Cedar Point Physical Therapy", "cedar_point", make_npi("199940003"), writes_end_date=True)
DUNE = Clinic("DUN", "Dunmore Therapy Associates", "dunmore", make_npi("199940004"), weekly_claims=True)
CLINICS = [ALDER, BIRCH, CEDAR, DUNE]

PROVIDERS = [
    Provider(make_npi("199950101"), "Ines Quillfeather", "PT", ALDER),
    Provider(make_npi("199950102"), "Marlow Brightwater", "PT", ALDER),
    Provider(make_npi("199950103"), "Petra Oakenshaw", "PT", ALDER),
    Provider(make_npi("199950104"), "Tobin Larkspur", "OT", ALDER),
    Provider(make_npi("199950105"), "Selma Ravensworth", "SLP", ALDER),
    Provider(make_npi("199950106"), "Corwin Applegarth", "PT", BIRCH),
    Provider(make_npi("199950107"), "Delia Northmoor", "PT", BIRCH),
    Provider(make_npi("199950108"), "Fenton Hollowell", "PT", BIRCH),
    Provider(make_npi("199950109"), "Greta Winterbourne", "OT", BIRCH),
    Provider(make_npi("199950110"), "Hugo Thistlewood", "PT", CEDAR),
    Provider(make_npi("199950111"), "Iris Copperfield", "PT", CEDAR),
    Provider(make_npi("199950112"), "Jonas Merryweather", "SLP", CEDAR),
    Provider(make_npi("199950113"), "Katrin Fairbrook", "PT", DUNE),
]
# The locum whose NPI was typed with two digits exchanged, in the clinic's master data and so on every claim (BIL105).
LOCUM = Provider(swap_digits(make_npi("199950127"), 7), "Linus Ashgrove", "PT", DUNE)

FIRST_NAMES = (
    "Ada Bela Cato Dora Emil Flora Gwen Hal Isolde Jory Kezia Leif Maud Nils Orla Piet Rhea Stig Thea Ulf".split()
)
LAST_NAMES = (
    "Amberley Bramwick Cloverdale Dunwoody Elderfield Foxglove Greenhalgh Hawksmoor Ivydale Juniperson Kestrelton "
    "Lindenthal Mossgrove Nettlefold Orchardson Pinewright Quarrington Rosethorn Sedgewick Tanglewood Underhill "
    "Violette"
).split()

DIAGNOSES = {
    "PT": [
        ["M54.50", "M62.81"], ["M25.561"], ["M25.511"], ["M54.2"], ["M17.11", "R26.89"], ["Z96.651", "R26.89"],
        ["S83.511D"], ["M25.512"], ["M25.562", "M62.81"], ["Z96.652"],
    ],
    "OT": [["I69.351"], ["S52.501D"], ["G56.01"], ["M25.511"]],
    "SLP": [["I69.320"], ["R13.12"], ["R41.841"], ["R49.0"]],
}  # fmt: skip
HOLIDAYS = {(1, 1), (7, 4), (11, 28), (12, 25), (11, 27)}

# --- records ------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Patient:
    patient_id: str
    name: str
    birth_date: date
    clinic: Clinic
    payer: str
    disciplines: tuple[str, ...]
    counts_for_unknown: str  # cms or cpt: how the clinic counts units where the payer's method is unknown
    changes_to_medicare: date | None = None  # a patient whose cover changes
    secondary: str | None = None  # a second payer who gets the same services
    role: str = "ordinary"  # heavy, cohort, elsewhere ...: ordinary patients are the ones errors are planted on

    def payer_on(self, day: date) -> str:
        return MEDICARE if self.changes_to_medicare and day >= self.changes_to_medicare else self.payer

    def method_for(self, payer: str) -> str:
        return {MEDICARE: "cms", CPT_PAYER: "cpt"}.get(payer, self.counts_for_unknown)


@dataclass
class Service:
    """Minutes of one code on one visit; assistant minutes are those the assistant worked alone."""

    code: str
    minutes: int
    assistant: int = 0
    group_size: int | None = None


@dataclass(eq=False)
class Visit:
    patient: Patient
    day: date
    provider: Provider
    discipline: str
    services: list[Service]
    note: str = "full"  # full, totals (no minutes per code), none (no minutes at all), absent (no visit record)
    timed_minutes: int = 0
    total_minutes: int = 0
    diagnoses: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    plain: bool = True  # free to carry a planted error: no special case of the clean world

    def settle_minutes(self) -> None:
        """The note's two totals, from the minutes of its services."""
        self.timed_minutes = sum(s.minutes + s.assistant for s in self.services if s.code in TIMED)
        self.total_minutes = sum(s.minutes + s.assistant for s in self.services)


@dataclass(eq=False)
class Line:
    claim: Claim
    day: date
    provider: Provider
    code: str
    units: Decimal
    modifiers: list[str]
    charge: Decimal = ZERO
    allowed: Decimal | None = ZERO
    paid: Decimal | None = ZERO
    status: str = "paid"
    carc: str = ""
    service_date_to: date | None = None

    @property
    def number(self) -> int:
        return self.claim.lines.index(self) + 1

    @property
    def bucket(self) -> str | None:
        """Bucket of the annual threshold: from the only discipline modifier, none where there are none or several."""
        found = [BUCKET[m] for m in self.modifiers if m in BUCKET]
        return found[0] if len(found) == 1 else None

    def price(self) -> None:
        """Charge, allowed and paid amounts of the units; an assistant's line is paid at 85 percent by Medicare."""
        self.charge = (self.units * charge_per_unit(self.code)).quantize(CENT, ROUND_HALF_UP)
        self.allowed = (self.units * fee(self.code, self.day, self.claim.payer)).quantize(CENT, ROUND_HALF_UP)
        cut = self.claim.payer == MEDICARE and ("CQ" in self.modifiers or "CO" in self.modifiers)
        self.paid = (self.allowed * Decimal("0.68" if cut else "0.80")).quantize(CENT, ROUND_HALF_UP)

    def deny(self, carc: str) -> None:
        self.status, self.carc, self.allowed, self.paid = "denied", carc, ZERO, ZERO


@dataclass(eq=False)
class Claim:
    patient: Patient
    payer: str
    clinic: Clinic
    diagnoses: list[str]
    lines: list[Line] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    claim_id: str = ""
    billing_npi: str = ""
    frequency: str = "1"
    original_id: str = ""
    received: date = FIRST_DAY
    processed: date | None = None

    def add(self, visit: Visit, code: str, units: Decimal | int, modifiers: list[str]) -> Line:
        line = Line(self, visit.day, visit.provider, code, Decimal(units), modifiers)
        line.price()
        self.lines.append(line)
        return line


def fee(code: str, day: date, payer: str) -> Decimal:
    """Allowed amount of one unit, to the cent."""
    value = Decimal(RELATIVE_VALUE[code][day.year - 2024])
    if code in PRACTICE_EXPENSE:
        value -= Decimal(PRACTICE_EXPENSE[code][day.year - 2024]) / 2
    return (value * CONVERSION_FACTOR[day.year] * COMMERCIAL_FACTOR[payer]).quantize(CENT, ROUND_HALF_UP)


def charge_per_unit(code: str) -> Decimal:
    """The clinics' list price, in whole dollars: a bit over twice the Medicare amount."""
    return Decimal(int(Decimal(RELATIVE_VALUE[code][2]) * 75) + 1).quantize(CENT)


# --- the rules of coding a visit ----------------------------------------------------------------------------------


def units_of(minutes: int) -> int:
    """Fifteen-minute units that whole minutes earn: one from 8 minutes, two from 23, and so on."""
    return (minutes + 7) // 15


def minutes_by_code(services: list[Service]) -> dict[str, int]:
    """Minutes of the timed codes; the two cognitive codes together, under the first."""
    minutes: dict[str, int] = defaultdict(int)
    for service in services:
        if service.code in TIMED:
            code = COGNITIVE[0] if service.code in COGNITIVE else service.code
            minutes[code] += service.minutes + service.assistant
    return dict(minutes)


def units_by_code(minutes: dict[str, int], method: str, rng: random.Random) -> dict[str, int]:
    """Units per timed code. cms: the day's minutes decide how many, whole blocks first, then the largest remainders
    (ties are free, so they are drawn). cpt: each code alone."""
    if method == "cpt":
        return {code: units_of(m) for code, m in minutes.items()}
    units = {code: m // 15 for code, m in minutes.items()}
    left = units_of(sum(minutes.values())) - sum(units.values())
    ranked = sorted(minutes, key=lambda code: (-(minutes[code] % 15), rng.random()))
    for code in ranked[:left]:
        units[code] += 1
    return units


def assistant_units(therapist: int, assistant: int, units: int) -> int | None:
    """How many of a code's units were the assistant's (rule from 2022): whole blocks, then the last unit goes to the
    therapist from 8 minutes on; two units left are shared. None where the published methods disagree."""
    blocks = assistant // 15
    left = units - therapist // 15 - blocks
    rest, assistant_rest = therapist % 15, assistant % 15
    if left == 0:
        return blocks
    if left == 1:
        if rest >= 8:
            return blocks
        return None if (rest, assistant_rest) == (7, 1) else blocks + 1
    if left == 2 and 9 <= rest <= 14 and 9 <= assistant_rest <= 14:
        return blocks + 1
    return None


def code_visit(visit: Visit, payer: str, method: str, rng: random.Random) -> list[tuple[str, int, bool]]:
    """What a careful biller puts on the claim: (code, units, with assistant modifier), in the order of the note."""
    timed = units_by_code(minutes_by_code(visit.services), method, rng)
    billed: list[tuple[str, int, bool]] = []
    for service in visit.services:
        code = service.code
        if code not in TIMED:
            billed.append((code, 1, False))
        elif code == COGNITIVE[1]:
            if timed[COGNITIVE[0]] > 1:
                billed.append((code, timed[COGNITIVE[0]] - 1, False))
        else:
            units = min(timed[code], 1) if code == COGNITIVE[0] else timed[code]
            by_assistant = 0
            if payer == MEDICARE and service.assistant:
                by_assistant = assistant_units(service.minutes, service.assistant, units) or 0
            if units > by_assistant:
                billed.append((code, units - by_assistant, False))
            if by_assistant:
                billed.append((code, by_assistant, True))
    return billed


def modifiers_for(visit: Visit, assistant: bool) -> list[str]:
    found = [DISCIPLINE_MODIFIER[visit.discipline]]
    return [*found, ASSISTANT_MODIFIER[visit.discipline]] if assistant else found


# --- building the world -------------------------------------------------------------------------------------------


@dataclass
class Episode:
    patient: Patient
    discipline: str
    days: list[date]
    diagnoses: list[str]


@dataclass
class Cohort:
    """A provider with a crowded day: these patients all come on it."""

    day: date
    provider: Provider
    size: int
    shape: str  # minimum, expected: which limit of the provider-day checks the day is to pass
    clinicians: int | None = None
    patients: list[Patient] = field(default_factory=list)


COHORTS = [
    Cohort(date(2025, 3, 12), PROVIDERS[0], 13, "impossible"),
    Cohort(date(2025, 9, 17), PROVIDERS[5], 13, "impossible"),
    Cohort(date(2026, 4, 22), PROVIDERS[9], 13, "impossible", clinicians=1),
    Cohort(date(2025, 5, 14), PROVIDERS[1], 6, "minimum"),
    Cohort(date(2026, 2, 11), PROVIDERS[6], 6, "minimum", clinicians=1),
    Cohort(date(2026, 6, 17), PROVIDERS[2], 16, "expected"),
    Cohort(date(2026, 3, 18), PROVIDERS[7], 6, "staffed", clinicians=2),  # clean: two clinicians share the load
]


class World:
    """Everything that is written to the files. `plan` and `rng` make it the same on every run."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.patients: list[Patient] = []
        self.episodes: list[Episode] = []
        self.visits: list[Visit] = []
        self.claims: list[Claim] = []
        # patient_id -> (year, bucket, spent at other providers, known since; None = date unknown)
        self.spent_elsewhere: dict[str, tuple[int, str, Decimal, date | None]] = {}
        self.provider_days: list[tuple[str, date, int]] = []
        self._claims_issued: dict[str, int] = defaultdict(int)

    def next_claim_id(self, clinic: Clinic) -> str:
        self._claims_issued[clinic.clinic_id] += 1
        return f"{clinic.clinic_id[0]}{10000 + self._claims_issued[clinic.clinic_id]}"

    def free_processed_day(self, patient: Patient, wanted: date) -> date:
        """The first day from `wanted` on which no Medicare claim of the patient was processed: one claim a day keeps
        the order in which the annual threshold fills free of ties."""
        taken = {c.processed for c in self.claims if c.patient is patient and c.payer == MEDICARE}
        while wanted in taken:
            wanted += timedelta(days=1)
        return wanted

    def threshold_walk(self) -> Iterator[tuple[Line, Decimal, Decimal, bool]]:
        """Medicare lines of every patient, year and bucket in the order in which they were processed: the line, the
        running total before and after it (known spending elsewhere included), and whether it accrues."""
        groups: dict[tuple[str, int, str], list[Line]] = defaultdict(list)
        for claim in self.surviving_claims():
            if claim.payer == MEDICARE:
                for line in claim.lines:
                    if line.bucket:
                        groups[(claim.patient.patient_id, line.day.year, line.bucket)].append(line)
        for (patient_id, year, bucket), lines in sorted(groups.items()):
            running = ZERO
            known = self.spent_elsewhere.get(patient_id)
            for line in sorted(
                lines, key=lambda x: (x.claim.processed or x.claim.received, x.claim.claim_id, x.number)
            ):
                elsewhere = ZERO
                if known and known[:2] == (year, bucket) and known[3] and (line.claim.processed or AS_OF) >= known[3]:
                    elsewhere = known[2]
                excused = {"GX", "GY", "GZ"} & set(line.modifiers)
                accrues = line.status != "denied" and not excused
                amount = line.allowed if accrues and line.allowed is not None else ZERO
                yield line, running + elsewhere, running + amount + elsewhere, accrues
                running += amount

    def surviving_claims(self) -> list[Claim]:
        """Claims that no later version replaces or voids."""
        gone = {c.original_id for c in self.claims if c.frequency in ("7", "8")}
        latest: dict[str, Claim] = {}
        for claim in sorted(self.claims, key=lambda c: c.received):
            latest[claim.claim_id] = claim
        return [c for c in latest.values() if c.claim_id not in gone and c.frequency != "8"]


def weekdays_from(start: date, per_week: int, count: int, rng: random.Random) -> list[date]:
    """Treatment days on a steady weekly pattern, some cancelled, none on a holiday."""
    pattern = {1: (1,), 2: rng.choice([(0, 3), (1, 4), (0, 2), (1, 3)]), 3: (0, 2, 4)}[per_week]
    days: list[date] = []
    day = start
    while len(days) < count and day <= AS_OF:
        first = not days and day.weekday() < 5
        if (day.month, day.day) not in HOLIDAYS and (first or (day.weekday() in pattern and rng.random() > 0.08)):
            days.append(day)
        day += timedelta(days=1)
    return days


def make_patients(world: World) -> None:
    """430 patients: about six in ten with Medicare, the rest with one of two commercial payers."""
    rng = world.rng
    plan: list[tuple[Clinic, str, tuple[str, ...], str]] = []
    # Patients with a year of much therapy: they pass the annual threshold, six of them the review amount as well.
    plan += [(ALDER, MEDICARE, ("PT",), "heavy")] * 8 + [(BIRCH, MEDICARE, ("PT",), "heavy")] * 8
    plan += [(CEDAR, MEDICARE, ("PT",), "heavy")] * 5 + [(DUNE, MEDICARE, ("PT",), "heavy")] * 3
    plan += [(ALDER, MEDICARE, ("OT",), "heavy")] * 3 + [(BIRCH, MEDICARE, ("OT",), "heavy")] * 2
    plan += [(ALDER, MEDICARE, ("PT", "SLP"), "heavy")] * 3 + [(CEDAR, MEDICARE, ("PT", "SLP"), "heavy")] * 2
    for cohort in COHORTS:
        payers = [MEDICARE] if cohort.shape in ("impossible", "expected") else [MEDICARE, CPT_PAYER]
        for index in range(cohort.size):
            plan.append((cohort.provider.clinic, payers[index % len(payers)], ("PT",), "cohort"))
    mix = [
        (ALDER, ("PT",), 62), (ALDER, ("OT",), 17), (ALDER, ("SLP",), 18), (ALDER, ("PT", "OT"), 7),
        (BIRCH, ("PT",), 66), (BIRCH, ("OT",), 17), (BIRCH, ("PT", "OT"), 7), (CEDAR, ("PT",), 42),
        (CEDAR, ("SLP",), 17), (CEDAR, ("PT", "SLP"), 4), (DUNE, ("PT",), 66),
    ]  # fmt: skip
    for clinic, disciplines, count in mix:
        for index in range(count):
            payer = (MEDICARE, CPT_PAYER, MEDICARE, UNKNOWN_PAYER, MEDICARE, CPT_PAYER, UNKNOWN_PAYER)[index % 7]
            plan.append((clinic, payer, disciplines, "ordinary"))
    for number, (clinic, payer, disciplines, role) in enumerate(plan, start=1):
        old = payer == MEDICARE
        birth = date(
            rng.randint(1938, 1959) if old else rng.randint(1962, 2005), rng.randint(1, 12), rng.randint(1, 28)
        )
        method = ("cms", "cpt")[number % 2]
        name = f"{FIRST_NAMES[number % 20]} {LAST_NAMES[(number * 7) % 22]}"
        world.patients.append(Patient(f"P{number:04d}", name, birth, clinic, payer, disciplines, method, role=role))
    # Two payers in the life of one patient, and two payers for one service.
    for patient in [
        p for p in world.patients if p.payer == CPT_PAYER and p.role == "ordinary" and p.disciplines == ("PT",)
    ][4:40:9]:
        patient.changes_to_medicare, patient.role = date(2025, 11, 1), "two-payers"
        patient.birth_date = date(1960, 11, 9)
    for patient in [p for p in world.patients if p.payer == MEDICARE and p.role == "ordinary" and p.clinic is BIRCH][
        3:30:12
    ]:
        patient.secondary, patient.role = UNKNOWN_PAYER, "two-payers"
    cohort_patients = iter(p for p in world.patients if p.role == "cohort")
    for cohort in COHORTS:
        cohort.patients = [next(cohort_patients) for _ in range(cohort.size)]
        if cohort.clinicians:
            world.provider_days.append((cohort.provider.npi, cohort.day, cohort.clinicians))


def make_episodes(world: World) -> None:
    """One or two courses of treatment per patient and discipline, each starting with an evaluation."""
    rng = world.rng
    cohort_day = {p.patient_id: c.day for c in COHORTS for p in c.patients}
    for order, patient in enumerate(world.patients):
        for discipline in patient.disciplines:
            diagnoses = rng.choice(DIAGNOSES[discipline])
            if patient.role == "heavy":
                start = date(rng.choice((2025, 2026)), 1, 6) + timedelta(days=rng.randint(0, 110))
                if discipline == "SLP":  # it begins two weeks after the same patient's physical therapy
                    start = world.episodes[-1].days[0] + timedelta(days=14)
                count = {("PT",): 37, ("OT",): 29, ("PT", "SLP"): 23}[patient.disciplines] + rng.randint(0, 3)
                days = weekdays_from(start, 3, count + (8 if order % 6 == 0 else 0), rng)
                world.episodes.append(Episode(patient, discipline, days, diagnoses))
                continue
            count = rng.randint(9, 15) if patient.role == "cohort" else rng.randint(8, 18)
            if patient.role == "cohort":
                start = cohort_day[patient.patient_id] - timedelta(days=rng.randint(9, 20))
            else:
                start = FIRST_DAY + timedelta(days=rng.randint(0, 690))
            days = weekdays_from(start, 2, count, rng)
            if discipline != patient.disciplines[0]:
                # two disciplines at one clinic: the second comes on some of the days of the first
                days = next(e for e in world.episodes if e.patient is patient).days[1::2]
            if patient.role == "cohort":
                day = cohort_day[patient.patient_id]
                days = sorted({*[d for d in days if abs((d - day).days) > 1], day})
            world.episodes.append(Episode(patient, discipline, days, diagnoses))
            again = days[-1] + timedelta(days=rng.randint(80, 200)) if days else AS_OF
            if rng.random() < 0.38 and again < AS_OF - timedelta(days=30) and patient.role != "cohort":
                later = weekdays_from(again, 2, rng.randint(6, 12), rng)
                world.episodes.append(Episode(patient, discipline, later, diagnoses))
    world.episodes = [e for e in world.episodes if e.days]


def services_of_visit(discipline: str, payer: str, number: int, rng: random.Random) -> list[Service]:
    """The work of one ordinary visit. Code pairs that a correct coding edit forbids do not meet here."""
    if number == 0:
        code = {
            "PT": rng.choice(["97161", "97162", "97162", "97163"]),
            "OT": rng.choice(["97165", "97166", "97167"]),
            "SLP": rng.choice(["92523", "92524"]),
        }[discipline]
        services = [Service(code, rng.randint(25, 45))]
        if discipline != "SLP" and rng.random() < 0.45:
            services.append(Service("97110" if discipline == "PT" else "97535", rng.randint(10, 22)))
        return services
    if discipline == "SLP":
        if rng.random() < 0.3:
            return [Service("97129", 15), Service("97130", rng.randint(15, 34))]
        return [Service(rng.choice(["92507", "92507", "92526"]), rng.randint(30, 50))]
    if discipline == "PT" and rng.random() < 0.03:
        return [Service("97150", rng.randint(25, 45), group_size=rng.randint(2, 4))]
    menu = (
        ["97110", "97112", "97140", "97530", "97116", "97035"]
        if discipline == "PT"
        else ["97530", "97535", "97110", "97112", "97140"]
    )
    first = menu[0] if rng.random() < 0.8 else menu[1]
    chosen = [first] + rng.sample([c for c in menu if c != first], rng.choice([1, 1, 2, 2]))
    services = []
    for place, code in enumerate(chosen):
        low, high = (8, 12) if code == "97035" else ((14, 32) if place == 0 else (8, 24))
        services.append(Service(code, rng.randint(low, high)))
    if discipline == "PT" and rng.random() < 0.13:
        if "97140" not in chosen:
            services.append(Service("97012", rng.randint(10, 15)))
        elif payer == MEDICARE:
            services.append(Service("G0283", rng.randint(12, 15)))
    return services


def hand_over_to_assistant(visit: Visit, method: str, rng: random.Random) -> None:
    """An assistant works one code alone, or shares it; only shares on which the published methods agree are kept."""
    service = visit.services[0]
    if service.code not in TIMED or visit.discipline == "SLP":
        return
    whole = service.minutes
    shares = [(0, whole), (whole - 8, 8), (15, 15), (16, 17), (11, 12)]
    for therapist, assistant in rng.sample(shares, len(shares)):
        service.minutes, service.assistant = therapist, assistant
        units = units_by_code(minutes_by_code(visit.services), method, random.Random(0))[service.code]
        # A tie of remainders leaves the units open; then the assistant's part is not certain either.
        rest = [m % 15 for m in minutes_by_code(visit.services).values()]
        if len(set(rest)) == len(rest) and assistant_units(therapist, assistant, units) is not None:
            return
    service.minutes, service.assistant = whole, 0


def make_visits(world: World) -> None:
    rng = world.rng
    staff: dict[tuple[str, str], list[Provider]] = defaultdict(list)
    for provider in PROVIDERS:
        staff[(provider.clinic.clinic_id, provider.discipline)].append(provider)
    cohort_of = {p.patient_id: c for c in COHORTS for p in c.patients}
    for episode in world.episodes:
        patient = episode.patient
        team = staff[(patient.clinic.clinic_id, episode.discipline)]
        own = cohort_of[patient.patient_id].provider if patient.patient_id in cohort_of else rng.choice(team)
        for number, day in enumerate(episode.days):
            payer = patient.payer_on(day)
            cover = rng.choice(team) if number and rng.random() < 0.06 else own
            cohort = cohort_of.get(patient.patient_id)
            if cohort and cohort.day == day:
                cover = own
            services = services_of_visit(episode.discipline, payer, number, rng)
            if patient.role == "heavy" and number == 20 and episode.discipline != "SLP":
                services = [Service({"PT": "97164", "OT": "97168"}[episode.discipline], 20), Service("97110", 30)]
            visit = Visit(patient, day, cover, episode.discipline, services, diagnoses=episode.diagnoses)
            if rng.random() < 0.08 and number and not (cohort and cohort.day == day):
                hand_over_to_assistant(visit, patient.method_for(payer), rng)
                visit.plain = not any(s.assistant for s in services)
            visit.settle_minutes()
            draw = rng.random()
            visit.note = "totals" if draw < 0.08 else "none" if draw < 0.11 else "full"
            world.visits.append(visit)
    world.visits.sort(key=lambda v: (v.day, v.patient.patient_id, v.discipline))


def make_claims(world: World) -> None:
    """Bill the visits: one claim per visit, or per week at the clinic that bills weekly. A claim that would reach the
    payer, or (Medicare) be processed, after the as-of date is not there yet."""
    rng = world.rng
    batches: dict[tuple[object, ...], list[Visit]] = defaultdict(list)
    for visit in world.visits:
        clinic = visit.patient.clinic
        week = visit.day.isocalendar()[:2] if clinic.weekly_claims else visit.day
        batches[
            (
                clinic.clinic_id,
                visit.patient.patient_id,
                visit.discipline,
                visit.provider.npi,
                visit.patient.payer_on(visit.day),
                visit.day.year,
                week,
            )
        ].append(visit)
    claims = []
    for visits in batches.values():
        patient, last = visits[0].patient, visits[-1].day
        payer = patient.payer_on(last)
        claim = Claim(patient, payer, patient.clinic, visits[0].diagnoses, billing_npi=patient.clinic.npi)
        claim.received = last + timedelta(days=rng.randint(1, 9))
        claim.processed = claim.received + timedelta(days=rng.randint(13, 21))
        for visit in visits:
            for code, units, assistant in code_visit(visit, payer, patient.method_for(payer), rng):
                claim.add(visit, code, units, modifiers_for(visit, assistant))
        if claim.lines:
            claim.visits = visits
            claims.append(claim)
    claims.sort(key=lambda c: (c.received, c.patient.patient_id, c.lines[0].day, c.lines[0].code))
    for claim in claims:
        if claim.payer == MEDICARE:
            claim.processed = world.free_processed_day(claim.patient, claim.processed or AS_OF)
        if claim.received > AS_OF or (claim.payer == MEDICARE and claim.processed and claim.processed > AS_OF):
            continue
        if claim.processed and claim.processed > AS_OF:
            claim.processed = None
            for line in claim.lines:
                line.status, line.allowed, line.paid = "pending", None, None
        claim.claim_id = world.next_claim_id(claim.clinic)
        world.claims.append(claim)
        for visit in claim.visits:
            visit.claims.append(claim)


def put_kx(world: World) -> None:
    """KX where the running total passes the year's amount. Half of the claims that cross it carry KX on all their lines
    of the bucket, the other half only on the lines above: both are accepted practice."""
    crossing: dict[Claim, set[str]] = defaultdict(set)
    for line, before, after, accrues in world.threshold_walk():
        limit = THRESHOLD[line.day.year]
        if (after if accrues else before) > limit and "GZ" not in line.modifiers and "GA" not in line.modifiers:
            line.modifiers.append("KX")
            crossing[line.claim].add(line.bucket or "")
    for place, (claim, buckets) in enumerate(crossing.items()):
        if place % 2:
            for line in claim.lines:
                # only lines of the year in which the claim crosses; weekly claims never span two years
                if line.bucket in buckets and "KX" not in line.modifiers:
                    line.modifiers.append("KX")


# --- special but correct: what a careless rule would accuse -------------------------------------------------------


def copy_claim(world: World, claim: Claim, *, payer: str | None = None, days_later: int = 8) -> Claim:
    """A second claim with the same lines, received some days later."""
    twin = Claim(claim.patient, payer or claim.payer, claim.clinic, claim.diagnoses, billing_npi=claim.billing_npi)
    twin.claim_id = world.next_claim_id(claim.clinic)
    twin.received = claim.received + timedelta(days=days_later)
    processed = (claim.processed or claim.received) + timedelta(days=days_later)
    twin.processed = world.free_processed_day(claim.patient, processed) if twin.payer == MEDICARE else processed
    for line in claim.lines:
        copied = Line(twin, line.day, line.provider, line.code, line.units, list(line.modifiers))
        copied.price()
        twin.lines.append(copied)
    world.claims.append(twin)
    return twin


def single_visit_claims(world: World, payer: str, discipline: str = "PT") -> list[Claim]:
    """Claims of one ordinary visit each, paid, long enough before the as-of date, in a drawn order."""
    found = [
        c for c in world.claims
        if c.payer == payer and len(c.visits) == 1 and c.visits[0].plain and c.visits[0].discipline == discipline
        and c.patient.role == "ordinary" and len(c.patient.disciplines) == 1 and c.lines[0].status == "paid"
        and c.processed is not None and c.processed < AS_OF - timedelta(days=60)
    ]  # fmt: skip
    world.rng.shuffle(found)
    return found


def add_replaced_claims(world: World) -> None:
    """Four claims went out with too many units and were replaced (frequency 7): only the replacement counts."""
    for claim in single_visit_claims(world, CPT_PAYER)[:4]:
        twin = copy_claim(world, claim)
        twin.frequency, twin.original_id = "7", claim.claim_id
        claim.lines[0].units += 3
        claim.lines[0].price()
        claim.visits[0].plain = False


def add_voided_claims(world: World) -> None:
    """Three claims for patients who had not come were voided (frequency 8): nothing of them is left, and no visit."""
    for claim in single_visit_claims(world, CPT_PAYER)[:3]:
        wrong = copy_claim(world, claim, days_later=3)
        for line in wrong.lines:
            line.day += timedelta(days=1)
        void = copy_claim(world, wrong, days_later=20)
        void.frequency, void.original_id = "8", wrong.claim_id
        claim.visits[0].plain = False


def add_resubmitted_claims(world: World) -> None:
    """Three Medicare claims were denied for missing information and sent again under the same claim number."""
    for claim in single_visit_claims(world, MEDICARE)[:3]:
        first = copy_claim(world, claim, days_later=0)
        first.claim_id = claim.claim_id
        for line in first.lines:
            line.deny("CO-16")
        claim.received += timedelta(days=25)
        claim.processed = world.free_processed_day(claim.patient, claim.received + timedelta(days=15))
        claim.visits[0].plain = False


def add_cancelled_lines(world: World) -> None:
    """Two claims carry a line entered by mistake and its mirror image with negative units: together nothing."""
    for claim in single_visit_claims(world, CPT_PAYER, "PT")[:2]:
        visit = claim.visits[0]
        wrong = claim.add(visit, "97535", 2, ["GP"])
        mirror = claim.add(visit, "97535", -2, ["GP"])
        mirror.charge, mirror.allowed, mirror.paid = -wrong.charge, -(wrong.allowed or ZERO), -(wrong.paid or ZERO)
        visit.plain = False


def add_denials(world: World) -> None:
    """Denied claims (whole, so that the note and what is left still agree) and denied untimed lines."""
    for payer, carc in ((MEDICARE, "CO-50"), (CPT_PAYER, "CO-197"), (UNKNOWN_PAYER, "CO-197")):
        for number, claim in enumerate(single_visit_claims(world, payer)[:8]):
            for line in claim.lines:
                if payer == MEDICARE and number < 3:
                    line.modifiers.append("GZ")  # denial expected, no notice: denied, and never counted
                line.deny(carc)
            claim.visits[0].plain = False
    bundled = [
        (c, x) for c in single_visit_claims(world, MEDICARE) for x in c.lines[1:] if x.code in ("97012", "G0283")
    ]
    for claim, line in bundled[:10]:
        line.deny("CO-97")
        claim.visits[0].plain = False


def add_two_therapists(world: World) -> None:
    """Six days on which two therapists of one discipline treated the same patient: their minutes count together."""
    treatments = [c for c in single_visit_claims(world, MEDICARE) if c.clinic is not DUNE and c.lines[0].code in TIMED]
    for claim in treatments[:6]:
        visit = claim.visits[0]
        others = [p for p in PROVIDERS if p.clinic is claim.clinic and p.discipline == "PT" and p is not visit.provider]
        visit.services, visit.note, visit.plain = [Service("97110", 30)], "full", False
        visit.settle_minutes()
        claim.lines.clear()
        claim.add(visit, "97110", 2, ["GP"])
        second = Visit(
            visit.patient, visit.day, others[0], "PT", [Service("97140", 15)], diagnoses=visit.diagnoses, plain=False
        )
        second.settle_minutes()
        world.visits.append(second)
        twin = copy_claim(world, claim, days_later=2)
        twin.lines.clear()
        twin.add(second, "97140", 1, ["GP"])
        second.claims.append(twin)


def add_secondary_claims(world: World) -> None:
    """The same services, sent to a second payer as well: judged per payer, counted once where time is counted."""
    for claim in [c for c in world.claims if c.patient.secondary and c.payer == MEDICARE]:
        twin = copy_claim(world, claim, payer=claim.patient.secondary, days_later=30)
        if twin.processed and twin.processed > AS_OF:
            world.claims.remove(twin)
            continue
        for line in twin.lines:
            line.allowed = ((line.allowed or ZERO) * Decimal("0.20")).quantize(CENT, ROUND_HALF_UP)
            line.paid = line.allowed
            line.carc = "OA-23"


def add_unbilled_visits(world: World) -> None:
    """Three visits of six minutes: too short for a unit, rightly not billed."""
    for claim in single_visit_claims(world, MEDICARE)[:3]:
        visit = claim.visits[0]
        short = Visit(
            visit.patient, visit.day + timedelta(days=1), visit.provider, "PT", [Service("97110", 6)], plain=False
        )
        short.settle_minutes()
        world.visits.append(short)
        visit.plain = False


def add_last_day(world: World) -> None:
    """A Saturday visit on the as-of date, sent the same day and pending."""
    seen_lately = {v.patient for v in world.visits if v.day > date(2026, 7, 1)}
    patient = next(
        p for p in world.patients
        if p.clinic is BIRCH and p.payer == CPT_PAYER and p.disciplines == ("PT",) and p.role == "ordinary"
        and p not in seen_lately
    )  # fmt: skip
    provider = next(p for p in PROVIDERS if p.clinic is BIRCH)
    visit = Visit(
        patient, AS_OF, provider, "PT", [Service("97161", 30), Service("97110", 15)], diagnoses=["M54.2"], plain=False
    )
    visit.settle_minutes()
    claim = Claim(patient, CPT_PAYER, BIRCH, ["M54.2"], billing_npi=BIRCH.npi, received=AS_OF, visits=[visit])
    claim.claim_id = world.next_claim_id(BIRCH)
    for service in visit.services:
        line = claim.add(visit, service.code, 1, ["GP"])
        line.status, line.allowed, line.paid = "pending", None, None
    visit.claims.append(claim)
    world.visits.append(visit)
    world.claims.append(claim)
    world.episodes.append(Episode(patient, "PT", [AS_OF], ["M54.2"]))


def note_spending_elsewhere(world: World) -> list[Patient]:
    """Four patients who had therapy at another provider as well: their threshold fills earlier. The last one's spending
    has no date, so nobody can say when it counted. Returned in this order."""
    totals: dict[str, set[tuple[int, str]]] = defaultdict(set)
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for line, _, after, _ in world.threshold_walk():
        totals[line.claim.patient.patient_id].add((line.day.year, line.bucket or ""))
        spent[line.claim.patient.patient_id] = after
    chosen = [
        p for p in world.patients
        if p.role == "ordinary" and p.payer == MEDICARE and p.disciplines == ("PT",) and not p.clinic.weekly_claims
        and totals[p.patient_id] == {(2025, "PTSLP")} and Decimal(1000) < spent[p.patient_id] < Decimal(1400)
    ][:4]  # fmt: skip
    for place, patient in enumerate(chosen):
        patient.role = "elsewhere"
        known_since = None if place == 3 else date(2025, 1, 15)
        world.spent_elsewhere[patient.patient_id] = (2025, "PTSLP", Decimal("1550.00"), known_since)
    return chosen


def build_clean_world(seed: int) -> World:
    """The whole clean world, KX included."""
    world = World(seed)
    make_patients(world)
    make_episodes(world)
    make_visits(world)
    make_claims(world)
    add_last_day(world)
    note_spending_elsewhere(world)
    add_replaced_claims(world)
    add_voided_claims(world)
    add_resubmitted_claims(world)
    add_cancelled_lines(world)
    add_denials(world)
    add_two_therapists(world)
    add_secondary_claims(world)
    add_unbilled_visits(world)
    put_kx(world)
    return world
