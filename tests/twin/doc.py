"""DOC101-DOC107: plan of care, progress reports and notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .episodes import Episode, billed_disciplines, episodes, evaluated_discipline, kind, plans_of
from .model import Line, Verdict, VisitDay, World, as_date, line_verdict, text

EXCEPTION_FROM = date(2025, 1, 1)
SHORT_BEFORE = date(2008, 1, 1)
TIMELY = timedelta(days=30)
ASSISTANT_FROM = date(2020, 1, 1)


@dataclass
class Row:
    """What a plan of care says that begins on one day: the earliest dates of its records, the latest end."""

    begins: date
    plan_to: date | None
    certified: date | None
    ordered: date | None
    sent: date | None
    initial: bool = True
    # None: the source does not record what it takes to know
    stands: bool | None = False
    exception: str = "no"

    @property
    def span(self) -> int:
        return 30 if self.begins < SHORT_BEFORE else 90

    @property
    def covered_to(self) -> date:
        longest = self.begins + timedelta(days=self.span - 1)
        return min(self.plan_to, longest) if self.plan_to else longest

    @property
    def open_day(self) -> date | None:
        """The day after the longest span, where the plan goes on."""
        day = self.begins + timedelta(days=self.span)
        return day if self.plan_to is None or self.plan_to >= day else None

    @property
    def may_cover_to(self) -> date:
        return max(self.covered_to, self.open_day or self.covered_to)


class Plans:
    """The certifications of all patients, disciplines and billing NPIs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.episodes = episodes(world)
        self.rows: dict[tuple[str, str, str], list[Row]] = {}
        self.of_episode: dict[tuple[object, ...], list[Row]] = defaultdict(list)
        keys = {(plan.patient_id, plan.discipline, plan.billing_npi) for plan in world.plans if plan.billing_npi}
        for patient, discipline, billing in billed_disciplines(self.episodes):
            if plans_of(world, patient, discipline, billing):
                keys.add((patient, discipline, billing))
        for key in keys:
            self.rows[key] = self.merged(*key)
        filled: dict[str, set[str]] = defaultdict(set)
        for (_, _, billing), rows in self.rows.items():
            filled[billing] |= {name for row in rows for name in ("certified", "ordered", "sent") if getattr(row, name)}
        self.loaded = {billing for _, _, billing in self.rows}
        self.recertified = set()
        for key, rows in self.rows.items():
            for row in rows:
                self.place(key, row, filled[key[2]])

    def merged(self, patient: str, discipline: str, billing: str) -> list[Row]:
        by_day: dict[date, list] = defaultdict(list)
        for plan in plans_of(self.world, patient, discipline, billing):
            by_day[plan.evaluation_date].append(plan)
        rows = []
        for begins in sorted(by_day):
            plans = by_day[begins]
            ends = [plan.plan_to for plan in plans if plan.plan_to and plan.plan_to >= begins]
            known = {
                name: [getattr(plan, name) for plan in plans if getattr(plan, name)]
                for name in ("certified_date", "order_signed_date", "plan_sent_date")
            }
            dates = [min(found) if found else None for found in known.values()]
            rows.append(Row(begins, max(ends) if ends else None, *dates))
        return rows

    def place(self, key: tuple[str, str, str], row: Row, filled: set[str]) -> None:
        """Which episode the row belongs to, and whether it stands: certified, or by the order exception of 2025."""
        episode = next(
            (
                one
                for one in self.episodes
                if (one.patient_id, one.discipline, one.billing_npi) == key
                and one.first_day - timedelta(days=60) <= row.begins <= one.last_day
            ),
            None,
        )
        if episode is not None:
            own = self.of_episode[episode.subject]
            row.initial = not own
            own.append(row)
            if own[1:]:
                self.recertified.add(key[2])
        if episode is not None and row.initial and row.begins >= EXCEPTION_FROM:
            first = episode.first_day
            ordered = row.ordered <= first if row.ordered else (False if "ordered" in filled else None)
            sent = (
                min(row.begins, first) <= row.sent <= first + TIMELY
                if row.sent
                else (False if "sent" in filled else None)
            )
            if ordered is not False and sent is not False:
                row.exception = "holds" if ordered and sent else "unknown"
        if row.certified or row.exception == "holds":
            row.stands = True
        elif "certified" not in filled or row.exception == "unknown":
            row.stands = None


def by_payer(world: World, episode: Episode) -> Iterator[tuple[list[Line], bool | None, tuple[object, ...]]]:
    """Lines of each payer that wants, or may want, a certified plan; whether it does; the subject."""
    payers: dict[str, list[Line]] = defaultdict(list)
    for line in episode.lines:
        if line.payer.requires_certified_plan is not False:
            payers[line.payer.payer_id].append(line)
    for payer, lines in payers.items():
        yield lines, lines[0].payer.requires_certified_plan, (*episode.subject, payer)


def doc101_102(world: World, plans: Plans) -> Iterator[Verdict]:
    for episode in plans.episodes:
        rows = plans.of_episode[episode.subject]
        for lines, wanted, subject in by_payer(world, episode):
            first = min(line.service_date for line in lines)
            excepted = any(row.exception == "holds" for row in rows)
            doubtful = any(row.exception == "unknown" for row in rows)
            certified = [row.certified for row in rows if row.certified]
            if wanted is None:
                outcome = ("cannot_tell", "payer-rule-unknown")
            elif any(row.stands for row in rows):
                outcome = ("pass", "")
            elif not episode.start_known:
                outcome = ("cannot_tell", "episode-start-unknown")
            elif world.as_of <= first + TIMELY:
                outcome = ("pass", "")
            elif episode.billing_npi not in plans.loaded:
                outcome = ("cannot_tell", "plans-not-loaded")
            elif doubtful:
                outcome = ("cannot_tell", "order-not-recorded")
            elif any(row.stands is None for row in rows):
                outcome = ("cannot_tell", "certification-not-recorded")
            else:
                outcome = ("finding", "")
            yield Verdict("DOC101", *outcome, "review", subject)
            if wanted is None:
                outcome = ("cannot_tell", "payer-rule-unknown")
            elif episode.billing_npi not in plans.loaded:
                outcome = ("cannot_tell", "plans-not-loaded")
            elif not certified and not excepted:
                continue
            elif not episode.start_known:
                outcome = ("cannot_tell", "episode-start-unknown")
            elif excepted or min(certified) <= min(episode.first_day, rows[0].begins) + TIMELY:
                outcome = ("pass", "")
            elif doubtful:
                outcome = ("cannot_tell", "order-not-recorded")
            elif min(certified) <= first + TIMELY:
                outcome = ("cannot_tell", "first-treatment-day-unclear")
            else:
                outcome = ("finding", "")
            yield Verdict("DOC102", *outcome, "review", subject)


def doc103_106(world: World, plans: Plans) -> Iterator[Verdict]:
    for line in world.lines:
        wanted = line.payer.requires_certified_plan
        if line.denied or not line.is_therapy or wanted is False or kind(line) == "evaluation":
            continue
        rows = [
            row
            for row in plans.rows.get((line.patient_id, line.discipline, line.billing_npi), [])
            if row.begins <= line.service_date
        ]
        blocked = ""
        if wanted is None:
            blocked = "payer-rule-unknown"
        elif not line.discipline:
            blocked = "discipline-unknown"
        elif line.billing_npi not in plans.loaded:
            blocked = "plans-not-loaded"
        if blocked:
            yield line_verdict("DOC103", line, "cannot_tell", "error", blocked)
            yield line_verdict("DOC106", line, "cannot_tell", "review", blocked)
            continue
        yield line_verdict("DOC106", line, "pass" if rows else "finding", "review")
        day = line.service_date
        standing = [row for row in rows if row.stands]
        if not rows:
            yield line_verdict("DOC103", line, "cannot_tell", "error", "plan-not-loaded")
        elif any(day <= row.covered_to for row in standing):
            yield line_verdict("DOC103", line, "pass", "error")
        elif standing and day == max(row.open_day or date.min for row in standing):
            yield line_verdict("DOC103", line, "cannot_tell", "error", "last-day-unclear")
        elif any(row.stands is None and day <= row.may_cover_to for row in rows):
            yield line_verdict("DOC103", line, "cannot_tell", "error", "certification-not-recorded")
        elif any(row.stands is False and row.initial and day <= row.may_cover_to for row in rows):
            yield line_verdict("DOC103", line, "pass", "error")
        elif any(row.stands is False and not row.initial and day <= row.may_cover_to for row in rows):
            yield line_verdict("DOC103", line, "finding", "review", amount=line.at_risk, over=True)
        elif line.billing_npi not in plans.recertified:
            yield line_verdict("DOC103", line, "cannot_tell", "error", "recertifications-not-loaded")
        else:
            yield line_verdict("DOC103", line, "finding", "error", amount=line.at_risk, over=True)


def doc104(world: World, plans: Plans) -> Iterator[Verdict]:
    treated: dict[tuple[str, str], set[str]] = defaultdict(set)
    for day in world.days:
        treated[day.patient_id, day.discipline].add(day.billing_npi)
    reports: dict[tuple[str, str], set[date]] = defaultdict(set)
    loaded: set[str] = set()
    for row in world.reports:
        when = as_date(text(row, "report_date"))
        assert when is not None
        loaded |= treated[text(row, "patient_id"), text(row, "discipline")]
        if text(row, "author_role") in ("", "clinician"):
            reports[text(row, "patient_id"), text(row, "discipline")].add(when)
    evaluated: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for line in world.lines:
        if kind(line) and not line.denied:
            evaluated[line.patient_id, evaluated_discipline(line), line.billing_npi].add(line.service_date)
    days_of = visit_days(world)
    for episode in plans.episodes:
        first = episode.first_day
        own = {when for when in reports[episode.patient_id, episode.discipline] if when >= first - timedelta(days=60)}
        # an evaluation is a report too; on the first day it is the start
        own |= {
            when
            for when in evaluated[episode.patient_id, episode.discipline, episode.billing_npi]
            if when > first or (when == first and not episode.start_known)
        }
        for day in days_of[episode.patient_id, episode.discipline, episode.billing_npi]:
            if not episode.first_day <= day.day <= episode.last_day or day.payer.requires_certified_plan is False:
                continue
            earlier = [when for when in own if when <= day.day]
            last = max(earlier) if earlier else None
            count = sum(1 for when in episode.days if when <= day.day and (last is None or when > last))
            if day.payer.requires_certified_plan is None:
                outcome = ("cannot_tell", "payer-rule-unknown")
            elif day.billing_npi not in loaded:
                outcome = ("cannot_tell", "reports-not-loaded")
            elif last is None and not episode.start_known:
                outcome = ("cannot_tell", "episode-start-unknown")
            else:
                outcome = ("finding" if count > 10 else "pass", "")
            yield Verdict("DOC104", *outcome, "error", day.subject)


def visit_days(world: World) -> dict[tuple[str, str, str], list[VisitDay]]:
    found: dict[tuple[str, str, str], list[VisitDay]] = defaultdict(list)
    for day in world.days:
        found[day.patient_id, day.discipline, day.billing_npi].append(day)
    return found


def doc105(world: World, plans: Plans) -> Iterator[Verdict]:
    for episode in plans.episodes:
        for lines, wanted, subject in by_payer(world, episode):
            days = sorted({line.service_date for line in lines})
            if not any(day >= ASSISTANT_FROM for day in days):
                continue
            run = longest = 0
            for day in days:
                alone = all({"CQ", "CO"} & set(line.modifiers) for line in episode.on(day))
                run = run + 1 if alone else 0
                longest = max(longest, run)
            if wanted is None:
                outcome = ("cannot_tell", "payer-rule-unknown")
            elif longest >= 10:
                outcome = ("finding", "")
            elif lines[0].payer.requires_assistant_modifier is not True:
                outcome = ("cannot_tell", "assistant-not-marked")
            else:
                outcome = ("pass", "")
            yield Verdict("DOC105", *outcome, "review", subject)


def doc107(world: World) -> Iterator[Verdict]:
    staff: dict[str, set[str]] = defaultdict(set)
    for line in world.lines:
        staff[line.rendering.npi].add(line.billing_npi)
    recorded: set[str] = set()
    for row in world.visits:
        if text(row, "note_signed_date"):
            recorded |= staff[text(row, "rendering_npi")]
    for day in world.days:
        received = [line.received_date for line in day.lines]
        known = [when for when in received if when]
        signatures = [as_date(text(row, "note_signed_date")) for row in day.visits]
        later = [when for when in signatures if when and when > day.day]
        if not day.visits:
            outcome = ("cannot_tell", "note-not-recorded")
        elif later and known and max(later) > min(known):
            outcome = ("finding", "")
        elif None in signatures:
            outcome = ("finding", "") if day.billing_npi in recorded else ("cannot_tell", "signature-not-recorded")
        elif later and None in received:
            outcome = ("cannot_tell", "received-date-missing")
        else:
            outcome = ("pass", "")
        yield Verdict("DOC107", *outcome, "review", day.subject)


def judge(world: World) -> Iterator[Verdict]:
    plans = Plans(world)
    for check in (doc101_102, doc103_106, doc104, doc105):
        yield from check(world, plans)
    yield from doc107(world)
