"""PDF by Chromium: tagged, dated by the run, whole or not there; and what a browser that is missing, fails or hangs leaves behind."""

from __future__ import annotations

import os
import re
import stat
import time
from datetime import date
from pathlib import Path

import pytest

from claimaudit import cli, jobs, printing
from claimaudit.errors import IncompleteError, UsageError
from tests import report_fixture as fixture

DAY = date(2026, 10, 31)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(
        '<!doctype html><html lang="en"><title>A page</title><h1>One</h1><h2>Two</h2><img src="http://example.org/x.png"></html>'
    )
    return path


def _program(tmp_path: Path, script: str) -> str:
    path = tmp_path / "browser"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.browser
def test_pages_are_printed_tagged_and_without_the_moment(chromium_path: str, tmp_path: Path) -> None:
    with fixture.build(many=40) as engine:
        fixture.pages(engine, tmp_path)
    pages = [tmp_path / "index.html", tmp_path / "providers" / f"{fixture.FEW}.html"]
    written = printing.print_pages(chromium_path, pages, DAY)
    assert written == [path.with_suffix(".pdf") for path in pages]
    for path in written:
        content = path.read_bytes()
        assert (
            content.startswith(b"%PDF-")
            and b"/StructTreeRoot" in content
            and re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", content)
        )
        assert b"/Outlines" in content and b"/Lang" in content
        assert b"file:" not in content and os.fsencode(tmp_path) not in content, "no path of this machine is in a link"
        assert b"/Dest" in content, "links within the page work"
        assert set(re.findall(rb"/(?:Creation|Mod)Date \(D:(\d+)", content)) == {b"20261031000000"}
        assert path.stat().st_mode & 0o777 == 0o600
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".html", ".pdf"}


def test_links_that_lead_nowhere_become_text(tmp_path: Path) -> None:
    (tmp_path / "there.csv").touch()
    page = '<a href="there.csv">a</a> <a href="../gone.html#x">b <b>c</b></a> <a href="#here">d</a> <a class="z" href="gone">e</a> <a href="https://x.org">f</a>'
    rest = 'b <b>c</b> <a href="#here">d</a> e <a href="https://x.org">f</a>'
    assert printing.unlinked(page, tmp_path) == f'<a href="there.csv">a</a> {rest}'
    assert printing.unlinked(page) == f"a {rest}"


def test_the_first_page_that_fails_is_named_and_the_others_are_made(tmp_path: Path, page: Path) -> None:
    other = page.with_name("other.html")
    other.write_text("other")
    program = _program(
        tmp_path,
        'for a; do case "$a" in --print-to-pdf=*) f=${a#*=};; */0/page.html) exit 7;; esac; done; printf "%%PDF-1 %%%%EOF" > "$f"',
    )
    with pytest.raises(
        IncompleteError, match=r"1 of 2 pages could not be printed, the first page.html \(Chromium ended with 7\)"
    ):
        printing.print_pages(program, [page, other], DAY)
    assert other.with_suffix(".pdf").is_file() and not page.with_suffix(".pdf").exists()


@pytest.mark.parametrize(
    "script", ["exit 0", 'for a; do case "$a" in --print-to-pdf=*) printf "%%PDF-1.4 half" > "${a#*=}";; esac; done']
)
def test_half_a_file_is_none(tmp_path: Path, page: Path, script: str) -> None:
    with pytest.raises(IncompleteError):
        printing.print_pages(_program(tmp_path, script), [page], DAY)
    assert not page.with_suffix(".pdf").exists()


def _runs(number: int) -> bool:
    """Whether a process of this number runs: one that has ended and that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rsplit(") ", 1)[1][0] not in "ZX"


def test_a_browser_that_hangs_is_ended_with_its_helpers(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "SECONDS", 2)
    program = _program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/helper; sleep 60")
    with pytest.raises(IncompleteError, match="not done after"):
        printing.print_pages(program, [page], DAY)
    helper = int((tmp_path / "helper").read_text())
    # A signal is delivered when its process next gets a processor, so a busy machine may still show it for a moment.
    until = time.monotonic() + 20
    while _runs(helper):
        assert time.monotonic() < until, "the helper runs on"
        time.sleep(0.01)
    assert not page.with_suffix(".pdf").exists()


def test_it_is_asked_for_no_network_and_a_profile_of_its_own(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    program = _program(
        tmp_path, f'for a; do echo "$a"; done > {tmp_path}/asked; echo $HOME >> {tmp_path}/asked; exit 1'
    )
    with pytest.raises(IncompleteError):
        printing.print_pages(program, [page], DAY)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in asked and "--disable-background-networking" in asked
    assert ("--no-sandbox" in asked) == (os.geteuid() == 0)
    assert f"--user-data-dir={asked[-1]}" in asked and asked[-1].startswith(str(tmp_path / "temporary"))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_without_chromium_the_run_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="none is installed. Install one of chromium, chromium-browser, google-chrome"):
        printing.chromium()
    with (
        fixture.build(many=5) as engine,
        pytest.raises(IncompleteError, match="^The pages are written and not printed: --pdf needs Chromium") as raised,
    ):
        jobs.print_run(engine, tmp_path)
    assert raised.value.exit_code == 4


def test_a_run_without_chromium_tells_its_numbers_and_says_what_is_missing(
    tiny_claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("CLAIMAUDIT_")]:
        monkeypatch.delenv(name)
    stale = tmp_path / "out" / "2026-09" / "providers"
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", str(tiny_claims), "--pdf", "--xlsx", "--select", "UNT108"])
    said = capsys.readouterr()
    assert ended.value.code == 4 and "lines read      3" in said.out
    assert said.err.startswith(
        "claimaudit: The pages are written and not printed: --pdf needs Chromium, and none is installed. Install one of"
    )
    assert (
        (stale / "1234567893.html").is_file()
        and (stale / "1234567893.xlsx").is_file()
        and (tmp_path / "out/2026-09/findings.xlsx").is_file()
    )
    (stale / "1234567893.pdf").touch()
    for command in (["report"], ["export"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
        assert ended.value.code == 0
    assert sorted(path.name for path in stale.iterdir()) == ["1234567893.html"], (
        "what an earlier call printed and wrote is not taken for this one's"
    )


def test_every_page_that_speaks_of_the_run_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "chromium", lambda: "a browser")
    asked: list[Path] = []
    monkeypatch.setattr(jobs, "print_pages", lambda program, pages, as_of, progress: asked.extend(pages))
    with fixture.build(many=5) as engine:
        fixture.pages(engine, tmp_path)
        jobs.print_run(engine, tmp_path)
        found = {row[0] for row in engine.rows("select distinct check_code from audit.observation")}
    assert asked[0] == tmp_path / "index.html" and len(asked) == len(set(asked))
    left_out = set(tmp_path.rglob("*.html")) - set(asked)
    assert {page.parent.name for page in left_out} == {"checks"}
    assert not {page.stem for page in left_out} & found
    assert {page.stem for page in asked if page.parent.name == "checks"} == found
    assert {"providers", "clinics"} <= {page.parent.name for page in asked}
