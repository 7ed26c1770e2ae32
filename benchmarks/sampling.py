"""How often limits hold: samples drawn again and again from known frames, with the estimators of the product.

    python benchmarks/sampling.py [REPEATS]

A limit of a confidence of 90 % should hold in 90 of 100 samples or more. The table in docs/sampling.md is what this prints.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from claimaudit.sampling import estimate, hypergeometric
from claimaudit.sampling.estimate import Stratum, Unit

FRAME = 5_000
SIZES = (30, 50, 100)
LIMITS = (
    "t, one-sided 90 %",
    "t, two-sided 90 %",
    "ratio, one-sided 90 %",
    "minimum sum, one-sided 90 %",
    "units in error, two-sided 90 %",
)


def _cents(value: float) -> Decimal:
    return Decimal(round(value * 100)).scaleb(-2)


def frames(seed: int = 1) -> Iterator[tuple[str, list[Unit]]]:
    """Frames of 5,000 units whose amounts in error are known."""
    chance = random.Random(seed)

    def units(paid: list[float], wrong: list[float]) -> list[Unit]:
        made = []
        for one, share in zip(paid, wrong, strict=True):
            examined = _cents(one)
            error = min(examined, _cents(one * share))
            made.append(Unit(examined, examined - error, error > 0))
        return made

    every = range(FRAME)
    level = [chance.gauss(200, 20) for _ in every]
    yield (
        "near normal: every unit wrong in part",
        units(level, [min(1, max(0, chance.gauss(0.4, 0.12))) for _ in every]),
    )
    skewed = [chance.lognormvariate(4.5, 0.9) for _ in every]
    yield (
        "skewed: 30 % of units wrong in part",
        units(skewed, [chance.random() if chance.random() < 0.3 else 0 for _ in every]),
    )
    even = [chance.lognormvariate(4.5, 0.4) for _ in every]
    for rate in (0.10, 0.50, 0.90):
        yield (
            f"all or nothing: {rate:.0%} of units wrong in full".replace("%", " %"),
            units(even, [float(chance.random() < rate) for _ in every]),
        )
    like = [chance.gauss(100, 5) for _ in every]
    yield (
        "all or nothing: 90 % of like amounts wrong in full",
        units(like, [float(chance.random() < 0.9) for _ in every]),
    )


def coverage(units: list[Unit], size: int, repeats: int, seed: int = 2) -> Counter[str]:
    """How many of `repeats` samples have limits that hold, by limit."""
    chance = random.Random(seed)
    amount = sum((unit.examined for unit in units), Decimal(0))
    truth, wrong = sum((unit.over for unit in units), Decimal(0)), sum(unit.in_error for unit in units)
    held: Counter[str] = Counter()
    for _ in range(repeats):
        picked = chance.sample(range(len(units)), size)
        stratum = Stratum("all", len(units), tuple(units[at] for at in picked), amount)
        t = estimate.appraise("over", [stratum], lambda unit: unit.over).limits[1]
        # where nothing varies there are no limits, and none that could be wrong
        held[LIMITS[0]] += t.one_sided_lower is None or t.one_sided_lower <= truth
        held[LIMITS[1]] += t.lower is None or t.upper is None or t.lower <= truth <= t.upper
        ratio = estimate.ratio("over", [stratum], lambda unit: unit.over)
        lower = ratio.limits[1].one_sided_lower if ratio else None
        held[LIMITS[2]] += lower is None or lower <= truth
        rest = set(range(len(units))).difference(picked)
        sums = {
            (confidence, side): low
            for confidence, side, _, low in estimate.minimum_sum(stratum, [units[at].examined for at in rest]).limits
        }
        held[LIMITS[3]] += sums[90, "one-sided"] <= truth
        exact = estimate.attribute([stratum]).limits[1]
        held[LIMITS[4]] += (exact.lower or 0) <= wrong <= (exact.upper or 0)
    return held


def main(repeats: int) -> None:
    hypergeometric.lower = cache(hypergeometric.lower)  # the same counts come back in thousands of samples
    print("| frame | n | " + " | ".join(LIMITS) + " |")
    print("|---|---|" + "---|" * len(LIMITS))
    for name, units in frames():
        for size in SIZES:
            held = coverage(units, size, repeats)
            print(
                f"| {name} | {size} | " + " | ".join(f"{100 * held[limit] / repeats:.1f}" for limit in LIMITS) + " |",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
