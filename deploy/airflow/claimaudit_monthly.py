"""The monthly claim audit as an Airflow 3 DAG.

It only calls the command and never imports claimaudit, which lives in an environment of its own. Copy this one file
into the folder of DAGs.

Where things are comes from the environment of the scheduler and workers, or else is the default of the cron line:

    CLAIMAUDIT_COMMAND  absolute path of the command    /opt/claimaudit/.venv/bin/claimaudit
    CLAIMAUDIT_HOME     folder of inbox, out, database  /var/lib/claimaudit

`input`, `out` and `db` can also be given to a single run. They reach the shell as variables, never as text of the
script; which program runs is not for whoever triggers a run to say.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param

COMMAND = os.environ.get("CLAIMAUDIT_COMMAND", "/opt/claimaudit/.venv/bin/claimaudit")
HOME = os.environ.get("CLAIMAUDIT_HOME", "/var/lib/claimaudit")

# Another run that holds the lock (5) is waited for. Any other code but 0 fails the task at once, as a second try would
# end the same way; the log names it.
RUN = """
umask 077
for attempt in 1 2 3 4 5 6; do
  "$COMMAND" run "$INPUT" --out "$OUT" --db "$DB" --run-key "$RUN_KEY" --quiet
  code=$?
  [ "$code" -eq 5 ] && [ "$attempt" -lt 6 ] || break
  sleep "$LOCK_WAIT_SECONDS"
done
case "$code" in
  0) ;;
  2) echo "claimaudit exit code 2: an argument or a setting is wrong" ;;
  3) echo "claimaudit exit code 3: the input broke its contract, nothing was audited" ;;
  4) echo "claimaudit exit code 4: INCOMPLETE, some check could not run" ;;
  5) echo "claimaudit exit code 5: another run still holds the lock" ;;
  *) echo "claimaudit exit code $code" ;;
esac
exit "$code"
"""

VERIFY = 'test -s "$OUT/$RUN_KEY/manifest.json" || { echo "$OUT/$RUN_KEY has no manifest.json" >&2; exit 1; }'

# A run that was triggered by hand may have no logical date.
RUN_KEY = "{{ (dag_run.logical_date or dag_run.run_after).strftime('%Y-%m') }}"

with DAG(
    dag_id="claimaudit_monthly",
    description="Audit of the exported claims: run, then see that the report is there",
    schedule="17 2 3 * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 0},
    params={
        "input": Param(f"{HOME}/inbox", type="string", description="File, folder or glob of exported claims"),
        "out": Param(f"{HOME}/out", type="string", description="Folder of the reports"),
        "db": Param(f"{HOME}/claimaudit.duckdb", type="string", description="Database file"),
    },
    tags=["claimaudit"],
) as dag:
    run = BashOperator(
        task_id="run",
        bash_command=RUN,
        env={
            "COMMAND": COMMAND,
            "INPUT": "{{ params.input }}",
            "OUT": "{{ params.out }}",
            "DB": "{{ params.db }}",
            "RUN_KEY": RUN_KEY,
            "LOCK_WAIT_SECONDS": "600",
        },
        append_env=True,
        execution_timeout=timedelta(hours=12),
    )
    verify = BashOperator(
        task_id="verify", bash_command=VERIFY, env={"OUT": "{{ params.out }}", "RUN_KEY": RUN_KEY}, append_env=True
    )
    run >> verify
