"""What is installed is what the source tree holds: packages, lock files, and a wheel that is built from the sdist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOLDERS = {"claimaudit": "pipeline", "claimaudit.sql": "sql", "claimaudit.reports": "reports"}


def _files(folder: Path) -> list[Path]:
    """What is packed; the scripts that made the shipped tables (`rebuild`) stay in the source tree."""
    left_out = {"__pycache__", "rebuild"}
    return sorted(path for path in folder.rglob("*") if path.is_file() and not left_out & set(path.parts))


def test_every_package_folder_is_listed() -> None:
    found = {}
    for package, folder in FOLDERS.items():
        for path in _files(ROOT / folder):
            if path.suffix == ".py":
                inner = path.parent.relative_to(ROOT / folder)
                found[".".join([package, *inner.parts])] = path.parent.relative_to(ROOT).as_posix()
    setuptools = PROJECT["tool"]["setuptools"]
    assert found == setuptools["package-dir"]
    assert set(found) == set(setuptools["packages"])


@pytest.mark.parametrize("name", ["runtime", "test", "airflow"])
def test_lock_file(name: str) -> None:
    """Everything is pinned with hashes, and neither an index nor a file of some machine is named."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = [line for line in text.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    assert len(entries) > 10
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+ (; [^-]+ )?( *--hash=sha256:[0-9a-f]{64} ?)+", entry), entry
    assert "://" not in text


def test_locks_hold_what_the_project_asks_for() -> None:
    def pinned(name: str) -> dict[str, str]:
        return dict(
            re.findall(r"^([a-z0-9-]+)==([\w.]+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE)
        )

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^\w-]", requirement, maxsplit=1)[0] for requirement in requirements}

    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = project["optional-dependencies"]
    runtime, test = pinned("runtime"), pinned("test")
    assert names(project["dependencies"]) | names(groups["backend"]) <= set(runtime)
    assert names(extras["test"]) | names(extras["browser"]) <= set(test)
    assert runtime.items() <= test.items(), "make lock: the two files disagree"
    assert names(groups["airflow"]) <= set(pinned("airflow"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel from an sdist from a copy of the sources."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for folder in FOLDERS.values():
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__", "rebuild"))
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    (wheel,) = out.glob("claimaudit-*.whl")
    return wheel


@pytest.mark.slow
def test_wheel_holds_the_sources_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder).as_posix()}"
        for package, folder in FOLDERS.items()
        for path in _files(ROOT / folder)
    }
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == expected


@pytest.mark.slow
def test_installed_wheel_audits(wheel: Path, tmp_path: Path, tiny_claims: Path) -> None:
    """Without the source tree and from another folder; the dependencies are those of the test environment."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (site,) = (home / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    work = tmp_path / "elsewhere"
    work.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "CLAIMAUDIT"))}
    where = subprocess.run(
        [python, "-c", "import claimaudit; print(claimaudit.__file__)"],
        capture_output=True,
        text=True,
        env=env,
        cwd=work,
    )
    assert where.stdout.startswith(str(site)), where.stderr
    command = home / "bin" / "claimaudit"
    shown = subprocess.run([command, "--help"], capture_output=True, text=True, env=env, cwd=work)
    assert shown.returncode == 0 and "explain" in shown.stdout, shown.stderr
    run = [command, "run", tiny_claims, "--run-key", "wheel"]
    done = subprocess.run(run, capture_output=True, text=True, env=env, cwd=work)
    assert done.returncode == 0, done.stderr
    assert (work / "out" / "wheel" / "index.html").is_file()
