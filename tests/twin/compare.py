"""The SQL and the twins over the same records, each reduced to one form, and what only one of them says.

`python -m tests.twin.compare --seed 1 --worlds 20 --scenes 400` compares big worlds made from seeds, prints the number of
visits compared and exits 1 at the first disagreement; `--checks MOD111,NCC101` limits it, `--scene pair_day` picks scenes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claimaudit import registry, worked
from claimaudit.model import Check
from tests import twin
from tests.twin import scenes
from tests.twin.model import Reference

Row = tuple[Any, ...]
REFERENCE = Reference.load()
GRAVITY = ("finding", "cannot_tell", "pass")


def checks(codes: list[str] | None = None) -> list[Check]:
    """The checks that have both an SQL file and a twin."""
    return [check for code, check in registry.checks().items() if code in twin.CHECKS and (not codes or code in codes)]


def money(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else Decimal(value).quantize(Decimal("0.01"))


def form(
    code: str, key: Row, verdict: str, reason: str | None, severity: str | None, amount: Decimal | None,
    shares: dict[Any, Any],
) -> Row:  # fmt: skip
    found = verdict == "finding"
    # where UNT103 places the difference among several codes is free; that it adds up is tested by the cases
    shares = {} if code == "UNT103" else shares
    placed = {(str(c), str(n)): money(a) for (c, n), a in shares.items() if money(a)} if found else {}
    return (
        code, tuple(str(part) if part is not None else "" for part in key), verdict, reason if verdict == "cannot_tell" else None,
        severity if found else None, money(amount) if found else None, tuple(sorted(placed.items())),
    )  # fmt: skip


def sql_rows(engine: worked.Engine, records: worked.Records, as_of: date | None, judged: list[Check]) -> list[Row]:
    """The verdicts of the SQL, one per subject, in the form of the twin's."""
    worked.prepare(engine, records, judged, as_of)
    rows: list[Row] = []
    notes: dict[Row, list[dict[str, Any]]] = defaultdict(list)
    for check in judged:
        # written down first: joined with the lines in one statement, NCC101 stops DuckDB 2.0.0 with an internal error
        # ("dict-surviving join") in a world of some thousand visits
        engine.execute(f"create or replace temp table judged as {check.sql}")
        for row in worked.judge_records(engine, replace(check, sql="select * from judged")):
            shares = row.get("share_by_line") or {}
            if check.subject == "claim_line":
                detail = (
                    (row["evidence"] or {}).get("diagnosis", "").upper().replace(".", "")
                    if check.code in twin.BY_DIAGNOSIS
                    else ""
                )
                key: Row = ("claim_line", row["claim_id"], row["line_number"], detail)
                shares = {(row["claim_id"], row["line_number"]): row["amount_at_risk"]}
            elif check.code == "UNT106":
                discipline = row["subject_key"].split("|")[3]
                notes[row["patient_id"], row["service_date"], discipline].append(row)
                continue
            elif check.code == "UNT113":
                key = ("visit_day", row["patient_id"], row["service_date"], row["provider_npi"])
            elif check.subject == "visit_day":
                parts = row.get("subject_key", "").split("|")
                # a lapse of several days has the discipline in front
                discipline = (
                    row["discipline"] if "discipline" in row else parts[3] if parts[1][:1].isdigit() else parts[1]
                )
                key = (
                    "visit_day", row["patient_id"], row["service_date"], row["billing_npi"], discipline, row["payer_id"],
                )  # fmt: skip
            elif check.subject == "provider_day":
                key = ("provider_day", row["provider_npi"], row["service_date"])
            elif check.subject == "episode":
                patient, discipline, billing, *rest = row["subject_key"].split("|")
                key = ("episode", patient, discipline, billing, rest[-1], *rest[:-1])
            elif check.subject == "claim":
                key = ("claim", row["patient_id"], row["payer_id"], row["billing_npi"], row["service_date"])
            else:
                key = (check.subject, row["subject_key"])
            rows.append(
                form(check.code, key, row["verdict"], row["reason"], row["severity"], row["amount_at_risk"], shares)
            )
    # the twin gives one verdict for the notes of one patient, day and discipline: the gravest
    for (patient, day, discipline), found in notes.items():
        row = min(found, key=lambda row: (GRAVITY.index(row["verdict"]), row["reason"] or ""))
        key = ("visit_day", patient, day, discipline)
        rows.append(form("UNT106", key, row["verdict"], row["reason"], row["severity"], row["amount_at_risk"], {}))
    return rows


def twin_rows(records: worked.Records, as_of: date | None, judged: list[Check]) -> list[Row]:
    """The verdicts of the twins. A claim line's amount is its share of the finding."""
    codes = {check.code for check in judged}
    rows: list[Row] = []
    for found in twin.judge(records, as_of, REFERENCE, codes):
        if found.check_code not in codes:
            continue
        key, amount, shares = tuple(found.key), found.amount, found.shares
        if found.check_code == "UNT106":
            key = (*key[:3], key[4])
        if key[0] == "claim_line":
            amount = shares.get((str(key[1]), str(key[2])), found.amount if not shares else Decimal(0))
            shares = {(key[1], key[2]): amount}
            key = (*key, "") if len(key) == 3 else key
            if found.check_code in twin.BY_DIAGNOSIS and found.verdict != "finding":
                key = (*key[:3], "")
        rows.append(form(found.check_code, key, found.verdict, found.reason, found.severity, amount, shares))
    return rows


def difference(
    engine: worked.Engine, records: worked.Records, as_of: date | None, judged: list[Check]
) -> tuple[list[Row], list[Row]]:
    """(what only the SQL says, what only the twin says)."""
    sql, slow = Counter(sql_rows(engine, records, as_of, judged)), Counter(twin_rows(records, as_of, judged))
    return sorted((sql - slow).elements(), key=str), sorted((slow - sql).elements(), key=str)


def visits(records: worked.Records) -> int:
    """Patient, date and rendering NPI of lines and notes, each once."""
    return len(
        {
            (row.get("patient_id"), row.get("service_date"), row.get("rendering_npi"))
            for name in ("claim_lines", "visits", "visit_services")
            for row in records.get(name, [])
        }
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="seed of the first world; each next one is one higher")
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--scenes", type=int, default=400, help="scenes of one world")
    parser.add_argument("--checks", default="", help="codes, parted by commas")
    parser.add_argument("--scene", default="", help="names of scenes, parted by commas")
    parser.add_argument("--keep-going", action="store_true", help="count the disagreements instead of stopping")
    parser.add_argument("--show", type=int, default=2, help="examples of each disagreement")
    given = parser.parse_args(arguments)
    judged = checks([code for code in given.checks.split(",") if code])
    kinds = [getattr(scenes, name) for name in given.scene.split(",") if name] or None
    compared, rows, started = 0, 0, time.monotonic()
    wrong: Counter[tuple[str, str]] = Counter()
    with worked.new_engine(judged) as engine:
        for seed in range(given.seed, given.seed + given.worlds):
            records, as_of = scenes.world(random.Random(seed), given.scenes, kinds)
            before = time.monotonic()
            sql = Counter(sql_rows(engine, records, as_of, judged))
            between = time.monotonic()
            slow = Counter(twin_rows(records, as_of, judged))
            compared += visits(records)
            rows += sum(sql.values())
            sides = {"SQL": sql - slow, "twin": slow - sql}
            for side, only in sides.items():
                shown: Counter[str] = Counter()
                for row in sorted(only.elements(), key=str):
                    wrong[row[0], side] += 1
                    shown[row[0]] += 1
                    if shown[row[0]] <= given.show:
                        print(f"seed {seed}: only the {side} says {row}")
            print(
                f"seed {seed}: {visits(records)} visits, {sum(sql.values())} verdicts, SQL {between - before:.1f} s, "
                f"twin {time.monotonic() - between:.1f} s; {compared} visits in {time.monotonic() - started:.0f} s",
                flush=True,
            )
            if wrong and not given.keep_going:
                break
    for (code, side), count in sorted(wrong.items()):
        print(f"{code}: {count} only by the {side}")
    print(f"{compared} visits and {rows} verdicts of {len(judged)} checks compared")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
