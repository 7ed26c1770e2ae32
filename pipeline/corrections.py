"""The smallest correction of a finding: the fewest changes to the claim lines of its visit that clear it and cause no other finding.

A visit is what one billing NPI billed one payer for one patient on one day. What may be changed follows from the checks that found something
(`_toggles`, `_unit_values`); corrections are tried from the smallest on, in one total order, and each is judged by the checks themselves: every candidate is a
patient of its own in a database in memory, with the notes, payers, providers and reference tables of the run. docs/corrections.md says what
is searched, in which order, and what is not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import combinations, islice
from typing import Any

import pyarrow as pa

from . import catalog, registry
from .audit import not_enabled
from .engine import Engine
from .model import Check

# What one search may cost: visits of a run, changes of a correction, candidates weighed and judged of a visit (first and second
# round), candidates of the second round in all.
VISITS = 1000
EDITS = 6
WEIGHED = 4000
JUDGED = (5, 120)
ROUND = 20_000
FEW = 8  # units below which every number is tried; visits that are judged at once

# The checks that look at one visit alone: no correction may cause a finding of theirs. NCC103 is left out: it only lists what a modifier lifts.
JUDGES = (
    "UNT101 UNT102 UNT103 UNT104 UNT105 UNT106 UNT107 UNT108 UNT109 UNT110 UNT115 "
    "MOD101 MOD102 MOD103 MOD104 MOD105 MOD106 MOD107 MOD108 MOD109 MOD110 MOD111 MOD112 MOD113 MOD114 "
    "NCC101 NCC102 NCC201 NCC202 NCC301 NCC401 BIL101 BIL102"
).split()
# The checks whose findings are corrected; what each lets change is in `_toggles` and `_unit_values`.
CORRECTED = (
    "UNT101 UNT102 UNT103 UNT108 UNT109 "
    "MOD101 MOD102 MOD103 MOD104 MOD105 MOD106 MOD107 MOD108 MOD109 MOD110 MOD111 MOD112 MOD114 "
    "NCC101 NCC102 NCC201 NCC202 NCC301 NCC401 BIL101"
).split()

_TIMED = ("UNT101", "UNT102", "UNT103")
_FEWER = frozenset("UNT101 UNT102 UNT103 UNT108 NCC201 NCC202".split())
_OFF = frozenset("UNT101 UNT102 UNT103 UNT108 UNT109 MOD114 NCC101 NCC102 NCC201 NCC202 NCC301 NCC401 BIL101".split())
# Findings that rest on one line's modifiers, and on its units and code: only a change of that line clears them.
_OWN_MODIFIERS = frozenset("MOD101 MOD102 MOD103 MOD104 MOD107 MOD108 MOD109 MOD110 MOD112".split())
_OWN_UNITS = frozenset("NCC201 NCC401".split())
_DISCIPLINE = {"PT": "GP", "OT": "GO", "SLP": "GN"}
_MODIFIER = {modifier: discipline for discipline, modifier in _DISCIPLINE.items()}
# Without these the payer pays more, or pays at all.
_LOWERING = frozenset("CQ CO 26 TC 52 53 GA GX GY GZ".split())

OTHER_DAYS = "it rests on more than the lines and notes of this visit"
DENIED = "the payer denied the line, so that it is a claim to send again and not one to make smaller"
PERSON = "what would have to change is not in the claim, its minutes or the tables, but for a person to say"
OTHERS = "each change that was tried leaves it standing or causes another finding ({})"
STANDS = "each change that was tried leaves it standing"
BOUND = "no change was found within the bound of the search"
NOT_SEARCHED = "the search stopped after {} visits"


@dataclass(frozen=True)
class Line:
    """A claim line of a visit. `rank` is its order of receipt, claim and line; `settled` is the one discipline modifier that the plan of care or the provider's discipline names."""

    line_id: int
    rank: int
    claim_id: str
    line_number: int
    code: str
    units: Decimal
    modifiers: tuple[str, ...]
    amount: Decimal | None
    denied: bool
    timed: bool
    minutes_code: str | None
    provider_discipline: str | None
    settled: str | None


@dataclass(frozen=True, eq=False)
class Option:
    """What a line may become. `cost` counts the change of units, each modifier that is added or taken off, and a line of its own.

    `apart` units stand on a line of their own, with the modifiers `apart_modifiers`.
    """

    line: Line
    units: Decimal
    modifiers: tuple[str, ...]
    cost: int
    attest: bool
    apart: Decimal = Decimal(0)
    apart_modifiers: tuple[str, ...] = ()

    @cached_property
    def kept_amount(self) -> Decimal | None:
        """Of what stays on the line, by its amount per unit."""
        if self.units == self.line.units or self.line.amount is None:
            return self.line.amount
        return (self.line.amount * self.units / self.line.units).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def amount(self) -> Decimal | None:
        return self.line.amount if self.apart else self.kept_amount

    @property
    def all_units(self) -> Decimal:
        return self.units + self.apart

    @cached_property
    def discipline(self) -> str:
        return discipline_of(self.line, self.modifiers)


def discipline_of(line: Line, modifiers: Sequence[str]) -> str:
    """The discipline of a line with these modifiers, empty when unknown: that of the only GP, GO or GN, else the provider's."""
    named = [_MODIFIER[modifier] for modifier in modifiers if modifier in _MODIFIER]
    return named[0] if len(named) == 1 else line.provider_discipline or ""


@dataclass(frozen=True)
class Day:
    """What the minutes of a visit day allow in all; null bounds are not told."""

    fewest: int | None
    most: int | None
    by_code: dict[str, int | None]


@dataclass(frozen=True)
class Found:
    """A finding of a check of CORRECTED on lines of the visit."""

    check_code: str
    line_ids: frozenset[int]
    evidence: dict[str, Any]


@dataclass
class Visit:
    """A visit with its findings, what was tried on it, and what the checks said."""

    visit_id: int
    lines: list[Line]
    days: dict[str, Day]
    found: list[Found]
    tried: dict[Candidate, dict[Key, Said]] = field(default_factory=dict)
    alone: list[Candidate] = field(default_factory=list)  # what may clear one of several findings
    refused: set[str] = field(default_factory=set)  # checks that would find what was not tried for that reason
    exhausted: bool = True

    @cached_property
    def options(self) -> list[list[Option]]:
        """Everything that the findings let each line be, as it is first."""
        return [options(self, line) for line in self.lines]

    @cached_property
    def billed(self) -> Candidate:
        return tuple(every[0] for every in self.options)

    @property
    def before(self) -> dict[Key, Said]:
        """What the checks find, or cannot tell, of the visit as billed."""
        return self.tried.get(self.billed, {})


@dataclass(frozen=True)
class Said:
    """A finding, or that nothing can be said, and the lines of the visit that it is about."""

    verdict: str
    line_ids: frozenset[int]


# a check and the line, or the day without its patient, of which it says something; what every line of a visit becomes
Key = tuple[str, str]
Candidate = tuple[Option, ...]


# What may change -----------------------------------------------------------------------------------------------------


def _toggles(found: Found, line: Line) -> Iterator[tuple[str, str, bool]]:
    """The modifiers that a finding lets be added (+) to one of its lines or taken off (-), and whether a person must attest."""
    code, own = found.check_code, line.modifiers
    disciplines = [modifier for modifier in own if modifier in _MODIFIER]
    if code in ("MOD101", "MOD102", "MOD107") and line.settled:
        yield from (("-", modifier, False) for modifier in disciplines if modifier != line.settled and code == "MOD102")
        if line.settled not in own and (code != "MOD107" or not disciplines):
            yield "+", line.settled, False
    if code in ("MOD103", "MOD104"):
        right = _right(found)
        if right:
            yield from (("-", modifier, True) for modifier in disciplines if modifier != right)
            yield "+", right, True
    if code == "MOD105" and found.evidence.get("modifier") in ("CQ", "CO"):
        yield "+", found.evidence["modifier"], False
    if code in ("MOD106", "MOD107", "MOD108"):
        yield from (("-", modifier, True) for modifier in ("CQ", "CO") if modifier in own)
    if code == "MOD107" and len(disciplines) == 1 and disciplines[0] in ("GP", "GO"):
        yield "+", {"GP": "CQ", "GO": "CO"}[disciplines[0]], True
    if code == "MOD109":
        yield from (("-", modifier, False) for modifier in dict.fromkeys(own) for _ in range(own.count(modifier) - 1))
    if code in ("MOD110", "MOD111", "MOD112"):
        named = str(found.evidence.get("misplaced") or found.evidence.get("modifiers") or "").split(", ")
        yield from (("-", modifier, modifier in _LOWERING) for modifier in named)
    if code == "NCC102":
        yield "+", "59", True


def _right(found: Found) -> str | None:
    """The discipline modifier that MOD103 or MOD104 asks for."""
    if found.check_code not in ("MOD103", "MOD104"):
        return None
    said = found.evidence
    return said.get("locked_modifier") or _DISCIPLINE.get(said.get("provider_discipline") or "")


def _unit_values(visit: Visit, found: Found, line: Line) -> set[Decimal]:
    """The units that a finding lets one of its lines have; 0 takes it off."""
    code = found.check_code
    if line.units <= 0 or line.units != int(line.units) or (code in _TIMED and not line.timed):
        return set()
    units, values = int(line.units), {0} if code in _OFF else set()
    if code in _FEWER:
        values |= set(range(min(units, FEW))) | {units - over for over in _over(found) if 0 < over <= units}
    if code in _TIMED:
        day = visit.days.get(discipline_of(line, line.modifiers))
        minutes = day.by_code.get(line.minutes_code or "") if day else None
        # no more than the minutes of the code can earn; without minutes by code nothing says which code has more
        values |= set(range(min(minutes // 15 + 1 if minutes is not None else units, 2 * FEW) + 1))
    if code == "UNT109" and found.evidence.get("units_day"):
        values.add(int(Decimal(found.evidence["units_day"])))
    return {Decimal(value) for value in values if value != units}


def _over(found: Found) -> list[int]:
    """Units beyond what a finding's evidence allows."""
    said = found.evidence
    over = [said.get("excess_units")]
    over += [int(said["units_billed"]) - said["units_supported"]] if said.get("units_supported") is not None else []
    over += [said["units_day"] - 1] if found.check_code == "UNT108" else []
    return [int(Decimal(value)) for value in over if value is not None]


def options(visit: Visit, line: Line) -> list[Option]:
    """Everything that the findings of the visit let a line be, as it is first."""
    if line.denied:
        return [Option(line, line.units, line.modifiers, 0, False)]
    units: set[Decimal] = {line.units}
    right: set[str | None] = set()
    toggles: dict[tuple[str, str, int], bool] = {}
    for found in visit.found:
        if line.line_id not in found.line_ids:
            continue
        units |= _unit_values(visit, found, line)
        # a wrong discipline modifier is exchanged: without any, the check would only fall silent
        right |= {_right(found)} - {None}
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for sign, modifier, attest in _toggles(found, line):
            counted[sign, modifier] += 1
            toggle = (sign, modifier, counted[sign, modifier])
            if (sign == "+") != (modifier in line.modifiers):
                # where two findings let the same change be made, it is as settled as the more settled of them says
                toggles[toggle] = toggles.get(toggle, True) and attest
    made: dict[tuple[Decimal, tuple[str, ...]], Option] = {}
    for size in range(len(toggles) + 1):
        for chosen in combinations(sorted(toggles), size):
            modifiers = _changed(line.modifiers, chosen)
            gone = any(sign == "-" and modifier in _MODIFIER for sign, modifier, _ in chosen)
            if len(modifiers) > max(4, len(line.modifiers)) or (gone and right and not right & set(modifiers)):
                continue
            attest = any(toggles[toggle] for toggle in chosen)
            for value in sorted(units, key=lambda value: (value != line.units, value)):
                if value == 0 and chosen:
                    continue
                made.setdefault(
                    (value, modifiers), Option(line, value, modifiers, size + (value != line.units), attest)
                )
    several = [*made.values(), *_parted(visit, line)]
    return sorted(several, key=lambda option: (option.cost, option.units, option.modifiers, option.apart_modifiers))


def _parted(visit: Visit, line: Line) -> Iterator[Option]:
    """Part of a line's units on a line of their own, where MOD105 or MOD106 says that the units are not all one person's."""
    changes: set[tuple[str, str, bool]] = set()
    for found in visit.found:
        if found.check_code in ("MOD105", "MOD106") and line.line_id in found.line_ids:
            changes |= set(_toggles(found, line))
    for sign, modifier, attest in sorted(changes):
        modifiers = _changed(line.modifiers, [(sign, modifier, 1)])
        if (sign == "+") != (modifier in line.modifiers) and len(modifiers) <= 4 and line.units == int(line.units):
            for apart in range(1, min(int(line.units), FEW)):
                yield Option(line, line.units - apart, line.modifiers, 2, attest, Decimal(apart), modifiers)


def _changed(modifiers: tuple[str, ...], chosen: Iterable[tuple[str, str, int]]) -> tuple[str, ...]:
    kept = list(modifiers)
    for sign, modifier, _ in chosen:
        if sign == "+":
            kept.append(modifier)
        elif modifier in kept:
            # of a repeated modifier the last one goes
            del kept[len(kept) - 1 - kept[::-1].index(modifier)]
    return tuple(kept)


# In which order ------------------------------------------------------------------------------------------------------


def amounts(candidate: Candidate) -> tuple[Decimal | None, Decimal | None]:
    """Amount of the changed lines before and after; null when one that counts is unknown."""
    changed = [option for option in candidate if option.cost]
    if any(option.amount is None for option in changed):
        return None, None
    before = sum((option.line.amount or Decimal(0) for option in changed), Decimal(0))
    return before, sum((option.amount or Decimal(0) for option in changed), Decimal(0))


def needs_attestation(candidate: Candidate) -> bool:
    """Whether a person must attest: a change that only a person knows, a code with more units, or a higher amount."""
    before, after = amounts(candidate)
    if any(option.attest for option in candidate) or (before is not None and after is not None and after > before):
        return True
    units: dict[str, Decimal] = defaultdict(Decimal)
    for option in candidate:
        units[option.line.code] += option.all_units - option.line.units
    return any(value > 0 for value in units.values())


def order(candidate: Candidate) -> tuple[Any, ...]:
    """The total order of corrections: fewest changes; settled before attested; not raising before raising; least change of amount; the last lines
    first, as the checks place what is at risk; units, modifiers."""
    before, after = amounts(candidate)
    change = after - before if before is not None and after is not None else None
    return (
        sum(option.cost for option in candidate),
        needs_attestation(candidate),
        change is not None and change > 0,
        change is None,
        abs(change or Decimal(0)),
        tuple(
            (-option.line.rank, option.units, option.modifiers, option.apart_modifiers)
            for option in reversed(candidate)
            if option.cost
        ),
    )


def _weighed(visit: Visit, together: bool) -> Iterator[Candidate]:
    """Corrections of a visit in their total order; `together`: only those that may clear every finding."""
    sets = []
    for line, every in zip(visit.lines, visit.options, strict=True):
        if together:
            about = {found.check_code for found in visit.found if line.line_id in found.line_ids}
            if about & _OWN_MODIFIERS and not line.denied:
                every = [option for option in every if option.modifiers != line.modifiers or option.units == 0]
            if about & _OWN_UNITS and not line.denied:
                every = [option for option in every if option.units != line.units]
        sets.append(every)
    if not all(sets):
        return
    left = [0] * (len(sets) + 1)
    for place in range(len(sets) - 1, -1, -1):
        left[place] = left[place + 1] + min(option.cost for option in sets[place])
    weighed = 0
    for cost in range(max(1, left[0]), max(EDITS, left[0]) + 1):
        level: list[Candidate] = []
        for candidate in _combined(sets, left, 0, cost):
            weighed += 1
            if weighed > WEIGHED:
                visit.exhausted = False
                return
            if _within(visit, candidate, together):
                level.append(candidate)
        yield from sorted(level, key=order)
    if sum(every[-1].cost for every in sets) > max(EDITS, left[0]):
        visit.exhausted = False


def _combined(sets: Sequence[list[Option]], left: Sequence[int], place: int, cost: int) -> Iterator[Candidate]:
    """Every choice of one option per line with this cost in all."""
    if place == len(sets):
        if cost == 0:
            yield ()
        return
    for option in sets[place]:
        if option.cost + left[place + 1] > cost:
            break
        for rest in _combined(sets, left, place + 1, cost - option.cost):
            yield (option, *rest)


def _within(visit: Visit, candidate: Candidate, together: bool) -> bool:
    """Whether the timed units can stand: no visit day newly above or below what its minutes allow, where this can be told.

    It only spares judging what the checks would refuse: the bounds hold while no line changes its discipline.
    """
    timed: dict[str, list[Decimal]] = {}
    for option, billed in zip(candidate, visit.billed, strict=True):
        if option.line.denied or not option.line.timed:
            continue
        if option is not billed and option.discipline != billed.discipline:
            return True
        sums = timed.setdefault(billed.discipline, [Decimal(0), Decimal(0)])
        sums[0] += billed.units
        sums[1] += option.all_units
    if together and all(before == after for before, after in timed.values()):
        return not any(found.check_code in ("UNT101", "UNT102") for found in visit.found)
    for discipline, (before, after) in timed.items():
        day = visit.days.get(discipline)
        if day is None or before == after:
            continue
        if day.most is not None and after > day.most and (together or before <= day.most):
            visit.refused |= {"UNT101"} if before <= day.most else set()
            return False
        # a day of which no timed code is left is not judged
        if day.fewest is not None and 0 < after < day.fewest and (together or before >= day.fewest):
            visit.refused |= {"UNT102"} if before >= day.fewest else set()
            return False
    return not any(_loses(visit, candidate, found) for found in visit.found if found.check_code == "UNT109")


def _loses(visit: Visit, candidate: Candidate, found: Found) -> bool:
    """Whether a code on split lines loses units for no other reason than that it is split: they are to be on one line, not gone."""
    about = {option.line.line_id: option for option in candidate if option.line.line_id in found.line_ids}
    codes = {option.line.code for option in about.values()}
    group = [option for option in candidate if option.line.code in codes and not option.line.denied]
    others = {
        line_id
        for other in visit.found
        if other.check_code in (_FEWER | _OFF) - {"UNT109"}
        for line_id in other.line_ids
    }
    if any(option.line.line_id in others for option in group):
        return False
    return sum(option.all_units for option in group) < sum(option.line.units for option in group)


# Judged by the checks ------------------------------------------------------------------------------------------------

# Tables of the run that candidates only read: what they say rests on more than a visit.
_COPIED = frozenset("core.run core.payer core.provider core.visit_loading".split())
# A staged line is file 1, and its record the candidate's number and the line's place among the lines of all visits; one bit tells what was parted from it.
_PLACES = 20
_PLACE = (1 << 19) - 1

# The records around the visits of mart.correction_visit: every line and note of the patient's day, whoever billed, and, so that notes find
# their practice as in the run, one line of everyone who wrote such a note or records an assistant's minutes.
_RECORDS = {
    "day": """
      select visit_id, dense_rank() over (order by patient_id, service_date) as day_no, patient_id, service_date, billing_npi
      from (select distinct v.visit_id, l.patient_id, l.service_date, l.billing_npi
        from core.claim_line l join mart.correction_visit v on v.visit_id = account_day(l.day_id))""",
    "line": """
      select d.day_no, l.line_id, row_number() over (order by l.line_id) as place, s.*
      from core.claim_line l
      join (select distinct day_no, patient_id, service_date from _day) d on d.patient_id = l.patient_id and d.service_date = l.service_date
      join stg.claim_line s on s.file_id = l.line_id >> 40 and s.record_number = l.line_id & 1099511627775""",
    "visit": """
      select d.day_no, n.* from stg.visit n
      join (select distinct day_no, patient_id, service_date from _day) d on d.patient_id = n.patient_id and d.service_date = n.service_date
      where n.problem_mask = 0""",
    "visit_service": """
      select d.day_no, n.* from stg.visit_service n
      join (select distinct day_no, patient_id, service_date from _day) d on d.patient_id = n.patient_id and d.service_date = n.service_date
      where n.problem_mask = 0""",
    "recorder": """
      select * from stg.visit_service
      where problem_mask = 0 and assistant_minutes is not null and rendering_npi in (
        select rendering_npi from core.claim_line where billing_npi in (select billing_npi from _day))
      qualify row_number() over (partition by rendering_npi order by file_id, record_number) = 1""",
    "staff": """
      select s.* from stg.claim_line s
      join (
        select min(line_id) as line_id from core.claim_line
        where billing_npi in (select billing_npi from _line) and rendering_npi in (
          select rendering_npi from _visit union select rendering_npi from _visit_service union select rendering_npi from _recorder)
        group by billing_npi, discipline, rendering_npi
      ) l on s.file_id = l.line_id >> 40 and s.record_number = l.line_id & 1099511627775""",
}

# A payer's whole table of pairs is long; the visits bill few codes.
_NARROWED = {
    "ref.pair_edit": "where column_1 in (select procedure_code from _line) or column_2 in (select procedure_code from _line)"
}

_STAGED = {
    "claim_line": """
      insert into stg.claim_line by name
      select l.* exclude (day_no, line_id, place) replace (
        1 as file_id, (cast(c.number as bigint) << 20) | l.place as record_number, cast(c.number as varchar) as patient_id,
        '1' as claim_frequency, null as original_claim_id, null as diagnosis_text,
        coalesce(e.new_units, l.units) as units, coalesce(e.new_modifiers, l.modifier_text) as modifier_text,
        scaled(l.charge_amount, l.units, e.new_units) as charge_amount, scaled(l.allowed_amount, l.units, e.new_units) as allowed_amount,
        scaled(l.paid_amount, l.units, e.new_units) as paid_amount)
      from _candidate c
      join bench.day d on d.visit_id = c.visit_id
      join bench.line l on l.day_no = d.day_no
      left join _edit e on e.number = c.number and e.line_id = l.line_id
      where e.new_units is distinct from 0
      union all by name
      select l.* exclude (day_no, line_id, place) replace (
        1 as file_id, (cast(e.number as bigint) << 20) | l.place | 524288 as record_number, cast(e.number as varchar) as patient_id,
        l.line_number + 1000 as line_number, '1' as claim_frequency, null as original_claim_id, null as diagnosis_text,
        e.apart as units, e.apart_modifiers as modifier_text,
        l.charge_amount - scaled(l.charge_amount, l.units, e.new_units) as charge_amount,
        l.allowed_amount - scaled(l.allowed_amount, l.units, e.new_units) as allowed_amount,
        l.paid_amount - scaled(l.paid_amount, l.units, e.new_units) as paid_amount)
      from _edit e join bench.line l on l.line_id = e.line_id
      where e.apart > 0
      union all by name
      select * replace (2 as file_id, row_number() over () as record_number, 'staff' || row_number() over () as patient_id,
        '1' as claim_frequency, null as original_claim_id, null as diagnosis_text)
      from bench.staff""",
    "visit": """
      insert into stg.visit by name
      select n.* exclude (day_no) replace (cast(c.number as varchar) as patient_id)
      from _candidate c join bench.day d on d.visit_id = c.visit_id join bench.visit n on n.day_no = d.day_no""",
    "visit_service": """
      insert into stg.visit_service by name
      select n.* exclude (day_no) replace (cast(c.number as varchar) as patient_id)
      from _candidate c join bench.day d on d.visit_id = c.visit_id join bench.visit_service n on n.day_no = d.day_no
      union all by name
      select * replace ('staff' as patient_id) from bench.recorder""",
}


class Bench:
    """A database in memory in which candidates are judged: reference tables, payers and providers of the run, and the records of its visits."""

    def __init__(self, run: Engine, checks: Sequence[Check], untold: Collection[str]) -> None:
        """`untold` are the checks of which it matters too what they cannot tell."""
        self.engine = Engine(threads=int(run.value("select current_setting('threads')")))
        self.checks, self.untold = checks, untold
        self.disabled = not_enabled(run, checks)
        known = catalog.tables()
        needed, todo = {"core.superseded_line"}, [name for check in checks for name in check.reads]
        while todo:
            name = todo.pop()
            if name not in needed:
                needed.add(name)
                todo += known[name].reads if name not in _COPIED else ()
        apart = _COPIED | {"core.superseded_line", "core.claim_version", "core.source_file"}
        self.built = [table for table in catalog.build_order("core", needed) if table.name not in apart]
        for name in ("core.superseded_line", "core.source_file", "stg.claim_line", "stg.visit", "stg.visit_service"):
            self.engine.create(known[name])
        self.engine.execute("insert into core.source_file values (1, false, false), (2, false, false)")
        self.engine.execute("create schema bench")
        self.engine.execute(
            "create temp macro scaled(amount, units, new_units) as "
            "case when new_units is null or new_units = units then amount else cast(round(amount * new_units / units, 2) as decimal(12, 2)) end"
        )
        taken: dict[str, pa.Table] = {}
        for name, sql in _RECORDS.items():
            taken[name] = run.arrow(sql)
            run.register(f"_{name}", taken[name])
            self._take(f"create table bench.{name} as", taken[name])
        for name in sorted(name for name in needed if name.startswith("ref.") or name in _COPIED):
            self.engine.create(known[name])
            self._take(f"insert into {name} by name", run.arrow(f"select * from {name} {_NARROWED.get(name, '')}"))
        for name in taken:
            run.unregister(f"_{name}")
        self.line_ids = dict(self.engine.rows("select place, line_id from bench.line"))

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def _take(self, into: str, rows: pa.Table) -> None:
        self.engine.register("_rows", rows)
        self.engine.execute(f"{into} select * from _rows")
        self.engine.unregister("_rows")

    def judge(self, candidates: Sequence[tuple[int, Candidate]]) -> list[dict[Key, Said]]:
        """What the checks find, or cannot tell where that matters, candidate by candidate (a visit and what its lines become)."""
        self._stage(candidates)
        for table in self.built:
            self.engine.build(table)
        answers: list[dict[Key, Said]] = [{} for _ in candidates]
        for check in self.checks:
            off = set(self.disabled.get(check.code, ()))
            for patient, key, verdict, lines, payer in self.engine.rows(self._asked(check)):
                if payer in off or not (patient or "").isdigit():
                    continue
                places = [line_id & _PLACE for line_id in lines or ()]
                if check.subject == "claim_line":
                    key = str(self.line_ids[places[0]])
                said = Said(verdict, frozenset(self.line_ids[place] for place in places))
                if verdict == "finding":  # of a line that was parted, what is found of either part
                    answers[int(patient)][check.code, key] = said
                else:
                    answers[int(patient)].setdefault((check.code, key), said)
        return answers

    def _asked(self, check: Check) -> str:
        said = "verdict <> 'pass'" if check.code in self.untold else "verdict = 'finding'"
        if check.subject == "claim_line":
            return f"""select case when line_id >> 40 = 1 then cast((line_id & 1099511627775) >> {_PLACES} as varchar) end, '', verdict, [line_id], payer_id
              from ({check.sql}) where {said}"""
        day = "concat_ws('|', service_date, billing_npi, discipline, payer_id)"
        # a check of visit days names the day by its columns, or by a key that begins with the patient
        key = "regexp_replace(subject_key, '^[^|]*[|]', '')" if "as subject_key" in check.sql else day
        return f"""select patient_id, {key}, verdict, list_transform(line_shares, lambda s: s.line_id), payer_id
          from ({check.sql}) where {said}"""

    def _stage(self, candidates: Sequence[tuple[int, Candidate]]) -> None:
        edits = [
            (
                number,
                option.line.line_id,
                option.units,
                chr(31).join(option.modifiers),
                option.apart,
                chr(31).join(option.apart_modifiers),
            )
            for number, (_, candidate) in enumerate(candidates)
            for option in candidate
            if option.cost
        ]
        numbers = pa.array(range(len(candidates)), pa.int32())
        visits = pa.array([visit_id for visit_id, _ in candidates], pa.int64())
        self.engine.register("_candidate", pa.table({"number": numbers, "visit_id": visits}))
        types = {
            "number": pa.int32(),
            "line_id": pa.int64(),
            "new_units": pa.decimal128(12, 3),
            "new_modifiers": pa.string(),
            "apart": pa.decimal128(12, 3),
            "apart_modifiers": pa.string(),
        }
        columns = {name: pa.array([edit[i] for edit in edits], types[name]) for i, name in enumerate(types)}
        self.engine.register("_edit", pa.table(columns))
        for name, sql in _STAGED.items():
            self.engine.execute(f"delete from stg.{name}")
            self.engine.execute(sql)
        self.engine.unregister("_candidate")
        self.engine.unregister("_edit")


# The search ----------------------------------------------------------------------------------------------------------


def read_visits(run: Engine) -> dict[int, Visit]:
    """The visits of mart.correction_visit with their lines, their minutes and the findings of CORRECTED on lines that were not denied."""
    for name in ("mart.correction_line", "mart.correction_day"):
        run.build(catalog.tables()[name])
    visits: dict[int, Visit] = {
        visit_id: Visit(visit_id, [], {}, [])
        for (visit_id,) in run.rows("select visit_id from mart.correction_visit order by place")
    }
    visit_of: dict[int, int] = {}
    for row in run.dicts("select * from mart.correction_line order by visit_id, rank"):
        visit_of[row["line_id"]] = row["visit_id"]
        visits[row["visit_id"]].lines.append(
            Line(
                row["line_id"], row["rank"], row["claim_id"], row["line_number"], row["procedure_code"], row["units"], tuple(row["modifiers"]), row["amount"],
                row["is_denied"], row["is_timed"], row["minutes_code"], row["provider_discipline"],
                _DISCIPLINE.get(row["settled_discipline"] or ""),
            )
        )  # fmt: skip
    for row in run.dicts("select * from mart.correction_day"):
        by_code = {code["code"]: code["minutes"] for code in row["codes"] or ()}
        visits[row["visit_id"]].days[row["discipline"]] = Day(row["fewest"], row["most"], by_code)
    denied = {line.line_id for visit in visits.values() for line in visit.lines if line.denied}
    for code, evidence, line_ids in run.rows(
        """select f.check_code, f.evidence, list(distinct l.line_id order by l.line_id)
        from (select check_code, evidence, line_shares, row_number() over () as finding_no from audit.found where list_contains(?, check_code)) f,
          unnest(f.line_shares) as u(s)
        join mart.correction_line l on l.line_id = u.s.line_id
        group by f.finding_no, f.check_code, f.evidence order by f.check_code, 3""",
        [list(CORRECTED)],
    ):
        for visit_id in sorted({visit_of[line_id] for line_id in line_ids}):
            own = frozenset(i for i in line_ids if visit_of[i] == visit_id and i not in denied)
            if own:
                visits[visit_id].found.append(Found(code, own, json.loads(evidence or "{}")))
    return visits


def judges(run: Engine) -> list[Check]:
    """The checks of JUDGES that the run judged by; those whose reference table was not known on the day of the run told nothing."""
    judged = {code for (code,) in run.rows("select check_code from audit.judged")}
    not_known = {f"ref.{name}" for name in run.value("select not_known from ref.edition") or ()}
    known = registry.checks()
    return [known[code] for code in JUDGES if code in judged and not not_known & set(known[code].needs)]


def search(run: Engine, visits: Sequence[Visit]) -> None:
    """Try corrections of the visits of mart.correction_visit, smallest first, and leave with each what the checks said of them."""
    streams = [_weighed(visit, together=True) for visit in visits]
    untold = {found.check_code for visit in visits for found in visit.found} - set(_TIMED)
    with Bench(run, judges(run), untold) as bench:
        # where visits are few, judging twice costs more than judging much at once
        first = JUDGED[1] if len(visits) <= FEW else JUDGED[0]
        _try(bench, visits, [list(islice(stream, first)) for stream in streams])
        left = ROUND
        second: list[list[Candidate]] = []
        for visit, stream in zip(visits, streams, strict=True):
            more: list[Candidate] = []
            if visit.before and not solution(visit) and left > 0:
                more = list(islice(stream, JUDGED[1]))
                if len(targets(visit)) > 1:
                    visit.alone = list(islice(_weighed(visit, together=False), JUDGED[1]))
                    more += visit.alone
                visit.exhausted = visit.exhausted and next(stream, None) is None and len(visit.alone) < JUDGED[1]
            elif left <= 0:
                visit.exhausted = False
            second.append([candidate for candidate in dict.fromkeys(more) if candidate not in visit.tried])
            left -= len(second[-1])
        if any(second):
            _try(bench, visits, second)


def _try(bench: Bench, visits: Sequence[Visit], candidates: Sequence[list[Candidate]]) -> None:
    """Judge candidates of each visit; the first time the visit as billed too."""
    asked: list[tuple[Visit, Candidate]] = []
    for visit, own in zip(visits, candidates, strict=True):
        first = [] if visit.billed in visit.tried else [visit.billed]
        asked += [(visit, candidate) for candidate in (*first, *own)]
    answers = bench.judge([(visit.visit_id, candidate) for visit, candidate in asked])
    for (visit, candidate), said in zip(asked, answers, strict=True):
        visit.tried[candidate] = said


def targets(visit: Visit) -> dict[Key, frozenset[int]]:
    """The findings to be cleared: those of the visit as billed, on lines that were not denied, that rest on the visit alone."""
    own = {line.line_id for line in visit.lines if not line.denied}
    return {
        key: said.line_ids & own
        for key, said in visit.before.items()
        if said.verdict == "finding" and key[0] in CORRECTED and said.line_ids & own
    }


def clears(visit: Visit, candidate: Candidate, keys: Iterable[Key]) -> bool:
    """Whether a correction leaves nothing to say on `keys` and causes no finding that did not stand before."""
    said = visit.tried[candidate]
    return not any(stands(said, key) for key in keys) and not caused(visit, candidate)


def stands(said: dict[Key, Said], key: Key) -> bool:
    """Whether a finding stands, or the check can no longer tell; of UNT101 to UNT103 only findings are kept, as units at the bound of what
    the minutes allow are all that they ask for."""
    return key in said


def caused(visit: Visit, candidate: Candidate) -> list[str]:
    """The checks of which a correction causes a finding."""
    before = {key for key, said in visit.before.items() if said.verdict == "finding"}
    return sorted(
        {key[0] for key, said in visit.tried[candidate].items() if said.verdict == "finding" and key not in before}
    )


def solution(visit: Visit) -> Candidate | None:
    """The smallest correction that clears every finding of the visit."""
    keys = targets(visit)
    fitting = [candidate for candidate in visit.tried if keys and clears(visit, candidate, keys)]
    return min(fitting, key=order, default=None)


def answer(visit: Visit, check_code: str, line_ids: Iterable[int]) -> tuple[Candidate | None, list[str], str | None]:
    """The correction of one finding, the checks whose findings it clears, and, where there is none, why."""
    own, every = frozenset(line_ids), targets(visit)
    keys = [key for key, lines in every.items() if key[0] == check_code and lines & own]
    if not keys:
        denied = {line.line_id for line in visit.lines if line.denied}
        return None, [], DENIED if own and own <= denied else OTHER_DAYS
    best = solution(visit) or min(
        (c for c in visit.alone if c in visit.tried and clears(visit, c, keys)), key=order, default=None
    )
    if best:
        return best, sorted({key[0] for key in every if not stands(visit.tried[best], key)}), None
    about = [found for found in visit.found if found.check_code == check_code and found.line_ids & own]
    alone = Visit(visit.visit_id, visit.lines, visit.days, about)
    every_option = [option for several in alone.options for option in several]
    if not any(option.cost and (check_code != "UNT102" or option.units > option.line.units) for option in every_option):
        return None, [], PERSON
    cleared = [c for c in visit.tried if not any(stands(visit.tried[c], key) for key in keys)]
    others = visit.refused.union(*(caused(visit, candidate) for candidate in cleared))
    # that no line is left for the note goes without saying where something else is said
    others = others - {"UNT106"} or others
    if not visit.exhausted:
        return None, [], BOUND
    return None, [], OTHERS.format(", ".join(sorted(others))) if others else STANDS


_SEARCHED = """
  select f.finding_id, f.check_code, min(f.position) as position, max(f.amount_at_risk) as amount,
    list(l.line_id order by l.line_id) as line_ids, min(account_day(l.day_id)) as visit_id, count(distinct account_day(l.day_id)) as visits
  from mart.finding_page f
  join core.run r on true
  join audit.observation_line o on o.run_key = r.run_key and o.finding_id = f.finding_id
  join core.claim_line l on l.line_id = o.line_id
  where f.shown = 'card' and list_contains(?, f.check_code)
  group by f.finding_id, f.check_code"""


def find_corrections(run: Engine) -> None:
    """Fill mart.correction for the findings of the current run that mart.finding_page shows as cards."""
    known = catalog.tables()
    for name in ("mart.correction", "mart.correction_visit"):
        run.create(known[name])
    run.execute(f"create or replace temp table _searched as {_SEARCHED}", [list(CORRECTED)])
    run.execute(
        """insert into mart.correction_visit
        select visit_id, row_number() over (order by min(position), max(amount) desc nulls last, min(finding_id)) as place
        from _searched where visits = 1 group by visit_id qualify place <= ?""",
        [VISITS],
    )
    findings = run.dicts("select finding_id, check_code, line_ids, visit_id, visits from _searched order by finding_id")
    run.execute("drop table _searched")
    if not findings:
        return
    visits = read_visits(run)
    if visits:
        search(run, list(visits.values()))
    rows = []
    for finding in findings:
        best, cleared, reason = None, [], OTHER_DAYS if finding["visits"] > 1 else NOT_SEARCHED.format(VISITS)
        if finding["visits"] == 1 and finding["visit_id"] in visits:
            best, cleared, reason = answer(visits[finding["visit_id"]], finding["check_code"], finding["line_ids"])
        rows.append(
            {"finding_id": finding["finding_id"], "clears": cleared, "reason": reason, **(_told(best) if best else {})}
        )
    run.register("_rows", pa.Table.from_pylist(rows, _SCHEMA))
    run.execute("insert into mart.correction by name select * from _rows")
    run.unregister("_rows")


def _told(candidate: Candidate) -> dict[str, Any]:
    before, after = amounts(candidate)
    return {
        "cost": sum(option.cost for option in candidate),
        "kind": "attest" if needs_attestation(candidate) else "arithmetic",
        "amount_before": before,
        "amount_after": after,
        "edits": [edit for option in candidate if option.cost for edit in _edits(option)],
    }


def _edits(option: Option) -> Iterator[dict[str, Any]]:
    line, known = option.line, option.line.amount is not None
    yield {
        "claim_id": line.claim_id, "line_number": line.line_number, "procedure_code": line.code,
        "units_before": line.units, "units_after": option.units,
        "modifiers_before": list(line.modifiers), "modifiers_after": list(option.modifiers),
        "amount_before": line.amount, "amount_after": option.kept_amount,
    }  # fmt: skip
    if option.apart:
        yield {
            "claim_id": line.claim_id, "line_number": None, "procedure_code": line.code, "units_before": Decimal(0), "units_after": option.apart,
            "modifiers_before": [], "modifiers_after": list(option.apart_modifiers), "amount_before": Decimal(0) if known else None,
            "amount_after": (line.amount or Decimal(0)) - (option.kept_amount or Decimal(0)) if known else None,
        }  # fmt: skip


_MONEY, _UNITS, _TEXTS = pa.decimal128(12, 2), pa.decimal128(12, 3), pa.list_(pa.string())
_SCHEMA = pa.schema({
    "finding_id": pa.string(), "cost": pa.int32(), "kind": pa.string(), "amount_before": _MONEY, "amount_after": _MONEY, "clears": _TEXTS,
    "edits": pa.list_(pa.struct({
        "claim_id": pa.string(), "line_number": pa.int32(), "procedure_code": pa.string(), "units_before": _UNITS, "units_after": _UNITS,
        "modifiers_before": _TEXTS, "modifiers_after": _TEXTS, "amount_before": _MONEY, "amount_after": _MONEY,
    })),
    "reason": pa.string(),
})  # fmt: skip
