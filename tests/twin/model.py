"""The twin's view of a claim world: canonical text records in, typed surviving lines and visit days out.

Written from the rules (tests/twin/DECISIONS.md), row by row and on purpose slowly. It shares the dated facts of
`sql/ref/defaults` with the product and none of its logic.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

Records = dict[str, list[dict[str, str]]]
LineKey = tuple[str, str]

CENT = Decimal("0.01")
FAR = date(9999, 12, 31)
DISCIPLINE_OF_MODIFIER = {"GP": "PT", "GO": "OT", "GN": "SLP"}
ABN_MODIFIERS = {"GA", "GX", "GY", "GZ"}
SWITCHES = (
    "uses_ncci", "uses_therapy_threshold", "requires_discipline_modifier", "requires_assistant_modifier",
    "requires_certified_plan", "requires_rehabilitative_modifier", "wants_97014",
)  # fmt: skip
MEDICARE_SWITCHES = {switch: switch not in ("wants_97014", "requires_rehabilitative_modifier") for switch in SWITCHES}
DEFAULTS = Path(__file__).resolve().parents[2] / "sql" / "ref" / "defaults"


@dataclass(frozen=True)
class Verdict:
    """One judged subject. `amount` None means that the finding carries no amount (to be compared as equal to 0)."""

    check_code: str
    verdict: str
    reason: str
    severity: str
    key: tuple[object, ...]
    amount: Decimal | None = None
    direction: str = "none"
    shares: dict[LineKey, Decimal] = field(default_factory=dict)


class Reference:
    """The dated facts: one list of text rows per file of the defaults folder, by the file's stem."""

    def __init__(self, tables: dict[str, list[dict[str, str]]]):
        self.tables = tables
        self._by_code: dict[str, dict[str, list[dict[str, str]]]] = {}
        self._limits_from: dict[str, date] = {}
        self._by: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[dict[str, str]]]] = {}

    @classmethod
    def load(cls, folder: Path = DEFAULTS) -> Reference:
        tables = {}
        for path in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]):
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rt", encoding="utf-8", newline="") as handle:
                tables[path.name.split(".")[0]] = list(csv.DictReader(handle))
        return cls(tables)

    def by(self, table: str, *columns: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
        """The rows of a table by the values of some columns."""
        if (table, columns) not in self._by:
            index: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
            for row in self.tables.get(table, []):
                index[tuple(row[column] for column in columns)].append(row)
            self._by[table, columns] = index
        return self._by[table, columns]

    def limit(self, setting: str, code: str, day: date) -> dict[str, str] | None:
        """The unit limit of a code in a setting on a day, or None."""
        for row in self.by("unit_limit", "setting", "procedure_code").get((setting, code), []):
            if in_force(row, day):
                return row
        return None

    def limits_from(self, setting: str) -> date:
        """The first day on which any limit of the setting is known."""
        if setting not in self._limits_from:
            days = [row["valid_from"] for row in self.tables.get("unit_limit", []) if row["setting"] == setting]
            self._limits_from[setting] = date.fromisoformat(min(days)) if days else FAR
        return self._limits_from[setting]

    def rows(self, table: str, code: str) -> list[dict[str, str]]:
        """All rows of a table keyed by procedure code."""
        if table not in self._by_code:
            index: dict[str, list[dict[str, str]]] = defaultdict(list)
            for row in self.tables.get(table, []):
                index[row["procedure_code"]].append(row)
            self._by_code[table] = index
        return self._by_code[table].get(code, [])

    def on(self, table: str, code: str, day: date) -> dict[str, str] | None:
        """The row of a procedure code in force on a day, or None."""
        for row in self.rows(table, code):
            if in_force(row, day):
                return row
        return None

    def threshold(self, day: date) -> dict[str, str] | None:
        for row in self.tables.get("therapy_threshold", []):
            if in_force(row, day):
                return row
        return None


def in_force(row: dict[str, str], day: date) -> bool:
    """Half-open: the last date is the first on which the row no longer holds."""
    start = date.fromisoformat(row["valid_from"])
    end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else FAR
    return start <= day < end


@dataclass(frozen=True)
class Payer:
    payer_id: str
    payer_class: str
    units_method: str
    uses_ncci: bool | None
    uses_therapy_threshold: bool | None
    requires_discipline_modifier: bool | None
    requires_assistant_modifier: bool | None
    requires_certified_plan: bool | None
    requires_rehabilitative_modifier: bool | None
    wants_97014: bool | None
    bilateral_form: str = ""
    timely_filing_days: int | None = None
    mac: str = ""
    ncci_setting: str = "practitioner"
    same_provider: str = "rendering"

    @property
    def medicare(self) -> bool:
        return self.payer_class == "medicare_b"


@dataclass(frozen=True)
class Provider:
    npi: str
    discipline: str
    private_practice: bool
    nothing_known: bool
    specialty: str = ""
    active_from: date | None = None
    active_to: date | None = None


@dataclass(frozen=True)
class Line:
    claim_id: str
    line_number: int
    frequency: str
    original_claim_id: str
    patient_id: str
    payer: Payer
    billing_npi: str
    rendering: Provider
    service_date: date
    service_date_to: date | None
    received_date: date | None
    processed_date: date | None
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge: Decimal | None
    allowed: Decimal | None
    paid: Decimal | None
    status: str
    carcs: frozenset[str]
    ndc: str
    procedure: dict[str, str] | None
    fee: Decimal | None
    place: str = ""
    slots: tuple[str, ...] = ()
    pointer_text: str = ""
    prior_authorization: str = ""
    state: str = ""
    written_slots: tuple[str, ...] = ()

    @property
    def diagnoses(self) -> list[str]:
        """The diagnoses in order, without blank slots, in capitals and without dot."""
        return [code for code in self.slots if code]

    @property
    def pointers(self) -> list[int]:
        """The slots pointed at, by number or by the letter of the paper form; anything else points at nothing (0)."""
        found = []
        # letters may stand without anything between them
        for part in re.split("[:, ]+", re.sub("([A-La-l])", r"\1 ", self.pointer_text)):
            if re.fullmatch("0?[1-9]|1[0-2]", part):
                found.append(int(part))
            elif part:
                found.append("ABCDEFGHIJKL".find(part.upper()) + 1 if len(part) == 1 else 0)
        return found

    @property
    def provider_key(self) -> tuple[str, str]:
        """Who is one provider for code pairs and unit limits: a payer switch widens it to the billing NPI."""
        return (self.billing_npi, "" if self.payer.same_provider == "billing" else self.rendering.npi)

    @property
    def claim(self) -> tuple[str, str, str]:
        """The claim of the payer, for versions."""
        return (self.patient_id, self.payer.payer_id, self.claim_id)

    @property
    def key(self) -> LineKey:
        return (self.claim_id, str(self.line_number))

    @property
    def subject(self) -> tuple[object, ...]:
        return ("claim_line", self.claim_id, str(self.line_number))

    @property
    def order(self) -> tuple[object, ...]:
        """By received date (unknown first), claim, line."""
        return (self.received_date or date.min, self.claim_id, self.line_number)

    @property
    def denied(self) -> bool:
        return self.status == "denied"

    @property
    def date_span(self) -> bool:
        return self.service_date_to is not None and self.service_date_to > self.service_date

    @property
    def odd_units(self) -> bool:
        return self.units <= 0 or self.units != self.units.to_integral_value()

    @property
    def discipline_modifiers(self) -> set[str]:
        return {m for m in self.modifiers if m in DISCIPLINE_OF_MODIFIER}

    @property
    def discipline(self) -> str:
        named = self.discipline_modifiers
        return DISCIPLINE_OF_MODIFIER[next(iter(named))] if len(named) == 1 else self.rendering.discipline

    @property
    def bucket(self) -> str:
        """PTSLP, OT, or nothing when the line has several discipline modifiers or none."""
        named = self.discipline_modifiers
        if len(named) != 1:
            return ""
        return "OT" if named == {"GO"} else "PTSLP"

    @property
    def unit_type(self) -> str:
        return self.procedure["unit_type"] if self.procedure else ""

    @property
    def therapy_status(self) -> str:
        return self.procedure["therapy_status"] if self.procedure else "none"

    @property
    def is_therapy(self) -> bool:
        return self.therapy_status in ("always", "sometimes") or bool(self.procedure and self.unit_type != "other")

    @property
    def is_timed(self) -> bool:
        return self.unit_type == "timed15"

    @property
    def is_evaluation(self) -> bool:
        return bool(self.procedure and self.procedure["evaluation"])

    @property
    def allocation_code(self) -> str:
        return (self.procedure["allocation_code"] if self.procedure else "") or self.code

    @property
    def amount(self) -> Decimal | None:
        """What the line is worth: nothing when denied or taken back, else allowed, else paid, else the fee schedule, else unknown."""
        if self.denied:
            return Decimal("0.00")
        if self.allowed is not None:
            return max(self.allowed, Decimal("0.00"))
        if self.paid is not None:
            return max(self.paid, Decimal("0.00"))
        if self.fee is not None and self.units > 0:
            return cents(Fraction(self.fee) * Fraction(self.units))
        return None

    @property
    def at_risk(self) -> Decimal | None:
        """The whole line as an amount at risk, which is never negative."""
        return self.amount


@dataclass
class VisitDay:
    """One patient, date, billing NPI, discipline and payer: lines of therapy codes and the minutes of their notes."""

    patient_id: str
    day: date
    billing_npi: str
    discipline: str
    payer: Payer
    lines: list[Line]
    note_recorded: bool = False
    note_timed: int | None = None
    note_total: int | None = None
    code_minutes: dict[str, int] | None = None
    known_minutes: dict[str, int] = field(default_factory=dict)
    minutes_shared: bool = False
    services: list[dict[str, str]] = field(default_factory=list)
    visits: list[dict[str, str]] = field(default_factory=list)

    @property
    def subject(self) -> tuple[object, ...]:
        return ("visit_day", self.patient_id, self.day, self.billing_npi, self.discipline, self.payer.payer_id)

    @property
    def timed(self) -> list[Line]:
        return [line for line in self.lines if line.is_timed]

    @property
    def has_date_span(self) -> bool:
        return any(line.date_span for line in self.lines)

    @property
    def has_odd_units(self) -> bool:
        return any(line.odd_units for line in self.lines)

    @property
    def code_total(self) -> int | None:
        return None if self.code_minutes is None else sum(self.code_minutes.values())

    @property
    def minutes(self) -> int | None:
        """T: the note's timed minutes where recorded, else the sum over the timed codes."""
        return self.note_timed if self.note_timed is not None else self.code_total

    @property
    def inconsistent(self) -> bool:
        return self.note_timed is not None and self.code_total is not None and self.note_timed != self.code_total


@dataclass(frozen=True)
class Plan:
    """One certification of a plan of care."""

    patient_id: str
    discipline: str
    billing_npi: str
    evaluation_date: date
    plan_to: date | None
    plan_sent_date: date | None
    order_signed_date: date | None
    certified_date: date | None


@dataclass
class World:
    as_of: date
    reference: Reference
    payers: dict[str, Payer]
    providers: dict[str, Provider]
    lines: list[Line]
    visits: list[dict[str, str]]
    services: list[dict[str, str]]
    clinicians: dict[tuple[str, date], int]
    accumulators: list[dict[str, str]]
    days: list[VisitDay]
    accumulators_by_patient: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stairs: dict | None = None
    plans: list[Plan] = field(default_factory=list)
    plans_by_patient: dict[str, list[Plan]] = field(default_factory=dict)
    episodes: list | None = None
    reports: list[dict[str, str]] = field(default_factory=list)
    policies: list[dict[str, str]] = field(default_factory=list)
    exclusions: list[dict[str, str]] = field(default_factory=list)
    submitted: list[Line] = field(default_factory=list)
    all_lines: list[Line] = field(default_factory=list)
    all_providers: list[Provider] = field(default_factory=list)
    submissions_of: Counter = field(default_factory=Counter)
    loaded_claims: set[tuple[str, str, str]] = field(default_factory=set)
    chains: dict[tuple[str, str, str], list[Line]] = field(default_factory=dict)
    versions: dict[tuple[str, str, str], list[tuple[object, ...]]] = field(default_factory=dict)
    root_of: dict[tuple[str, str, str], tuple[str, str, str]] = field(default_factory=dict)
    pointers_recorded: bool = False
    loading: dict[str, tuple] = field(default_factory=dict)
    visits_by_npi: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    lines_by_npi: dict[str, list[Line]] = field(default_factory=dict)
    visits_by_day: dict[tuple[str, date | None], list[dict[str, str]]] = field(default_factory=dict)
    services_by_day: dict[tuple[str, date | None], list[dict[str, str]]] = field(default_factory=dict)

    def provider(self, npi: str) -> Provider:
        return self.providers.get(npi) or Provider(npi, "", False, True)


# --- reading --------------------------------------------------------------------------------------


def text(row: dict[str, str], name: str) -> str:
    return (row.get(name) or "").strip()


def as_date(value: str) -> date | None:
    if not value:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(value)
    return date.fromisoformat(value)


def as_decimal(value: str, places: int) -> Decimal | None:
    if not value:
        return None
    if not re.fullmatch(rf"-?\d{{1,10}}(\.\d{{1,{places}}}0*)?", value):
        raise ValueError(value)
    return Decimal(value).quantize(Decimal(1).scaleb(-places))


def as_integer(value: str) -> int | None:
    if not value:
        return None
    if not re.fullmatch(r"\d{1,9}(\.0+)?", value):
        raise ValueError(value)
    return int(value.split(".")[0])


def as_time(value: str) -> time | None:
    if not value:
        return None
    if not re.fullmatch(r"\d{2}:\d{2}", value):
        raise ValueError(value)
    return time.fromisoformat(value)


def as_boolean(value: str) -> bool | None:
    words = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
    return words[value.lower()] if value else None


def need(row: dict[str, str], *names: str) -> None:
    for name in names:
        if not text(row, name):
            raise ValueError(name)


def cents(value: Fraction | Decimal) -> Decimal:
    """To the cent, halves away from zero."""
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_HALF_UP)


def read_payer(row: dict[str, str]) -> Payer:
    """Blank switches take the default of the class: Medicare Part B says cms and yes, the other public payers cms."""
    name = text(row, "payer_class").lower() or "other"
    switches = {}
    for switch in SWITCHES:
        value = as_boolean(text(row, switch))
        switches[switch] = MEDICARE_SWITCHES.get(switch) if value is None and name == "medicare_b" else value
    public = name in ("medicare_b", "medicare_advantage", "medicaid", "tricare")
    method = text(row, "units_method").lower() or ("cms" if public else "unknown")
    form = text(row, "bilateral_form") or ("one_line_50" if name == "medicare_b" else "")
    return Payer(
        text(row, "payer_id"),
        name,
        method,
        **switches,
        bilateral_form=form,
        timely_filing_days=as_integer(text(row, "timely_filing_days")),
        mac=text(row, "mac"),
        ncci_setting=text(row, "ncci_setting") or "practitioner",
        same_provider=text(row, "same_provider") or "rendering",
    )


def read_provider(row: dict[str, str]) -> Provider:
    specialty, taxonomy = text(row, "specialty_code"), text(row, "taxonomy_code").upper()
    by_specialty = {"65": "PT", "67": "OT", "15": "SLP"}.get(specialty, "")
    by_taxonomy = {"2251": "PT", "225X": "OT", "235Z": "SLP"}.get(taxonomy[:4], "")
    named = text(row, "discipline").upper()
    private = bool(by_specialty) or (not specialty and bool(by_taxonomy))
    return Provider(
        npi=text(row, "npi"),
        discipline=named or by_specialty or by_taxonomy,
        private_practice=private,
        nothing_known=not (named or specialty or taxonomy),
        specialty=specialty,
        active_from=as_date(text(row, "active_from")),
        active_to=as_date(text(row, "active_to")),
    )


def fee_of(reference: Reference, code: str, day: date) -> Decimal | None:
    """National price of one unit without geographic or multiple-procedure adjustment, where the values are loaded."""
    row = reference.on("fee_schedule", code, day)
    parts = ("work_rvu", "pe_rvu_nonfacility", "mp_rvu", "conversion_factor")
    if row is None or not all(row[part] for part in parts):
        return None
    rvu = sum(Decimal(row[part]) for part in parts[:3])
    return cents(Fraction(rvu) * Fraction(Decimal(row["conversion_factor"])))


def read_line(row: dict[str, str], world: World) -> Line:
    need(
        row,
        "claim_id",
        "line_number",
        "patient_id",
        "payer_id",
        "billing_npi",
        "service_date",
        "procedure_code",
        "units",
    )
    day = as_date(text(row, "service_date"))
    units = as_decimal(text(row, "units"), 3)
    number = as_integer(text(row, "line_number"))
    assert day is not None and units is not None and number is not None
    code = text(row, "procedure_code")
    payer_id = text(row, "payer_id")
    return Line(
        claim_id=text(row, "claim_id"),
        line_number=number,
        frequency=text(row, "claim_frequency") or "1",
        original_claim_id=text(row, "original_claim_id"),
        patient_id=text(row, "patient_id"),
        payer=world.payers.get(payer_id) or read_payer({"payer_id": payer_id}),
        billing_npi=text(row, "billing_npi"),
        rendering=world.provider(text(row, "rendering_npi") or text(row, "billing_npi")),
        service_date=day,
        service_date_to=as_date(text(row, "service_date_to")),
        received_date=as_date(text(row, "received_date")),
        processed_date=as_date(text(row, "processed_date")),
        code=code,
        modifiers=tuple(m for m in (text(row, f"modifier_{i}") for i in range(1, 5)) if m),
        units=units,
        charge=as_decimal(text(row, "charge_amount"), 2),
        allowed=as_decimal(text(row, "allowed_amount"), 2),
        paid=as_decimal(text(row, "paid_amount"), 2),
        status=text(row, "line_status").lower() or "unknown",
        carcs=frozenset(token.split("-")[-1] for token in text(row, "carc_codes").split()),
        ndc=text(row, "ndc"),
        procedure=world.reference.on("procedure", code, day),
        fee=fee_of(world.reference, code, day),
        place=text(row, "place_of_service"),
        slots=tuple(text(row, f"diagnosis_{i}").upper().replace(".", "") for i in range(1, 13)),
        pointer_text=text(row, "diagnosis_pointers"),
        prior_authorization=text(row, "prior_authorization"),
        state=text(row, "state"),
        written_slots=tuple(text(row, f"diagnosis_{i}") for i in range(1, 13)),
    )


def checked_visit(row: dict[str, str]) -> dict[str, str]:
    need(row, "patient_id", "service_date", "rendering_npi")
    as_date(text(row, "service_date"))
    as_integer(text(row, "timed_minutes"))
    as_integer(text(row, "total_minutes"))
    return row


def checked_service(row: dict[str, str]) -> dict[str, str]:
    need(row, "patient_id", "service_date", "rendering_npi", "procedure_code")
    as_date(text(row, "service_date"))
    as_integer(text(row, "minutes"))
    as_integer(text(row, "assistant_minutes"))
    as_integer(text(row, "group_size"))
    as_time(text(row, "start_time"))
    as_time(text(row, "end_time"))
    return row


def checked_report(row: dict[str, str]) -> dict[str, str]:
    need(row, "patient_id", "discipline", "report_date")
    as_date(text(row, "report_date"))
    if text(row, "discipline") not in ("PT", "OT", "SLP") or text(row, "author_role") not in (
        "",
        "clinician",
        "assistant",
    ):
        raise ValueError(text(row, "discipline"))
    return row


def read_plan(row: dict[str, str]) -> Plan:
    need(row, "patient_id", "discipline", "evaluation_date")
    if text(row, "discipline") not in ("PT", "OT", "SLP"):
        raise ValueError(text(row, "discipline"))
    first = as_date(text(row, "evaluation_date"))
    assert first is not None
    return Plan(
        patient_id=text(row, "patient_id"),
        discipline=text(row, "discipline"),
        billing_npi=text(row, "billing_npi"),
        evaluation_date=first,
        plan_to=as_date(text(row, "plan_to")),
        plan_sent_date=as_date(text(row, "plan_sent_date")),
        order_signed_date=as_date(text(row, "order_signed_date")),
        certified_date=as_date(text(row, "certified_date")),
    )


def usable(rows: Iterable[dict[str, str]], read):
    """Rows that can be read; a row with a blank required cell or a cell of the wrong shape is rejected."""
    for row in rows:
        try:
            yield read(row)
        except (ValueError, KeyError):
            continue


def most_recent_first(line: Line) -> tuple[object, ...]:
    """Which of two records of one line of one submission stays: processed last, then the larger amounts, then content."""

    def last(value: date | Decimal | None) -> tuple[int, object]:
        return (1, 0) if value is None else (0, -value.toordinal() if isinstance(value, date) else -value)

    return (
        last(line.processed_date), last(line.paid), last(line.allowed), last(line.charge), line.code, line.units,
        line.modifiers,
    )  # fmt: skip


# --- versions (ruling 27) -------------------------------------------------------------------------


def surviving(lines: list[Line], world: World | None = None) -> list[Line]:
    """The lines of the last version of every chain, without cancelled lines and their mirrors."""
    submissions: dict[tuple[object, ...], dict[int, Line]] = defaultdict(dict)
    by_claim: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        by_claim[line.patient_id, line.payer.payer_id, line.claim_id].append(line)
    for line in sorted(lines, key=most_recent_first):
        claim = (line.patient_id, line.payer.payer_id, line.claim_id)
        version = (*claim, line.frequency, line.original_claim_id, line.received_date)
        same = by_claim[claim]
        if all(other.frequency == "1" for other in same) and len({other.line_number for other in same}) == len(same):
            # original lines whose numbers never collide are one submission, whatever dates they carry
            known = [other.received_date for other in same if other.received_date]
            version = (*claim, "1", "", min(known) if known else None)
        submissions[version].setdefault(line.line_number, line)
    chain: dict[tuple[str, str, str], tuple[str, str, str]] = {}

    def root(claim: tuple[str, str, str]) -> tuple[str, str, str]:
        while chain.get(claim, claim) != claim:
            claim = chain[claim]
        return claim

    for patient, payer, claim, frequency, original, _ in submissions:
        if frequency in ("7", "8") and original:
            chain[root((patient, payer, claim))] = root((patient, payer, original))
    if world is not None:
        for line in lines:
            world.root_of[line.claim] = root(line.claim)
            world.chains.setdefault(root(line.claim), []).append(line)
    members: dict[tuple[str, str, str], list[tuple[object, ...]]] = defaultdict(list)
    for version in submissions:
        members[root(version[:3])].append(version)
    if world is not None:
        world.versions = {start: [version[3:] for version in versions] for start, versions in members.items()}
        world.submissions_of = Counter(version[:3] for version in submissions)
    kept: list[Line] = []
    for versions in members.values():
        dates_known = all(version[5] is not None for version in versions)

        def order(version: tuple[object, ...], dates_known: bool = dates_known) -> tuple[object, ...]:
            rank = version[3]
            processed = max(line.processed_date or date.min for line in submissions[version].values())
            tie = (processed, version[2], version[4])
            return (version[5], rank, *tie) if dates_known else (rank, version[5] or FAR, *tie)

        last = max(versions, key=order)
        if last[3] != "8":
            kept.extend(submissions[last].values())
    return without_resubmitted(without_mirrors(kept))


def without_resubmitted(lines: list[Line]) -> list[Line]:
    """Drop every denied line whose service was sent again on another claim once the payer had decided."""
    nth: Counter[tuple[object, ...]] = Counter()
    services: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.line_number):
        service = (
            line.patient_id, line.payer.payer_id, line.billing_npi, line.rendering.npi, line.service_date, line.code,
        )  # fmt: skip
        nth[*service, line.claim_id] += 1
        services[*service, nth[*service, line.claim_id]].append(line)
    gone: set[int] = set()
    for same in services.values():
        for old in same:
            if not old.denied:
                continue
            for new in same:
                sent = [line.received_date or line.processed_date for line in (old, new)]
                decided = old.processed_date or old.received_date
                if new.claim_id == old.claim_id or new.units <= 0 or None in sent:
                    continue
                if sent[1] >= decided and sent[1] > sent[0]:
                    gone.add(id(old))
    return [line for line in lines if id(line) not in gone]


def without_mirrors(lines: list[Line]) -> list[Line]:
    """Drop every negative line that reverses an earlier line, and the line that it reverses."""
    waiting: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    gone: set[int] = set()
    for line in sorted(lines, key=lambda line: (line.units < 0, line.order)):
        key = (
            line.patient_id, line.payer.payer_id, line.billing_npi, line.rendering.npi, line.service_date,
            line.code, tuple(sorted(line.modifiers)), abs(line.units),
        )  # fmt: skip
        if line.units > 0:
            waiting[key].append(line)
        elif line.units < 0:
            for other in waiting[key]:
                dates = (other.received_date, line.received_date)
                if None in dates or other.received_date <= line.received_date:
                    gone |= {id(line), id(other)}
                    waiting[key].remove(other)
                    break
    return [line for line in lines if id(line) not in gone]


# --- visit days (rulings 2, 17, 31) ---------------------------------------------------------------


def added(values: Iterable[str]) -> int | None:
    """The sum, unknown when there is nothing to add or one value is blank."""
    found = [as_integer(value) for value in values]
    if not found or any(value is None for value in found):
        return None
    return sum(value for value in found if value is not None)


def minutes_by_code(world: World, rows: list[dict[str, str]], day: date) -> dict[str, int] | None:
    """Minutes of the timed codes, assistant's included; unknown when no timed code has a row or one is blank."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        procedure = world.reference.on("procedure", text(row, "procedure_code"), day)
        if not procedure or procedure["unit_type"] != "timed15":
            continue
        minutes = as_integer(text(row, "minutes"))
        if minutes is None:
            return None
        code = procedure["allocation_code"] or procedure["procedure_code"]
        found[code] += minutes + (as_integer(text(row, "assistant_minutes")) or 0)
    return dict(found) or None


def known_by_code(world: World, rows: list[dict[str, str]], day: date) -> dict[str, int]:
    """Minutes of the timed codes none of whose rows is blank."""
    codes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        procedure = world.reference.on("procedure", text(row, "procedure_code"), day)
        if procedure and procedure["unit_type"] == "timed15":
            codes[procedure["allocation_code"] or procedure["procedure_code"]].append(row)
    found = {code: minutes_by_code(world, own, day) for code, own in codes.items()}
    return {code: sum(minutes.values()) for code, minutes in found.items() if minutes}


def same_discipline(one: str, other: str) -> bool:
    return one == other or not one or not other


def build_days(world: World) -> list[VisitDay]:
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    staff: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in world.lines:
        staff[line.billing_npi, line.discipline].add(line.rendering.npi)
        if line.is_therapy and not line.denied:
            key = (line.patient_id, line.service_date, line.billing_npi, line.discipline, line.payer.payer_id)
            groups[key].append(line)
    billed_under: dict[tuple[str, date, str], set[str]] = defaultdict(set)
    for (patient, day, billing, _, _), lines in groups.items():
        for line in lines:
            billed_under[patient, day, line.rendering.npi].add(billing)

    days = []
    for (patient, day, billing, discipline, _), lines in groups.items():
        npis = staff[billing, discipline]

        def belongs(row: dict[str, str], named: str, npis=npis, discipline=discipline) -> bool:
            npi = text(row, "rendering_npi")
            known = named or world.provider(npi).discipline
            return npi in npis and same_discipline(known, discipline)

        visits = [
            row for row in world.visits_by_day.get((patient, day), []) if belongs(row, text(row, "discipline").upper())
        ]
        services = [row for row in world.services_by_day.get((patient, day), []) if belongs(row, "")]
        concerned = {line.rendering.npi for line in lines} | {text(row, "rendering_npi") for row in visits + services}
        days.append(
            VisitDay(
                patient_id=patient,
                day=day,
                billing_npi=billing,
                discipline=discipline,
                payer=lines[0].payer,
                lines=sorted(lines, key=lambda line: line.order),
                note_recorded=bool(visits or services),
                note_timed=added(text(row, "timed_minutes") for row in visits),
                note_total=added(text(row, "total_minutes") for row in visits),
                code_minutes=minutes_by_code(world, services, day),
                known_minutes=known_by_code(world, services, day),
                services=services,
                visits=visits,
                minutes_shared=any(billed_under[patient, day, npi] - {billing} for npi in concerned),
            )
        )
    return days


# --- helpers of several checks --------------------------------------------------------------------


def provider_days(world: World, lines: Iterable[Line]) -> dict[tuple[object, ...], list[Line]]:
    """Lines that are not denied by patient, payer, date and provider as code pairs and unit limits see it."""
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        if not line.denied:
            groups[line.patient_id, line.payer.payer_id, line.service_date, *line.provider_key].append(line)
    return groups


def place_excess(lines: list[Line], excess: Decimal) -> dict[LineKey, Decimal]:
    """Units in excess on the lines from last to first, no line taking more than its own units."""
    placed: dict[LineKey, Decimal] = {}
    for line in sorted(lines, key=lambda line: line.order, reverse=True):
        taken = min(excess, line.units)
        placed[line.key] = taken
        excess -= taken
    return placed


def part_of(line: Line, units: Decimal) -> Decimal | None:
    """The amount of some of a line's units."""
    if line.at_risk is None:
        return None
    return cents(Fraction(line.at_risk) * Fraction(units) / Fraction(line.units))


def line_verdict(
    code: str,
    line: Line,
    verdict: str,
    severity: str,
    reason: str = "",
    amount: Decimal | None = None,
    over: bool = False,
) -> Verdict:
    """A verdict on one line. `over` marks a check that puts the line's amount in question."""
    finding = verdict == "finding"
    return Verdict(
        check_code=code,
        verdict=verdict,
        reason=reason,
        severity=severity,
        key=line.subject,
        amount=amount if finding else None,
        direction="over" if finding and over else "none",
        shares={line.key: amount} if finding and amount is not None else {},
    )


def build(records: Records, as_of: date | None, reference: Reference) -> World:
    """Everything that the checks read. Without an as-of date it is the last service date of lines and visits."""
    payers = {payer.payer_id: payer for payer in usable(records.get("payers", []), read_payer) if payer.payer_id}
    all_providers = [p for p in usable(records.get("providers", []), read_provider) if p.npi]
    providers = {p.npi: p for p in all_providers}
    world = World(FAR, reference, payers, providers, [], [], [], {}, [], [])
    lines = list(usable(records.get("claim_lines", []), lambda row: read_line(row, world)))
    world.visits = list(usable(records.get("visits", []), checked_visit))
    world.services = list(usable(records.get("visit_services", []), checked_service))
    noted = [as_date(text(row, "service_date")) for row in world.visits + world.services]
    world.as_of = as_of or max([line.service_date for line in lines] + [day for day in noted if day], default=FAR)
    for name in ("visits", "services"):
        rows = [row for row in getattr(world, name) if (as_date(text(row, "service_date")) or FAR) <= world.as_of]
        setattr(world, name, rows)
        index: dict[tuple[str, date | None], list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            index[text(row, "patient_id"), as_date(text(row, "service_date"))].append(row)
        setattr(world, f"{name}_by_day", index)
    world.all_lines = lines
    world.all_providers = all_providers
    world.submitted = [line for line in lines if line.service_date <= world.as_of]
    world.loaded_claims = {line.claim for line in lines}
    world.pointers_recorded = any(line.pointer_text for line in lines)
    world.lines = sorted(
        (line for line in surviving(lines, world) if line.service_date <= world.as_of), key=lambda line: line.order
    )
    for row in world.visits:
        world.visits_by_npi.setdefault(text(row, "rendering_npi"), []).append(row)
    for line in world.lines:
        world.lines_by_npi.setdefault(line.rendering.npi, []).append(line)
    world.plans = list(usable(records.get("plans_of_care", []), read_plan))
    for plan in world.plans:
        world.plans_by_patient.setdefault(plan.patient_id, []).append(plan)
    world.reports = list(usable(records.get("progress_reports", []), checked_report))
    world.policies = list(records.get("coverage_policies", []))
    world.exclusions = list(records.get("exclusions", []))
    for row in records.get("provider_days", []):
        day, count = as_date(text(row, "date")), as_integer(text(row, "clinicians"))
        if day and count:
            world.clinicians[text(row, "npi"), day] = count
    world.accumulators = list(records.get("therapy_accumulators", []))
    for row in world.accumulators:
        world.accumulators_by_patient.setdefault(text(row, "patient_id"), []).append(row)
    world.days = build_days(world)
    return world
