"""Explains a check or a finding in plain text: the rule, the rows, the arithmetic, the parameters and their sources."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from .engine import Engine
from .errors import UsageError
from .model import Case, Check

_GONE = {
    "corrected": "the claim was corrected",
    "rule-changed": "the rule is another, and the claim is as it was",
    "left-input": "the line is no longer in the input, which corrects nothing",
    "other-data": "another record changed, and the claim is as it was",
    None: "of what the run that saw it did not record",
}


def explain_check(check: Check, cases: list[Case]) -> str:
    """The check as its page tells it: header, prose, parameters, references, the names of its cases."""
    lines = [
        f"{check.code} {check.name} ({check.severity}, {check.status}, since {check.since})",
        f"Judges: one {check.subject.replace('_', ' ')} at a time; payers: {check.payers}",
    ]
    for heading, text in check.sections.items():
        lines += ["", heading, text]
    lines += ["", "Finding", check.message, "", "Fix", check.fix]
    if check.params:
        lines += ["", "Parameters"]
        lines += [f"  {name} = {spec['default']}  ({spec['why']})" for name, spec in sorted(check.params.items())]
    if check.denial_codes:
        codes = ", ".join(f"CARC {entry['carc']}" for entry in check.denial_codes if "carc" in entry)
        lines += ["", f"A payer that denies it shows {codes}."]
    lines += ["", "References"]
    lines += [f"  {ref['title']}, {ref.get('section', '')}".rstrip(", ") for ref in check.references]
    lines += ["", f"Cases ({len(cases)})"] + [f"  {case.name}: {case.why}" for case in cases]
    return "\n".join(lines)


def explain_finding(engine: Engine, finding_id: str, checks: dict[str, Check]) -> str:
    """A finding of any recorded run: what was billed, the evidence, the rule, the parameters and their citations."""
    found = engine.dicts(
        """select o.* from audit.observation o join audit.run r using (run_key)
        where o.finding_id = ? order by r.as_of desc, r.run_key desc""",
        [finding_id.replace("-", "").lower()],
    )
    if not found:
        raise UsageError(
            f"{finding_id!r} is neither a check nor a finding of a run in this database.",
            "findings.csv lists the findings.",
        )
    latest = found[0]
    check = checks[latest["check_code"]]
    amount = (
        "unknown"
        if latest["amount_at_risk"] is None
        else f"{latest['amount_at_risk']} ({latest['amount_basis']}, {latest['direction']})"
    )
    lines = [
        f"Finding {latest['finding_id']}: {check.code} {check.name}, {latest['severity']}, "
        f"{latest['state']} in run {latest['run_key']}",
        latest["message"],
        f"Date of service {latest['service_date']}, rendering provider {latest['provider_npi']}, "
        f"payer {latest['payer_id']}",
        f"Amount at risk: {amount}",
    ]
    if latest["state"] == "resolved":
        lines.append(f"Gone because {_GONE[latest['resolution']]}.")
    # a finding that is gone is listed on no line any more
    seen = next((row for row in found if row["state"] != "resolved"), latest)
    lines += ["", "Lines" if seen is latest else f"Lines, as run {seen['run_key']} saw them"]
    rows = engine.dicts(
        """select l.claim_id, l.line_number, l.service_date, l.procedure_code,
          array_to_string(c.modifiers, ' ') as modifiers, c.units, c.charge_amount, c.allowed_amount, l.amount_at_risk
        from audit.observation_line l
        left join (core.claim_line c cross join core.run r) on r.run_key = l.run_key and c.line_id = l.line_id
        where l.run_key = ? and l.finding_id = ? order by l.claim_id, l.line_number""",
        [seen["run_key"], seen["finding_id"]],
    )
    lines += _table(rows) or ["  none: the finding is about something that was not billed"]
    lines += ["", "Evidence"] + _evidence(json.loads(latest["evidence"] or "{}", parse_float=_decimal), "  ")
    lines += ["", "Rule", check.sections["What it checks"]]
    parameters = engine.dicts(
        """select param, value, citation from ref.param
        where check_code = ? and valid_from <= ? and (valid_to is null or ? < valid_to) order by param""",
        [check.code, latest["service_date"], latest["service_date"]],
    )
    if parameters:
        lines += ["", "Parameters in force on the date"] + [
            f"  {row['param']} = {row['value']:f} ({row['citation']})" for row in parameters
        ]
    lines += ["", "Sources"] + [f"  {ref['title']}, {ref.get('section', '')}".rstrip(", ") for ref in check.references]
    lines += ["", "Suggested correction", f"  {seen['fix']}"]
    decided = engine.dicts(
        "select decision, decided_on, reviewer, reason_code, expires_on, approver, note from audit.disposition where finding_id = ? order by decided_on, entry",
        [latest["finding_id"]],
    )
    if decided:
        lines += ["", "Decided"] + _table(decided)
    lines += ["", "Seen in"] + [f"  {row['run_key']}: {row['state']}" for row in found]
    return "\n".join(lines)


def _decimal(text: str) -> Decimal:
    """A number of the evidence as it is shown: JSON drops the zeros of an amount."""
    value = Decimal(text)
    return value.quantize(Decimal("0.01")) if value == round(value, 2) else value


def _table(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    names = list(rows[0])
    text = [[("" if row[name] is None else str(row[name])) for name in names] for row in rows]
    widths = [max(len(name), *(len(row[i]) for row in text)) for i, name in enumerate(names)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [names, *text]
    ]


def _evidence(content: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for key, value in content.items():
        label = key.replace("_", " ")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{indent}{label}:"] + [indent + line for line in _table(value)]
        elif value is not None:
            lines.append(f"{indent}{label}: {value}")
    return lines
