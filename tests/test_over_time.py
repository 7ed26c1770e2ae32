"""Claims over time: the same claims in every format, and drops that change them, in one database."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from claimaudit import registry
from claimaudit.audit import audit
from claimaudit.build import build, reconcile
from claimaudit.engine import Engine
from claimaudit.export import export
from claimaudit.ingest import ingest
from claimaudit.reference import load_reference
from tests import formats, worlds

CHECKS = list(registry.checks().values())


def findings_of(folder: Path, contents: dict[str, str | bytes]) -> tuple[bytes, bytes]:
    """findings.csv and coverage.csv of an audit of the files in a database of its own, by all checks."""
    inputs = formats.drop(folder / "in", contents)
    with Engine(threads=1, folders=[folder]) as engine:
        ingest(engine, [inputs])
        load_reference(engine, CHECKS)
        build(engine, "run", worlds.AS_OF)
        reconcile(engine)
        assert not audit(engine, "run", CHECKS)
        (folder / "out").mkdir()
        export(engine, folder / "out")
        rejected = engine.rows(
            "select file_name, record_type, column_name, reason, count(*) from audit.reject group by all"
        )
    assert rejected == []
    return (folder / "out" / "findings.csv").read_bytes(), (folder / "out" / "coverage.csv").read_bytes()


@pytest.fixture(scope="module")
def source() -> worlds.Records:
    return formats.source(3)


@pytest.fixture(scope="module")
def canonical(source: worlds.Records, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    return findings_of(tmp_path_factory.mktemp("canonical"), formats.as_canonical(source))


def test_the_source_is_worth_comparing(canonical: tuple[bytes, bytes]) -> None:
    found = Counter(row["check_code"] for row in csv.DictReader(io.StringIO(canonical[0].decode())))
    assert len(found) >= 40, found


@pytest.mark.parametrize("written", ["as_x12", "as_fhir"])
def test_every_format_gives_the_same_findings(
    source: worlds.Records, canonical: tuple[bytes, bytes], tmp_path: Path, written: str
) -> None:
    assert findings_of(tmp_path, getattr(formats, written)(source)) == canonical
