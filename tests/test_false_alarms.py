"""Correct claims raise no error: whole practices that the sample's generator writes without a planted error, each from a seed of its own."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import clean_world
import generate
import part_episodes
import part_medical
import pytest

from claimaudit import jobs
from claimaudit.settings import Settings

SEEDS = range(1, 16)  # about 7,000 visits each


def errors_among_correct_claims(seed: int, folder: Path) -> tuple[int, list[dict[str, str]]]:
    """Visits in the practice of a seed, and the findings of severity `error` in its audit."""
    world = clean_world.build_clean_world(seed)
    parts = [part_episodes.without_errors(seed, 60), part_medical.without_errors(seed, 60)]
    generate.write_all(world, generate.all_rows(world, parts), [], parts, folder)
    settings = Settings(
        inputs=[folder / "claims"], out=folder / "out", db=folder / "db", as_of=date(2026, 10, 31), run_key="clean"
    )
    assert not jobs.run(settings).incomplete
    with (folder / "out" / "clean" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return len(world.visits), [row for row in csv.DictReader(file) if row["severity"] == "error"]


def test_correct_claims_raise_no_error(tmp_path: Path) -> None:
    visits, errors = errors_among_correct_claims(SEEDS[0], tmp_path)
    assert visits > 5_000
    assert errors == []


@pytest.mark.long
def test_a_hundred_thousand_correct_visits_raise_no_error(tmp_path: Path) -> None:
    visits = 0
    for seed in SEEDS:
        more, errors = errors_among_correct_claims(seed, tmp_path / str(seed))
        assert errors == [], seed
        visits += more
    assert visits >= 100_000
