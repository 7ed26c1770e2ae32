"""What an audited sample says of its frame: totals with limits, error rates with exact limits, ratio and minimum-sum estimates.

Sums and variances are exact fractions of the cents that were audited; only the square root and the quantiles of t are rounded, to more than
ten digits, and money is rounded half up to the cent at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

from ..errors import InputError, UsageError
from . import hypergeometric
from .files import cents
from .plan import CONFIDENCE, root

# Two lower limits that are asked for by name, and that are not the same.
NAMES = {
    "one-sided 90 % lower limit": "the lower limit of the two-sided 80 % interval; what CMS contractors demand",
    "two-sided 90 % lower limit": "the one-sided 95 % lower limit; what OIG audits recommend",
}


@dataclass(frozen=True)
class Unit:
    """One audited unit."""

    examined: Decimal
    audited: Decimal
    in_error: bool
    documentation_missing: bool = False

    @property
    def over(self) -> Decimal:
        return max(self.examined - self.audited, Decimal(0))

    @property
    def under(self) -> Decimal:
        return max(self.audited - self.examined, Decimal(0))


@dataclass(frozen=True)
class Stratum:
    """A stratum of the frame with its audited units; `frame_amount` is the amount of the whole stratum, where it is known."""

    name: str
    frame: int
    units: tuple[Unit, ...]
    frame_amount: Decimal | None = None


@dataclass(frozen=True)
class Limits:
    """A two-sided interval, and the one-sided lower limit of the same confidence; money or units."""

    confidence: int
    lower: Decimal | None
    upper: Decimal | None
    one_sided_lower: Decimal | None
    t: float | None = None
    precision: Decimal | None = None
    precision_percent: Decimal | None = None


@dataclass(frozen=True)
class Appraisal:
    """The total of one quantity over the frame. What a stratified sample does not have (one mean, one spread) is None, as is what one unit cannot show."""

    quantity: str
    found: Decimal
    point: Decimal
    mean: Decimal | None
    spread: Decimal | None
    skewness: Decimal | None
    kurtosis: Decimal | None
    se_mean: Decimal | None
    se_total: Decimal | None
    degrees: Decimal | None
    limits: tuple[Limits, ...]


@dataclass(frozen=True)
class Attribute:
    """Units in error, with exact limits in units of the frame."""

    found: int
    rate: Decimal
    point: Decimal
    se_total: Decimal | None
    limits: tuple[Limits, ...]


@dataclass(frozen=True)
class Ratio:
    """Ratio estimate of a total: the ratio of the sample times the known amount of the frame."""

    quantity: str
    ratio: Decimal
    point: Decimal
    se_total: Decimal | None
    limits: tuple[Limits, ...]
    bias_bound: Decimal | None


@dataclass(frozen=True)
class MinimumSum:
    """Lower limits that hold whatever the amounts are distributed like."""

    full_errors: int
    found: Decimal
    limits: tuple[tuple[int, str, int, Decimal], ...]


@cache
def t_value(confidence: int, degrees: float) -> float:
    """Two-sided quantile of Student's t."""
    from scipy.stats import t

    return float(t.ppf(0.5 + confidence / 200, degrees))


# Variable ------------------------------------------------------------------------------------------------------------


def appraise(quantity: str, strata: Sequence[Stratum], value: Callable[[Unit], Decimal]) -> Appraisal:
    """The variable appraisal, unrestricted for one stratum and stratified for several.

    The standard error has the correction (N - n) / N, so that a stratum taken whole adds none. Degrees of freedom are n - 1, for several strata
    Satterthwaite's.
    """
    values = [[Fraction(value(unit)) for unit in stratum.units] for stratum in strata]
    point = sum((stratum.frame * _mean(part) for stratum, part in zip(strata, values, strict=True)), Fraction(0))
    spread_of = _spread([(stratum.name, stratum.frame, part) for stratum, part in zip(strata, values, strict=True)])
    error = spread_of.error
    frame = sum(stratum.frame for stratum in strata)
    mean = spread = skewness = kurtosis = None
    if len(strata) == 1:
        mean, spread, skewness, kurtosis = _shape(values[0])
    return Appraisal(
        quantity,
        cents(sum((sum(part) for part in values), Fraction(0))),
        cents(point),
        mean,
        spread,
        skewness,
        kurtosis,
        None if error is None else cents(error / frame),
        None if error is None else cents(error),
        None if spread_of.degrees is None else round(Decimal(spread_of.degrees), 2),
        _t_limits(point, spread_of),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _square(values: Sequence[Fraction]) -> Fraction:
    """Sample variance, n - 1."""
    mean = _mean(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


@dataclass(frozen=True)
class _Spread:
    """Variance of an estimated total (None: one unit cannot show it), its degrees of freedom (None: nothing varies), and whether every unit was audited."""

    variance: Fraction | None
    degrees: float | None
    whole: bool

    @property
    def error(self) -> Decimal | None:
        return None if self.variance is None else root(self.variance)


def _spread(strata: Sequence[tuple[str, int, Sequence[Fraction]]]) -> _Spread:
    variance, parts = Fraction(0), Fraction(0)
    for name, frame, values in strata:
        if len(values) == frame:
            continue
        if len(values) == 1:
            if len(strata) == 1:
                return _Spread(None, None, False)
            raise InputError(
                f"Stratum {name!r} has one audited unit of {frame:,}, which cannot show how its units vary.",
                "Audit a second unit of it, or all of them.",
            )
        part = _square(values) * frame * (frame - len(values)) / len(values)
        variance += part
        parts += part**2 / (len(values) - 1)
    whole = all(len(values) == frame for _, frame, values in strata)
    return _Spread(variance, float(variance**2 / parts) if parts else None, whole)


def _t_limits(point: Fraction, spread_of: _Spread) -> tuple[Limits, ...]:
    """Limits by Student's t; none where nothing varies, as an interval without width would pass for certainty; the amount itself where all is known."""
    exact = Decimal(point.numerator) / Decimal(point.denominator)
    limits = []
    for confidence in CONFIDENCE:
        t, precision, one_sided = None, Decimal(0), Decimal(0)
        if spread_of.error is not None and spread_of.degrees is not None:
            t = t_value(confidence, spread_of.degrees)
            precision = Decimal(repr(t)) * spread_of.error
            one_sided = Decimal(repr(t_value(2 * confidence - 100, spread_of.degrees))) * spread_of.error
        elif not spread_of.whole:
            limits.append(Limits(confidence, None, None, None))
            continue
        percent = round(100 * precision / abs(exact), 2) if exact else None
        limits.append(
            Limits(
                confidence,
                cents(exact - precision),
                cents(exact + precision),
                cents(exact - one_sided),
                t,
                cents(precision),
                percent,
            )
        )
    return tuple(limits)


def _shape(values: Sequence[Fraction]) -> tuple[Decimal, Decimal | None, Decimal | None, Decimal | None]:
    """Mean, standard deviation, skewness m3 / m2^1.5 and kurtosis m4 / m2² (3 for a normal distribution), moments over n as RAT-STATS prints them."""
    mean, n = _mean(values), len(values)
    second, third, fourth = (sum(((value - mean) ** power for value in values), Fraction(0)) / n for power in (2, 3, 4))
    if n == 1:
        return cents(mean), None, None, None
    if second == 0:
        return cents(mean), cents(Fraction(0)), None, None
    skewness = Decimal(third.numerator) / Decimal(third.denominator) / root(second**3)
    kurtosis = fourth / second**2
    return cents(mean), cents(root(_square(values))), round(skewness, 2), cents(kurtosis)


# Attribute -----------------------------------------------------------------------------------------------------------


def attribute(strata: Sequence[Stratum]) -> Attribute:
    """Units in error in the frame, with exact limits (hypergeometric.py says how)."""
    counts = [(stratum.frame, len(stratum.units), sum(unit.in_error for unit in stratum.units)) for stratum in strata]
    frame = sum(count[0] for count in counts)
    point = sum((Fraction(size * found, sample) for size, sample, found in counts), Fraction(0))
    values = [(s.name, s.frame, [Fraction(unit.in_error) for unit in s.units]) for s in strata]
    # one unit of a stratum shows no spread; the exact limits do not need one
    error = None if any(len(part) == 1 < size for _, size, part in values) else _spread(values).error
    limits = []
    for confidence in CONFIDENCE:
        level = Fraction(100 - confidence, 200)
        low = hypergeometric.lower_of_strata(counts, level)
        high = hypergeometric.upper_of_strata(counts, level)
        one_sided = hypergeometric.lower_of_strata(counts, 2 * level)
        limits.append(Limits(confidence, Decimal(low), Decimal(high), Decimal(one_sided)))
    return Attribute(
        sum(found for *_, found in counts),
        round(Decimal(point.numerator) / point.denominator / frame, 6),
        cents(point),
        None if error is None else cents(error),
        tuple(limits),
    )


# Ratio ---------------------------------------------------------------------------------------------------------------


def ratio(quantity: str, strata: Sequence[Stratum], value: Callable[[Unit], Decimal]) -> Ratio | None:
    """The (combined) ratio estimate to the examined amount; None where the frame's amount is not known or nothing was paid.

    Its standard error is that of what the ratio leaves of each unit, times the frame's amount over the sample's estimate of it. Its bias is of
    the order of 1 / n, and at most `bias_bound` standard errors: the coefficient of variation of the estimated examined amount.
    """
    known = [stratum.frame_amount for stratum in strata if stratum.frame_amount is not None]
    examined = [(s.name, s.frame, [Fraction(unit.examined) for unit in s.units]) for s in strata]
    base = sum((frame * _mean(values) for _, frame, values in examined), Fraction(0))
    if len(known) < len(strata) or base <= 0:
        return None
    total = sum(
        (
            frame * _mean([Fraction(value(unit)) for unit in s.units])
            for s, (_, frame, _) in zip(strata, examined, strict=True)
        ),
        Fraction(0),
    )
    share = total / base
    rests = [
        (s.name, s.frame, [Fraction(value(unit)) - share * Fraction(unit.examined) for unit in s.units]) for s in strata
    ]
    spread_of, base_error = _spread(rests), _spread(examined).error
    amount = Fraction(sum(known, Decimal(0)))
    point = share * amount
    if spread_of.variance is not None:
        spread_of = replace(spread_of, variance=spread_of.variance * (amount / base) ** 2)
    error = spread_of.error
    return Ratio(
        quantity,
        round(Decimal(share.numerator) / share.denominator, 6),
        cents(point),
        None if error is None else cents(error),
        _t_limits(point, spread_of),
        None if base_error is None else round(base_error / (Decimal(base.numerator) / base.denominator), 3),
    )


# Minimum sum ---------------------------------------------------------------------------------------------------------


def minimum_sum(stratum: Stratum, unsampled: Sequence[Decimal]) -> MinimumSum:
    """Lower limits of the amount paid too much by the minimum sum method (Edwards and others, 2003), for a simple sample.

    At a confidence the frame has at least L units that are wrong in full, by the exact limit of their number. Those in the sample are known; the
    others are at least the smallest amounts that were not drawn. What was wrong in part adds only what the sample itself shows.
    """
    if len(unsampled) != stratum.frame - len(stratum.units):
        raise UsageError("Minimum-sum limits need the amount of every unit.", "Name the folder of the sample.")
    full = sum(unit.examined > 0 and unit.audited == 0 for unit in stratum.units)
    found = sum((unit.over for unit in stratum.units), Decimal(0))
    rest = sorted(amount for amount in unsampled if amount > 0)  # what was not paid cannot be wrong in full
    limits = []
    for confidence in CONFIDENCE:
        for side, level in (
            ("one-sided", Fraction(100 - confidence, 100)),
            ("two-sided", Fraction(100 - confidence, 200)),
        ):
            low = hypergeometric.lower(stratum.frame, len(stratum.units), full, level)
            limits.append((confidence, side, low, cents(found + sum(rest[: low - full], Decimal(0)))))
    return MinimumSum(full, cents(found), tuple(limits))
