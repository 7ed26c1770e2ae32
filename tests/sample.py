"""The audit of the sample data, run once for all the tests of a process: import the fixture `sample_run` to use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from claimaudit import jobs
from claimaudit.settings import Settings

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


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """The finished run over sample_data/claims, for tests that only read it."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(inputs=[CLAIMS], out=folder / "out", db=folder / "db", as_of=AS_OF, run_key=RUN_KEY)
    assert not jobs.run(settings).incomplete
    return SampleRun(settings.out / RUN_KEY, settings.db)
