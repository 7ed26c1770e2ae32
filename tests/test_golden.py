"""The sample run against its answer key: every planted error is found, and nothing else is called an error."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from claimaudit import jobs, registry
from claimaudit.engine import Engine
from claimaudit.settings import Settings

from .test_overpayments import THE_WORD

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = ROOT / "sample_data" / "claims"
EXPECTED = ROOT / "sample_data" / "expected_findings.csv"
AS_OF = date(2026, 10, 31)
RUN_KEY = "sample"


@dataclass(frozen=True)
class SampleRun:
    """Where the run stands: its folder `out/sample` and its database."""

    out: Path
    db: Path


@pytest.fixture(scope="module")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """The finished run over sample_data/claims, for tests that only read it."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(inputs=[CLAIMS], out=folder / "out", db=folder / "db", as_of=AS_OF, run_key=RUN_KEY)
    assert not jobs.run(settings).incomplete
    return SampleRun(settings.out / RUN_KEY, settings.db)


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
def found(sample_run: SampleRun) -> list[dict[str, str]]:
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
    assert {row["check_code"] for row in planted} == {check.code for check in registry.select([], [], preview=False)}


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


def test_all_is_new_and_nothing_was_rejected(sample_run: SampleRun, found: list[dict[str, str]]) -> None:
    assert {row["state"] for row in found} == {"new"}
    assert _rows(sample_run.out / "rejects.csv") == []


def test_pages_stand_for_everybody(sample_run: SampleRun, found: list[dict[str, str]]) -> None:
    """A page for each rendering provider and each check, and every finding on the page of its provider."""
    with Engine(sample_run.db, read_only=True) as engine:
        rendering = {row[0] for row in engine.rows("select distinct rendering_npi from core.claim_line")}
    pages = {path.stem: path.read_text("utf-8") for path in (sample_run.out / "providers").glob("*.html")}
    assert rendering <= set(pages)
    assert {path.stem for path in (sample_run.out / "checks").glob("*.html")} == set(registry.checks())
    assert [row["finding_id"] for row in found if row["finding_id"] not in pages[row["provider_npi"]]] == []
    assert pq.read_metadata(sample_run.out / "findings.parquet").num_rows == len(found)


def test_the_word_that_starts_a_clock_is_nowhere(sample_run: SampleRun) -> None:
    """Only a person says of an overpayment that it was identified; tests/test_overpayments.py says what counts as the word."""
    assert not (sample_run.out / "overpayments.html").exists(), "the ledger is empty"
    texts = [path for path in sample_run.out.rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert len(texts) > 100
    assert [path.name for path in texts if THE_WORD.search(path.read_text("utf-8"))] == []


def test_patterns_of_a_provider_are_of_no_month(sample_run: SampleRun) -> None:
    """They are dated by the last day that they look at, and would stand beside the few lines of that month alone."""
    with Engine(sample_run.db, read_only=True) as engine:
        dated = (
            "from mart.finding_page where provider_no is not null and service_date is not null and severity = 'review'"
        )
        everything, patterns = engine.rows(f"select count(*), count(*) filter (subject = 'provider') {dated}")[0]
        assert patterns
        assert engine.value("select sum(reviews) from mart.provider_month") == everything - patterns
        assert engine.value("select count(*) from mart.check_month where check_code[:3] = 'PRV'") == 0


def test_the_month_after_says_what_is_gone_and_why(sample_run: SampleRun, tmp_path: Path) -> None:
    """A clinic sends a claim no more that a finding was on: the next run says so, beside what its findings have in common."""
    db, inputs = tmp_path / "db", tmp_path / "claims"
    shutil.copy(sample_run.db, db)
    shutil.copytree(CLAIMS, inputs)
    path = inputs / "claim_lines_hazelwood.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    named = {line.split(",")[0] for line in lines[1:]}
    gone = next(row for row in _rows(sample_run.out / "findings.csv") if row["claim_id"] in named)["claim_id"]
    path.write_text("".join(line for line in lines if not line.startswith(f"{gone},")), "utf-8")
    settings = Settings(inputs=[inputs], out=tmp_path / "out", db=db, as_of=AS_OF, run_key="sample-2")
    assert not jobs.run(settings).incomplete
    states = Counter(row["state"] for row in _rows(settings.out / "sample-2" / "findings.csv"))
    index = (settings.out / "sample-2" / "index.html").read_text("utf-8")
    assert states["resolved"] > 0 and states["unchanged"] > 500
    assert f"<b>{states['resolved']} resolved</b> ({states['resolved']} no longer in the input)" in index
    assert "What the findings have in common" in index
