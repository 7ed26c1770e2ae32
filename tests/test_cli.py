"""The command: exit codes, what it prints and where, explain, and a new check from scaffold to passing cases."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from claimaudit import __version__, cli, jobs, registry
from claimaudit.engine import Engine
from claimaudit.errors import ClaimAuditError

from .conftest import CLAIM_LINES, ROOT

SECRET = "SECRET-PATIENT"


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of this module runs in its own folder, with the defaults `out` and `claimaudit.duckdb`."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CLAIMAUDIT_")]:
        monkeypatch.delenv(name)
    # What is tested here does not depend on how many checks run, and a few take a third of the time.
    monkeypatch.setenv("CLAIMAUDIT_SELECT", "UNT104,UNT108,BIL101,MOD101")


def call(*arguments: str | Path) -> int:
    """Exit code of the command, in this process."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def module(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The same through a process of its own."""
    command = [sys.executable, "-m", "claimaudit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **more})


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr; stdout is empty."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"claimaudit: [^\n]+\n", captured.err), captured.err
    return captured.err.removeprefix("claimaudit: ").strip()


# Exit codes -----------------------------------------------------------------------------------------------------


def test_success_prints_the_numbers_that_matter(tiny_claims: Path) -> None:
    done = module("run", tiny_claims)
    assert done.returncode == 0
    assert done.stderr == "", "not a terminal: no progress"
    assert done.stdout == (
        "Run 2026-09, as of 2026-09-03\n"
        "  lines read      3\n"
        "  rejected        0\n"
        "  audited         3\n"
        "  findings        1\n"
        "  amount at risk  90.00 over, 0.00 under\n"
        "  report          out/2026-09/index.html\n"
    )
    assert Path("out/2026-09/index.html").is_file()


def test_a_window_and_the_run_before_are_named(tiny_claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("run", tiny_claims, "--select", "UNT108", "--run-key", "first") == 0
    assert "in the window" not in capsys.readouterr().out
    assert "Since run" not in Path("out/first/index.html").read_text("utf-8")
    assert call("run", tiny_claims, "--select", "UNT108", "--run-key", "second", "--from", "2026-09-02") == 0
    assert "  audited         3, 1 of them in the window\n" in capsys.readouterr().out
    assert "Since run first, as of 3 September 2026" in Path("out/second/index.html").read_text("utf-8")
    pages = [path.read_text("utf-8") for path in Path("out/second/providers").glob("*.html")]
    assert pages and all("since run first: " in page for page in pages)


def test_findings_of_unknown_amount_are_no_amount(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line billed twice that has neither an amount nor a fee is a finding whose money nobody knows."""
    header, first, *_ = CLAIM_LINES.splitlines()
    unpriced = first.replace("97110", "E0570").replace("120.00,60.00,48.00", ",,")
    claims = _claims(tmp_path / "claims", "\n".join([header, unpriced, unpriced.replace("C1,1,", "C2,1,")]) + "\n")
    assert call("run", claims) == 0
    printed = capsys.readouterr().out
    assert "findings        1\n" in printed and "amount at risk  0.00 over, 0.00 under\n" in printed
    index = Path("out/2026-09/index.html").read_text("utf-8")
    assert "None" not in re.sub(r"<[^>]*>", " ", index)


def test_installed_command_is_the_same(tiny_claims: Path, claimaudit_command: Path) -> None:
    shown = subprocess.run([claimaudit_command, "--version"], capture_output=True, text=True)
    assert (shown.returncode, shown.stdout) == (0, f"claimaudit {__version__}\n")
    done = subprocess.run([claimaudit_command, "run", "nowhere.csv"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("claimaudit: nowhere.csv does not exist. ")


@pytest.mark.parametrize("name", ["audit", "Raw", "temp"])
def test_a_database_is_not_called_like_a_schema(tiny_claims: Path, tmp_path: Path, name: str) -> None:
    done = module("run", tiny_claims, "--db", f"{name}.duckdb")
    assert done.returncode == 2
    assert f"The database cannot be called {name}.duckdb" in done.stderr and "Choose another name" in done.stderr
    assert not (tmp_path / f"{name}.duckdb").exists()


def test_fail_on(tiny_claims: Path, tmp_path: Path) -> None:
    """The tiny claims hold one finding, an error."""
    assert module("run", tiny_claims, "--fail-on", "error", "--quiet").returncode == 1
    assert call("run", tiny_claims, "--fail-on", "review", "--quiet") == 1
    assert call("run", tiny_claims, "--fail-on", "never", "--quiet") == 0
    assert call("run", tiny_claims, "--fail-on", "review", "--ignore", "UNT108", "--quiet") == 0
    assert Path("out/2026-09/index.html").is_file(), "1 is about the findings: the report is there"


@pytest.mark.parametrize("severity", ["error", "review", "opportunity"])
def test_fail_on_counts_by_severity(severity: str) -> None:
    summary = jobs.RunSummary(
        "k", "2026-09-01", "i", 1, 0, 1, 1, "0", "0", details={"findings_by_severity": {severity: 1}}
    )
    failing = {level for level in ("error", "review", "never") if jobs.fails(summary, level)}
    assert failing == {"error": {"error", "review"}, "review": {"review"}, "opportunity": set()}[severity]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "No input is given."),
        (["tiny_claims", "--bogus"], "No such option: --bogus"),
        (["tiny_claims", "--as-of", "2026-13-01"], "'2026-13-01' does not match"),
        (["tiny_claims", "--as-of", "yesterday"], "'yesterday' does not match"),
        (["tiny_claims", "--as-of", "2020-01-01"], "before the first service date of the input, 2026-09-01"),
        (["tiny_claims", "--from", "2026-09-02", "--to", "2026-09-01"], "the first day to report is after the last"),
        (["tiny_claims", "--run-key", "a/b"], "The run key is not valid. It is at most 64 letters"),
        (["tiny_claims", "--run-key", ".."], "The run key is not valid."),
        (["tiny_claims", "--select", "UNT999"], "No check is called 'UNT999'. `claimaudit checks` lists them."),
        (["tiny_claims", "--select", "UNT", "--ignore", "UNT"], "No check is left to run."),
        (["tiny_claims", "--fail-on", "high"], "fail_on is not valid: Input should be 'error', 'review' or 'never'."),
        (["tiny_claims", "--format", "edi"], "There is no format edi. Known are"),
        (["tiny_claims", "--config", "nowhere.toml"], "nowhere.toml cannot be read: No such file or directory."),
        (["tiny_claims", "--config", "tiny_claims"], "tiny_claims cannot be read: Is a directory."),
        (["tiny_claims", "--config", "broken.toml"], "broken.toml is not TOML"),
        (["tiny_claims", "--config", "unknown.toml"], "There is no setting colour. The settings are inputs, out, db,"),
        (["tiny_claims", "--config", "wrong.toml"], "threads is not valid: Input should be a valid integer"),
        (["tiny_claims", "--out", "a_file"], "The folder a_file of the output cannot be made: File exists."),
        (["tiny_claims", "--db", "tiny_claims"], "The database tiny_claims is a folder. Name a file."),
        (["tiny_claims", "--db", "a_file/x.duckdb"], "The folder a_file of the database cannot be made: File exists."),
    ],
)
def test_wrong_arguments(
    tiny_claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    (tmp_path / "broken.toml").write_text("out = [")
    (tmp_path / "unknown.toml").write_text("colour = 'red'")
    (tmp_path / "wrong.toml").write_text("threads = 'many'")
    (tmp_path / "a_file").write_text("")
    assert call("run", *arguments) == 2
    assert says in complaint(capsys)
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("arguments", [["frobnicate"], ["explain"], ["--bogus"], ["checks", "--family", "ZZZ"]])
def test_wrong_commands(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert call(*arguments) == 2
    complaint(capsys)


def test_wrong_environment(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMAUDIT_FAIL_ON", "high")
    assert call("run", tiny_claims) == 2
    assert "fail_on" in complaint(capsys)


def test_wrong_arguments_through_the_process(tiny_claims: Path) -> None:
    done = module("run", tiny_claims, "--as-of", "1.9.2026")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_folder_that_cannot_be_written_to_is_refused_before_the_work(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "out")
    assert call("run", tiny_claims) == 2
    assert complaint(capsys).startswith("The folder out of the output cannot be written to.")


def _claims(folder: Path, text: str, name: str = "claim_lines.csv") -> Path:
    folder.mkdir()
    (folder / name).write_text(text)
    return folder


def test_input_that_broke_its_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = _claims(tmp_path / "missing", CLAIM_LINES.replace("procedure_code", "cpt"))
    assert call("run", missing) == 3
    assert "procedure_code" in complaint(capsys)

    (tmp_path / "empty").mkdir()
    assert call("run", "empty") == 3
    assert complaint(capsys).startswith("The input holds no claim lines.")

    _claims(tmp_path / "other", "a,b\n1,2\n", "letters.csv")
    assert call("run", "other") == 3
    assert complaint(capsys).startswith("The input holds no claim lines.")

    unusable = _claims(tmp_path / "unusable", CLAIM_LINES.replace("2026-09-0", "not a date "))
    for more in ([], ["--as-of", "2026-09-30"]):
        assert call("run", unusable, *more) == 3
        assert complaint(capsys) == (
            "No claim line could be used, so there is nothing to audit: service_date not-a-date (3). "
            "Correct the export."
        )

    for nothing in ("nowhere", "*.parquet", "nowhere/*.csv"):
        assert call("run", nothing) == 3
        assert "does not exist" in complaint(capsys)
    assert not list(tmp_path.glob("out/*"))


def test_input_that_broke_its_contract_through_the_process(tmp_path: Path) -> None:
    done = module("run", _claims(tmp_path / "missing", CLAIM_LINES.replace("procedure_code", "cpt")))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def _break(monkeypatch: pytest.MonkeyPatch, code: str, sql: str) -> None:
    broken = registry.checks() | {code: replace(registry.checks()[code], sql=sql)}
    monkeypatch.setattr(registry, "checks", lambda: broken)


def test_check_that_cannot_run(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is incomplete, says so everywhere, and audits the rest; fail-on does not hide it."""
    _break(monkeypatch, "UNT104", "select no_such_column from core.claim_line")
    assert call("run", tiny_claims, "--quiet", "--fail-on", "error") == 4
    text = complaint(capsys)
    assert text == "Not every check could run: UNT104. manifest.json says why; everything else was audited."
    manifest = json.loads(Path("out/2026-09/manifest.json").read_text())
    assert [entry["check"] for entry in manifest["incomplete"]] == ["UNT104"]
    assert "no_such_column" in manifest["incomplete"][0]["why"]
    assert manifest["counts"]["findings"] == 1
    assert "UNT104" in Path("out/2026-09/index.html").read_text()
    assert call("audit", "--quiet") == 4
    assert 'UNT104 (Binder Error: Referenced column "no_such_column"' in complaint(capsys)
    assert call("export") == 0
    assert [entry["check"] for entry in json.loads(Path("out/2026-09/manifest.json").read_text())["incomplete"]] == [
        "UNT104"
    ]


def test_lock_held_by_another_process(tiny_claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hold = (
        "import sys; from pathlib import Path; from claimaudit import jobs\n"
        "with jobs.locked(Path('claimaudit.duckdb'), '2026-08'): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert call("run", tiny_claims) == 5
        text = complaint(capsys)
        assert f"run 2026-08, process {holder.pid} on " in text
        done = module("ingest", tiny_claims)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (5, "", 1)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    assert call("run", tiny_claims, "--quiet") == 0, "the lock is freed with the process, however it ended"


def test_internal_error_tells_its_kind_and_place_only(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(f"cannot add {SECRET}")

    monkeypatch.setattr(jobs, "run", fail)
    assert call("run", tiny_claims) == 70
    text = complaint(capsys)
    assert re.fullmatch(
        r"internal error ValueError at test_cli\.py:\d+( from cli\.py:\d+)+\. Please report it with this line\.", text
    )


def test_error_of_the_engine_tells_its_kind_only(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ClaimAuditError(
            f"sql/core/x.sql could not be built: Conversion Error: Could not convert '{SECRET}'\nLINE 1"
        )

    monkeypatch.setattr(jobs, "run", fail)
    assert call("run", tiny_claims) == 70
    assert complaint(capsys) == "sql/core/x.sql could not be built: Conversion Error"


def test_full_disk_says_so(
    tiny_claims: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", f"/out/{SECRET}")

    monkeypatch.setattr(jobs, "run", fail)
    assert call("run", tiny_claims) == 70
    text = complaint(capsys)
    assert "OSError (No space left on device)" in text and SECRET not in text


def test_interrupt(tiny_claims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "run", fail)
    assert call("run", tiny_claims) == 130


# What is printed, and what is not -------------------------------------------------------------------------------


def test_json_is_one_object(tiny_claims: Path) -> None:
    done = module("run", tiny_claims, "--json")
    assert done.stderr == "" and done.stdout.count("\n") == 1
    summary = json.loads(done.stdout)
    assert summary == {
        "run_key": "2026-09", "as_of": "2026-09-03", "index": "out/2026-09/index.html", "lines_read": 3,
        "lines_rejected": 0, "lines_audited": 3, "findings": 1, "amount_over": "90.00", "amount_under": "0.00",
        "incomplete": [], "details": {"findings_by_severity": {"error": 1}},
    }  # fmt: skip


def test_quiet_prints_nothing(tiny_claims: Path) -> None:
    done = module("run", tiny_claims, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_progress_on_a_terminal(tiny_claims: Path) -> None:
    """stderr is a terminal: the step is shown there; stdout stays as it is."""
    outer, inner = pty.openpty()
    try:
        command = [sys.executable, "-m", "claimaudit", "run", str(tiny_claims)]
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=inner,
            text=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        )
        os.close(inner)
        shown = b""
        try:
            while chunk := os.read(outer, 65536):
                shown += chunk
        except OSError:  # how Linux ends a terminal
            pass
    finally:
        os.close(outer)
    assert done.returncode == 0 and done.stdout.startswith("Run 2026-09")
    assert b"ingest" in shown or b"audit" in shown or b"build" in shown


def test_help_names_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert call() == 0
    assert "Commands:" in capsys.readouterr().out
    assert call("run", "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    for default in ("claimaudit.duckdb", "out", "the last in the input", "year and month of the as-of date", "never"):
        assert f"[default: {default}]" in text


def test_settings_come_from_arguments_then_environment_then_file(
    tiny_claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIMAUDIT_SELECT")
    (tmp_path / "audit.toml").write_text("run_key = 'file'\nselect = ['unt108']\ninputs = ['tiny_claims']\n")
    assert module("run", "--config", "audit.toml", "--quiet").returncode == 0
    assert module("run", "--config", "audit.toml", "--quiet", CLAIMAUDIT_RUN_KEY="env").returncode == 0
    done = module(
        "run", "--config", "audit.toml", "--run-key", "arg", CLAIMAUDIT_RUN_KEY="env", CLAIMAUDIT_SELECT="UNT108,cap101"
    )
    assert done.returncode == 0, done.stderr
    manifests = {path.parent.name: json.loads(path.read_text()) for path in Path("out").glob("*/manifest.json")}
    assert set(manifests) == {"file", "env", "arg"}
    assert {code[:3] for code in manifests["file"]["checks"]} == {"UNT"}
    assert {code[:3] for code in manifests["arg"]["checks"]} == {"UNT", "CAP"}


def test_no_identifier_leaves_the_database_and_the_output(tmp_path: Path) -> None:
    """A rejected record, and an error met on the data of a check, name no patient on stderr or in the manifest."""
    lines = CLAIM_LINES.replace("P1", SECRET).splitlines()
    bad = lines[3].replace("2026-09-03", SECRET)
    claims = _claims(tmp_path / "claims", "\n".join([*lines[:3], bad, "=," + lines[3] + f",{SECRET}"]) + "\n")
    done = module("run", claims)
    assert done.returncode == 0 and SECRET not in done.stdout + done.stderr
    assert SECRET not in Path("out/2026-09/rejects.csv").read_text()
    assert SECRET not in Path("out/2026-09/manifest.json").read_text()
    assert len(list(csv.reader(Path("out/2026-09/rejects.csv").open(newline="")))) > 1


def test_check_that_fails_on_data_tells_no_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "line_id, rendering_npi as provider_npi, payer_id, service_date, 'pass' as verdict, null as reason"
    more = "cast(patient_id as integer) as amount_at_risk, null as amount_basis, null as evidence"
    sql = f"select {columns}, {more} from core.claim_line"
    _break(monkeypatch, "UNT104", sql)
    claims = _claims(tmp_path / "claims", CLAIM_LINES.replace("P1", SECRET))
    assert call("run", claims, "--quiet") == 4
    assert call("audit", "--quiet") == 4
    captured = capsys.readouterr()
    assert "UNT104 (Conversion Error)" in captured.err and SECRET not in captured.err
    assert SECRET not in Path("out/2026-09/manifest.json").read_text()


def test_spreadsheet_formulas_are_text_in_csv(tmp_path: Path) -> None:
    ids = ["=1+1", "+1", "-1", "@A1"]
    header, line = CLAIM_LINES.splitlines()[0], CLAIM_LINES.splitlines()[3]
    text = "\n".join([header, *[line.replace("C2,", f"{name},").replace("P1", f"P{name}") for name in ids]])
    rejected = line.replace("2026-09-03", "soon")
    claims = _claims(tmp_path / "claims", f"{text}\n{rejected}\n", "=claims.csv")
    assert call("run", claims, "--quiet") == 0
    rows = list(csv.DictReader(Path("out/2026-09/findings.csv").open(newline="")))
    assert {row["claim_id"] for row in rows if row["check_code"] == "UNT108"} == {f"'{name}" for name in ids}
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=+@"]
    kept = pq.read_table("out/2026-09/findings.parquet").column("claim_id").to_pylist()
    assert set(ids) <= set(kept)
    rejects = list(csv.DictReader(Path("out/2026-09/rejects.csv").open(newline="")))
    assert [row["file_name"] for row in rejects] == ["'=claims.csv"]


# checks, explain, runs ------------------------------------------------------------------------------------------


def test_checks_lists_a_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("checks", "--family", "unt") == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [code for code in registry.checks() if code.startswith("UNT")]
    assert call("checks") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(registry.checks())


def test_explain_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", "unt101") == 0
    text = capsys.readouterr().out
    assert text.startswith("UNT101 timed-units-over-minutes (error, ")
    for heading in ("What it checks", "Why it matters", "Known limits", "How to answer it", "References", "Cases ("):
        assert f"\n{heading}" in text


def test_explain_a_finding_and_list_runs(tiny_claims: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("run", tiny_claims, "--quiet") == 0
    assert call("run", tiny_claims, "--quiet", "--run-key", "again") == 0
    (row,) = csv.DictReader(Path("out/again/findings.csv").open(newline=""))
    finding = row["finding_id"]
    dashed = "-".join(finding[i : i + 4] for i in range(0, 16, 4))
    assert call("explain", finding) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Finding {finding}: UNT108 ")
    assert "C2        1            2026-09-03    97161" in text
    assert "Amount at risk: 90.00 (allowed, over)" in text
    assert "2026-09: new" in text and "again: unchanged" in text
    assert call("explain", dashed.upper()) == 0
    assert capsys.readouterr().out == text
    assert call("disposition", "export", "list.csv") == 0
    (asked,) = csv.DictReader(Path("list.csv").open(newline=""))
    with Path("list.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, asked)
        writer.writeheader()
        writer.writerow(asked | {"decision": "confirmed", "reviewer": "Ann", "note": "bill one unit"})
    assert call("disposition", "import", "list.csv", "--on", "2026-10-05") == 0
    lines = tiny_claims / "claim_lines.csv"
    lines.write_text(lines.read_text().replace("97161,GP,2", "97161,GP,1"))
    assert call("run", tiny_claims, "--quiet", "--run-key", "later") == 0
    capsys.readouterr()
    assert call("explain", finding) == 0
    text = capsys.readouterr().out
    assert "resolved in run later" in text and "Gone because the claim was corrected." in text
    assert "Lines, as run again saw them\n" in text and "C2        1            2026-09-03    97161" in text
    assert "confirmed  2026-10-05  Ann" in text and "bill one unit" in text
    assert call("runs") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["2026-09", "again", "later"]


def test_reading_commands_need_a_database_and_make_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("runs") == 2
    assert complaint(capsys) == "There is no database claimaudit.duckdb. Name one with --db."
    assert call("explain", "0123456789abcdef") == 2
    assert "is not a check, and there is no database" in complaint(capsys)
    assert list(tmp_path.iterdir()) == []


def test_steps_out_of_order(tiny_claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for step in ("build", "audit", "report", "export"):
        assert call(step) == 2
        assert complaint(capsys) == "There is no database claimaudit.duckdb. Name one with --db."
    assert call("ingest") == 2
    assert complaint(capsys).startswith("No input is given.")
    assert not list(tmp_path.glob("*.duckdb*")), "a name typed wrongly makes no database"
    Engine(Path("empty.duckdb")).close()
    assert call("build", "--db", "empty.duckdb") == 2
    assert complaint(capsys) == "This database holds no claims. Start with `claimaudit ingest`."
    assert call("ingest", tiny_claims) == 0
    for step in ("audit", "report", "export"):
        assert call(step) == 2
        assert complaint(capsys).startswith("This database holds no built run.")
    assert call("runs") == 0
    assert call("explain", "0123456789abcdef") == 2
    assert capsys.readouterr().err == "claimaudit: This database holds no run. Start with `claimaudit run`.\n"


# A new check ----------------------------------------------------------------------------------------------------


def copied_source(folder: Path) -> Path:
    """A copy of the sources as a tree of its own; with PYTHONPATH on its `lib`, claimaudit is that copy."""
    package = folder / "lib" / "claimaudit"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "pipeline", package, ignore=ignore)
    for name in ("sql", "reports"):
        shutil.copytree(ROOT / name, package / name, ignore=ignore)
    (folder / "sql").symlink_to(package / "sql")
    return folder


def test_new_check_refuses_what_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("new-check", "UNT901", "sample-name") == 2
    assert complaint(capsys) == "There is no folder sql/checks here. Run it in a source tree of claimaudit."
    assert call("docs") == 2
    complaint(capsys)
    (tmp_path / "sql" / "checks").mkdir(parents=True)
    for code, name in [("unt901", "sample-name"), ("UNT9", "sample-name"), ("UNT901", "Sample name"), ("UNT901", "x")]:
        assert call("new-check", code, name) == 2
        complaint(capsys)
    assert call("new-check", "UNT901", "sample-name") == 0
    capsys.readouterr()
    assert call("new-check", "UNT901", "other-name") == 2
    assert complaint(capsys) == "The code UNT901 is taken. Codes are never used twice."


def keep_one_check(source: Path) -> None:
    """Leave one check in the copy: `claimaudit docs` runs every case of every check, which takes minutes."""
    for path in (source / "sql" / "checks").glob("*/*.*"):
        if not path.name.startswith("UNT108"):
            path.unlink()


@pytest.mark.slow
def test_new_check_from_scaffold_to_passing_cases(tmp_path: Path) -> None:
    """In a copy of the source tree: two files, `docs`, and the cases of the scaffold pass as they are."""
    source = copied_source(tmp_path / "source")
    env = {**os.environ, "PYTHONPATH": str(source / "lib")}

    def there(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=source, env=env)

    keep_one_check(source)
    assert there("claimaudit", "docs").returncode == 0
    made = there("claimaudit", "new-check", "UNT901", "sample-name")
    files = ["sql/checks/unt/UNT901_sample_name.sql", "sql/checks/unt/UNT901_sample_name.cases.yml"]
    assert made.stdout.splitlines()[:2] == files, made.stderr
    early = there("claimaudit", "checks")
    assert early.returncode == 70 and "Run `claimaudit docs` in the source tree." in early.stderr
    docs = there("claimaudit", "docs")
    assert docs.returncode == 0, docs.stderr
    assert {"sql/checks/INDEX.toml", "docs/checks/UNT901.md"} <= set(docs.stdout.splitlines())
    assert "UNT901" in there("claimaudit", "checks", "--family", "UNT901").stdout
    assert there("claimaudit", "docs").stdout == "", "a second time changes nothing"
    (source / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "test_cases.py", source / "tests")
    cases = there("pytest", "-q", "-p", "no:cacheprovider", "tests/test_cases.py", "-k", "UNT901")
    assert cases.returncode == 0 and "4 passed" in cases.stdout, cases.stdout[-2000:]
