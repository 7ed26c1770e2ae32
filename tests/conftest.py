"""Skips for programs that are not there, and the fixtures that more than one module uses.

With CLAIMAUDIT_REQUIRE_TEST_TOOLS set (as .ci/run does) a missing program fails its tests instead.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CLAIM_LINES = """\
claim_id,line_number,patient_id,payer_id,billing_npi,rendering_npi,place_of_service,service_date,procedure_code,modifier_1,units,diagnosis_1,diagnosis_pointers,charge_amount,allowed_amount,paid_amount,line_status
C1,1,P1,MEDICARE,1234567893,1234567893,11,2026-09-01,97110,GP,2,M54.50,1,120.00,60.00,48.00,paid
C1,2,P1,MEDICARE,1234567893,1234567893,11,2026-09-01,97140,GP,1,M54.50,1,60.00,28.00,22.40,paid
C2,1,P1,MEDICARE,1234567893,1234567893,11,2026-09-03,97161,GP,2,M54.50,1,200.00,180.00,144.00,paid
"""


def chromium() -> str | None:
    """Path of an installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def airflow_python() -> Path | None:
    """The interpreter of Airflow's own environment: CLAIMAUDIT_AIRFLOW_PYTHON, else .venv-airflow."""
    path = Path(os.environ.get("CLAIMAUDIT_AIRFLOW_PYTHON") or ROOT / ".venv-airflow" / "bin" / "python")
    return path if path.exists() else None


MISSING = {"browser": ("Chromium", chromium), "airflow": ("the Airflow environment", airflow_python)}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (program, find) in MISSING.items():
        if item.get_closest_marker(marker) and find() is None:
            missing = pytest.fail if os.environ.get("CLAIMAUDIT_REQUIRE_TEST_TOOLS") else pytest.skip
            missing(f"{program} is missing: make install-test-tools")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium's executable; for tests marked browser."""
    path = chromium()
    assert path is not None, "a test that uses this fixture is marked browser"
    return path


@pytest.fixture(scope="session")
def airflow_interpreter() -> Path:
    """The interpreter of Airflow's environment; for tests marked airflow."""
    path = airflow_python()
    assert path is not None, "a test that uses this fixture is marked airflow"
    return path


@pytest.fixture(scope="session")
def claimaudit_command() -> Path:
    """The installed console script of this environment."""
    return Path(sys.executable).parent / "claimaudit"


@pytest.fixture
def tiny_claims(tmp_path: Path) -> Path:
    """A folder of canonical input with one claim_lines.csv: three lines of one patient, all that is required."""
    folder = tmp_path / "tiny_claims"
    folder.mkdir()
    (folder / "claim_lines.csv").write_text(CLAIM_LINES, "utf-8")
    return folder
