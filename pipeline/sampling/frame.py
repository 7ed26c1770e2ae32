"""The frame: every unit that could be drawn, in an order of its own content, from a finished run or from a CSV file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from .. import jobs, registry
from ..engine import Engine
from ..errors import InputError, UsageError
from . import files

UNITS = {"line": "claim line", "claim": "claim", "patient-day": "patient-day"}
EXAMINED, NUMBER, STRATUM = "examined_amount", "frame_number", "frame_stratum"
ANSWERS = ("audited_amount", "error", "documentation", "reviewer", "note")
DRAW_ID = "draw_id"
OWN = (NUMBER, STRATUM, EXAMINED, *ANSWERS, DRAW_ID)


@dataclass(frozen=True)
class Frame:
    """Units in their total order: what describes each, and the amount that was paid for it.

    `numbers` are the columns that hold numbers of ours; `facts` say where the frame comes from; `warnings` are to be read with every estimate.
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    amounts: list[Decimal]
    facts: dict[str, Any]
    numbers: frozenset[str] = frozenset()
    warnings: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Selection:
    """Which lines of the run make the units; empty is all."""

    unit: str
    amount: str = "paid"
    providers: tuple[str, ...] = ()
    payer_class: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    findings: tuple[str, ...] | None = None


# Provider and payer class choose lines, so that no other provider's money enters; dates choose units by their first day, so that no claim is cut.
_CHOSEN = """
with dated as (
  select *, case when $unit = 'claim' then min(service_date) over (partition by claim_id, patient_id, payer_id) else service_date end as unit_day
  from core.claim_line
),
named as (
  select distinct l.line_id
  from audit.observation_line l join audit.observation o using (run_key, finding_id)
  where run_key = $run_key and o.state <> 'resolved' and list_contains($checks, o.check_code)
),
chosen as (
  select * exclude (payer_class, service_date, line_number), cast(payer_class as varchar) as payer_class, cast(service_date as varchar) as service_date,
    cast(line_number as varchar) as line_number,
    case when $amount = 'allowed' then allowed_amount else paid_amount end as given,
    case when given is null and is_denied then 0 else given end as examined,
    line_id in (select line_id from named) as has_finding
  from dated
  where (len($providers) = 0 or list_contains($providers, rendering_npi))
    and ($payer_class is null or cast(payer_class as varchar) = $payer_class)
    and ($date_from is null or unit_day >= $date_from) and ($date_to is null or unit_day <= $date_to)
)
"""

_ONE = "case when min({0}) = max({0}) then min({0}) else 'several' end"
_UNIT_SQL = {
    "line": """
select claim_id, line_number, patient_id, rendering_npi as provider_npi, payer_id, payer_class, service_date, procedure_code,
  array_to_string(modifiers, ' ') as modifiers, cast(units as varchar) as units, examined, examined is null as is_open
from chosen where not $only_findings or has_finding""",
    "claim": f"""
select claim_id, patient_id, {_ONE.format("rendering_npi")} as provider_npi, payer_id, {_ONE.format("payer_class")} as payer_class,
  min(service_date) as service_date, max(service_date) as service_date_to, string_agg(distinct procedure_code, ' ' order by procedure_code) as procedure_codes,
  cast(count(*) as varchar) as lines, sum(examined) as examined, bool_or(examined is null) as is_open
from chosen group by claim_id, patient_id, payer_id having not $only_findings or bool_or(has_finding)""",
    "patient-day": f"""
select patient_id, service_date, {_ONE.format("rendering_npi")} as provider_npi, {_ONE.format("payer_id")} as payer_id,
  {_ONE.format("payer_class")} as payer_class, string_agg(distinct claim_id, ' ' order by claim_id) as claim_ids,
  string_agg(distinct procedure_code, ' ' order by procedure_code) as procedure_codes, cast(count(*) as varchar) as lines, sum(examined) as examined,
  bool_or(examined is null) as is_open
from chosen group by patient_id, service_date having not $only_findings or bool_or(has_finding)""",
}


def from_run(engine: Engine, run_key: str | None, selection: Selection) -> Frame:
    """The audited units of a finished run. Only the run built last has its lines."""
    current = jobs.current_run(engine)
    finished = {run["run_key"]: run for run in jobs.runs(engine)}
    key = run_key or current
    if key not in finished:
        raise UsageError(f"The database holds no finished run {key!r}.", "`claimaudit runs` lists them.")
    if key != current:
        raise UsageError(f"The claim lines of run {key!r} are no longer in the database.", "Run it again.")
    run = finished[key]
    checks = list(selection.findings or ())
    if checks:
        known = list(run["checks"])
        checks = (
            known
            if checks == ["ALL"]
            else [c.code for c in registry.select(checks, [], preview=True) if c.code in known]
        )
        if not checks:
            raise UsageError("None of the checks of --findings ran.", "`claimaudit checks` lists them.")
    found = engine.dicts(
        f"{_CHOSEN} {_UNIT_SQL[selection.unit]} order by all",
        {
            "unit": selection.unit,
            "run_key": key,
            "checks": checks,
            "amount": selection.amount,
            "providers": list(selection.providers),
            "payer_class": selection.payer_class,
            "date_from": selection.date_from,
            "date_to": selection.date_to,
            "only_findings": bool(checks),
        },
    )
    one = UNITS[selection.unit]
    left_out = sum(row["is_open"] for row in found)
    found = [row for row in found if not row["is_open"]]
    if left_out and not found:
        raise InputError(
            f"None of {left_out:,} units has its {selection.amount} amount: each has a line without one.",
            f"Complete the export, or draw by --amount {'allowed' if selection.amount == 'paid' else 'paid'}.",
        )
    columns = tuple(name for name in (found[0] if found else {}) if name not in ("examined", "is_open"))
    warnings = []
    if checks:
        warnings.append(
            "This is a targeted frame: only units with findings are in it. An estimate speaks of these units alone and must not be generalised to any other."
        )
    if left_out:
        warnings.append(
            f"{left_out:,} units with a line without a {selection.amount} amount are not in the frame; an estimate does not speak of them."
        )
    facts = {
        "source": "run",
        "run_key": key,
        "as_of": str(run["as_of"]),
        "run_version": run["version"],
        "input_digest": run["input_digest"],
        "unit": one,
        "amount_of": selection.amount,
        "providers": list(selection.providers),
        "payer_class": selection.payer_class,
        "date_from": str(selection.date_from) if selection.date_from else None,
        "date_to": str(selection.date_to) if selection.date_to else None,
        "findings_of": checks or None,
        "units_left_out": left_out,
    }
    rows = [tuple("" if row[name] is None else str(row[name]) for name in columns) for row in found]
    return Frame(columns, rows, [row["examined"] for row in found], facts, frozenset({"units", "lines"}), warnings)


def from_file(path: Path, amount_column: str) -> Frame:
    """The rows of a CSV file, one unit each, ordered by their content: the order of the file has no say."""
    header, found = files.read_table(path)
    if amount_column not in header:
        raise InputError(
            f"{path.name} has no column {amount_column}.", "Name the column of the amount with --amount-column."
        )
    if clash := [name for name in OWN if name in header and name != amount_column]:
        raise InputError(f"{path.name} has a column {clash[0]}, which the sample has too.", "Rename it.")
    place = header.index(amount_column)
    units = sorted(
        (
            (tuple(cell for at, cell in enumerate(row) if at != place), files.money(row[place], f"Line {line} of {path.name}, {amount_column},"), line)
            for line, row in found
        )
    )  # fmt: skip
    for before, after in zip(units, units[1:], strict=False):
        if before[:2] == after[:2]:
            raise InputError(
                f"Lines {before[2]} and {after[2]} of {path.name} are alike in every column.",
                "Give each unit an identifier, and list none twice.",
            )
    facts = {
        "source": "file",
        "run_key": None,
        "as_of": None,
        "file": path.name,
        "unit": "row",
        "amount_of": amount_column,
    }
    columns = tuple(name for name in header if name != amount_column)
    return Frame(columns, [unit[0] for unit in units], [unit[1] for unit in units], facts)
