"""A run as steps: the same bytes again, nothing half done after a kill, private files."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claimaudit import Settings, cli, jobs, registry, selfcheck
from claimaudit.engine import Engine

from .conftest import CLAIM_LINES, ROOT

KEY = "2026-09"
# What is tested here does not depend on the checks: two are enough.
CHOSEN = ["UNT108", "BIL101"]
MORE_LINES = CLAIM_LINES + CLAIM_LINES.splitlines()[3].replace("C2", "C3").replace("P1", "P2") + "\n"


def settings(folder: Path, claims: Path) -> Settings:
    return Settings(inputs=[claims], db=folder / "claimaudit.duckdb", out=folder / "out", run_key=KEY, select=CHOSEN)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a report by its path; the manifest without its timings."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(files["manifest.json"])
    del manifest["timings"]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def history(folder: Path) -> dict[str, int]:
    """How often the history holds the run, and rows of it that stand twice."""
    with Engine(folder / "claimaudit.duckdb", read_only=True) as engine:
        assert [run["run_key"] for run in jobs.runs(engine)] == [KEY]
        twice = """select count(*) from (select 1 from {0} group by {1} having count(*) > 1)"""
        keys = {
            "audit.run": "run_key",
            "audit.finding": "finding_id",
            "audit.observation": "run_key, finding_id",
            "audit.observation_line": "run_key, finding_id, line_id",
            "audit.coverage": "run_key, check_code, provider_npi, payer_id, verdict, reason",
        }
        return {table: engine.value(twice.format(table, key)) for table, key in keys.items()}


NONE_TWICE = dict.fromkeys(
    ("audit.run", "audit.finding", "audit.observation", "audit.observation_line", "audit.coverage"), 0
)


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The claims of most tests: two findings."""
    folder = tmp_path_factory.mktemp("claims")
    (folder / "claim_lines.csv").write_text(MORE_LINES)
    return folder


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, claims: Path) -> Path:
    """Folder of the database and the output of one undisturbed run over `claims`."""
    folder = tmp_path_factory.mktemp("reference")
    jobs.run(settings(folder, claims))
    return folder


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run of the same key over fewer claims; copy it before use."""
    folder = tmp_path_factory.mktemp("earlier")
    inbox = tmp_path_factory.mktemp("fewer")
    (inbox / "claim_lines.csv").write_text(CLAIM_LINES)
    jobs.run(settings(folder, inbox))
    return folder


def test_same_key_again_gives_the_same_bytes_and_one_run(reference: Path, claims: Path, tmp_path: Path) -> None:
    shutil.copytree(reference, tmp_path / "again")
    jobs.run(settings(tmp_path / "again", claims))
    assert tree(tmp_path / "again" / "out" / KEY) == tree(reference / "out" / KEY)
    assert history(tmp_path / "again") == NONE_TWICE
    assert [path.name for path in (tmp_path / "again" / "out").iterdir()] == [KEY]


def test_steps_give_the_same_bytes_as_the_run(
    reference: Path, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMAUDIT_SELECT", ",".join(CHOSEN))
    for step in (["ingest", str(claims)], ["build", "--run-key", KEY], ["audit"], ["report"], ["export"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(step)
        assert ended.value.code == 0
        assert (tmp_path / "out").exists() == (step[0] in ("report", "export")), (
            "only what writes pages makes their folder"
        )
    assert tree(tmp_path / "out" / KEY) == tree(reference / "out" / KEY)
    assert history(tmp_path) == NONE_TWICE
    before = tree(tmp_path / "out" / KEY)
    with pytest.raises(SystemExit):
        cli.main(["report"])
    assert tree(tmp_path / "out" / KEY) == before, "a step alone, again, leaves the files of the others"


def test_everything_is_private(claims: Path, tmp_path: Path) -> None:
    """Whatever the umask of the caller, which is the same afterwards."""
    before = os.umask(0o022)
    try:
        jobs.run(settings(tmp_path / "state", claims))
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    paths = [tmp_path / "state", *(tmp_path / "state").rglob("*")]
    assert (
        tmp_path / "state" / "claimaudit.duckdb" in paths and tmp_path / "state" / "out" / KEY / "index.html" in paths
    )
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert {path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


# Killed runs ----------------------------------------------------------------------------------------------------

# The run is killed when the named function of `jobs` has done its work; `rename` swaps the old and the new folder.
KILLED_AFTER = """
import os, signal, sys
from pathlib import Path
from claimaudit import Settings, jobs

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

where, claims, folder = sys.argv[1:]
if where.startswith("rename"):
    original, calls = Path.rename, []
    def rename(self, target):
        calls.append(target)
        if len(calls) == int(where[-1]):
            die()
        return original(self, target)
    Path.rename = rename
else:
    function = getattr(jobs, where)
    setattr(jobs, where, lambda *a, **k: die(function(*a, **k)))
jobs.run(Settings(inputs=[claims], db=folder + "/claimaudit.duckdb", out=folder + "/out", run_key="2026-09", select=["UNT108", "BIL101"]))
"""
PHASES = [
    "open_engine",
    "ingest",
    "build_step",
    "judge_all",
    "render",
    "write_manifest",
    "rename 1",
    "rename 2",
]


@pytest.mark.slow
@pytest.mark.parametrize("where", PHASES)
def test_killed_run_leaves_the_old_report_or_none(
    where: str, earlier: Path, reference: Path, claims: Path, tmp_path: Path
) -> None:
    """And the next run of that key is as if nothing had happened."""
    folder = tmp_path / "state"
    shutil.copytree(earlier, folder)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER, where, str(claims), str(folder)], capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    visible = [path.name for path in (folder / "out").iterdir() if not path.name.startswith(".")]
    if where == "rename 2":
        assert visible == [], "the old folder is set aside, the new one not yet in its place"
    else:
        assert visible == [KEY]
        assert tree(folder / "out" / KEY) == tree(earlier / "out" / KEY)

    jobs.run(settings(folder, claims))
    assert tree(folder / "out" / KEY) == tree(reference / "out" / KEY)
    assert [path.name for path in (folder / "out").iterdir()] == [KEY], "nothing is left of the killed run"
    assert history(folder) == NONE_TWICE


def test_old_report_that_was_set_aside_comes_back(earlier: Path, tmp_path: Path) -> None:
    """A run killed between the two renames, and the next one fails: the old report stands again."""
    shutil.copytree(earlier / "out", tmp_path / "out")
    (tmp_path / "out" / KEY).rename(tmp_path / "out" / f".{KEY}.partial-old")
    with pytest.raises(ValueError), jobs.staged(tmp_path / "out", KEY):
        raise ValueError
    assert tree(tmp_path / "out" / KEY) == tree(earlier / "out" / KEY)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [KEY]


@pytest.mark.parametrize("where", ["ingest", "build_step", "judge_all", "render", "export", "write_manifest"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_stopped_run_leaves_the_old_report(
    where: str,
    error: type[BaseException],
    earlier: Path,
    claims: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    folder = tmp_path / "state"
    shutil.copytree(earlier, folder)
    monkeypatch.setattr(jobs, where, stop)
    with pytest.raises(error):
        jobs.run(settings(folder, claims))
    assert [path.name for path in (folder / "out").iterdir()] == [KEY]
    assert tree(folder / "out" / KEY) == tree(earlier / "out" / KEY)
    with jobs.locked(folder / "claimaudit.duckdb", "free"):
        pass


@pytest.mark.long
def test_run_killed_at_any_moment(tmp_path: Path) -> None:
    """The sample data, killed at moments spread over the run, one kill upon the other."""
    claims = ROOT / "sample_data" / "claims"
    command = [sys.executable, "-m", "claimaudit", "run", str(claims), "--run-key", KEY, "--quiet"]
    command += ["--select", ",".join(CHOSEN)]

    def start(folder: Path) -> subprocess.Popen[bytes]:
        folder.mkdir(exist_ok=True)
        return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)

    began = time.monotonic()
    assert start(tmp_path / "undisturbed").wait() == 0
    whole = time.monotonic() - began
    folder = tmp_path / "killed"
    killed = 0
    for share in (0.25, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95):
        process = start(folder)
        time.sleep(whole * share)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        if (folder / "out" / KEY).exists():
            assert tree(folder / "out" / KEY) == tree(tmp_path / "undisturbed" / "out" / KEY), "whole, or not there"
    assert killed >= 4
    last = start(folder)
    assert last.wait() == 0, last.stderr and last.stderr.read()
    assert tree(folder / "out" / KEY) == tree(tmp_path / "undisturbed" / "out" / KEY)
    assert [path.name for path in (folder / "out").iterdir()] == [KEY]
    assert history(folder) == NONE_TWICE


def test_a_check_that_misses_its_planted_error_makes_the_run_incomplete(
    tmp_path: Path, claims: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(registry.checks())
    blind = f"select * from ({known['MOD102'].sql}) where verdict <> 'finding'"
    known["MOD102"] = dataclasses.replace(known["MOD102"], sql=blind, digest="0")
    monkeypatch.setattr(registry, "checks", lambda: known)
    summary = jobs.run(settings(tmp_path, claims).model_copy(update={"select": ["MOD101", "MOD102"]}))
    assert summary.incomplete == ("MOD102",)
    report = tmp_path / "out" / KEY
    manifest = json.loads((report / "manifest.json").read_text("utf-8"))
    assert (manifest["counts"]["errors_planted"], manifest["counts"]["errors_caught"]) == (2, 1)
    assert manifest["incomplete"] == [{"check": "MOD102", "why": selfcheck.MISSED}]
    assert "1 of 2 caught" in (report / "index.html").read_text("utf-8")
