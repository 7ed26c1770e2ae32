"""The sample run against its answer key: every planted error is found, and nothing else is called an error."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from claimaudit import registry
from claimaudit.engine import Engine
from tests.sample import EXPECTED, SampleRun, sample_run  # noqa: F401  (a fixture)

KEY = (
    "check_code",
    "severity",
    "patient_id",
    "service_date",
    "provider_npi",
    "payer_id",
    "claim_id",
    "line_number",
    "amount_at_risk",
    "direction",
)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found(sample_run: SampleRun) -> list[dict[str, str]]:  # noqa: F811
    return _rows(sample_run.out / "findings.csv")


@pytest.fixture(scope="module")
def planted() -> list[dict[str, str]]:
    return _rows(EXPECTED)


def _keys(rows: list[dict[str, str]], code: str) -> Counter[tuple[str, ...]]:
    """Rows of a check by what makes them the same; money as a number, so that 0 is 0.00."""
    return Counter(
        tuple(f"{Decimal(row[name]):.2f}" if name == "amount_at_risk" and row[name] else row[name] for name in KEY)
        for row in rows
        if row["check_code"] == code
    )


@pytest.mark.parametrize("code", registry.checks())
def test_findings_are_the_answer_key(found: list[dict[str, str]], planted: list[dict[str, str]], code: str) -> None:
    got, want = _keys(found, code), _keys(planted, code)
    assert {"missed": sorted((want - got).elements()), "not planted": sorted((got - want).elements())} == {
        "missed": [],
        "not planted": [],
    }


def test_every_check_is_planted(planted: list[dict[str, str]]) -> None:
    assert {row["check_code"] for row in planted} == set(registry.checks())


def test_clean_patients_have_no_error(found: list[dict[str, str]], planted: list[dict[str, str]]) -> None:
    """A patient, or a provider's day, without a planted row has no finding that is an error or for review."""
    dirty = {row["patient_id"] for row in planted} | {
        (row["provider_npi"], row["service_date"]) for row in planted if not row["patient_id"]
    }
    accused = [
        row
        for row in found
        if row["severity"] in ("error", "review")
        and (row["patient_id"] or (row["provider_npi"], row["service_date"])) not in dirty
    ]
    assert accused == []


def test_all_is_new_and_nothing_was_rejected(sample_run: SampleRun, found: list[dict[str, str]]) -> None:  # noqa: F811
    assert {row["state"] for row in found} == {"new"}
    assert _rows(sample_run.out / "rejects.csv") == []


def test_pages_stand_for_everybody(sample_run: SampleRun, found: list[dict[str, str]]) -> None:  # noqa: F811
    """A page for each rendering provider and each check, and every finding on the page of its provider."""
    with Engine(sample_run.db, read_only=True) as engine:
        rendering = {row[0] for row in engine.rows("select distinct rendering_npi from core.claim_line")}
    pages = {path.stem: path.read_text("utf-8") for path in (sample_run.out / "providers").glob("*.html")}
    assert rendering <= set(pages)
    assert {path.stem for path in (sample_run.out / "checks").glob("*.html")} == set(registry.checks())
    assert [row["finding_id"] for row in found if row["finding_id"] not in pages[row["provider_npi"]]] == []
    assert pq.read_metadata(sample_run.out / "findings.parquet").num_rows == len(found)
