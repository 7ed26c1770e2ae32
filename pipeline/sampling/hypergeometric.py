"""Exact confidence limits for the number of units in error, from samples drawn without replacement.

One frame: the limits invert the hypergeometric distribution, in whole numbers, so that no tie is decided by rounding. The lower limit is the smallest
number of errors in the frame under which finding as many as were found, or more, has a probability above the level; the upper one mirrors it.

Several strata: a total is refuted when every way to spread it over the strata is. The strata are judged together by Fisher's product of their
tail probabilities, each exact; as these are discrete, the confidence is at least the one named, and often more. A stratum that was
taken whole is known and takes no part. With one stratum left the product is its tail probability, and the limits are those of one frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def tail(frame: int, errors: int, sample: int, found: int) -> Fraction:
    """Probability of at least `found` errors in a sample of a frame that has `errors`."""
    fewest, most = max(0, sample - (frame - errors)), min(sample, errors)
    if found <= fewest:
        return Fraction(1)
    if found > most:
        return Fraction(0)
    upper = most - found < found - fewest
    first, last = (found, most) if upper else (fewest, found - 1)
    ways = math.comb(errors, first) * math.comb(frame - errors, sample - first)
    total = 0
    for count in range(first, last + 1):
        total += ways
        # the next product is this one times a fraction: much less work than two binomials
        ways = (
            ways * ((errors - count) * (sample - count)) // ((count + 1) * (frame - errors - sample + count + 1) or 1)
        )
    share = Fraction(total, math.comb(frame, sample))
    return share if upper else 1 - share


def _exceeds(frame: int, errors: int, sample: int, found: int, level: Fraction) -> bool:
    """Whether the tail is above the level: by floats where these leave no doubt, else in whole numbers."""
    if max(0, sample - (frame - errors)) < found <= min(sample, errors):
        near = _near(frame, errors, sample, found)
        # nine logarithms of factorials, each rounded to 2^-52 of its size, and what the sums lose
        doubt = 40 * 2.0**-52 * math.lgamma(frame + 1) + 1e-9
        if abs(near / float(level) - 1) > doubt:
            return near > level
    return tail(frame, errors, sample, found) > level


def _near(frame: int, errors: int, sample: int, found: int) -> float:
    """The tail in floats: the terms from `found` on, away from the mean, as long as they add something."""
    upward = found * frame > sample * errors
    count = found if upward else found - 1
    ways = _log_ways(errors, count) + _log_ways(frame - errors, sample - count) - _log_ways(frame, sample)
    term = total = math.exp(ways)
    while term > total * 1e-14:
        if upward:
            term *= (errors - count) * (sample - count) / ((count + 1) * (frame - errors - sample + count + 1))
            count += 1
        else:
            term *= count * (frame - errors - sample + count) / ((errors - count + 1) * (sample - count + 1))
            count -= 1
        total += term
    return total if upward else 1 - total


def _log_ways(all_of: int, some: int) -> float:
    return math.lgamma(all_of + 1) - math.lgamma(some + 1) - math.lgamma(all_of - some + 1)


def lower(frame: int, sample: int, found: int, level: Fraction, start: int | None = None) -> int:
    """Lower limit of the number of errors in the frame; `start` is a guess that saves steps."""
    low, high = found, frame - sample + found  # what the sample itself shows, and what it leaves possible
    if start is not None:
        step = 1
        at = min(max(start, low), high)
        if _exceeds(frame, at, sample, found, level):
            high = at
            while high > low and _exceeds(frame, max(low, high - step), sample, found, level):
                high = max(low, high - step)
                step *= 2
            low = max(low, high - step)
        else:
            low = at
            while low < high and not _exceeds(frame, min(high, low + step), sample, found, level):
                low = min(high, low + step)
                step *= 2
            high = min(high, low + step)
    while low < high:
        middle = (low + high) // 2
        if _exceeds(frame, middle, sample, found, level):
            high = middle
        else:
            low = middle + 1
    return low


def upper(frame: int, sample: int, found: int, level: Fraction, start: int | None = None) -> int:
    """Upper limit of the number of errors in the frame: what the lower limit of the correct units leaves."""
    return frame - lower(frame, sample, sample - found, level, None if start is None else frame - start)


def lower_of_strata(strata: Sequence[tuple[int, int, int]], level: Fraction) -> int:
    """Lower limit of the number of errors in strata, each given as frame, sample and found."""
    open_strata = [stratum for stratum in strata if stratum[1] < stratum[0]]
    known = sum(found for frame, sample, found in strata if sample == frame)
    if len(open_strata) <= 1:
        return known + sum(lower(*stratum, level) for stratum in open_strata)
    least = _least_product(len(open_strata), float(level))
    total, height, steps = known, 0.0, []
    for frame, sample, found in open_strata:
        # below this number of errors the stratum alone refutes the total
        base = lower(frame, sample, found, Fraction(math.exp(least)))
        heights = _log_tails(frame, sample, found, base)
        total += base
        height += heights[0]
        steps += [after - before for before, after in zip(heights, heights[1:], strict=False)]
    # The logarithm of each tail is concave in its errors, so that the largest steps first is the best way to spread any total.
    for step in sorted(steps, reverse=True):
        if height > least:
            break
        height += step
        total += 1
    return total


def upper_of_strata(strata: Sequence[tuple[int, int, int]], level: Fraction) -> int:
    """Upper limit of the number of errors in strata."""
    mirrored = [(frame, sample, sample - found) for frame, sample, found in strata]
    return sum(frame for frame, _, _ in strata) - lower_of_strata(mirrored, level)


def _least_product(strata: int, level: float) -> float:
    """Logarithm of the product of tail probabilities at which Fisher's test rejects."""
    from scipy.stats import chi2

    return -float(chi2.isf(level, 2 * strata)) / 2


def _log_tails(frame: int, sample: int, found: int, first: int) -> list[float]:
    """Logarithms of the tail for every possible number of errors from `first` on."""
    last = frame - sample + found
    if found == 0:
        return [0.0] * (last - first + 1)
    probability = float(tail(frame, first, sample, found))
    # One more error in the frame adds what it is to find found - 1 without it and to draw it.
    short = found - 1
    before = float(tail(frame, first, sample, short) - tail(frame, first, sample, found))
    logarithms = [math.log(probability)]
    for errors in range(first, last):
        probability += before * (sample - short) / (frame - errors)
        logarithms.append(math.log(min(probability, 1.0)))
        before *= (errors + 1) * (frame - errors - sample + short) / ((errors + 1 - short) * (frame - errors))
    return logarithms
