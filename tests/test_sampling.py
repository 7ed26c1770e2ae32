"""Samples: sizes, draws that anybody can repeat, and estimates against published figures and brute force.

`published_pairs.csv` restates the 50 pairs of the worked example in the companion manual of OIG's RAT-STATS (frame of 10,000), and
`published_results.csv` the figures that it prints.
"""

from __future__ import annotations

import csv
import hashlib
import html
import itertools
import json
import math
import random
import re
import runpy
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit import cli, templating
from claimaudit.engine import Engine
from claimaudit.errors import ClaimAuditError, InputError, UsageError
from claimaudit.sampling import audited, draw, estimate, files, frame, hypergeometric, plan, redraw, result
from claimaudit.sampling.estimate import Stratum, Unit

from . import report_fixture as fixture
from .conftest import ROOT
from .test_report import FORBIDDEN, parsed

DATA = Path(__file__).parent / "data" / "sampling"
LEVELS = (Fraction(1, 10), Fraction(1, 20), Fraction(1, 40))
D = Decimal


def unit(examined: str, allowed: str, error: bool | None = None) -> Unit:
    return Unit(D(examined), D(allowed), D(examined) != D(allowed) if error is None else error)


# The published example -----------------------------------------------------------------------------------------------


def published() -> list[dict[str, str]]:
    with open(DATA / "published_results.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    return result.evaluate(audited.read(DATA / "published_pairs.csv", {audited.ALL: 10_000}, {}))


@pytest.mark.parametrize("row", published(), ids=lambda row: "-".join(row.values()))
def test_published_example_to_the_dollar(example: dict[str, Any], row: dict[str, str]) -> None:
    one = example["variable"][row["quantity"]]
    names = {"std_dev": "spread", "point_estimate": "point", "precision_pct": "precision_percent", "t_value": "t"}
    name = names.get(row["figure"], row["figure"])
    if row["confidence"]:
        one = next(limits for limits in one["limits"] if limits["confidence"] == int(row["confidence"]))
    places = D(1).scaleb(-len(row["value"].partition(".")[2]))
    assert D(str(one[name])).quantize(places, ROUND_HALF_UP) == D(row["value"])


def test_every_published_figure_is_tested() -> None:
    assert len(published()) == 34
    assert sum(row["confidence"] in ("80", "90", "95") for row in published()) == 20


def test_over_and_under_stand_apart(example: dict[str, Any]) -> None:
    found, variable = example["found"], example["variable"]
    assert (found["over"], found["under"], found["difference"]) == (D("3555.00"), D("25.00"), D("3530.00"))
    assert (found["units_over"], found["units_under"]) == (49, 1)
    assert variable["over"]["point"] - variable["under"]["point"] == variable["difference"]["point"] == 706_000


def test_one_sided_limits_are_those_of_the_wider_interval(example: dict[str, Any]) -> None:
    for one in [*example["variable"].values(), example["attribute"]]:
        by = {limits["confidence"]: limits for limits in one["limits"]}
        assert by[90]["one_sided_lower"] == by[80]["lower"]
        assert by[95]["one_sided_lower"] == by[90]["lower"]
    assert example["variable"]["difference"]["limits"][1]["one_sided_lower"].quantize(D(1)) == 617_575


# Exact limits --------------------------------------------------------------------------------------------------------


def tail_by_counting(size: int, errors: int, sample: int, found: int) -> Fraction:
    """The probability by listing what a sample can hold."""
    ways = sum(
        math.comb(errors, hit) * math.comb(size - errors, sample - hit)
        for hit in range(found, sample + 1)
        if hit <= errors and sample - hit <= size - errors
    )
    return Fraction(ways, math.comb(size, sample))


def test_exact_limits_equal_brute_force() -> None:
    """Every frame up to 14 units, every sample, every count, every level; upper limits by their own definition."""
    for size in range(1, 15):
        for sample in range(1, size + 1):
            for found in range(sample + 1):
                above = [tail_by_counting(size, errors, sample, found) for errors in range(size + 1)]
                below = [1 - tail_by_counting(size, errors, sample, found + 1) for errors in range(size + 1)]
                assert [hypergeometric.tail(size, errors, sample, found) for errors in range(size + 1)] == above
                for level in LEVELS:
                    low = min(errors for errors in range(size + 1) if above[errors] > level)
                    high = max(errors for errors in range(size + 1) if below[errors] > level)
                    assert hypergeometric.lower(size, sample, found, level) == low
                    assert hypergeometric.upper(size, sample, found, level) == high


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_guess_changes_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 400))
    sample = data.draw(st.integers(1, size))
    found = data.draw(st.integers(0, sample))
    guess = data.draw(st.integers(0, size))
    level = data.draw(st.sampled_from(LEVELS))
    assert hypergeometric.lower(size, sample, found, level, guess) == hypergeometric.lower(size, sample, found, level)
    assert hypergeometric.upper(size, sample, found, level, guess) == hypergeometric.upper(size, sample, found, level)


@pytest.mark.parametrize(
    ("size", "sample", "found", "low", "high"),
    [(10_000, 50, 0, 0, 580), (10_000, 50, 50, 9_420, 10_000), (37, 37, 12, 12, 12), (9, 1, 0, 0, 8), (9, 1, 1, 1, 9)],
)
def test_limits_at_the_edges(size: int, sample: int, found: int, low: int, high: int) -> None:
    """No error, all errors, a whole frame, one unit. Of no error in 50, 0.05 ^ (1 / 50) leaves 5.8 % as the upper limit."""
    level = Fraction(1, 20)
    assert hypergeometric.lower(size, sample, found, level) == low
    assert hypergeometric.upper(size, sample, found, level) == high


def spread_by_counting(strata: Sequence[tuple[int, int, int]], level: Fraction) -> int:
    """The lower limit for strata by trying every way to spread every total."""
    open_strata = [stratum for stratum in strata if stratum[0] > stratum[1]]
    known = sum(found for size, sample, found in strata if size == sample)
    least = hypergeometric._least_product(len(open_strata), float(level))
    spreads = itertools.product(*(range(size + 1) for size, _, _ in open_strata))
    totals = []
    for spread in spreads:
        tails = [
            float(tail_by_counting(size, errors, sample, found))
            for errors, (size, sample, found) in zip(spread, open_strata, strict=True)
        ]
        if all(tails) and sum(map(math.log, tails)) > least:
            totals.append(sum(spread))
    return known + min(totals)


@pytest.mark.parametrize(
    "strata",
    [
        [(12, 4, 1), (9, 3, 2)],
        [(12, 4, 0), (9, 3, 3)],
        [(8, 3, 3), (7, 2, 2)],
        [(6, 2, 1), (5, 2, 0), (4, 2, 2)],
        [(10, 5, 2), (3, 3, 1), (8, 2, 1)],
        [(5, 1, 1), (6, 1, 0)],
    ],
)
def test_limits_of_strata_equal_every_spread(strata: list[tuple[int, int, int]]) -> None:
    for level in LEVELS:
        assert hypergeometric.lower_of_strata(strata, level) == spread_by_counting(strata, level)
        mirrored = [(size, sample, sample - found) for size, sample, found in strata]
        size = sum(stratum[0] for stratum in strata)
        assert hypergeometric.upper_of_strata(strata, level) == size - spread_by_counting(mirrored, level)


def test_confidence_of_strata_is_at_least_the_one_named() -> None:
    """Every pair of true counts of two small strata: the chance, summed over every sample, that the interval covers them."""
    (first, one), (second, two) = (9, 4), (7, 3)
    for level in (Fraction(1, 10), Fraction(1, 20)):
        limits = {
            (a, b): (
                hypergeometric.lower_of_strata([(first, one, a), (second, two, b)], level),
                hypergeometric.upper_of_strata([(first, one, a), (second, two, b)], level),
            )
            for a in range(one + 1)
            for b in range(two + 1)
        }
        for true_first, true_second in itertools.product(range(first + 1), range(second + 1)):
            sides = [Fraction(0), Fraction(0)]
            for (a, b), (low, high) in limits.items():
                chance = math.prod(
                    tail_by_counting(size, true, sample, found) - tail_by_counting(size, true, sample, found + 1)
                    for size, true, sample, found in ((first, true_first, one, a), (second, true_second, two, b))
                )
                sides[0] += chance * (low <= true_first + true_second)
                sides[1] += chance * (high >= true_first + true_second)
            assert min(sides) >= 1 - level, (true_first, true_second)


def test_one_open_stratum_is_the_exact_limit() -> None:
    for level in LEVELS:
        assert hypergeometric.lower_of_strata([(500, 40, 6)], level) == hypergeometric.lower(500, 40, 6, level)
        known = hypergeometric.lower_of_strata([(500, 40, 6), (5, 5, 2), (1, 1, 1)], level)
        assert known == 3 + hypergeometric.lower(500, 40, 6, level)
    assert hypergeometric.lower_of_strata([(5, 5, 2), (3, 3, 3)], LEVELS[0]) == 5
    assert hypergeometric.upper_of_strata([(5, 5, 2), (3, 3, 3)], LEVELS[0]) == 5


def test_large_strata() -> None:
    """The product of tails is close to the exact limit of the whole, and never above it here."""
    strata, level = [(40_000, 60, 6), (60_000, 90, 9)], Fraction(1, 20)
    whole = hypergeometric.lower(100_000, 150, 15, level)
    assert 0.85 * whole < hypergeometric.lower_of_strata(strata, level) <= whole
    # far below any possible float: a large stratum all in error beside one that is clean
    assert hypergeometric.lower_of_strata([(50_000, 400, 400), (50_000, 400, 0)], level) > 49_000


# Estimates -----------------------------------------------------------------------------------------------------------


def appraised(strata: Sequence[Stratum]) -> estimate.Appraisal:
    return estimate.appraise("over", strata, lambda one: one.over)


def by_hand(strata: Sequence[Stratum]) -> tuple[float, float, float]:
    """Point, standard error and Satterthwaite's degrees of freedom from the textbook formulas, in floats."""
    point = variance = parts = 0.0
    for stratum in strata:
        values = [float(one.over) for one in stratum.units]
        n, size = len(values), stratum.frame
        mean = sum(values) / n
        point += size * mean
        if n < size:
            square = sum((value - mean) ** 2 for value in values) / (n - 1)
            variance += size**2 * (1 - n / size) * square / n
            parts += (size * (size - n) / n * square) ** 2 / (n - 1)
    return point, math.sqrt(variance), variance**2 / parts if parts else 0.0


TWO = [
    Stratum("a", 300, tuple(unit("100", low) for low in ("0", "100", "60", "100", "0")), D("31000.00")),
    Stratum("b", 40, tuple(unit("500", low) for low in ("500", "450.55", "500", "0")), D("19500.00")),
]


def test_stratified_totals_by_hand() -> None:
    from scipy.stats import t

    point, error, degrees = by_hand(TWO)
    found = appraised(TWO)
    assert found.mean is None and found.skewness is None
    assert float(found.point) == pytest.approx(point, abs=0.01)
    assert float(found.se_total or 0) == pytest.approx(error, abs=0.01)
    assert float(found.degrees or 0) == pytest.approx(degrees, abs=0.01)
    for limits in found.limits:
        half = t.ppf(0.5 + limits.confidence / 200, degrees) * error
        assert float(limits.lower or 0) == pytest.approx(point - half, abs=0.02)
        assert float(limits.upper or 0) == pytest.approx(point + half, abs=0.02)


@given(st.lists(st.decimals(0, 500, places=2), min_size=2, max_size=12), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_totals_are_those_of_the_textbook(allowed: list[Decimal], more: int) -> None:
    stratum = Stratum("all", len(allowed) + more, tuple(Unit(D(500), one, one != 500) for one in allowed))
    point, error, _ = by_hand([stratum])
    found = appraised([stratum])
    assert float(found.point) == pytest.approx(point, abs=0.011)
    assert float(found.se_total or 0) == pytest.approx(error, abs=0.011)


def test_a_stratum_taken_whole_adds_no_error() -> None:
    whole = Stratum("c", 1, (unit("9000", "0"),), D("9000.00"))
    alone, beside = appraised(TWO), appraised([*TWO, whole])
    assert beside.point == alone.point + 9000
    assert (beside.se_total, beside.degrees) == (alone.se_total, alone.degrees)


def test_one_unit_of_a_stratum_cannot_show_its_spread() -> None:
    lonely = [*TWO, Stratum("c", 7, (unit("50", "0"),))]
    with pytest.raises(InputError, match="'c' has one audited unit of 7"):
        appraised(lonely)
    # the exact limits of the units in error do not need a spread
    assert estimate.attribute(lonely).se_total is None
    assert estimate.attribute(lonely).limits[0].lower is not None


@pytest.mark.parametrize(
    ("stratum", "point", "lower"),
    [
        (Stratum("all", 3, (unit("10", "0"), unit("10", "5"), unit("10", "10"))), "15.00", "15.00"),  # n = N
        (Stratum("all", 1, (unit("10", "4"),)), "6.00", "6.00"),  # n = N = 1
        (Stratum("all", 9, (unit("10", "4"),)), "54.00", None),  # n = 1
        (Stratum("all", 90, tuple(unit("10", "10") for _ in range(30))), "0.00", None),  # no error
        (Stratum("all", 90, tuple(unit("10", "0") for _ in range(30))), "900.00", None),  # all errors, all equal
    ],
)
def test_edges_of_totals(stratum: Stratum, point: str, lower: str | None) -> None:
    found = appraised([stratum])
    assert found.point == D(point)
    for limits in found.limits:
        assert (limits.lower, limits.upper) == ((D(lower), D(lower)) if lower else (None, None))


def test_edges_are_said() -> None:
    def said(stratum: Stratum) -> str:
        return " ".join(result.evaluate(audited.Audited("x.csv", [stratum]))["warnings"])

    assert "nothing is estimated" in said(Stratum("all", 2, (unit("10", "0"), unit("10", "5"))))
    assert "One unit shows no spread" in said(Stratum("all", 9, (unit("10", "4"),)))
    assert "No difference was found" in said(Stratum("all", 90, tuple(unit("10", "10") for _ in range(40))))
    assert "differ by the same amount" in said(Stratum("all", 90, tuple(unit("10", "0") for _ in range(40))))
    skewed = tuple(unit("10", "0") for _ in range(36)) + tuple(unit("10", "10") for _ in range(4))
    assert "skewed to the left" in said(Stratum("all", 900, skewed))
    assert "not reliable for few units" in said(Stratum("all", 90, tuple(unit("10", str(n)) for n in range(9))))


def test_ratio_by_hand() -> None:
    units = tuple(unit(paid, low) for paid, low in (("100", "80"), ("200", "200"), ("50", "0"), ("150", "120")))
    found = estimate.ratio("over", [Stratum("all", 40, units, D("4400.00"))], lambda one: one.over)
    assert found is not None
    share = 100 / 500
    rests = [20 - share * 100, 0 - share * 200, 50 - share * 50, 30 - share * 150]
    error = math.sqrt(40**2 * 0.9 / 4 * sum(rest**2 for rest in rests) / 3) * 4400 / (40 * 125)
    assert found.ratio == D("0.200000") and found.point == D("880.00")
    assert float(found.se_total or 0) == pytest.approx(error, abs=0.01)
    spread = math.sqrt(sum((paid - 125) ** 2 for paid in (100, 200, 50, 150)) / 3)
    assert float(found.bias_bound or 0) == pytest.approx(spread / 2 * math.sqrt(0.9) / 125, abs=0.001)
    assert estimate.ratio("over", [Stratum("all", 40, units)], lambda one: one.over) is None


def test_ratio_of_strata_is_combined() -> None:
    found = estimate.ratio("over", TWO, lambda one: one.over)
    assert found is not None
    base = 300 * 100 + 40 * 500
    assert found.point == files.cents(D(by_hand(TWO)[0]) / base * D("50500"))


def test_minimum_sum_by_hand() -> None:
    """Ten units, four drawn, two wrong in full and one in part: what the sample shows and the smallest amounts outside it."""
    units = (unit("30", "0"), unit("40", "0"), unit("25", "20"), unit("60", "60"))
    rest = [D(amount) for amount in ("10", "0", "15", "80", "90", "-5")]
    found = estimate.minimum_sum(Stratum("all", 10, units), rest)
    assert found.full_errors == 2 and found.found == 75
    for confidence, side, low, amount in found.limits:
        level = Fraction(100 - confidence, 100 if side == "one-sided" else 200)
        assert low == min(m for m in range(11) if tail_by_counting(10, m, 4, 2) > level)
        assert amount == 75 + sum(sorted(one for one in rest if one > 0)[: low - 2])
    assert {low for _, _, low, _ in found.limits} > {2}
    with pytest.raises(UsageError, match="amount of every unit"):
        estimate.minimum_sum(Stratum("all", 10, units), rest[1:])


def test_minimum_sum_covers_at_least_as_named() -> None:
    """All-or-nothing payments: for every set of wrong units of a frame of eight, the share of samples whose limit lies above the truth."""
    amounts = [D(n) for n in (5, 10, 20, 20, 40, 80, 160, 320)]
    samples = list(itertools.combinations(range(8), 3))
    for wrong in itertools.chain.from_iterable(itertools.combinations(range(8), n) for n in (1, 4, 6, 8)):
        truth = sum(amounts[at] for at in wrong)
        misses = dict.fromkeys((80, 90, 95), 0)
        for sample in samples:
            units = tuple(Unit(amounts[at], D(0) if at in wrong else amounts[at], at in wrong) for at in sample)
            rest = [amounts[at] for at in range(8) if at not in sample]
            for confidence, side, _, limit in estimate.minimum_sum(Stratum("all", 8, units), rest).limits:
                if side == "one-sided":
                    misses[confidence] += limit > truth
        for confidence, missed in misses.items():
            assert Fraction(missed, len(samples)) <= Fraction(100 - confidence, 100)


@pytest.mark.parametrize(
    ("value", "rounded"), [(Fraction(1, 200), "0.01"), (Fraction(-1, 200), "-0.01"), (Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67")]
)  # fmt: skip
def test_money_is_rounded_half_up(value: Fraction, rounded: str) -> None:
    assert files.cents(value) == D(rounded)


# Plan ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "rate"), [(60, "0.1"), (200, "0.03"), (45, "0.5"), (30, "0"), (25, "1")])
def test_exact_size_is_the_smallest(size: int, rate: str) -> None:
    share, widths = Fraction(rate), [Fraction(1, 10), Fraction(2, 10)]
    for confidence in (80, 90):
        level = Fraction(100 - confidence, 200)

        def width(sample: int, level: Fraction = level) -> Fraction:
            counts = {math.floor(share * sample), math.ceil(share * sample)}
            limits = [
                (hypergeometric.lower(size, sample, x, level), hypergeometric.upper(size, sample, x, level))
                for x in counts
            ]
            return Fraction(max(high - low for low, high in limits), size)

        expected = [next(n for n in range(1, size + 1) if width(n) <= wanted) for wanted in widths]
        assert plan.attribute_exact(size, share, widths, confidence) == expected


def test_sizes_by_the_textbook() -> None:
    assert plan.attribute_normal(10_000, Fraction(1, 2), Fraction(1, 10), 95) == 370  # 384.1 before the correction
    sizes = {
        (s.confidence, s.precision): s.units["normal"]
        for s in plan.variable_sizes(10_000, D("0.6834"), plan.AMOUNT_PRECISIONS)
    }
    assert sizes[90, Fraction(1, 4)] == math.ceil((1.6448536 * 0.6834 / 0.25) ** 2)
    assert sizes[95, Fraction(1, 20)] == math.ceil(717.66 / (1 + 717.66 / 10_000))
    assert plan.variable_sizes(5, D(9), [Fraction(1, 100)])[0].units["normal"] == 5


def test_stratified_sizes_reach_their_precision() -> None:
    """The variance that the allocation gives is no larger than the wanted one, and Neyman needs no more units."""
    probes = [plan.Probe("a", 30, D(20), D(15)), plan.Probe("b", 30, D(90), D(200)), plan.Probe("c", 30, D(5), D(2))]
    frames = [4000, 600, 2000]
    total = sum(size * float(probe.mean) for size, probe in zip(frames, probes, strict=True))
    by = {}
    for size in plan.stratified_sizes(frames, probes, [Fraction(1, 10), Fraction(1, 4)]):
        assert sum(size.shares) == size.units and all(
            share <= most for share, most in zip(size.shares, frames, strict=True)
        )
        variance = sum(
            most * (most - share) / share * float(probe.spread) ** 2
            for most, share, probe in zip(frames, size.shares, probes, strict=True)
        )
        wanted = (float(size.precision) * total / plan.z_value(size.confidence)) ** 2
        assert variance <= wanted * 1.03  # whole units of small strata
        by[size.confidence, size.precision, size.allocation] = size.units
    for confidence, precision in {(key[0], key[1]) for key in by}:
        assert by[confidence, precision, "Neyman"] <= by[confidence, precision, "proportional"]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), min_size=1, max_size=8), st.data())
@settings(max_examples=100, deadline=None)
def test_allocation(strata: list[tuple[int, int]], data: st.DataObject) -> None:
    frames, weights = [size for size, _ in strata], [Fraction(weight) for _, weight in strata]
    least = sum(min(2, size) for size in frames)
    size = data.draw(st.integers(least, sum(frames)))
    shares = plan.allocate(size, weights, frames)
    assert sum(shares) == size
    assert all(min(2, most) <= share <= most for share, most in zip(shares, frames, strict=True))
    for a, b in itertools.permutations(range(len(frames)), 2):
        # nobody has a unit that another deserves more, unless bounds say so
        if weights[a] and shares[a] < frames[a] and shares[b] > min(2, frames[b]):
            assert weights[a] / (2 * shares[a] + 1) <= weights[b] / (2 * shares[b] - 1)
    with pytest.raises(UsageError):
        plan.allocate(least - 1, weights, frames)


def test_proportional_allocation_is_proportional() -> None:
    assert plan.allocate(100, [Fraction(n) for n in (5000, 3000, 2000)], [5000, 3000, 2000]) == [50, 30, 20]
    assert plan.allocate(100, [Fraction(1)] * 3, [5000, 3, 2000]) == [49, 3, 48]
    assert plan.allocate(10, [Fraction(0)] * 2, [50, 50]) == [5, 5]


# Draw ----------------------------------------------------------------------------------------------------------------

HOSTILE = '=1+1,"<script>x</script>'
UNITS = [
    (f"K{n:03d}" if n else HOSTILE, ("east", "west", "=north")[n % 3], f"{(n * 37) % 211}.{n % 100:02d}")
    for n in range(90)
]


def write_frame(
    path: Path, units: Sequence[Sequence[str]], header: Sequence[str] = ("case", "region", "paid_amount")
) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *units])
    return path


@pytest.fixture
def frame_file(tmp_path: Path) -> Path:
    return write_frame(tmp_path / "frame.csv", UNITS)


def drawn(path: Path, folder: Path, *, seed: str = "s1", xlsx: bool = False, **design: Any) -> dict[str, Any]:
    return draw.draw(frame.from_file(path, "paid_amount"), draw.Design(**design), seed, folder, xlsx=xlsx)


def run_script(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(folder / "redraw.py")], capture_output=True, text=True, cwd="/")


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_draw_by_another_hand(frame_file: Path, tmp_path: Path) -> None:
    """The numbers of a stratified draw by what draw.json says in words, without a line of ours."""
    said = drawn(frame_file, tmp_path / "s", size=24, strata="region", spares=3)
    table = rows_of(tmp_path / "s" / "frame.csv")
    assert [int(row["frame_number"]) for row in table] == list(range(1, 91))
    with open(tmp_path / "s" / "frame.csv", encoding="utf-8", newline="") as file:
        lines = "".join(json.dumps(row) + "\n" for row in csv.reader(file))
    assert said["frame"]["sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    for part in said["strata"]:
        numbers = [int(row["frame_number"]) for row in table if row["frame_stratum"] == part["stratum"]]
        keys = {number: hashlib.sha256(f"s1:{number}".encode()).hexdigest() for number in numbers}
        order = sorted(numbers, key=keys.__getitem__)
        assert part["sample"] == order[:8] and part["spares"] == order[8:11]
    sampled = {int(row["frame_number"]) for row in rows_of(tmp_path / "s" / "sample.csv")}
    assert sampled == {number for part in said["strata"] for number in part["sample"]}
    assert [part["stratum"] for part in said["strata"]] == ["'=north", "east", "west"]


def test_the_script_draws_it_again(frame_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    drawn(frame_file, folder, size=12, spares=2)
    done = run_script(folder)
    assert (done.returncode, done.stdout) == (0, "The seed draws these 12 units from this frame.\n")
    assert len([line for line in (folder / "redraw.py").read_text().splitlines() if line.strip()]) <= 36

    text = (folder / "frame.csv").read_text()
    for changed, words in (
        (text.replace("west", "West", 1), "its hash differs"),
        (text.rpartition("\n")[0].rpartition("\n")[0] + "\n", "its hash differs"),
        (text.replace("\n", "\r\n"), None),  # the same rows, saved by a spreadsheet
    ):
        (folder / "frame.csv").write_bytes(changed.encode())
        done = run_script(folder)
        assert (words is None and done.returncode == 0) or (done.returncode == 1 and words in done.stdout), done
    (folder / "frame.csv").write_text(text)
    said = json.loads((folder / "draw.json").read_text())
    for seed, sample, words in (
        ("s2", None, "draws other units"),
        ("s1", said["strata"][0]["sample"][:-1] + [90], "other units"),
    ):
        other = {**said, "seed": seed, "strata": [{**said["strata"][0], **({"sample": sample} if sample else {})}]}
        (folder / "draw.json").write_text(json.dumps(other))
        done = run_script(folder)
        assert done.returncode == 1 and words in done.stdout
    (folder / "draw.json").write_text(json.dumps(said))
    lines = (folder / "sample.csv").read_text().splitlines(keepends=True)
    (folder / "sample.csv").write_text("".join(lines[:-1]))
    assert "sample.csv has other units" in run_script(folder).stdout


def test_the_order_of_the_file_has_no_say(frame_file: Path, tmp_path: Path) -> None:
    first = drawn(frame_file, tmp_path / "a", size=10, spares=1, xlsx=True)
    mixed = random.Random(3).sample(UNITS, len(UNITS))
    (tmp_path / "other").mkdir()
    second = drawn(write_frame(tmp_path / "other" / "frame.csv", mixed), tmp_path / "b", size=10, spares=1, xlsx=True)
    assert first == second
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_a_drawn_seed_is_recorded(frame_file: Path, tmp_path: Path) -> None:
    said = [
        draw.draw(frame.from_file(frame_file, "paid_amount"), draw.Design(size=9), None, tmp_path / name)
        for name in "ab"
    ]
    assert said[0]["seed"] != said[1]["seed"] and all(re.fullmatch("[0-9a-f]{32}", one["seed"]) for one in said)
    again = drawn(frame_file, tmp_path / "c", seed=said[0]["seed"], size=9)
    assert again["strata"] == said[0]["strata"] and again["seed_source"] == "given"
    assert run_script(tmp_path / "a").returncode == 0


def test_every_unit_has_the_same_chance() -> None:
    """20 of 60 over 3,000 seeds: the counts of the units vary as chance has them, and so do those of pairs."""
    counts, pairs = [0] * 61, 0
    for seed in range(3000):
        sample = redraw.ranked(f"t{seed}", list(range(1, 61)))[:20]
        pairs += {7, 8} <= set(sample)
        for number in sample:
            counts[number] += 1
    square = sum((count - 1000) ** 2 for count in counts[1:]) / (1000 * 40 / 60) * 59 / 60
    assert 30 < square < 98  # 59 degrees of freedom, p about 0.001 on each side
    assert abs(pairs - 3000 * 20 * 19 / (60 * 59)) < 4 * math.sqrt(322)


def test_files_are_private_and_safe(frame_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "s"
    drawn(frame_file, folder, size=90, xlsx=True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {
        "frame.csv",
        "sample.csv",
        "sample.xlsx",
        "draw.json",
        "redraw.py",
    }
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    rows = rows_of(folder / "sample.csv")
    assert {"'" + HOSTILE} == {row["case"] for row in rows} - {f"K{n:03d}" for n in range(90)}
    assert {row["region"] for row in rows} == {"east", "west", "'=north"}
    assert all(row[name] == "" for row in rows for name in frame.ANSWERS)
    sheet = openpyxl.load_workbook(folder / "sample.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2):
        assert all(cell.data_type != "f" for cell in line)
        assert isinstance(line[header.index("examined_amount")].value, (int, float))
        assert isinstance(line[0].value, int)


def test_nothing_is_left_of_a_draw_that_failed(
    frame_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(frame_file, tmp_path / "s", size=5)
    with pytest.raises(UsageError, match="exists"):
        drawn(frame_file, tmp_path / "s", size=5)
    before = set(tmp_path.iterdir())

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(draw, "package_files", fail)
    with pytest.raises(RuntimeError):
        drawn(frame_file, tmp_path / "t", size=5)
    assert set(tmp_path.iterdir()) == before


def test_strata_of_amounts(frame_file: Path, tmp_path: Path) -> None:
    said = drawn(frame_file, tmp_path / "s", size=20, strata="amount", boundaries=(D(100), D(50)), allocation="neyman")
    assert [part["stratum"] for part in said["strata"]] == ["1: below 50", "2: 50 to below 100", "3: 100 and above"]
    amounts = {int(row["frame_number"]): D(row["examined_amount"]) for row in rows_of(tmp_path / "s" / "frame.csv")}
    edges = [D("-1e9"), D(50), D(100), D("1e9")]
    for part, low, high in zip(said["strata"], edges, edges[1:], strict=False):
        inside = [number for number, amount in amounts.items() if low <= amount < high]
        assert part["units"] == len(inside) and set(part["sample"]) <= set(inside)
        assert D(part["amount"]) == sum(amounts[number] for number in inside)
    assert run_script(tmp_path / "s").returncode == 0


def test_small_strata_are_taken_whole(tmp_path: Path) -> None:
    units = [(f"K{n}", "big", "10") for n in range(40)] + [("L0", "one", "900"), ("M0", "two", "5"), ("M1", "two", "6")]
    said = drawn(write_frame(tmp_path / "f.csv", units), tmp_path / "s", size=10, strata="region", spares=4)
    assert [(len(part["sample"]), part["taken_whole"], len(part["spares"])) for part in said["strata"]] == [
        (7, False, 4), (1, True, 0), (2, True, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ({"size": 91}, "91 cannot be drawn from 90"),
        ({"size": 0}, "cannot be drawn"),
        ({}, "size of the sample is not given"),
        ({"size": 4, "strata": "region"}, "too small for 3 strata"),
        ({"size": 9, "strata": "colour"}, "no column colour"),
        ({"size": 9, "strata": "provider"}, "no column provider_npi"),
        ({"size": 9, "strata": "amount"}, "need boundaries"),
        ({"strata": "region", "sizes": (("east", 5), ("west", 5))}, "has no size"),
        ({"strata": "region", "sizes": (("east", 5), ("west", 5), ("south", 5))}, "no stratum 'south'"),
        ({"strata": "region", "sizes": (("east", 1), ("west", 5), ("'=north", 5))}, "cannot give a sample of 1"),
        ({"strata": "region", "sizes": (("east", 31), ("west", 5), ("'=north", 5))}, "cannot give a sample of 31"),
        ({"size": 5, "seed": "a b"}, "seed is not valid"),
    ],
)
def test_designs_that_are_refused(frame_file: Path, tmp_path: Path, design: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        drawn(frame_file, tmp_path / "s", **design)
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("header", "units", "words"),
    [
        (("case", "paid"), [("a", "1")], "no column paid_amount"),
        (("case", "paid_amount"), [("a", "$1")], "Line 2 of f.csv, paid_amount, is not an amount"),
        (("case", "paid_amount"), [("a", "1.005")], "not an amount"),
        (("case", "paid_amount"), [("a", "1"), ("b", "")], "Line 3 of f.csv"),
        (("case", "paid_amount"), [("a", "1"), ("b", "2"), ("a", "1.00")], "Lines 2 and 4 of f.csv are alike"),
        (("case", "paid_amount", "frame_number"), [("a", "1", "2")], "column frame_number"),
        (("case", "case", "paid_amount"), [("a", "b", "2")], "a column twice"),
        (("case", "paid_amount"), [("a", "1", "x")], "Line 2 of f.csv has more fields"),
        (("case", "paid_amount"), [], "frame has no unit"),
    ],
)  # fmt: skip
def test_frames_that_are_refused(
    tmp_path: Path, header: Sequence[str], units: Sequence[Sequence[str]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        drawn(write_frame(tmp_path / "f.csv", units, header), tmp_path / "s", size=1)


# Frames of a run -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with fixture.build(many=40) as built:
        built.execute("update core.claim_line set paid_amount = case when is_denied then null else amount end")
        built.execute(
            "update core.claim_line set payer_class = case payer_id when 'COM' then 'commercial' else 'medicare_b' end"
        )
        yield built


def of_run(engine: Engine, unit: str, **values: Any) -> frame.Frame:
    return frame.from_run(engine, None, frame.Selection(unit, **values))


def test_units_of_a_run(engine: Engine) -> None:
    lines, claims, days = (of_run(engine, one) for one in ("line", "claim", "patient-day"))
    total = engine.value("select sum(paid_amount) from core.claim_line")
    assert len(lines.rows) == 9520 and len(claims.rows) == 9520 // 4 + engine.value(
        "select count(*) - count(distinct claim_id) from (select distinct claim_id, payer_id from core.claim_line)"
    )
    assert len(days.rows) == engine.value(
        "select count(*) from (select distinct patient_id, service_date from core.claim_line)"
    )
    assert sum(lines.amounts) == sum(claims.amounts) == sum(days.amounts) == total
    assert sum(map(int, days.column("lines"))) == 9520
    assert lines.rows == sorted(lines.rows) and lines.facts["as_of"] == "2026-10-31" and lines.warnings == []
    assert {"several", "MCR"} <= set(days.column("payer_id"))


def test_selections_of_a_run(engine: Engine) -> None:
    few = of_run(engine, "claim", providers=(fixture.FEW,))
    assert set(few.column("provider_npi")) == {fixture.FEW} and sum(map(int, few.column("lines"))) == 1120
    commercial = of_run(engine, "line", payer_class="commercial")
    assert len(commercial.rows) == engine.value("select count(*) from core.claim_line where payer_id = 'COM'")
    first, last = engine.rows("select date '2026-01-01', date '2026-03-31'")[0]
    spring = of_run(engine, "patient-day", date_from=first, date_to=last)
    assert set(spring.column("service_date")) <= {f"2026-{m:02d}-{d:02d}" for m in (1, 2, 3) for d in range(1, 32)}
    assert len(spring.rows) < len(of_run(engine, "patient-day").rows)
    assert of_run(engine, "line", amount="paid").facts["amount_of"] == "paid"


def test_a_targeted_frame_says_so(engine: Engine) -> None:
    listed = "select distinct line_id from audit.observation_line join audit.observation using (run_key, finding_id)"
    for codes, where in (
        (("ALL",), "true"),
        (("UNT",), "check_code like 'UNT%'"),
        (("CAP101",), "check_code = 'CAP101'"),
    ):
        lines = of_run(engine, "line", findings=codes)
        assert len(lines.rows) == engine.value(f"select count(*) from ({listed} where state <> 'resolved' and {where})")
        assert "must not be generalised" in lines.warnings[0]
    # the unit is drawn whole: lines without a finding belong to it too
    claims = of_run(engine, "claim", findings=("UNT101",), providers=(fixture.FEW,))
    assert sum(map(int, claims.column("lines"))) == 4
    with pytest.raises(UsageError, match="None of the checks"):
        of_run(engine, "line", findings=("DXC101",))


def test_runs_that_cannot_be_drawn_from(engine: Engine) -> None:
    with pytest.raises(UsageError, match="no finished run 'x'"):
        frame.from_run(engine, "x", frame.Selection("line"))
    engine.execute("update core.claim_line set is_denied = false")
    try:
        with pytest.raises(InputError, match="None of 9,520 units has its allowed amount"):
            of_run(engine, "line", amount="allowed")
    finally:
        engine.execute("update core.claim_line set is_denied = line_id % 97 = 0")


def test_units_without_an_amount_are_left_out_and_counted(engine: Engine) -> None:
    whole = of_run(engine, "claim")
    engine.execute("update core.claim_line set paid_amount = null where line_id between 4 and 9")
    try:
        part = of_run(engine, "claim")
    finally:
        engine.execute("update core.claim_line set paid_amount = amount where line_id between 4 and 9")
    assert len(whole.rows) - len(part.rows) == part.facts["units_left_out"] == 3 and whole.facts["units_left_out"] == 0
    assert "3 units with a line without a paid amount are not in the frame" in part.warnings[0]


# Answers -------------------------------------------------------------------------------------------------------------

Answer = Callable[[dict[str, str]], dict[str, str]]


def answer(folder: Path, change: Answer, name: str = "sample.csv") -> None:
    rows = [row | change(row) for row in rows_of(folder / name)]
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def half(row: dict[str, str]) -> dict[str, str]:
    """Every third unit in error by half, every seventh without documentation, every eleventh paid too little."""
    number, paid = int(row["frame_number"]), D(row["examined_amount"])
    if number % 7 == 0:
        return {"documentation": "missing"}
    if number % 11 == 0:
        return {"audited_amount": str(paid + 5), "error": "yes"}
    if number % 3 == 0:
        return {"audited_amount": str((paid / 2).quantize(D("0.01"))), "error": "yes", "reviewer": "=R"}
    return {"error": "no"} if number % 2 else {"audited_amount": str(paid)}


@pytest.fixture
def folder(frame_file: Path, tmp_path: Path) -> Path:
    drawn(frame_file, tmp_path / "s", size=40, spares=3)
    answer(tmp_path / "s", half)
    return tmp_path / "s"


def read(folder: Path) -> audited.Audited:
    return audited.read(folder, {}, {})


def test_answers(folder: Path) -> None:
    sample = read(folder)
    rows = rows_of(folder / "sample.csv")
    missing = [row for row in rows if row["documentation"]]
    found = result.evaluate(sample, minimum_sum=True)
    assert found["found"]["documentation_missing"] == len(missing) > 0
    paid = {True: D(0), False: D(0)}
    for row in rows:
        allowed = D(0) if row["documentation"] else D(row["audited_amount"] or row["examined_amount"])
        paid[allowed > D(row["examined_amount"])] += abs(allowed - D(row["examined_amount"]))
    assert (found["found"]["over"], found["found"]["under"]) == (paid[False], paid[True]) and paid[True] > 0
    assert found["frame"]["amount"] == sum(D(amount) for _, _, amount in UNITS)
    assert len(sample.unsampled) == 50
    assert found["minimum_sum"]["full_errors"] == sum(D(row["examined_amount"]) > 0 for row in missing)


def test_a_workbook_is_read_as_the_csv_is(frame_file: Path, tmp_path: Path) -> None:
    drawn(frame_file, tmp_path / "s", size=40, xlsx=True)
    book = openpyxl.load_workbook(tmp_path / "s" / "sample.xlsx")
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for cells in sheet.iter_rows(min_row=2):
        row = {
            name: str(cell.value if cell.value is not None else "") for name, cell in zip(header, cells, strict=True)
        }
        for name, value in half(row).items():
            cells[header.index(name)].value = float(value) if name == "audited_amount" else value
    book.save(tmp_path / "s" / "sample.xlsx")
    answer(tmp_path / "s", half)
    sheet_result = result.evaluate(audited.read(tmp_path / "s" / "sample.xlsx", {}, {}))
    assert {**sheet_result, "file": "sample.csv"} == result.evaluate(read(tmp_path / "s"))


def test_spares_extend_the_sample_from_the_first_on(folder: Path) -> None:
    said = json.loads((folder / "draw.json").read_text())
    first, second, _ = said["strata"][0]["spares"]
    answer(folder, half, "spares.csv")
    spares = {int(row["frame_number"]): row for row in rows_of(folder / "spares.csv")}

    def with_spares(*numbers: int) -> None:
        rows = [*rows_of(folder / "sample.csv"), *(spares[number] for number in numbers)]
        with open(folder / "extended.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    with_spares(first, second)
    found = result.evaluate(audited.read(folder / "extended.csv", {}, {}))
    assert found["sample"] == {"units": 42, "of_spares": 2}
    assert any("2 spares extend the sample" in warning for warning in found["warnings"])
    with_spares(second)
    with pytest.raises(InputError, match="out of order"):
        audited.read(folder / "extended.csv", {}, {})


def set_in(number_of_row: int, **values: str) -> Answer:
    seen = itertools.count()
    return lambda _: values if next(seen) == number_of_row else {}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"audited_amount": "", "error": "", "documentation": ""}, "1 of 40 units in sample.csv have no answer. Fill in"),
        ({"audited_amount": "", "error": "yes", "documentation": ""}, "1 of 40 units in sample.csv have no answer"),
        ({"audited_amount": "1,5", "error": "", "documentation": ""}, "Line 2 of sample.csv, audited_amount, is not an amount"),
        ({"audited_amount": "-1", "error": "yes", "documentation": ""}, "below 0"),
        ({"audited_amount": "1", "error": "no", "documentation": ""}, "error is no, but the amounts differ"),
        ({"audited_amount": "9999", "error": "", "documentation": ""}, "above the examined amount. Correct it, or write error = yes"),
        ({"audited_amount": "1", "error": "maybe", "documentation": ""}, "neither yes nor no"),
        ({"audited_amount": "1", "error": "", "documentation": "lost"}, "neither blank nor missing"),
        ({"audited_amount": "1", "error": "", "documentation": "missing"}, "documentation is missing, and yet"),
        ({"audited_amount": "", "error": "no", "documentation": "missing"}, "documentation is missing, and yet"),
        ({"draw_id": "draw-0000000000000000"}, "Line 2 of sample.csv belongs to another draw"),
        ({"examined_amount": "12345.00"}, "does not have the amount of the frame"),
        ({"frame_number": "x"}, "frame_number is not a number"),
        ({"frame_number": "999"}, "does not have the amount of the frame"),
    ],
)  # fmt: skip
def test_answers_that_are_refused(folder: Path, values: dict[str, str], words: str) -> None:
    answer(folder, set_in(0, **values))
    with pytest.raises(InputError, match=words):
        read(folder)


def test_units_that_do_not_belong(folder: Path) -> None:
    lines = (folder / "sample.csv").read_text().splitlines(keepends=True)
    (folder / "sample.csv").write_text("".join(lines[:-2]))
    with pytest.raises(InputError, match="2 of 40 sampled units are not in sample.csv"):
        read(folder)
    (folder / "sample.csv").write_text("".join([*lines, lines[5]]))
    with pytest.raises(InputError, match="a second time"):
        read(folder)
    said = json.loads((folder / "draw.json").read_text())
    taken = {*said["strata"][0]["sample"], *said["strata"][0]["spares"]}
    stranger = next(row for row in rows_of(folder / "frame.csv") if int(row["frame_number"]) not in taken)
    row = [
        *list(stranger.values())[:2],
        "K",
        "east",
        stranger["examined_amount"],
        "0",
        "yes",
        "",
        "",
        "",
        said["draw_id"],
    ]
    (folder / "sample.csv").write_text("".join(lines) + ",".join(row) + "\n")
    with pytest.raises(InputError, match="was not drawn"):
        read(folder)


def test_folders_that_were_changed(folder: Path, tmp_path: Path) -> None:
    for name, old, new, words in (
        ("frame.csv", "west", "WEST", "hash differs"),
        ("draw.json", '"seed": "s1"', '"seed": "s2"', "other units"),
        ("draw.json", '"draw_id": "draw-', '"draw_id": "draw-0', "draw_id is not that"),
        ("draw.json", "{", "", "not complete or was changed"),
        ("draw.json", '"warnings": []', '"warnings": 3', "changed"),
    ):
        shutil.copytree(folder, tmp_path / "copy")
        path = tmp_path / "copy" / name
        path.write_text(path.read_text().replace(old, new, 1))
        with pytest.raises(InputError, match=words):
            read(tmp_path / "copy")
        shutil.rmtree(tmp_path / "copy")
    (folder / "frame.csv").unlink()
    with pytest.raises(InputError, match="not complete"):
        read(folder)


# The command ---------------------------------------------------------------------------------------------------------


def call(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_from_a_run_to_a_page(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = engine.value("select current_database()")
    engine.execute("attach 'claimaudit.duckdb' as kept")
    engine.execute(f"copy from database {name} to kept")
    engine.execute("detach kept")
    arguments = ["--size", "6", "--unit", "beneficiary-day", "--provider", fixture.FEW, "--seed", "7"]
    assert call("sample", "draw", "s", *arguments) == 0
    said = capsys.readouterr()
    assert re.search(r"^Frame of 2\d\d units \(patient-day\), [\d,.]+ paid$", said.out, re.M) and said.err == ""
    assert "seed     7 (given)" in said.out and not re.search(r"\bP000|\bC\d", said.out)
    assert call("sample", "estimate", "s") == 3
    assert "6 of 6 units in sample.csv have no answer" in capsys.readouterr().err
    answer(Path("s"), lambda row: {"audited_amount": "0.00"})
    assert call("sample", "estimate", "s") == 0
    said = capsys.readouterr()
    assert "Estimated amount in error" in said.out and "Page: s/estimate.html" in said.out and said.err == ""
    assert call("sample", "estimate", "s", "--json", "--minimum-sum") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["draw"]["frame"]["run_key"] == fixture.RUN and found["found"]["units_in_error"] == 6
    assert call("sample", "draw", "t", "--size", "2", "--db", "none.duckdb") == 2
    assert "There is no database none.duckdb" in capsys.readouterr().err
    assert call("sample", "draw", "s", "--size", "2") == 2
    assert call("sample", "draw", "t", "--size", "2", "--run-key", "1999-01") == 2


def test_estimates_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        call("sample", "estimate", DATA / "published_pairs.csv", "--frame-size", "10,000", "--frame-amount", "5000000")
        == 0
    )
    out = capsys.readouterr().out
    assert re.search(r"Difference \(netted\) +706,000\.00 +68,067\.67\n  80 % +617,575\.42 +794,424\.58", out)
    assert (
        "one-sided 90 % lower limit: the lower limit of the two-sided 80 % interval; what CMS contractors demand" in out
    )
    assert "Ratio: paid too much" in out and "does not show that its units were drawn at random" in out
    rows = [("a", "10", "5"), ("a", "10", "10"), ("b", "50", "0"), ("b", "50", "50")]
    path = write_frame(tmp_path / "f.csv", rows, ("stratum", "examined", "audited"))
    assert call("sample", "estimate", path, "--frame-size", "a=10", "--frame-size", "b=4", "--json") == 0
    assert json.loads(capsys.readouterr().out)["variable"]["over"]["point"] == "125.00"
    for arguments, words in (
        (["--frame-size", "a=10"], "Give --frame-size a=UNITS, --frame-size b=UNITS"),
        (["--frame-size", "a=10", "--frame-size", "b=1"], "smaller than its sample of 2"),
        (["--frame-size", "a=10", "--frame-size", "a=1"], "names 'a' twice"),
        (["--frame-size", "a=x"], "not a whole number"),
        (["--frame-size", "a=10", "--frame-size", "b=4", "--minimum-sum"], "for simple samples"),
        (["--frame-size", "a=10", "--frame-size", "b=4", "--frame-amount", "c=4"], "no stratum 'c'"),
    ):
        assert call("sample", "estimate", path, *arguments) in (2, 3)
        assert words in capsys.readouterr().err


def test_plans(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = DATA / "published_pairs.csv"
    assert call("sample", "plan", "variable", "--frame-size", "10000", "--probe", pairs, "--precision", "0.12") == 0
    out = capsys.readouterr().out
    assert "mean 70.60, standard deviation 48.25" in out
    assert "12 %*" in out and all(f"\n    {level} %" in out for level in (80, 90, 95))
    assert call("sample", "plan", "variable", "--frame-size", "10000", "--variation", "0.6834", "--json") == 0
    sizes = json.loads(capsys.readouterr().out)["sizes"]
    assert {"confidence": 90, "precision": 0.25, "units": {"normal": 21}} in sizes
    assert call("sample", "plan", "attribute", "--frame-size", "500", "--rate", "0.1") == 0
    out = capsys.readouterr().out
    assert "exact hypergeometric" in out and "normal approximation" in out
    assert call("sample", "plan", "attribute", "--frame-size", "500", "--probe", folder, "--json") == 0
    assert 0 < json.loads(capsys.readouterr().out)["rate"] < 1
    rows = [("a", "10"), ("a", "30"), ("b", "500"), ("b", "900"), ("b", "100")]
    path = write_frame(tmp_path / "p.csv", rows, ("stratum", "wrong"))
    sizes_of = ["--frame-size", "a=1000", "--frame-size", "b=200"]
    assert call("sample", "plan", "stratified", "--probe", path, "--column", "wrong", *sizes_of) == 0
    out = capsys.readouterr().out
    assert "Neyman allocation" in out and "proportional allocation" in out
    assert call("sample", "plan", "stratified", "--probe", path, "--column", "wrong", *sizes_of, "--json") == 0
    assert json.loads(capsys.readouterr().out)["strata"][0]["frame"] == 1000
    for arguments, words in (
        (["attribute", "--frame-size", "500"], "not given once"),
        (["attribute", "--frame-size", "500", "--rate", "1.5"], "not between 0 and 1"),
        (["attribute", "--frame-size", "500", "--rate", "x"], "not a number"),
        (["variable", "--frame-size", "500", "--variation", "1", "--precision", "0"], "not above 0"),
        (["variable", "--frame-size", "500", "--probe", str(path)], "no column examined_amount"),
        (
            ["stratified", "--probe", str(path), "--column", "wrong", "--frame-size", "a=5"],
            "for each stratum of the probe",
        ),
    ):
        assert call("sample", "plan", *arguments) == 2
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--unit", "week"], "--unit has no value 'week'"),
        (["--amount", "billed"], "--amount has no value"),
        (["--allocation", "fair"], "--allocation has no value"),
        (["--stratum-size", "east=3"], "both given"),
        (["--provider", "1"], "--provider selects from a run"),
        (["--boundaries", "a"], "not a number"),
    ],
)
def test_draws_that_are_refused(
    frame_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert call("sample", "draw", tmp_path / "s", "--frame", frame_file, "--size", "5", *arguments) == 2
    assert words in capsys.readouterr().err


def test_draw_of_a_file_by_the_command(frame_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--frame", frame_file, "--strata", "region", "--size", "12", "--spares", "2"]
    assert call("sample", "draw", tmp_path / "s", *arguments) == 0
    out = capsys.readouterr().out
    seed = re.search(r"seed     (\w+) \(drawn from the operating system\)", out)
    assert seed and "A spare never takes the place of a unit whose documentation is missing" in out
    assert call("sample", "draw", tmp_path / "t", *arguments, "--seed", seed[1], "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["strata"] == json.loads((tmp_path / "s" / "draw.json").read_text())["strata"]


# The page ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(frame_file: Path, tmp_path: Path) -> str:
    folder = tmp_path / "q3 <b>"
    drawn(frame_file, folder, size=45, strata="region", spares=2)
    answer(folder, half)
    result.page(result.evaluate(read(folder)), folder)
    return (folder / "estimate.html").read_text("utf-8")


def test_page(page: str, tmp_path: Path) -> None:
    path = tmp_path / "q3 <b>" / "estimate.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    links = parsed(path)
    assert links.suspect == [] and len(links.ids) == len(set(links.ids))
    assert "q3 <b>" not in page and "q3 &lt;b&gt;" in page and "<script" not in page
    assert not FORBIDDEN.search(page) and "identified" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html.unescape(page))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert policy and "default-src 'none'" in policy[1] and templating.digest(style) in policy[1]
    for words in (
        "point estimate",
        "lower limit",
        "CMS contractors",
        "OIG audits",
        "Fisher",
        "Satterthwaite",
        "Hash of the frame",
    ):
        assert words in page, words
    assert "__FOOT__" not in page


def test_page_is_the_same_again(page: str, tmp_path: Path) -> None:
    folder = tmp_path / "q3 <b>"
    result.page(result.evaluate(read(folder)), folder)
    assert (folder / "estimate.html").read_text("utf-8") == page


def test_page_of_a_targeted_frame_warns(engine: Engine, tmp_path: Path) -> None:
    units = frame.from_run(engine, None, frame.Selection("line", findings=("UNT101",)))
    said = draw.draw(units, draw.Design(size=8), "s", tmp_path / "s")
    assert "must not be generalised" in said["warnings"][0]
    answer(tmp_path / "s", lambda row: {"error": "no"})
    found = result.evaluate(read(tmp_path / "s"))
    assert "must not be generalised" in "\n".join(result.text(found))
    result.page(found, tmp_path / "s")
    text = (tmp_path / "s" / "estimate.html").read_text("utf-8")
    assert "must not be generalised" in text and "as of 31 October 2026" in text and "UNT101" in text


def test_no_identifier_in_errors(folder: Path) -> None:
    """Errors name lines and numbers of the frame, never what describes a unit."""
    answer(folder, set_in(3, audited_amount="999999", error=""))
    with pytest.raises(ClaimAuditError) as error:
        read(folder)
    assert not re.search(r"K\d{3}", str(error.value))


# How often limits hold -----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_limits_hold_as_often_as_they_say() -> None:
    """The simulation of docs/sampling.md with fewer samples: exact and minimum-sum limits always hold as named, t where amounts are near normal."""
    simulation = runpy.run_path(str(ROOT / "benchmarks" / "sampling.py"))
    repeats, margin = 800, 0.035  # more than three standard errors
    t_one, t_two, ratio, minimum, attribute = simulation["LIMITS"]
    for name, units in simulation["frames"]():
        held = simulation["coverage"](units, 50, repeats)
        share = {limit: held[limit] / repeats for limit in simulation["LIMITS"]}
        assert share[attribute] > 0.9 - margin, name
        assert share[minimum] > 0.9 - margin, name
        if name.startswith("near normal"):
            assert (
                abs(share[t_one] - 0.9) < margin
                and abs(share[t_two] - 0.9) < margin
                and abs(share[ratio] - 0.9) < margin
            )
        if name.startswith("skewed"):
            assert share[t_one] > 0.9 and share[t_two] < 0.9, name


def test_the_guide_shows_the_table_that_the_benchmark_prints() -> None:
    simulation = runpy.run_path(str(ROOT / "benchmarks" / "sampling.py"))
    guide = (ROOT / "docs" / "sampling.md").read_text("utf-8")
    assert "| frame | n | " + " | ".join(simulation["LIMITS"]) + " |" in guide
    for name, _ in simulation["frames"]():
        assert guide.count(f"| {name} | ") == len(simulation["SIZES"])


@pytest.mark.parametrize("frame_size", [1, 2, 3, 7])
@pytest.mark.parametrize("rate", ["0", "1/3", "1"])
def test_sizes_of_tiny_frames_are_units_of_the_frame(frame_size: int, rate: str) -> None:
    sizes = plan.attribute_sizes(frame_size, Fraction(rate), [Fraction(1, 10), Fraction(1)])
    assert all(1 <= units <= frame_size for size in sizes for units in size.units.values())
    more = plan.variable_sizes(frame_size, Decimal("0.5"), [Fraction(1, 100), Fraction(1)])
    assert all(1 <= units <= frame_size for size in more for units in size.units.values())
