"""MOD101-MOD104, MOD107-MOD110: modifiers. Each looks at one line alone, denied or not (a denied line has amount 0)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .model import DISCIPLINE_OF_MODIFIER, Verdict, World, line_verdict

FROM_2018 = date(2018, 1, 1)
ALWAYS_WRONG = {"25", "50", "26", "TC", "AT", "22"}
WRONG_ON_TIMED = {"52", "76"}


def mod101(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        switch = line.payer.requires_discipline_modifier
        due = line.therapy_status == "always" or (
            line.therapy_status == "sometimes" and line.rendering.private_practice
        )
        if not due or line.service_date < FROM_2018 or switch is False:
            continue
        if switch is None:
            yield line_verdict("MOD101", line, "cannot_tell", "error", "payer-rule-unknown")
            continue
        missing = not line.discipline_modifiers and not {"CQ", "CO"} & set(line.modifiers)
        yield line_verdict("MOD101", line, "finding" if missing else "pass", "error", amount=line.at_risk, over=True)


def mod102(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.is_therapy:
            several = len(line.discipline_modifiers) > 1
            yield line_verdict(
                "MOD102", line, "finding" if several else "pass", "error", amount=line.at_risk, over=True
            )


def mod103(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        row = line.procedure
        if row is None or not row["locked_modifier"] or line.service_date < FROM_2018:
            continue
        wrong = len(line.discipline_modifiers) == 1 and row["locked_modifier"] not in line.discipline_modifiers
        yield line_verdict("MOD103", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def mod104(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if not line.is_therapy or len(line.discipline_modifiers) != 1:
            continue
        own = line.rendering.discipline
        if own:
            named = DISCIPLINE_OF_MODIFIER[next(iter(line.discipline_modifiers))]
            yield line_verdict("MOD104", line, "pass" if named == own else "finding", "review")
        elif line.rendering.nothing_known:
            yield line_verdict("MOD104", line, "cannot_tell", "review", "provider-discipline-unknown")


def mod107(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        assistants = {"CQ", "CO"} & set(line.modifiers)
        if assistants or line.is_therapy:
            paired = (assistants, line.discipline_modifiers) in (({"CQ"}, {"GP"}), ({"CO"}, {"GO"})) or not assistants
            yield line_verdict("MOD107", line, "pass" if paired else "finding", "error", amount=line.at_risk, over=True)


def mod108(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        if line.payer.payer_class == "medicare_b" and line.code in {str(code) for code in range(97161, 97169)}:
            wrong = bool({"CQ", "CO"} & set(line.modifiers))
            yield line_verdict("MOD108", line, "finding" if wrong else "pass", "error", amount=line.at_risk, over=True)


def mod109(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        has = set(line.modifiers)
        pairs = [
            row
            for row in world.reference.tables["modifier_conflict"]
            if {row["modifier_a"], row["modifier_b"]} <= has
            and date.fromisoformat(row["valid_from"]) <= line.service_date
            and (not row["valid_to"] or line.service_date < date.fromisoformat(row["valid_to"]))
            and (row["scope"] == "any" or line.discipline_modifiers)
        ]
        costly = any(row["line_at_risk"] == "true" for row in pairs)
        plain = bool(pairs) or len(has) < len(line.modifiers)
        verdict = "finding" if costly or plain else "pass"
        yield line_verdict("MOD109", line, verdict, "error", amount=line.at_risk if costly else None, over=costly)


def mod110(world: World) -> Iterator[Verdict]:
    for line in world.lines:
        always = line.therapy_status == "always"
        timed = line.therapy_status in ("always", "sometimes") and line.is_timed
        if always or timed:
            wrong = (ALWAYS_WRONG if always else set()) | (WRONG_ON_TIMED if timed else set())
            yield line_verdict("MOD110", line, "finding" if wrong & set(line.modifiers) else "pass", "review")


def judge(world: World) -> Iterator[Verdict]:
    for check in (mod101, mod102, mod103, mod104, mod107, mod108, mod109, mod110):
        yield from check(world)
