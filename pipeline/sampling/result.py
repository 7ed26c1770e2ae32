"""The result of an audited sample: as one object, as text for the terminal, as a page to print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from .. import __version__, templating
from ..errors import InputError
from . import estimate, files
from .audited import Audited
from .estimate import NAMES, Unit
from .files import cents

QUANTITIES: dict[str, tuple[str, Callable[[Unit], Decimal]]] = {
    "over": ("Paid too much", lambda unit: unit.over),
    "under": ("Paid too little", lambda unit: unit.under),
    "difference": ("Difference (netted)", lambda unit: unit.examined - unit.audited),
    "examined": ("Examined", lambda unit: unit.examined),
    "audited": ("Audited", lambda unit: unit.audited),
}
FEW = 30


def evaluate(audited: Audited, minimum_sum: bool = False) -> dict[str, Any]:
    """Everything that is reported; amounts are Decimal."""
    strata, units = audited.strata, audited.units
    simple = len(strata) == 1
    if minimum_sum and not simple:
        raise InputError("Minimum-sum limits are for simple samples.", "Leave --minimum-sum out.")
    variable = {name: estimate.appraise(name, strata, value) for name, (_, value) in QUANTITIES.items()}
    ratios = {
        name: ratio
        for name in ("over", "under", "difference")
        if variable[name].found and (ratio := estimate.ratio(name, strata, QUANTITIES[name][1])) is not None
    }
    attribute = estimate.attribute(strata)
    amounts = [stratum.frame_amount for stratum in strata]
    examined = sum((unit.examined for unit in units), Decimal(0))
    found = {
        "examined": cents(examined),
        "over": variable["over"].found,
        "under": variable["under"].found,
        "difference": variable["difference"].found,
        "units_over": sum(unit.over > 0 for unit in units),
        "units_under": sum(unit.under > 0 for unit in units),
        "units_in_error": attribute.found,
        "documentation_missing": sum(unit.documentation_missing for unit in units),
        "over_percent_of_examined": round(100 * variable["over"].found / examined, 2) if examined else None,
        "difference_percent_of_examined": round(100 * variable["difference"].found / examined, 2) if examined else None,
    }
    result = {
        "version": __version__,
        "file": audited.name,
        "draw": _drawn(audited.draw) if audited.draw else None,
        "kind": "unrestricted" if simple else "stratified",
        "frame": {
            "units": sum(stratum.frame for stratum in strata),
            "amount": None if None in amounts else cents(sum((a for a in amounts if a is not None), Decimal(0))),
        },
        "sample": {"units": len(units), "of_spares": audited.extended},
        "strata": [
            {
                "stratum": stratum.name,
                "frame": stratum.frame,
                "amount": stratum.frame_amount,
                "sample": len(stratum.units),
                "taken_whole": stratum.frame == len(stratum.units),
                "units_in_error": sum(unit.in_error for unit in stratum.units),
                "over": cents(sum((unit.over for unit in stratum.units), Decimal(0))),
                "under": cents(sum((unit.under for unit in stratum.units), Decimal(0))),
            }
            for stratum in strata
        ],
        "found": found,
        "variable": {name: _plain(one) for name, one in variable.items()},
        "attribute": _plain(attribute),
        "ratio": {name: _plain(one) for name, one in ratios.items()},
        "minimum_sum": None,
        "named_limits": NAMES,
        "method": list(_method(audited, bool(ratios), minimum_sum)),
        "warnings": [],
    }
    if minimum_sum:
        sums = estimate.minimum_sum(strata[0], audited.unsampled)
        result["minimum_sum"] = {
            "full_errors": sums.full_errors,
            "found": sums.found,
            "limits": [
                {"confidence": confidence, "side": side, "units_in_error": low, "lower": amount}
                for confidence, side, low, amount in sums.limits
            ],
        }
    result["warnings"] = list(_warnings(audited, result))
    return result


def _plain(one: Any) -> dict[str, Any]:
    return asdict(one) | {"limits": [asdict(limits) for limits in one.limits]}


def _drawn(draw: dict[str, Any]) -> dict[str, Any]:
    names = ("draw_id", "design", "seed", "seed_source", "generator", "version", "about_spares")
    return {name: draw[name] for name in names} | {"frame": draw["frame"]}


def _warnings(audited: Audited, result: dict[str, Any]) -> Iterator[str]:
    yield from (audited.draw or {}).get("warnings", [])
    if (audited.draw or {}).get("frame", {}).get("source") is None:
        yield "The file alone does not show that its units were drawn at random from the frame; without that no estimate holds."
    sample, found = result["sample"]["units"], result["found"]
    if sample == result["frame"]["units"]:
        yield "Every unit of the frame was audited: the amounts are known, and nothing is estimated."
        return
    if result["sample"]["of_spares"]:
        yield f"{result['sample']['of_spares']:,} spares extend the sample. Where that was decided after its results were seen, the confidence is no longer the one named."
    if sample < FEW:
        yield f"The sample has {sample:,} units. Limits by Student's t are not reliable for few units."
    if result["variable"]["over"]["se_total"] is None:
        yield "One unit shows no spread: there are no limits for amounts."
    elif found["over"] == 0 and found["under"] == 0:
        yield "No difference was found: that gives no limits for amounts. The exact limits of the units in error say how many may have been missed."
    elif result["variable"]["over"]["degrees"] is None and found["over"]:
        yield "All sampled units differ by the same amount: that gives no limits for amounts."
    if result["ratio"] and result["attribute"]["rate"] >= Decimal("0.8"):
        yield "Most units are in error: the lower limits of the ratio estimate are then too high more often than their confidence says."
    skewness = result["variable"]["over"]["skewness"]
    if skewness is not None and skewness <= Decimal("-0.5"):
        yield (
            f"Amounts paid too much are skewed to the left (skewness {skewness}), as where most units are wrong in full: the t lower limit is then "
            "too high more often than its confidence says. Minimum-sum limits do not depend on that."
        )


def _method(audited: Audited, ratios: bool, minimum_sum: bool) -> Iterator[str]:
    simple = len(audited.strata) == 1
    yield (
        "Every unit has the amount that was paid (examined) and the amount that reviewers allow (audited). Units without documentation count as errors "
        "in full. What was paid too much and what was paid too little are estimated apart; their difference is shown beside them and replaces neither."
    )
    yield (
        "Point estimate: the sample's mean times the units of the frame"
        + ("" if simple else ", stratum by stratum, added up")
        + " (difference estimator). Standard error of the total: "
        + ("" if simple else "root of the sum over strata of the squares of ")
        + "N × s / √n × √((N − n) / N), with s over n − 1."
    )
    yield (
        "Limits: point estimate ± t × standard error, Student's t with "
        + (
            "n − 1 degrees of freedom."
            if simple
            else "Satterthwaite's degrees of freedom; a stratum taken whole adds no error. A program that uses the normal distribution here gets slightly narrower limits."
        )
    )
    yield (
        "Units in error: exact limits by the hypergeometric distribution, each side at half of what the confidence leaves"
        + (
            "."
            if simple
            else ". Strata are judged together by Fisher's product of their exact tail probabilities, maximised over every way to spread the errors: "
            "the confidence is at least the one named."
        )
    )
    if ratios:
        yield (
            "Ratio estimate: estimated difference over estimated examined amount, times the examined amount of the whole frame. It is biased, by an amount "
            "of the order of 1 / n; the bias is at most the stated share of its standard error."
        )
    if minimum_sum:
        yield (
            "Minimum sum (Edwards and others, 2003): what the sample shows, and the smallest amounts outside it for as many units as must be wrong in full by the "
            "exact limit. Where errors are partial, the part is counted in the sample only."
        )
    yield "Money is rounded half up to the cent, at the end; sums and variances are exact before."


# Text ----------------------------------------------------------------------------------------------------------------


def text(result: dict[str, Any]) -> Iterator[str]:
    """The result in lines."""
    found, frame, sample = result["found"], result["frame"], result["sample"]
    amount = f", {frame['amount']:,.2f}" if frame["amount"] is not None else ""
    yield f"Frame of {frame['units']:,} units{amount}; {result['kind']} sample of {sample['units']:,} units, {found['examined']:,.2f} examined"
    yield f"  in error        {templating.plural(found['units_in_error'], 'unit')}, {found['documentation_missing']:,} of them without documentation"
    for name, units in (("over", "units_over"), ("under", "units_under")):
        yield f"  found {'too much' if name == 'over' else 'too little':<10}{found[name]:>14,.2f} in {templating.plural(found[units], 'unit')}"
    yield f"  found difference{found['difference']:>14,.2f}"
    for warning in result["warnings"]:
        yield f"Note: {warning}"
    yield ""
    yield f"{'Estimated amount in error':<36}{'point estimate':>16}{'std error':>16}"
    yield f"{'':<36}{'two-sided lower':>16}{'two-sided upper':>16}{'one-sided lower':>18}"
    for name in QUANTITIES:
        one = result["variable"][name]
        yield f"{QUANTITIES[name][0]:<36}{one['point']:>16,.2f}{_number(one['se_total']):>16}"
        if name in ("over", "under", "difference") or result["kind"] == "unrestricted":
            yield from _limit_lines(one["limits"])
    one = result["attribute"]
    yield ""
    yield f"{'Units in error':<36}{one['point']:>16,.2f}{_number(one['se_total']):>16}   rate {100 * one['rate']:.2f} %"
    for limits in one["limits"]:
        yield f"  {limits['confidence']} %{'':<30}{limits['lower']:>16,.0f}{limits['upper']:>16,.0f}{limits['one_sided_lower']:>18,.0f}   exact"
    for name, one in result["ratio"].items():
        yield ""
        label = f"Ratio: {QUANTITIES[name][0].split(' (')[0].lower()}"
        yield f"{label:<36}{one['point']:>16,.2f}{_number(one['se_total']):>16}   bias at most {one['bias_bound']} standard errors"
        yield from _limit_lines(one["limits"])
    if result["minimum_sum"]:
        yield ""
        yield f"Minimum-sum lower limits, paid too much ({result['minimum_sum']['full_errors']:,} units wrong in full)"
        for limits in result["minimum_sum"]["limits"]:
            yield f"  {limits['side']} {limits['confidence']} %{'':<20}{limits['lower']:>16,.2f}   at least {limits['units_in_error']:,} units wrong in full"
    yield ""
    for limit, words in NAMES.items():
        yield f"{limit}: {words}"


def _number(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:,.2f}"


def _limit_lines(limits: list[dict[str, Any]]) -> Iterator[str]:
    for one in limits:
        if one["lower"] is None:
            continue
        more = "" if one["t"] is None else f"   t {one['t']:.9f}"
        more += "" if one["precision_percent"] is None else f", precision {one['precision_percent']} %"
        yield f"  {one['confidence']} %{'':<30}{one['lower']:>16,.2f}{one['upper']:>16,.2f}{one['one_sided_lower']:>18,.2f}{more}"


# Page ----------------------------------------------------------------------------------------------------------------


def page(result: dict[str, Any], folder: Path) -> Path:
    """Write estimate.html into the folder."""
    draw = result["draw"] or {"frame": {}}
    name = folder.resolve().name
    content = templating.render(
        "estimate.html.jinja",
        **templating.style(f"sample {name}"),
        name=name,
        r=result,
        draw=draw,
        labels={key: label for key, (label, _) in QUANTITIES.items()},
        as_of=date.fromisoformat(draw["frame"]["as_of"]) if draw["frame"].get("as_of") else None,
    )
    path = folder / "estimate.html"
    files.write_private(path, content)
    return path


def as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, default=str)
