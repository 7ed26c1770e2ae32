"""The README's commands do what it says: each is run, in a copy of the source tree, in the order in which it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from claimaudit import catalog, registry
from claimaudit.settings import Settings

from .conftest import CLAIM_LINES, ROOT
from .test_cli import copied_source, keep_one_check

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language; those without one are ''."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def commands() -> list[tuple[str, list[str]]]:
    """Every command of the console blocks, with the lines that it is said to print (none: nothing is said)."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def recipe(target: str) -> str:
    """The claimaudit command that `make target` runs."""
    (found,) = re.findall(rf"^{target}:.*\n\t@?\$\(BIN\)/(claimaudit .*)$", MAKEFILE, re.MULTILINE)
    return found


def shape(text: str) -> list[str]:
    """Lines without their numbers, which change with the checks."""
    return [re.sub(r"[\d,.]*\d", "#", line) for line in text.splitlines()]


def test_make_targets_exist() -> None:
    targets = [command.split()[1] for command, _ in commands() if command.startswith("make ")]
    assert targets == ["audit", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.slow
def test_commands_run_as_written(tmp_path: Path) -> None:
    source = copied_source(tmp_path / "source")
    shutil.copytree(ROOT / "sample_data", source / "sample_data")
    (source / "inbox").mkdir()
    (source / "inbox" / "claim_lines.csv").write_text(CLAIM_LINES)
    (source / "claimaudit.toml").write_text(blocks("toml")[0])
    command = source / "bin" / "claimaudit"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimaudit "$@"\n')
    command.chmod(0o755)
    env = {key: value for key, value in os.environ.items() if not key.startswith("CLAIMAUDIT_")}
    env |= {"PATH": f"{command.parent}:{env['PATH']}", "PYTHONPATH": str(source / "lib")}
    for command, printed in commands():
        if command == "make test":
            continue
        if command.startswith("claimaudit new-check"):
            keep_one_check(source)
        text = recipe("audit") if command == "make audit" else command
        assert text.startswith("claimaudit ")
        done = subprocess.run(text, shell=True, capture_output=True, text=True, cwd=source, env=env)
        expected = 1 if "claimaudit.toml" in text else 0  # the file asks to fail on errors, and the inbox holds one
        assert done.returncode == expected, f"{text}: {done.stderr}"
        if printed:
            assert shape(done.stdout) == shape("\n".join(printed)), text
    shutil.copytree(source / "inbox", tmp_path / "inbox")
    code = subprocess.run(
        [sys.executable, "-c", blocks("python")[0] + "print(len(findings), coverage.num_rows > 0, len(lines))"],
        capture_output=True, text=True, cwd=tmp_path, env=env | {"PYTHONPATH": ""},
    )  # fmt: skip
    assert code.stdout == "1 90.00\n1 True 3\n", code.stderr


def test_settings_file_is_valid() -> None:
    (text,) = blocks("toml")
    Settings(**tomllib.loads(text))


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" not in target and (ROOT / target).exists(), target


def test_cron_line_is_that_of_the_example() -> None:
    (line,) = [line for block in blocks("") for line in block.splitlines() if line.startswith("17 2 3")]
    assert line in (ROOT / "deploy" / "crontab.example").read_text("utf-8").splitlines()


def test_exit_codes_are_those_of_the_operations_guide() -> None:
    def codes(text: str) -> list[str]:
        return re.findall(r"^\| (\d+) \|", text.split("## Exit codes")[1].split("\n## ")[0], re.MULTILINE)

    assert codes(README) == codes((ROOT / "docs" / "operations.md").read_text("utf-8")) == "0 1 2 3 4 5 70".split()


def test_checks_named_are_those_there_are() -> None:
    known = registry.checks()
    text = README.split("## What it checks")[1].split("\n## ")[0]
    assert text.split()[0] == str(len(known))
    families = {word for row in re.findall(r"^\| ([A-Z, ]+) \|", text, re.MULTILINE) for word in row.split(", ")}
    assert families == {code[:3] for code in known}
    previews = {code for code, check in known.items() if check.status == "preview"}
    assert set(re.findall(r"^([A-Z]{3}\d{3}) .*preview", text, re.MULTILINE)) == previews


def test_layout_table_names_the_required_columns() -> None:
    rows = re.findall(r"^\| `(\w+)\.csv` \| [^|]+ \| ([^|]+) \|$", README, re.MULTILINE)
    assert len(rows) == 12
    for record, columns in rows:
        table = catalog.tables()[f"raw.{record}"]
        required = [column.name for column in table.columns if column.required]
        assert columns.strip().split(", ") == required, record
