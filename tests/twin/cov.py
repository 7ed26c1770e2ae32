"""COV101-COV104: coverage policies that the user loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .dxc import pointed
from .model import Line, Verdict, World, as_date, as_integer, line_verdict, text

PAIRED = {"primary_required": "secondary_required", "secondary_required": "primary_required"}


@dataclass(frozen=True)
class Rule:
    """One row of a policy."""

    policy: tuple[str, str]
    payer_id: str
    mac: str
    region: str
    code_low: str
    code_high: str
    dx_low: str
    dx_high: str
    role: str
    group: str
    partner: str
    places: tuple[str, ...]
    dos_from: date
    dos_to: date | None

    @property
    def paired(self) -> bool:
        return self.role in PAIRED or (self.role == "either" and bool(self.partner))

    def in_force(self, line: Line) -> bool:
        return self.dos_from <= line.service_date and (self.dos_to is None or line.service_date <= self.dos_to)

    def names(self, code: str) -> bool:
        return code[: len(self.dx_low)] >= self.dx_low and code[: len(self.dx_high)] <= self.dx_high


def read_rule(row: dict[str, str]) -> Rule | None:
    try:
        start, end = as_date(text(row, "dos_from")), as_date(text(row, "dos_to"))
        number, other = as_integer(text(row, "group_no")), as_integer(text(row, "pair_group_no"))
    except ValueError:
        return None
    low, dx_low, role = text(row, "code_low").upper(), text(row, "dx_low").upper(), text(row, "role") or "covered"
    if not text(row, "policy_id") or not low or start is None or not (dx_low or role == "authorization"):
        return None
    if not text(row, "payer_id") and not text(row, "mac"):
        return None
    partner = str(other) if other is not None else PAIRED.get(role, "")
    return Rule(
        policy=(text(row, "policy_id"), text(row, "policy_version")),
        payer_id=text(row, "payer_id"),
        mac=text(row, "mac"),
        region=text(row, "region"),
        code_low=low,
        code_high=text(row, "code_high").upper() or low,
        dx_low=dx_low.replace(".", ""),
        dx_high=(text(row, "dx_high").upper() or dx_low).replace(".", ""),
        role=role,
        group=str(number) if number is not None else role,
        partner=partner,
        places=tuple(text(row, "places").replace(",", " ").replace(";", " ").split()),
        dos_from=start,
        dos_to=end,
    )


def fits(rule: Rule, line: Line) -> bool | None:
    """Whether the rule is of the line's payer and region; None when contractor or state are not given."""
    if rule.payer_id and rule.payer_id != line.payer.payer_id:
        return False
    if not rule.mac:
        contractor: bool | None = True
    elif line.payer.mac:
        contractor = rule.mac == line.payer.mac
    else:
        contractor = None if line.payer.medicare or rule.payer_id else False
    if not rule.region:
        region: bool | None = True
    else:
        where = line.payer.mac or line.state
        region = rule.region == where if where else None
        if not region and rule.mac:
            by_state = rule.region == line.state if line.state else None
            region = True if by_state else (None if by_state is None or region is None else False)
    if contractor is False or region is False:
        return False
    return True if contractor and region else None


def pairs_of(rules: list[Rule]) -> set[tuple[str, str]]:
    """Groups of a policy that need each other, both with rows."""
    named = {name for rule in rules if rule.paired for name in (rule.group, rule.role)}
    return {
        (min(rule.group, rule.partner), max(rule.group, rule.partner))
        for rule in rules
        if rule.paired and rule.partner in named
    }


def cov101_103(world: World) -> Iterator[Verdict]:
    rules = [rule for row in world.policies if (rule := read_rule(row)) and rule.role != "authorization"]
    by_policy: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        by_policy[rule.policy].append(rule)
    pairs = {policy: pairs_of(own) for policy, own in by_policy.items()}
    any_diagnosis = any(line.diagnoses for line in world.all_lines)
    for line in world.lines:
        known = [
            rule for rule in rules if rule.code_low <= line.code <= rule.code_high and fits(rule, line) is not False
        ]
        if not known:
            continue
        unknown_region = any(fits(rule, line) is None for rule in known)
        used = [rule for rule in known if fits(rule, line) and rule.in_force(line)]
        listing = used or known
        lists_covered = any(rule.role != "noncovered" for rule in listing)
        lists_noncovered = any(rule.role == "noncovered" for rule in listing)
        lists_pairs = any(rule.paired and pairs[rule.policy] for rule in listing)
        lists_single = any(rule.role != "noncovered" and not rule.paired for rule in listing)
        codes = pointed(line) if world.pointers_recorded else line.diagnoses
        seen = [rule for rule in used if any(rule.names(code) for code in codes)]
        bad = any(rule.role == "noncovered" for rule in seen)
        covered = any(rule.role != "noncovered" and not rule.paired for rule in seen)
        half = any(rule.paired for rule in seen)
        complete = False
        for policy in {rule.policy for rule in used}:
            have = {name for rule in seen if rule.paired and rule.policy == policy for name in (rule.group, rule.role)}
            complete = complete or any(one in have and other in have for one, other in pairs[policy])
        if not used:
            outcome = "region-missing" if unknown_region else "policy-version-not-loaded"
        elif not any_diagnosis:
            outcome = "diagnoses-not-recorded"
        elif world.pointers_recorded and bad:
            outcome = "noncovered"
        elif covered or complete or (not lists_covered and not bad):
            outcome = "listed"
        elif not world.pointers_recorded:
            outcome = "pointers-not-recorded"
        elif unknown_region:
            outcome = "region-missing"
        elif lists_pairs and (half or not lists_single):
            outcome = "incomplete"
        else:
            outcome = "unlisted"
        untold = outcome if outcome not in ("noncovered", "listed", "incomplete", "unlisted") else ""
        for check, asked, wanted in (
            ("COV101", lists_covered, "unlisted"),
            ("COV102", lists_noncovered, "noncovered"),
            ("COV103", lists_pairs, "incomplete"),
        ):
            why = untold
            if check == "COV102" and not (
                outcome in ("policy-version-not-loaded", "diagnoses-not-recorded")
                or (outcome == "pointers-not-recorded" and bad)
                or (outcome == "region-missing" and not used)
            ):
                why = ""
            if not asked:
                continue
            if why:
                yield line_verdict(check, line, "cannot_tell", "error", why)
            else:
                verdict = "finding" if outcome == wanted else "pass"
                yield line_verdict(check, line, verdict, "error", amount=line.at_risk, over=True)


def cov104(world: World) -> Iterator[Verdict]:
    rules = [rule for row in world.policies if (rule := read_rule(row)) and rule.role == "authorization"]
    authorized = {line.claim for line in world.lines if line.prior_authorization}
    # a blank means none only where the billing NPI's rows have numbers at all (ruling 4)
    recorded = {line.billing_npi for line in world.lines if line.prior_authorization}
    for line in world.lines:
        asked = [
            rule
            for rule in rules
            if rule.code_low <= line.code <= rule.code_high
            and (not rule.places or not line.place or line.place in rule.places)
            and fits(rule, line) is not False
        ]
        if not asked:
            continue
        needed = any(fits(r, line) and r.in_force(line) and not (r.places and not line.place) for r in asked)
        if line.claim in authorized:
            outcome = ("pass", "")
        elif not needed and any(fits(rule, line) is None for rule in asked):
            outcome = ("cannot_tell", "region-missing")
        elif not needed and any(rule.in_force(line) and rule.places and not line.place for rule in asked):
            outcome = ("cannot_tell", "place-of-service-missing")
        elif not needed:
            outcome = ("cannot_tell", "policy-version-not-loaded")
        elif line.billing_npi not in recorded:
            outcome = ("cannot_tell", "authorization-not-recorded")
        else:
            outcome = ("finding", "")
        yield line_verdict("COV104", line, outcome[0], "review", outcome[1])


def judge(world: World) -> Iterator[Verdict]:
    yield from cov101_103(world)
    yield from cov104(world)
