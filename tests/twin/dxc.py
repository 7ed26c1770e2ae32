"""DXC101-DXC110: diagnosis codes."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from .episodes import episodes
from .model import Line, Verdict, World, in_force, line_verdict

FIRST_DAY = date(2015, 10, 1)
NOTES_FROM = date(2025, 10, 1)  # only to be quick: no older note is loaded


class CodeList:
    """The loaded years of ICD-10-CM."""

    def __init__(self, world: World) -> None:
        self.rows = world.reference.by("icd10", "code")
        self.codes = [row["code"] for row in world.reference.tables["icd10"]]
        self.codes.sort()
        self.known: dict[tuple[str, date], str] = {}

    def below(self, stem: str) -> list[str]:
        """All codes that begin with the stem, itself left out."""
        found = []
        place = bisect_left(self.codes, stem)
        while place < len(self.codes) and self.codes[place].startswith(stem):
            if self.codes[place] != stem and (not found or found[-1] != self.codes[place]):
                found.append(self.codes[place])
            place += 1
        return found

    def on(self, code: str, day: date) -> dict[str, str] | None:
        rows = [row for row in self.rows.get((code,), []) if in_force(row, day)]
        return rows[0] if rows else None

    def billable(self, code: str, day: date) -> bool:
        row = self.on(code, day)
        return row is not None and row["billable"] == "true"

    def fault(self, code: str, day: date) -> str:
        if (code, day) not in self.known:
            self.known[code, day] = self.find_fault(code, day)
        return self.known[code, day]

    def find_fault(self, code: str, day: date) -> str:
        """The check that reports the code on the day, or nothing: the first that applies (ruling 16)."""
        row = self.on(code, day)
        if row is not None:
            if row["billable"] == "true":
                return ""
            children = [child for child in self.below(code) if self.billable(child, day)]
            only_seventh = children and all(child[:6] == code.ljust(6, "X") and len(child) == 7 for child in children)
            return "DXC104" if only_seventh else "DXC103"
        if (code,) in self.rows:
            return "DXC102"
        padded = code.ljust(6, "X")
        if any(len(child) == 7 and self.billable(child, day) for child in self.below(padded) if len(padded) == 6):
            return "DXC104"
        if any(self.billable(code[:length], day) for length in range(1, len(code))):
            return "DXC104"
        return "DXC101"


_LISTS: dict[int, CodeList] = {}


def code_list(world: World) -> CodeList:
    if id(world.reference) not in _LISTS:
        _LISTS[id(world.reference)] = CodeList(world)
    return _LISTS[id(world.reference)]


# --- which diagnoses a line answers for (ruling 55) -----------------------------------------------


def claims(world: World) -> dict[tuple[str, ...], list[Line]]:
    found: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in world.lines:
        found[*line.claim, line.billing_npi].append(line)
    return {claim: sorted(lines, key=lambda line: line.line_number) for claim, lines in found.items()}


def pointed(line: Line) -> list[str]:
    """The diagnoses that the line points at, each once."""
    slots = [line.slots[place - 1] for place in line.pointers if 1 <= place <= 12]
    return list(dict.fromkeys(code for code in slots if code))


def answers_for(world: World, lines: list[Line]) -> dict[int, list[tuple[str, bool]]]:
    """For every line of a claim, by its place: (diagnosis, whether the line points at it)."""
    if not world.pointers_recorded:
        return {place: [(code, True) for code in dict.fromkeys(line.diagnoses)] for place, line in enumerate(lines)}
    found = {place: [(code, True) for code in pointed(line)] for place, line in enumerate(lines)}
    seen = {code for judged in found.values() for code, _ in judged}
    for place, line in enumerate(lines):
        # what no line points at is reported on the first line that carries it
        for code in dict.fromkeys(line.diagnoses):
            if code not in seen:
                found[place].append((code, False))
                seen.add(code)
    return found


def dxc101_105(world: World) -> Iterator[Verdict]:
    codes = code_list(world)
    sides = world.reference.by("icd10_side", "code")
    for lines in claims(world).values():
        lines = [line for line in lines if line.service_date >= FIRST_DAY]
        judged = answers_for(world, lines)
        for place, line in enumerate(lines):
            if not line.diagnoses:
                continue
            faults = {code: codes.fault(code, line.service_date) for code, _ in judged[place]}
            for check in ("DXC101", "DXC102", "DXC103", "DXC104"):
                wrong = [(code, own) for code, own in judged[place] if faults[code] == check]
                for code, own in wrong:
                    amount = line.at_risk if own else None
                    yield by_diagnosis(line_verdict(check, line, "finding", "error", amount=amount, over=True), code)
                if not wrong:
                    yield line_verdict(check, line, "pass", "error")
            open_sides = [
                code for code, _ in judged[place] if any(r["side"] == "unspecified" for r in sides.get((code,), []))
            ]
            for code in open_sides:
                yield by_diagnosis(line_verdict("DXC105", line, "finding", "review"), code)
            if not open_sides:
                yield line_verdict("DXC105", line, "pass", "review")


def by_diagnosis(verdict: Verdict, code: str) -> Verdict:
    return Verdict(
        verdict.check_code, verdict.verdict, verdict.reason, verdict.severity, (*verdict.key, code), verdict.amount,
        verdict.direction, verdict.shares,
    )  # fmt: skip


def dxc106(world: World) -> Iterator[Verdict]:
    sides = world.reference.by("icd10_side", "code")
    for lines in claims(world).values():
        for line in lines:
            said = {"RT", "LT", "50"} & set(line.modifiers)
            if line.service_date < FIRST_DAY or len(said) != 1:
                continue
            judged = pointed(line) if world.pointers_recorded else line.diagnoses
            named = [row["side"] for code in judged for row in sides.get((code,), []) if row["side"] != "unspecified"]
            if not named:
                continue
            other = {"RT": "left", "LT": "right"}.get(next(iter(said)))
            if other:
                wrong = all(side == other for side in named)
            else:
                wrong = len(set(named)) == 1 and named[0] != "bilateral"
            yield line_verdict("DXC106", line, "finding" if wrong else "pass", "review")


def dxc107(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if not world.pointers_recorded:
            yield line_verdict("DXC107", line, "cannot_tell", "error", "pointers-not-recorded")
            continue
        places = line.pointers
        good = 1 <= len(places) <= 4 and all(1 <= place <= 12 and line.slots[place - 1] for place in places)
        yield line_verdict("DXC107", line, "pass" if good else "finding", "error")


def injury(code: str) -> bool:
    """An injury in active treatment: S00-T34 or T66-T79, ending in A."""
    return len(code) == 7 and code.endswith("A") and ("S00" <= code[:3] <= "T34" or "T66" <= code[:3] <= "T79")


def dxc109(world: World) -> Iterator[Verdict]:
    known = {id(line): episode for episode in episodes(world) for line in episode.lines}
    for lines in claims(world).values():
        lines = [line for line in lines if line.service_date >= FIRST_DAY]
        own = {
            id(line): pointed(line) if world.pointers_recorded else list(dict.fromkeys(line.diagnoses)) for line in lines
        }
        seen = {code for codes in own.values() for code in codes}
        for line in lines:
            episode = known.get(id(line))
            carried = [code for code in dict.fromkeys(line.diagnoses) if injury(code)]
            if not line.discipline_modifiers or episode is None or not carried:
                continue
            judged = [code for code in carried if code in own[id(line)]]
            for code in carried:
                if code not in seen:
                    judged.append(code)
                    seen.add(code)
            if not judged:
                yield line_verdict("DXC109", line, "pass", "review")
            elif not episode.start_known:
                yield line_verdict("DXC109", line, "cannot_tell", "review", "episode-start-unknown")
            elif line.service_date > episode.first_day:
                for code in judged:
                    yield by_diagnosis(line_verdict("DXC109", line, "finding", "review"), code)
            else:
                yield line_verdict("DXC109", line, "pass", "review")


# --- claims ---------------------------------------------------------------------------------------


def claim_verdict(check: str, lines: list[Line], verdict: str, severity: str, reason: str = "") -> Verdict:
    first = min(lines, key=lambda line: (line.service_date, line.line_number))
    key = ("claim", first.patient_id, first.payer.payer_id, first.billing_npi, first.service_date)
    return Verdict(check, verdict, reason, severity, key)


def dxc108_110(world: World) -> Iterator[Verdict]:
    notes = world.reference.tables["icd10_excludes1"]
    for lines in claims(world).values():
        lines = [
            line for line in lines if not line.denied and line.service_date >= FIRST_DAY and len(line.diagnoses) > 1
        ]
        if not lines:
            continue
        day = min(line.service_date for line in lines)
        in_year = [note for note in notes if in_force(note, day)] if day >= NOTES_FROM else []
        if not in_year:
            yield claim_verdict("DXC108", lines, "cannot_tell", "review", "no-reference-for-date")
        else:
            pairs = {tuple(sorted(pair)) for line in lines for pair in combinations(set(line.diagnoses), 2)}
            excluded = [pair for pair in pairs if apart(in_year, *pair) or apart(in_year, *pair[::-1])]
            for _ in excluded:
                yield claim_verdict("DXC108", lines, "finding", "review")
            if not excluded:
                yield claim_verdict("DXC108", lines, "pass", "review")
        repeated = {code for line in lines for code in line.diagnoses if line.diagnoses.count(code) > 1}
        for _ in repeated:
            yield claim_verdict("DXC110", lines, "finding", "info")
        if not repeated:
            yield claim_verdict("DXC110", lines, "pass", "info")


def apart(notes: list[dict[str, str]], one: str, other: str) -> bool:
    """Whether a note of the first code, or of a stem above it, excludes the second."""
    return any(
        within(one, note["code_low"], note["code_high"]) and within(other, note["excluded_low"], note["excluded_high"])
        for note in notes
    )


def within(code: str, low: str, high: str) -> bool:
    return code[: len(low)] >= low and code[: len(high)] <= high


def judge(world: World) -> Iterator[Verdict]:
    for check in (dxc101_105, dxc106, dxc107, dxc109, dxc108_110):
        yield from check(world)
