"""How many units: for an error rate, for an amount, for strata; and how a sample is shared out over strata."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ..errors import InputError, UsageError
from . import hypergeometric

CONFIDENCE = (80, 90, 95)
RATE_WIDTHS = (Fraction(5, 100), Fraction(10, 100), Fraction(15, 100), Fraction(20, 100))
AMOUNT_PRECISIONS = (Fraction(5, 100), Fraction(10, 100), Fraction(15, 100), Fraction(20, 100), Fraction(25, 100))


@dataclass(frozen=True)
class Size:
    """One cell of a plan: units needed for a precision at a two-sided confidence, by each method that was asked."""

    confidence: int
    precision: Fraction
    units: dict[str, int]


@dataclass(frozen=True)
class Probe:
    """What a probe shows of one stratum."""

    stratum: str
    units: int
    mean: Decimal
    spread: Decimal


def z_value(confidence: int) -> float:
    """Two-sided quantile of the normal distribution."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + confidence / 200)


def spread(amounts: Sequence[Decimal]) -> Decimal:
    """Standard deviation, n - 1; 0 for a single amount."""
    if len(amounts) < 2:
        return Decimal(0)
    values = [Fraction(amount) for amount in amounts]
    mean = sum(values) / len(values)
    return root(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def root(value: Fraction) -> Decimal:
    """Square root to 28 digits or more, whatever the size."""
    digits = 10**36
    return Decimal(math.isqrt(value.numerator * digits * digits // value.denominator)) / Decimal(digits)


def probe_of(stratum: str, amounts: Sequence[Decimal]) -> Probe:
    if len(amounts) < 2:
        raise InputError(
            f"The probe has {len(amounts)} unit in stratum {stratum!r}.", "Two units or more show a spread; 30 to 50 are usual."
        )  # fmt: skip
    return Probe(stratum, len(amounts), Decimal(sum(amounts)) / len(amounts), spread(amounts))


# Attribute -----------------------------------------------------------------------------------------------------------


def attribute_sizes(frame: int, rate: Fraction, widths: Sequence[Fraction]) -> list[Size]:
    """Sizes for an anticipated error rate and a width from the lower to the upper limit, as shares of the frame."""
    _frame_size(frame)
    if not 0 <= rate <= 1:
        raise UsageError("The anticipated error rate is not between 0 and 1.", "Give 0.05 for 5 %.")
    if any(not 0 < width <= 1 for width in widths):
        raise UsageError("The width is not between 0 and 1.", "Give 0.10 for limits 10 points apart.")
    return [
        Size(
            confidence,
            width,
            {"exact hypergeometric": size, "normal approximation": attribute_normal(frame, rate, width, confidence)},
        )
        for confidence in CONFIDENCE
        for width, size in zip(widths, attribute_exact(frame, rate, widths, confidence), strict=True)
    ]


def attribute_exact(frame: int, rate: Fraction, widths: Sequence[Fraction], confidence: int) -> list[int]:
    """The smallest sample whose exact two-sided limits lie within each width, at the anticipated count rounded down and rounded up.

    Both counts are asked because a sample cannot hold a fraction of an error: the size then does not hang on how one rounds.
    """
    level = Fraction(100 - confidence, 200)
    sizes: dict[Fraction, int] = {}
    near: dict[bool, tuple[int, int]] = {}
    for sample in range(1, frame + 1):
        widest = Fraction(0)
        for up in (False, True):
            found = math.ceil(rate * sample) if up else math.floor(rate * sample)
            starts = near.get(up, (found, frame))
            low = hypergeometric.lower(frame, sample, found, level, starts[0])
            high = hypergeometric.upper(frame, sample, found, level, starts[1])
            near[up] = (low, high)
            widest = max(widest, Fraction(high - low, frame))
        for width in widths:
            if width not in sizes and widest <= width:
                sizes[width] = sample
        if len(sizes) == len(set(widths)):
            break
    return [sizes[width] for width in widths]


def attribute_normal(frame: int, rate: Fraction, width: Fraction, confidence: int) -> int:
    """n0 = z² p (1 - p) / (width / 2)², corrected for the finite frame: n0 / (1 + (n0 - 1) / N)."""
    first = z_value(confidence) ** 2 * float(rate * (1 - rate)) / float(width / 2) ** 2
    return min(frame, math.ceil(first / (1 + (first - 1) / frame) - 1e-9)) if first > 1 else 1


# Variable ------------------------------------------------------------------------------------------------------------


def variable_sizes(frame: int, variation: Decimal, precisions: Sequence[Fraction]) -> list[Size]:
    """Sizes for a coefficient of variation and a precision as a share of the estimate: n0 = (z CV / precision)², n = n0 / (1 + n0 / N)."""
    _frame_size(frame)
    if variation < 0:
        raise UsageError("The coefficient of variation is below 0.", "It is the standard deviation over the mean.")
    _precisions(precisions)
    return [
        Size(confidence, precision, {"normal": _variable_size(frame, float(variation), float(precision), confidence)})
        for confidence in CONFIDENCE
        for precision in precisions
    ]


def _variable_size(frame: int, variation: float, precision: float, confidence: int) -> int:
    first = (z_value(confidence) * variation / precision) ** 2
    return min(frame, max(2, math.ceil(first / (1 + first / frame) - 1e-9)))


# Strata --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StratifiedSize:
    """Units for a precision at a confidence under one allocation, and how they are shared out."""

    confidence: int
    precision: Fraction
    allocation: str
    units: int
    shares: list[int]


def stratified_sizes(
    frames: Sequence[int], probes: Sequence[Probe], precisions: Sequence[Fraction]
) -> list[StratifiedSize]:
    """Sizes for the total over strata, from what a probe shows of each.

    With V = (precision × total / z)², the wanted variance: Neyman n = (Σ N s)² / (V + Σ N s²), proportional n = N Σ N s² / (V + Σ N s²).
    """
    for frame in frames:
        _frame_size(frame)
    _precisions(precisions)
    total = sum(frame * float(probe.mean) for frame, probe in zip(frames, probes, strict=True))
    if total == 0:
        raise InputError("The probe's estimate is 0, of which no share can be taken.", "Plan by an error rate instead.")
    pairs = [(frame, float(probe.spread)) for frame, probe in zip(frames, probes, strict=True)]
    within = sum(frame * s * s for frame, s in pairs)
    sizes = []
    for confidence in CONFIDENCE:
        for precision in precisions:
            variance = (float(precision) * total / z_value(confidence)) ** 2
            for allocation in ("proportional", "Neyman"):
                if allocation == "Neyman":
                    needed = sum(frame * s for frame, s in pairs) ** 2 / (variance + within)
                    weights = [
                        Fraction(frame) * Fraction(probe.spread) for frame, probe in zip(frames, probes, strict=True)
                    ]
                else:
                    needed = sum(frames) * within / (variance + within)
                    weights = [Fraction(frame) for frame in frames]
                least = sum(min(2, frame) for frame in frames)
                units = min(sum(frames), max(least, math.ceil(needed - 1e-9)))
                sizes.append(StratifiedSize(confidence, precision, allocation, units, allocate(units, weights, frames)))
    return sizes


def allocate(size: int, weights: Sequence[Fraction], frames: Sequence[int]) -> list[int]:
    """Share a sample out over strata by weight: at least two units of each, or all that it has, and never more than it has.

    Units are given one by one to the stratum whose weight is largest for what it has got (Webster's divisors), of equal ones to the first.
    """
    shares = [min(2, frame) for frame in frames]
    if size < sum(shares):
        raise UsageError(
            f"A sample of {size:,} is too small for {len(frames):,} strata.",
            f"Give at least {sum(shares):,}, or fewer strata.",
        )
    if size > sum(frames):
        raise UsageError(f"A sample of {size:,} cannot be drawn from {sum(frames):,} units.", "Give a smaller one.")
    # a stratum without weight gets a share by its size when all others are taken whole
    order = [(not weight, weight or Fraction(frame)) for weight, frame in zip(weights, frames, strict=True)]
    waiting = [
        (last, -weight / (2 * shares[place] + 1), place)
        for place, (last, weight) in enumerate(order)
        if shares[place] < frames[place]
    ]
    heapq.heapify(waiting)
    for _ in range(size - sum(shares)):
        last, _, place = waiting[0]
        shares[place] += 1
        if shares[place] < frames[place]:
            heapq.heapreplace(waiting, (last, -order[place][1] / (2 * shares[place] + 1), place))
        else:
            heapq.heappop(waiting)
    return shares


def _frame_size(frame: int) -> None:
    if frame < 1:
        raise UsageError("The frame has no unit.", "Give --frame-size.")


def _precisions(precisions: Sequence[Fraction]) -> None:
    if any(precision <= 0 for precision in precisions):
        raise UsageError("The precision is not above 0.", "Give 0.25 for 25 % of the estimate.")
