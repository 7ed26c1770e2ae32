"""`claimaudit sample plan|draw|estimate`: arguments in, lines out; the work is in the modules beside this one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import jobs
from ..errors import UsageError
from ..settings import load
from . import audited, files, frame, plan, result
from . import draw as drawing

sample_app = typer.Typer(help="Probe samples and extrapolation.", rich_markup_mode=None)
plan_app = typer.Typer(help="How many units a sample needs.", rich_markup_mode=None)
sample_app.add_typer(plan_app, name="plan")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
FrameSize = Annotated[int, typer.Option(help="Units of the frame.", min=1, show_default=False)]
FrameSizes = Annotated[
    list[str] | None,
    typer.Option("--frame-size", help="Units of the frame, or STRATUM=UNITS; repeatable.", show_default=False),
]
ProbeFile = Annotated[
    Path | None,
    typer.Option(
        help="An audited probe: a folder of `sample draw`, or a CSV file with examined and audited amounts.",
        show_default=False,
    ),
]
Column = Annotated[
    str | None, typer.Option(help="Plan for the amounts in this column of the probe.", show_default=False)
]
Precision = Annotated[
    str | None, typer.Option(help="Wanted precision as a share of the estimate, such as 0.25.", show_default=False)
]


def _share(text: str, name: str) -> Fraction:
    if not re.fullmatch(r"\d*\.?\d+", text.strip()):
        raise UsageError(f"{name} is not a number.", "Write a share such as 0.05.")
    return Fraction(text.strip())


def _decimal(text: str, name: str) -> Decimal:
    if not re.fullmatch(r"-?\d*\.?\d+", text.strip()):
        raise UsageError(f"{name} is not a number.", "Write a number such as 1.25.")
    return Decimal(text.strip())


def _named(values: Sequence[str] | None, option: str) -> dict[str, str]:
    """`NAME=VALUE` arguments, or one VALUE for the only stratum."""
    found: dict[str, str] = {}
    for text in values or []:
        name, equals, value = text.rpartition("=")
        name = name.strip() if equals else audited.ALL
        if name in found:
            raise UsageError(f"{option} names {name!r} twice.", "Give each stratum once.")
        found[name] = value.strip()
    return found


def _counts(values: Sequence[str] | None, option: str) -> dict[str, int]:
    found = _named(values, option)
    if bad := [text for text in found.values() if not text.replace(",", "").isdecimal()]:
        raise UsageError(
            f"{option} {bad[0]} is not a whole number.", f"Write {option} UNITS, or {option} STRATUM=UNITS."
        )
    return {name: int(text.replace(",", "")) for name, text in found.items()}


def _percent(value: Fraction) -> str:
    return f"{float(100 * value):g} %"


# Plan ----------------------------------------------------------------------------------------------------------------


@plan_app.command("attribute")
def plan_attribute(
    frame_size: FrameSize,
    rate: Annotated[
        str | None, typer.Option(help="Anticipated share of units in error, such as 0.05.", show_default=False)
    ] = None,
    probe: ProbeFile = None,
    width: Annotated[
        str | None, typer.Option(help="Wanted distance from lower to upper limit, such as 0.10.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """For an error rate: exact hypergeometric sizes, and those of the normal approximation."""
    if (rate is None) == (probe is None):
        raise UsageError("The anticipated error rate is not given once.", "Give --rate or --probe.")
    if probe is not None:
        units = _probe_units(probe)
        anticipated = Fraction(sum(unit.in_error for unit in units), len(units))
    else:
        anticipated = _share(rate or "", "--rate")
    widths = sorted({*plan.RATE_WIDTHS, *([_share(width, "--width")] if width else [])})
    sizes = plan.attribute_sizes(frame_size, anticipated, widths)
    if as_json:
        _print_sizes({"frame": frame_size, "rate": float(anticipated)}, sizes)
        return
    print(f"Frame of {frame_size:,} units, anticipated error rate {_percent(anticipated)}")
    print("Units to audit, for two-sided limits that lie this far apart:")
    for method in ("exact hypergeometric", "normal approximation"):
        _table(method, widths, sizes, method, _share(width, "--width") if width else None)
    print(
        "Exact: the smallest sample whose limits are no wider at the anticipated number of errors, rounded down and up."
    )


@plan_app.command("variable")
def plan_variable(
    frame_size: FrameSize,
    probe: ProbeFile = None,
    column: Column = None,
    variation: Annotated[
        str | None,
        typer.Option(
            help="Coefficient of variation: standard deviation over mean. Instead of a probe.", show_default=False
        ),
    ] = None,
    precision: Precision = None,
    as_json: AsJson = False,
) -> None:
    """For an amount: sizes by the coefficient of variation, with the correction for a finite frame."""
    if (variation is None) == (probe is None):
        raise UsageError("The variation is not given once.", "Give --variation or --probe.")
    if probe is not None:
        shown = plan.probe_of(audited.ALL, _probe_amounts(probe, column, None)[audited.ALL])
        if shown.mean == 0:
            raise UsageError(
                "The mean of the probe is 0, of which no share can be taken.", "Plan by an error rate instead."
            )
        ratio = shown.spread / abs(shown.mean)
        words = f"probe of {shown.units:,} units: mean {files.cents(shown.mean):,}, standard deviation {files.cents(shown.spread):,}, "
    else:
        ratio, words = _decimal(variation or "", "--variation"), ""
    precisions = sorted({*plan.AMOUNT_PRECISIONS, *([_share(precision, "--precision")] if precision else [])})
    sizes = plan.variable_sizes(frame_size, ratio, precisions)
    if as_json:
        _print_sizes({"frame": frame_size, "coefficient_of_variation": round(float(ratio), 6)}, sizes)
        return
    print(f"Frame of {frame_size:,} units, {words}coefficient of variation {ratio:.4f}")
    print("Units to audit, for a two-sided precision of the estimate:")
    _table(
        "normal",
        precisions,
        sizes,
        "n0 = (z CV / precision)^2, n = n0 / (1 + n0 / N)",
        _share(precision, "--precision") if precision else None,
    )
    print("The limits of the audited sample use Student's t and its own spread: take some units more than this.")


@plan_app.command("stratified")
def plan_stratified(
    probe: Annotated[
        Path,
        typer.Option(help="An audited probe by strata: a folder of `sample draw`, or a CSV file.", show_default=False),
    ],
    frame_size: FrameSizes = None,
    column: Column = None,
    stratum_column: Annotated[str, typer.Option(help="Column of the stratum in a CSV probe.")] = "stratum",
    precision: Precision = None,
    as_json: AsJson = False,
) -> None:
    """For a total over strata: sizes under proportional and Neyman allocation, and the units of each stratum."""
    sizes_given = _counts(frame_size, "--frame-size")
    amounts = _probe_amounts(probe, column, stratum_column)
    names = sorted(amounts)
    if not sizes_given and probe.is_dir():
        sizes_given = {part.name: part.frame for part in audited.read(probe, {}, {}).strata}
    if set(sizes_given) != set(names):
        raise UsageError("The size of the frame is not given for each stratum of the probe.", "Give " + ", ".join(f"--frame-size {name}=UNITS" for name in names) + ".")  # fmt: skip
    frames = [sizes_given[name] for name in names]
    probes = [plan.probe_of(name, amounts[name]) for name in names]
    precisions = sorted({*plan.AMOUNT_PRECISIONS, *([_share(precision, "--precision")] if precision else [])})
    sizes = plan.stratified_sizes(frames, probes, precisions)
    if as_json:
        rows = [
            asdict(size) | {"precision": float(size.precision), "shares": dict(zip(names, size.shares, strict=True))}
            for size in sizes
        ]
        strata = [asdict(one) | {"frame": units} for one, units in zip(probes, frames, strict=True)]
        print(json.dumps({"strata": strata, "sizes": rows}, default=str))
        return
    print("  stratum                       frame   probe          mean    std deviation")
    for one, units in zip(probes, frames, strict=True):
        print(
            f"  {one.stratum:<24}{units:>11,}{one.units:>8,}{files.cents(one.mean):>14,}{files.cents(one.spread):>17,}"
        )
    wanted = _share(precision, "--precision") if precision else None
    for allocation in ("proportional", "Neyman"):
        chosen = [
            plan.Size(s.confidence, s.precision, {allocation: s.units}) for s in sizes if s.allocation == allocation
        ]
        _table(allocation, precisions, chosen, f"{allocation} allocation", wanted)
    shown = wanted or precisions[-1]
    print(f"Units of each stratum at a precision of {_percent(shown)}:")
    for size in sizes:
        if size.precision == shown:
            shares = ", ".join(f"{name} {units:,}" for name, units in zip(names, size.shares, strict=True))
            print(f"  {size.confidence} % {size.allocation:<13} {shares}")


def _print_sizes(about: dict[str, Any], sizes: list[plan.Size]) -> None:
    rows = [{"confidence": s.confidence, "precision": float(s.precision), "units": s.units} for s in sizes]
    print(json.dumps({**about, "sizes": rows}))


def _table(
    method: str, columns: Sequence[Fraction], sizes: list[plan.Size], title: str, wanted: Fraction | None
) -> None:
    print(f"  {title}")
    print("    confidence" + "".join(f"{_percent(one) + ('*' if one == wanted else ''):>11}" for one in columns))
    for confidence in plan.CONFIDENCE:
        units = {size.precision: size.units[method] for size in sizes if size.confidence == confidence}
        print(f"    {str(confidence) + ' %':<10}" + "".join(f"{units[one]:>11,}" for one in columns))


def _probe_units(path: Path) -> list[Any]:
    """Units of an audited probe; the sizes of its frame do not matter here."""
    if path.is_dir():
        return audited.read(path, {}, {}).units
    header, rows = files.read_table(path)
    return audited.read(path, {audited.ALL: len(rows)}, {}).units


def _probe_amounts(path: Path, column: str | None, stratum_column: str | None) -> dict[str, list[Decimal]]:
    """Amounts to plan for by stratum: the difference of an audited probe, or a column as it stands."""
    if path.is_dir():
        if column:
            raise UsageError("--column is for a CSV probe.", "Leave it out: the differences of the folder are used.")
        strata = audited.read(path, {}, {}).strata
        amounts = {part.name: [unit.examined - unit.audited for unit in part.units] for part in strata}
        return amounts if stratum_column else {audited.ALL: [amount for part in amounts.values() for amount in part]}
    header, rows = files.read_table(path)
    if stratum_column and stratum_column not in header:
        raise UsageError(f"{path.name} has no column {stratum_column}.", "Name it with --stratum-column.")
    names = [column] if column else ["examined", "audited"]
    if not column and not set(names) <= set(header):
        names = ["examined_amount", "audited_amount"]
    if lacking := [name for name in names if name not in header]:
        raise UsageError(f"{path.name} has no column {lacking[0]}.", "Name the column of the amounts with --column.")
    found: dict[str, list[Decimal]] = {}
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        values = [files.money(row[name], f"Line {line} of {path.name}, {name},") for name in names]
        amount = values[0] - values[1] if len(values) == 2 else values[0]
        found.setdefault(row[stratum_column].strip() if stratum_column else audited.ALL, []).append(amount)
    if not found:
        raise UsageError(f"{path.name} has no unit.", "Name a probe with audited units.")
    return found


# Draw ----------------------------------------------------------------------------------------------------------------


@sample_app.command("draw")
def draw_command(
    folder: Annotated[Path, typer.Argument(help="New folder for the sample.", show_default=False)],
    frame_file: Annotated[
        Path | None,
        typer.Option(
            "--frame", help="CSV file with one unit a row. [default: the run in the database]", show_default=False
        ),
    ] = None,
    amount_column: Annotated[str, typer.Option(help="Column of the amount in a CSV frame.")] = "paid_amount",
    unit: Annotated[str, typer.Option(help="line, claim or patient-day (beneficiary-day).")] = "claim",
    amount: Annotated[str, typer.Option(help="What is examined: the paid or the allowed amount.")] = "paid",
    provider: Annotated[
        list[str] | None, typer.Option(help="Only lines of this rendering NPI; repeatable.", show_default=False)
    ] = None,
    payer_class: Annotated[str | None, typer.Option(help="Only lines of this payer class.", show_default=False)] = None,
    date_from: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="Only units that begin on this day or later.", show_default=False
        ),
    ] = None,
    date_to: Annotated[
        datetime | None,
        typer.Option(
            "--to", formats=["%Y-%m-%d"], help="Only units that begin on this day or earlier.", show_default=False
        ),
    ] = None,
    findings: Annotated[
        str | None,
        typer.Option(
            help="Only units with a finding of these checks: codes or families with commas, or all.", show_default=False
        ),
    ] = None,
    size: Annotated[int | None, typer.Option(help="Units to draw.", show_default=False)] = None,
    strata: Annotated[
        str | None, typer.Option(help="provider, payer-class, amount, or a column of the frame.", show_default=False)
    ] = None,
    boundaries: Annotated[
        str | None, typer.Option(help="Where strata of amounts begin: 100,250.", show_default=False)
    ] = None,
    allocation: Annotated[str, typer.Option(help="proportional, neyman or equal.")] = "proportional",
    stratum_size: Annotated[
        list[str] | None, typer.Option(help="STRATUM=UNITS for each stratum; instead of --size.", show_default=False)
    ] = None,
    spares: Annotated[int, typer.Option(help="Spares of each stratum.", min=0)] = 0,
    seed: Annotated[
        str | None, typer.Option(help="Seed. [default: drawn from the operating system]", show_default=False)
    ] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Write the sample as a workbook too.")] = False,
    run_key: Annotated[str | None, typer.Option(help="The run. [default: the last built]", show_default=False)] = None,
    db: Annotated[
        Path | None, typer.Option(help="Database file. [default: claimaudit.duckdb]", show_default=False)
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a sample, with all that is needed to draw it again."""
    unit = "patient-day" if unit == "beneficiary-day" else unit
    for option, value, known in (
        ("--unit", unit, frame.UNITS), ("--amount", amount, ("paid", "allowed")), ("--allocation", allocation, ("proportional", "neyman", "equal")),
    ):  # fmt: skip
        if value not in known:
            raise UsageError(f"{option} has no value {value!r}.", f"It is {', '.join(known)}.")
    if size is not None and stratum_size:
        raise UsageError("--size and --stratum-size are both given.", "Give one of them.")
    if stratum_size and strata is None:
        raise UsageError("--stratum-size is given without strata.", "Give --strata, or --size.")
    if folder.exists():
        raise UsageError(f"{folder} exists.", "A sample is not drawn over another: name a new folder.")
    edges = [_decimal(text, "--boundaries") for text in boundaries.split(",")] if boundaries else []
    design = drawing.Design(
        size, strata, tuple(edges), allocation, tuple(_counts(stratum_size, "--stratum-size").items()), spares
    )
    if frame_file:
        if chosen := [name for name, value in {"--provider": provider, "--payer-class": payer_class, "--from": date_from, "--to": date_to, "--findings": findings, "--run-key": run_key}.items() if value]:  # fmt: skip
            raise UsageError(f"{chosen[0]} selects from a run.", "Leave it out: a CSV frame is drawn from as it is.")
        units = frame.from_file(frame_file, amount_column)
    else:
        selection = frame.Selection(
            unit,
            amount,
            tuple(provider or ()),
            payer_class,
            date_from.date() if date_from else None,
            date_to.date() if date_to else None,
            tuple(code.strip().upper() for code in findings.split(",") if code.strip()) if findings else None,
        )
        with jobs.open_engine(load(config, db=db), read_only=True) as engine:
            units = frame.from_run(engine, run_key, selection)
    said = drawing.draw(units, design, seed, folder, xlsx=xlsx)
    if as_json:
        print(json.dumps(said))
        return
    of = said["frame"]
    print(f"Frame of {of['units']:,} units ({of['unit']}), {Decimal(of['amount']):,} {of['amount_of']}")
    print(f"  sha256   {of['sha256']}")
    print(f"  seed     {said['seed']} ({said['seed_source']})")
    print(f"  sample   {said['sample']:,} units, {said['spares']:,} spares")
    if said["design"]["kind"] == "stratified":
        for part in said["strata"]:
            whole = ", taken whole" if part["taken_whole"] else ""
            print(f"  stratum  {part['stratum']}: {len(part['sample']):,} of {part['units']:,} units{whole}")
    if said["spares"]:
        print(drawing.SPARES)
    for warning in said["warnings"]:
        print(f"Note: {warning}")
    print(f"Fill in {folder / 'sample.csv'}, then run `claimaudit sample estimate {folder}`.")


# Estimate ------------------------------------------------------------------------------------------------------------


@sample_app.command("estimate")
def estimate_command(
    path: Annotated[
        Path,
        typer.Argument(metavar="FOLDER|FILE", help="A filled sample: its folder, or its file.", show_default=False),
    ],
    frame_size: FrameSizes = None,
    frame_amount: Annotated[
        list[str] | None,
        typer.Option(
            help="Amount of the frame, or STRATUM=AMOUNT, for the ratio estimate of a file.", show_default=False
        ),
    ] = None,
    minimum_sum: Annotated[bool, typer.Option("--minimum-sum", help="Minimum-sum lower limits too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Estimate the amounts and the units in error of the frame. A folder of `sample draw` gets estimate.html."""
    if not path.exists():
        raise UsageError(f"There is no {path}.", "Name the folder that `sample draw` wrote, or a filled file.")
    amounts = {
        name: files.money(text, "--frame-amount") for name, text in _named(frame_amount, "--frame-amount").items()
    }
    sample = audited.read(path, _counts(frame_size, "--frame-size"), amounts)
    found = result.evaluate(sample, minimum_sum)
    page = result.page(found, sample.folder) if sample.folder else None
    if as_json:
        print(result.as_json(found))
        return
    for line in result.text(found):
        print(line)
    if page:
        print(f"Page: {page}")
