"""The files of deploy/: cron line and script of the DAG with a stand-in command, the DAG with a real Airflow."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
DAG_FILE = DEPLOY / "airflow" / "claimaudit_monthly.py"

# Writes its arguments to $LOG, one call a line, and ends with the exit code that $CODES names for this call.
STAND_IN = """#!/bin/sh
echo "$*" >> "$LOG"
calls=$(wc -l < "$LOG")
exit "$(echo "$CODES" | cut -d' ' -f"$calls")"
"""


def _stand_in(folder: Path) -> Path:
    path = folder / "claimaudit"
    path.write_text(STAND_IN)
    path.chmod(0o755)
    return path


def _cron_command() -> str:
    """The shell command of the one line of the crontab, as cron would hand it to sh."""
    jobs = [line for line in (DEPLOY / "crontab.example").read_text().splitlines() if re.match(r"[\d*]", line)]
    assert len(jobs) == 1
    *schedule, user, command = jobs[0].split(maxsplit=6)
    assert len(schedule) == 5 and user == "claimaudit"
    assert not re.search(r"(?<!\\)%", command), "cron ends a command at a bare %"
    return command.replace("\\%", "%")


def _systemd_command() -> str:
    text = (DEPLOY / "systemd" / "claimaudit.service").read_text()
    start = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert start
    shell, flag, script = shlex.split(start[1])
    assert (shell, flag) == ("/bin/sh", "-c")
    return script.replace("$$", "$").replace("%%", "%")


def _dag_constant(name: str) -> str:
    """A string constant of the DAG file, read without importing Airflow."""
    for node in ast.parse(DAG_FILE.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            value = ast.literal_eval(node.value)
            assert isinstance(value, str)
            return value
    raise AssertionError(f"{name} is not in the DAG file")


@pytest.mark.parametrize("where", ["cron", "systemd", "dag"])
def test_options_exist_in_the_command(where: str, claimaudit_command: Path) -> None:
    command = {"cron": _cron_command, "systemd": _systemd_command, "dag": lambda: _dag_constant("RUN")}[where]()
    called = re.search(r'(/claimaudit|"\$COMMAND") run .*', command)
    assert called
    used = set(re.findall(r"--[a-z-]+", called[0]))
    shown = subprocess.run(
        [claimaudit_command, "run", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
        check=True,
    ).stdout
    assert {"--out", "--db", "--run-key", "--quiet"} <= used
    assert used <= set(re.findall(r"--[a-z-]+", shown))


@pytest.mark.parametrize("code", [0, 3, 4, 5])
def test_cron_is_silent_on_success_and_names_any_other_code(tmp_path: Path, code: int) -> None:
    command = _cron_command().replace("/var/lib/claimaudit", str(tmp_path))
    command = command.replace("/opt/claimaudit/.venv/bin/claimaudit", str(_stand_in(tmp_path)))
    assert "/opt/" not in command
    log = tmp_path / "log"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env={**os.environ, "LOG": str(log), "CODES": str(code)}
    )
    assert re.search(r"--run-key 20\d\d-\d\d ", log.read_text())
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    if code:
        assert f"exit code {code};" in done.stdout
    else:
        assert done.stdout == done.stderr == ""


def test_cron_does_not_start_beside_a_run(tmp_path: Path) -> None:
    command = _cron_command().replace("/var/lib/claimaudit", str(tmp_path))
    command = command.replace("/opt/claimaudit/.venv/bin/claimaudit", str(_stand_in(tmp_path)))
    log = tmp_path / "log"
    held = subprocess.run(
        ["flock", str(tmp_path / "monthly.lock"), "sh", "-c", command],
        capture_output=True, text=True, env={**os.environ, "LOG": str(log), "CODES": "0"},
    )  # fmt: skip
    assert "exit code 5;" in held.stdout
    assert not log.exists()


@pytest.mark.parametrize(
    ("codes", "ends", "calls", "says"),
    [
        ("0", 0, 1, ""),
        ("3", 3, 1, "exit code 3"),
        ("4", 4, 1, "exit code 4: INCOMPLETE"),
        ("70", 70, 1, "exit code 70"),
        ("5 5 0", 0, 3, ""),
        ("5 4", 4, 2, "exit code 4: INCOMPLETE"),
        ("5 5 5 5 5 5", 5, 6, "exit code 5"),
    ],
)
def test_dag_script_waits_for_the_lock_only(tmp_path: Path, codes: str, ends: int, calls: int, says: str) -> None:
    log = tmp_path / "log"
    env = {
        "COMMAND": str(_stand_in(tmp_path)), "INPUT": "a folder; exit 9", "OUT": "o", "DB": "d", "RUN_KEY": "2026-10",
        "LOCK_WAIT_SECONDS": "0", "LOG": str(log), "CODES": codes,
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", _dag_constant("RUN")], capture_output=True, text=True, env={**os.environ, **env}
    )
    assert done.returncode == ends
    assert log.read_text() == "run a folder; exit 9 --out o --db d --run-key 2026-10 --quiet\n" * calls
    assert says in done.stdout and bool(done.stdout) == bool(says)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
@pytest.mark.parametrize("unit", ["claimaudit.service", "claimaudit.timer"])
def test_systemd_accepts_the_units(unit: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", DEPLOY / "systemd" / unit], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "claimaudit" not in done.stderr


def test_dag_file_does_not_import_the_product() -> None:
    modules = set()
    for node in ast.walk(ast.parse(DAG_FILE.read_text())):
        if isinstance(node, ast.Import):
            modules |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module).split(".")[0])
    assert modules == {"__future__", "airflow", "datetime", "os"}


PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
dags = {
    name: {
        "tasks": dag.task_ids,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "retries": [task.retries for task in dag.tasks],
    }
    for name, dag in bag.dags.items()
}
print("RESULT " + json.dumps({"errors": bag.import_errors, "dags": dags}))
"""

RUNS = """
import json, sys
from datetime import UTC, datetime
from airflow.dag_processing.dagbag import DagBag
dag = DagBag(dag_folder=sys.argv[1]).dags["claimaudit_monthly"]
results = {}
for name, logical_date, conf in json.loads(sys.argv[2]):
    date = datetime.fromisoformat(logical_date) if logical_date else None
    run = dag.test(logical_date=date, run_after=date or datetime(2026, 9, 20, tzinfo=UTC), run_conf=conf)
    results[name] = {
        "state": str(run.state),
        "logical_date": str(run.logical_date),
        "tasks": {task.task_id: str(task.state) for task in run.get_task_instances()},
    }
print("RESULT " + json.dumps(results))
"""


def _airflow(python: Path, folder: Path, arguments: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    """Run Airflow's interpreter with a home and a folder of DAGs of its own, and nothing of Airflow's from outside."""
    dags = folder / "dags"
    dags.mkdir(exist_ok=True)
    shutil.copy(DAG_FILE, dags)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "CLAIMAUDIT", "PYTHON"))}
    env = {
        **clean,
        "AIRFLOW_HOME": str(folder / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
        **more,
    }
    return subprocess.run([python, *arguments], capture_output=True, text=True, env=env, cwd=folder, timeout=300)


def _result(done: subprocess.CompletedProcess[str]) -> dict:
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    assert len(lines) == 1, (done.stdout + done.stderr)[-3000:]
    return json.loads(lines[0].removeprefix("RESULT "))


@pytest.mark.airflow
def test_airflow_parses_the_dag_without_a_database(tmp_path: Path, airflow_interpreter: Path) -> None:
    result = _result(_airflow(airflow_interpreter, tmp_path, ["-c", PARSE, str(tmp_path / "dags")]))
    assert result["errors"] == {}
    assert result["dags"] == {
        "claimaudit_monthly": {"tasks": ["run", "verify"], "catchup": False, "max_active_runs": 1, "retries": [0, 0]}
    }


@pytest.mark.airflow
@pytest.mark.slow
def test_airflow_runs_the_dag(
    tmp_path: Path, tiny_claims: Path, claimaudit_command: Path, airflow_interpreter: Path
) -> None:
    """A scheduled run, a run by hand without a logical date, and one whose input lacks a required column."""
    broken = tmp_path / "broken"
    broken.mkdir()
    lines = (tiny_claims / "claim_lines.csv").read_text().splitlines()
    at = lines[0].split(",").index("procedure_code")
    broken_lines = [",".join(cell for i, cell in enumerate(line.split(",")) if i != at) for line in lines]
    (broken / "claim_lines.csv").write_text("\n".join(broken_lines) + "\n")

    state = tmp_path / "state"
    env = {"CLAIMAUDIT_COMMAND": str(claimaudit_command), "CLAIMAUDIT_HOME": str(state)}
    migrated = _airflow(airflow_interpreter, tmp_path, ["-m", "airflow", "db", "migrate"], **env)
    assert migrated.returncode == 0, migrated.stderr[-3000:]
    shutil.copytree(tiny_claims, state / "inbox")
    runs = [
        ("scheduled", "2026-10-03T02:17:00+00:00", {}),
        ("by hand", None, {}),
        ("broken", "2026-11-03T02:17:00+00:00", {"input": str(broken)}),
    ]
    done = _airflow(airflow_interpreter, tmp_path, ["-c", RUNS, str(tmp_path / "dags"), json.dumps(runs)], **env)
    result = _result(done)
    log = (done.stdout + done.stderr)[-6000:]

    assert result["scheduled"]["state"] == "success", log
    assert result["scheduled"]["tasks"] == {"run": "success", "verify": "success"}
    assert (state / "out" / "2026-10" / "index.html").is_file()
    assert json.loads((state / "out" / "2026-10" / "manifest.json").read_text())["run_key"] == "2026-10"

    assert result["by hand"]["logical_date"] == "None"
    assert result["by hand"]["state"] == "success", log
    assert (state / "out" / "2026-09" / "index.html").is_file()

    assert result["broken"]["state"] == "failed"
    assert result["broken"]["tasks"] == {"run": "failed", "verify": "upstream_failed"}
    assert "claimaudit exit code 3" in done.stdout + done.stderr
    assert "procedure_code" in done.stdout + done.stderr
    assert not (state / "out" / "2026-11").exists()
