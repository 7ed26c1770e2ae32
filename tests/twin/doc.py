"""DOC101-DOC107: plan of care, progress reports and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .episodes import Episode, episodes, plans_of
from .model import Line, Plan, Verdict, World, as_date, line_verdict, text

EXCEPTION_FROM = date(2025, 1, 1)
SPAN = timedelta(days=89)


def in_scope(line: Line) -> bool | None:
    """Whether the payer asks for certified plans; None when that is not known."""
    return line.payer.requires_certified_plan


def of_episode(lines: list[Line]) -> bool | None:
    """True if a line's payer asks for it, None if none is known to and one is unknown."""
    said = [in_scope(line) for line in lines]
    return True if True in said else (None if None in said else False)


def own_plans(world: World, episode: Episode) -> list[Plan]:
    """The certifications of an episode in order: those that begin in it or at most 60 days before it."""
    return sorted(
        (
            plan
            for plan in plans_of(world, episode.patient_id, episode.discipline, episode.billing_npi)
            if episode.first_day - timedelta(days=60) <= plan.evaluation_date <= episode.last_day
        ),
        key=lambda plan: (plan.evaluation_date, str(plan)),
    )


def recorded(world: World, billing: str, column: str) -> bool:
    """Whether the column is filled in for at least one plan of the billing NPI: then a blank means not done."""
    return any(getattr(plan, column) for plan in world.plans if plan.billing_npi in ("", billing))


def excepted(plan: Plan, first_day: date) -> bool:
    """The exception of 2025: a signed order by the first treatment day, and the plan sent within 30 days."""
    return bool(
        plan.evaluation_date >= EXCEPTION_FROM
        and plan.order_signed_date
        and plan.order_signed_date <= first_day
        and plan.plan_sent_date
        and 0 <= (plan.plan_sent_date - plan.evaluation_date).days <= 30
    )


def doc101_102(world: World) -> Iterator[Verdict]:
    for episode in episodes(world):
        scope = of_episode(episode.lines)
        if scope is False:
            continue
        if scope is None:
            for check in ("DOC101", "DOC102"):
                yield Verdict(check, "cannot_tell", "payer-rule-unknown", "review", episode.subject)
            continue
        plans = own_plans(world, episode)
        first = episode.first_day
        if not any(plan.billing_npi in ("", episode.billing_npi) for plan in world.plans):
            yield Verdict("DOC101", "cannot_tell", "plans-not-loaded", "review", episode.subject)
            yield Verdict("DOC102", "cannot_tell", "plans-not-loaded", "review", episode.subject)
            continue
        initial = plans[0] if plans else None
        certified = initial.certified_date if initial and initial.certified_date else None
        if certified and certified > world.as_of:
            certified = None
        if initial and excepted(initial, first):
            yield Verdict("DOC101", "pass", "", "review", episode.subject)
            yield Verdict("DOC102", "pass", "", "review", episode.subject)
            continue
        if certified or world.as_of <= first + timedelta(days=30):
            yield Verdict("DOC101", "pass", "", "review", episode.subject)
        elif initial and not recorded(world, episode.billing_npi, "certified_date"):
            yield Verdict("DOC101", "cannot_tell", "certifications-not-recorded", "review", episode.subject)
        else:
            yield Verdict("DOC101", "finding", "", "review", episode.subject)
        if certified:
            if not episode.start_known:
                yield Verdict("DOC102", "cannot_tell", "episode-start-unknown", "review", episode.subject)
            else:
                late = (certified - first).days > 30
                yield Verdict("DOC102", "finding" if late else "pass", "", "review", episode.subject)


def last_covered(plan: Plan) -> date:
    return min(plan.plan_to or date.max, plan.evaluation_date + SPAN)


def doc103_106(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        scope = in_scope(line)
        if line.denied or not line.is_therapy or scope is False:
            continue
        if scope is None:
            yield line_verdict("DOC103", line, "cannot_tell", "error", "payer-rule-unknown")
            if not line.is_evaluation:
                yield line_verdict("DOC106", line, "cannot_tell", "review", "payer-rule-unknown")
            continue
        plans = plans_of(world, line.patient_id, line.discipline, line.billing_npi)
        begun = [plan for plan in plans if plan.evaluation_date <= line.service_date]
        loaded = [plan for plan in world.plans if plan.billing_npi in ("", line.billing_npi)]
        if not line.is_evaluation:
            if begun:
                yield line_verdict("DOC106", line, "pass", "review")
            elif not loaded:
                yield line_verdict("DOC106", line, "cannot_tell", "review", "plans-not-loaded")
            else:
                yield line_verdict("DOC106", line, "finding", "review")
        if not begun:
            continue
        if any(last_covered(plan) >= line.service_date for plan in begun):
            yield line_verdict("DOC103", line, "pass", "error")
        elif any(
            line.service_date == plan.evaluation_date + timedelta(days=90)
            and (plan.plan_to is None or plan.plan_to >= line.service_date)
            for plan in begun
        ):
            yield line_verdict("DOC103", line, "cannot_tell", "error", "day-ninety")
        else:
            yield line_verdict("DOC103", line, "finding", "error", amount=line.at_risk, over=True)


def doc104_105(world: World) -> Iterator[Verdict]:
    for episode in episodes(world):
        scope = of_episode(episode.lines)
        if scope is False:
            continue
        reports = {
            as_date(text(row, "report_date"))
            for row in world.reports
            if text(row, "patient_id") == episode.patient_id
            and text(row, "discipline") == episode.discipline
            and text(row, "author_role") in ("", "clinician")
        }
        count: int | None = 0 if episode.start_known else None
        run = 0
        found = False
        for day in episode.days:
            lines = episode.on(day)
            evaluated = any(line.is_evaluation for line in lines)
            if evaluated or any(report and report <= day for report in reports):
                count = 0
            elif count is not None:
                count += 1
            run = run + 1 if all({"CQ", "CO"} & set(line.modifiers) for line in lines) else 0
            found = found or run >= 10
        if scope is None:
            yield Verdict("DOC105", "cannot_tell", "payer-rule-unknown", "review", episode.subject)
        else:
            yield Verdict("DOC105", "finding" if found else "pass", "", "review", episode.subject)


def judge(world: World) -> Iterator[Verdict]:
    for check in (doc101_102, doc103_106, doc104_105):
        yield from check(world)
