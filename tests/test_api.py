"""The Python interface: what a notebook sees."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from claimaudit import Settings, open_run, run_audit
from claimaudit.errors import InputError, UsageError

from .conftest import CLAIM_LINES


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of two runs over the tiny claims: `first`, then `second`."""
    folder = tmp_path_factory.mktemp("api")
    (folder / "claim_lines.csv").write_text(CLAIM_LINES)
    for key in ("first", "second"):
        summary = run_audit(
            Settings(inputs=folder / "claim_lines.csv", db=folder / "a.duckdb", out=folder / "out", run_key=key)
        )
        assert (summary.run_key, summary.findings, summary.amount_over, summary.incomplete) == (key, 1, "90.00", ())
        assert Path(summary.index).is_file()
    return folder / "a.duckdb"


def test_findings_and_coverage_of_any_run(db: Path) -> None:
    for key, state in (("first", "new"), ("second", "unchanged")):
        with open_run(key, db=db) as run:
            found = run.findings()
            assert isinstance(found, pd.DataFrame)
            assert found["check_code"].tolist() == ["UNT108"] and found["state"].tolist() == [state]
            assert found["amount_at_risk"].tolist() == [Decimal("90.00")]
            assert isinstance(found["amount_at_risk"][0], Decimal)
            coverage = run.coverage()
            assert set(coverage["run_key"]) == {key}
            assert set(coverage["verdict"]) <= {"pass", "finding", "cannot_tell"}
            assert coverage.loc[coverage["verdict"] == "finding", "subjects"].tolist() == [1]


def test_arrow(db: Path) -> None:
    with open_run("second", db=str(db)) as run:
        for table in (run.findings(arrow=True), run.coverage(arrow=True), run.lines(arrow=True)):
            assert isinstance(table, pa.Table)
        assert run.findings(arrow=True).schema.field("amount_at_risk").type == pa.decimal128(12, 2)


def test_lines_of_the_run_built_last(db: Path) -> None:
    with open_run("second", db=db) as run:
        lines = run.lines()
        assert lines[["claim_id", "line_number"]].values.tolist() == [["C1", 1], ["C1", 2], ["C2", 1]]
        assert lines["amount"].tolist() == [Decimal("60.00"), Decimal("28.00"), Decimal("180.00")]
        assert len(run.lines("1234567893")) == 3 and len(run.lines("1999999984")) == 0
    with open_run("first", db=db) as run, pytest.raises(UsageError, match="no longer in the database. Run it again."):
        run.lines()


def test_a_run_is_opened_read_only(db: Path) -> None:
    before = db.read_bytes()
    with open_run("second", db=db) as run, open_run("first", db=db) as other:
        run.findings(), other.findings()
    assert db.read_bytes() == before


def test_what_is_not_there_is_named(db: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no run 'third'. `claimaudit runs` lists them."):
        open_run("third", db=db)
    with pytest.raises(UsageError, match="There is no database"):
        open_run("first", db=tmp_path / "none.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_errors_are_those_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No input is given"):
        run_audit(Settings(db=tmp_path / "a.duckdb", out=tmp_path / "out"))
    with pytest.raises(InputError, match="does not exist"):
        run_audit(Settings(inputs=[tmp_path / "none"], db=tmp_path / "a.duckdb", out=tmp_path / "out"))
