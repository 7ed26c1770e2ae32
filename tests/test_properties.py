"""What must hold whatever the data: the same bytes in any order and on any number of threads; nothing is lost; the
whole is the sum of its parts; and a finding keeps its identity through a new export."""

from __future__ import annotations

import csv
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from claimaudit import catalog, jobs, registry, worked
from claimaudit.audit import subject_key, verdict_columns
from claimaudit.build import build, reconcile
from claimaudit.engine import Engine
from claimaudit.ingest import ingest
from claimaudit.model import VERDICTS, Check
from claimaudit.reference import load_reference
from claimaudit.settings import Settings
from tests import formats, worlds

SEED = 1
CHECKS = list(registry.checks().values())
BASES = ("allowed", "paid", "fee-schedule", "none")


def audit(folder: Path, records: worlds.Records, *, threads: int = 1, run_key: str = "base", **written: int) -> Path:
    """Write the records below `folder`, audit them in a fresh database there, and return the folder of the run."""
    inputs = worlds.write(records, folder / "in", **written)
    settings = Settings(
        inputs=[inputs], out=folder / "out", db=folder / "db", as_of=worlds.AS_OF, run_key=run_key, threads=threads
    )
    assert not jobs.run(settings).incomplete
    return folder / "out" / run_key


@pytest.fixture(scope="module")
def records() -> worlds.Records:
    return worlds.world(SEED)


@pytest.fixture(scope="module")
def base(records: worlds.Records, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audit(tmp_path_factory.mktemp("base"), records)


@pytest.fixture(scope="module")
def built(records: worlds.Records) -> Iterator[Engine]:
    """The same world as staged and core tables in memory, for the checks one by one."""
    with worked.new_engine(CHECKS) as engine:
        worked.prepare(
            engine, {name: [dict(row) for row in rows] for name, rows in records.items()}, CHECKS, worlds.AS_OF
        )
        yield engine


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Nothing stops a run --------------------------------------------------------------------------------------------


def test_the_largest_values_are_judged() -> None:
    """Whatever the casts let through: no sum, product or running total of it overflows a type."""
    payers = [{"payer_id": name, "payer_class": name} for name in ("medicare_b", "commercial", "other")]
    providers = [{"npi": npi, "discipline": "PT", "specialty_code": "65"} for npi in ("1000000004", "1999999984")]
    codes = {
        "97110": "GP", "97140": "GP", "97032": "CQ", "97161": "GP", "97150": "GP", "97597": "GP", "98975": "GP", "98960": "GP",
        "J0585": "JW", "J0587": "JZ", "64615": "50", "64644": "", "95874": "", "G0283": "GP", "97039": "KX",
    }  # fmt: skip
    amounts = (
        {},
        {"charge_amount": "9999999.99"},
        dict.fromkeys(("charge_amount", "allowed_amount", "paid_amount"), "9999999.99"),
    )
    lines = [
        {
            "claim_id": f"C{number}", "line_number": str(place), "patient_id": "P1", "payer_id": payer["payer_id"],
            "billing_npi": "1999999992", "rendering_npi": provider["npi"], "service_date": f"2025-03-{day:02}",
            "received_date": "2025-04-01", "processed_date": "2025-04-02", "procedure_code": code, "modifier_1": modifier,
            "units": units, "line_status": "paid", "state": "OH", "diagnosis_1": "M54.50", **money,
        }
        for number, (payer, provider, units, money, day) in enumerate(
            itertools.product(payers, providers, ("999999.999", "999999", "-999999"), amounts, (3, 4))
        )
        for place, (code, modifier) in enumerate(codes.items(), 1)
    ]  # fmt: skip
    notes = [
        {"patient_id": "P1", "service_date": "2025-03-03", "rendering_npi": provider["npi"], "discipline": "PT",
         "timed_minutes": "99999", "total_minutes": "99999"}
        for provider in providers for _ in range(3)
    ]  # fmt: skip
    services = [
        {"patient_id": "P1", "service_date": "2025-03-03", "rendering_npi": provider["npi"], "procedure_code": code,
         "minutes": "99999", "assistant_minutes": "99999", "group_size": "99999"}
        for provider in providers for code in codes
    ]  # fmt: skip
    spent = [
        {"patient_id": "P1", "year": "2025", "bucket": bucket, "amount_used": "9999999.99"}
        for bucket in ("PTSLP", "OT")
    ]
    records = {
        "claim_lines": lines, "payers": payers, "providers": providers, "visits": notes, "visit_services": services,
        "therapy_accumulators": spent, "provider_days": [{"npi": "1999999992", "date": "2025-03-03", "clinicians": "99999"}],
    }  # fmt: skip
    with worked.new_engine(CHECKS) as engine:
        worked.prepare(engine, records, CHECKS, worlds.AS_OF)
        assert engine.value("select count(*) from stg.claim_line where problem_mask = 0") == len(lines)
        for check in CHECKS:
            engine.rows(check.sql)


# The same bytes -------------------------------------------------------------------------------------------------


def _files(run: Path) -> dict[str, bytes]:
    """Every file of a run but the manifest, which holds timings."""
    return {
        path.relative_to(run).as_posix(): path.read_bytes()
        for path in sorted(run.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def _manifest(run: Path) -> dict[str, object]:
    content = json.loads((run / "manifest.json").read_text("utf-8"))
    del content["timings"]
    return content


def _assert_same(found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    assert found.keys() == wanted.keys()
    assert not [name for name in wanted if found[name] != wanted[name]]


def test_the_world_is_worth_auditing(base: Path) -> None:
    """Many checks find something in it, and something cannot be used, so that what follows says something."""
    assert len({row["check_code"] for row in _rows(base / "findings.csv")}) >= 29
    assert _rows(base / "rejects.csv")


@pytest.mark.parametrize("threads", [1, 4])
def test_same_input_gives_the_same_bytes_on_any_number_of_threads(
    records: worlds.Records, base: Path, tmp_path: Path, threads: int
) -> None:
    again = audit(tmp_path, records, threads=threads)
    _assert_same(_files(again), _files(base))
    assert _manifest(again) == _manifest(base)


def _without_input(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a run without what names the input's files: rejects.csv, files.csv, and tables and digests of the index."""
    kept = {name: content for name, content in files.items() if name not in ("rejects.csv", "files.csv")}
    index = re.sub(
        r'aria-label="(Files|Files of claims|Rejected records)".*?</table>', "", kept["index.html"].decode(), flags=re.S
    )
    kept["index.html"] = re.sub(r"\b[0-9a-f]{64}\b", "", index).encode()
    return kept


@pytest.mark.parametrize(("shuffle", "files", "threads"), [(7, 1, 1), (8, 3, 4)])
def test_order_of_rows_and_files_does_not_matter(
    records: worlds.Records, base: Path, tmp_path: Path, shuffle: int, files: int, threads: int
) -> None:
    other = audit(tmp_path, records, threads=threads, shuffle=shuffle, files=files)
    _assert_same(_without_input(_files(other)), _without_input(_files(base)))

    def rejected(run: Path) -> Counter[tuple[str, ...]]:
        return Counter(
            (row["record_type"], row["column_name"], row["reason"], row["remedy"]) for row in _rows(run / "rejects.csv")
        )

    assert rejected(other) == rejected(base)


# Nothing is lost ------------------------------------------------------------------------------------------------


def test_control_totals_hold_from_the_file_to_the_last_line(records: worlds.Records, base: Path) -> None:
    """Counted here from the records that were written, not from the database."""
    lines = records["claim_lines"]
    units = sum(Decimal(line["units"]) for line in lines if re.fullmatch(r"-?[\d.]+", line["units"]))
    charge = sum(Decimal(line["charge_amount"]) for line in lines)
    with Engine(base.parents[1] / "db", read_only=True) as engine:
        totals = {
            step: tuple(amounts)
            for step, *amounts in engine.rows(
                "select step, records, units, charge_amount from audit.control_total where record_type = 'claim_lines'"
            )
        }
        audited = engine.rows("select count(*), sum(units), sum(charge_amount) from core.claim_line")[0]
    assert totals["read"] == (len(lines), units, charge)
    assert totals["audited"] == audited
    for whole, parts in (("read", ("rejected", "accepted")), ("accepted", ("superseded", "after-as-of", "audited"))):
        assert totals[whole] == tuple(map(sum, zip(*(totals[part] for part in parts), strict=True)))
    assert all(totals[step][0] for step in totals), "the world leaves no step out"


def _third(records: worlds.Records, number: int) -> worlds.Records:
    """The claims of every third patient."""

    def is_own(row: worlds.Row) -> bool:
        return bool(row["patient_id"]) and int(row["patient_id"][1:]) % 3 == number

    return records | {"claim_lines": [row for row in records["claim_lines"] if is_own(row)]}


def _sums(rows: list[worlds.Row], *names: str) -> tuple[Any, ...]:
    """How many rows, and the sums of what are numbers in them."""
    numbers = [[Decimal(row[name]) for row in rows if re.fullmatch(r"-?[0-9.]+", row.get(name, ""))] for name in names]
    return (len(rows), *(sum(column, Decimal(0)) for column in numbers))


def _mixed_drop(seed: int) -> tuple[formats.Contents, dict[str, tuple[Any, ...]], dict[str, tuple[Any, ...]]]:
    """Claims in three formats with payments, versions, repeats and damage; what each file of claims (records, units, charges)
    and of payments (records, charges, payments) was written with."""
    chance = random.Random(f"{seed} drop")
    world = worlds.world(seed, 24)
    carried = formats.source(seed, 24)
    canonical, in_x12, in_fhir = _third(world, 0), _third(carried, 1), _third(carried, 2)
    csv_lines = chance.sample(canonical["claim_lines"], len(canonical["claim_lines"]))
    half = len(csv_lines) // 2
    broken = [row for row in world["claim_lines"] if row["claim_id"][:1] in ("X", "")]
    parts = {"a.csv": broken + csv_lines[: half + 9], "b.csv": csv_lines[half:] + broken}  # some rows are in both
    for rows in (in_x12["claim_lines"], in_fhir["claim_lines"]):
        rows[0] = rows[0] | {"claim_id": "X1", "service_date": "2026-13-45"}
    paid = [row for row in in_x12["claim_lines"] if row["processed_date"] and row["claim_id"] != "X1"]
    gone = chance.sample(sorted({row["claim_id"] for row in paid}), 3)
    back = [row for row in paid if row["claim_id"] in gone[:2]]
    lost = [row | {"claim_id": "NOWHERE", "patient_id": "NOBODY"} for row in paid if row["claim_id"] == gone[2]]
    eob = formats.explanations(in_fhir)
    contents: formats.Contents = {
        **{name: formats.table(rows) for name, rows in parts.items()},
        "c.837": formats.professional(in_x12),
        "d.ndjson": eob + '{"resourceType": "ExplanationOfBenefit", "id": "cut off',
        "p.835": formats.remittances(paid),
        "q.835": formats.remittances(back, reversed_on="2026-06-01"),
        "r.835": formats.remittances(lost + back[:1]),  # one payment is in p too
        **formats.beside(carried),
    }
    claims = {name: _sums(rows, "units", "charge_amount") for name, rows in parts.items()}
    claims["c.837"] = _sums(in_x12["claim_lines"], "units", "charge_amount")
    lines, units, charge = _sums(in_fhir["claim_lines"], "units", "charge_amount")
    claims["d.ndjson"] = (lines + 1, units, charge)
    payments = {}
    for name, rows, sign in (("p.835", paid, 1), ("q.835", back, -1), ("r.835", lost + back[:1], 1)):
        count, charge, money = _sums(rows, "charge_amount", "paid_amount")
        headings = str(contents[name]).count("CLP*")
        payments[name] = (count + headings, sign * charge, sign * money)
    return contents, claims, payments


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 40))])
def test_every_file_adds_up(seed: int, tmp_path: Path) -> None:
    """Lines, units, charges and payments are conserved over versions, rejects, remittances and formats, file by file."""
    contents, claims, payments = _mixed_drop(seed)
    inputs = formats.drop(tmp_path / "in", contents)
    with Engine(threads=1) as engine:
        ingest(engine, [inputs])
        load_reference(engine, [])
        build(engine, "run", worlds.AS_OF, wanted={"core.claim_line", "core.superseded_line"})
        reconcile(engine)
        engine.build(catalog.tables()["mart.files"])
        steps: dict[str, dict[str, dict[str, Any]]] = {}
        for row in engine.dicts("select * from mart.files where status = 'read' order by file_name, place"):
            steps.setdefault(row["file_name"], {})[row["step"]] = row
        totals = engine.dicts("select * from audit.control_total where record_type = 'claim_lines'")
    assert steps.keys() == contents.keys()

    def held(name: str, step: str) -> tuple[Any, ...]:
        sums = ("records", "units", "charge_amount") if name in claims else ("records", "charge_amount", "paid_amount")
        return tuple(steps[name][step][column] for column in sums)

    def added(name: str, *parts: str) -> tuple[Any, ...]:
        return tuple(map(sum, zip(*(held(name, part) for part in parts), strict=True)))

    for name, written in {**claims, **payments}.items():
        assert held(name, "read") == written
        assert added(name, "rejected", "accepted") == written
    for name in claims:
        assert added(name, "superseded", "after-as-of", "audited") == held(name, "accepted")
        assert held(name, "rejected")[0] and held(name, "audited")[0]
    assert any(held(name, "superseded")[0] for name in claims)
    for name in payments:
        assert added(name, "heading", "unmatched", "passed-over", "stands") == held(name, "accepted")
    # what was taken back, what no claim is there for, what is in two files
    assert held("p.835", "stands")[0] and held("p.835", "passed-over")[0] and not held("p.835", "unmatched")[0]
    assert not held("q.835", "stands")[0]
    assert held("r.835", "unmatched")[0]
    for total in totals:
        for column in ("records", "units", "charge_amount"):
            assert total[column] == sum(steps[name][total["step"]][column] for name in claims), (total["step"], column)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_subject_is_counted_once(built: Engine, base: Path, check: Check) -> None:
    """The coverage of a check is the rows that it returns, and no claim line is judged twice."""
    key = "line_id" if check.subject == "claim_line" else subject_key(verdict_columns(built, check))
    returned, subjects = built.rows(f"select count(*), count(distinct {key}) from ({check.sql})")[0]
    # the key of a claim holds no claim number: claims of one patient, payer and day share it, and each is counted
    assert returned == subjects or check.subject == "claim"
    with Engine(base.parents[1] / "db", read_only=True) as engine:
        counted = engine.value(
            "select coalesce(sum(subjects), 0) from audit.coverage where check_code = ?", [check.code]
        )
        lines = engine.value("select count(*) from core.claim_line")
    assert counted == returned
    assert check.subject != "claim_line" or counted <= lines


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_row_is_complete(built: Engine, check: Check) -> None:
    """Verdicts are known words, nothing is untold without a reason, and the shares of a finding add up to it."""
    columns = {row[0] for row in built.rows(f"describe {check.sql}")}
    shares = "line_shares" if "line_shares" in columns else "null as line_shares"
    for row in built.dicts(
        f"""select verdict, reason, provider_npi, service_date, amount_at_risk, amount_basis, evidence, {shares}
          from ({check.sql})"""
    ):
        assert row["verdict"] in VERDICTS
        assert row["provider_npi"] and row["service_date"]
        if row["verdict"] == "finding":
            assert row["evidence"] is not None and row["amount_basis"] in BASES
            assert row["amount_at_risk"] is None or row["amount_at_risk"] >= 0
            assert not row["line_shares"] or sum(share["amount"] or 0 for share in row["line_shares"]) == (
                row["amount_at_risk"] or 0
            )
        else:
            assert (row["verdict"] == "cannot_tell") == bool(row["reason"])


def test_rows_of_a_finding_add_up_to_it(base: Path) -> None:
    listed: dict[str, Decimal] = {}
    for row in _rows(base / "findings.csv"):
        listed[row["finding_id"]] = listed.get(row["finding_id"], Decimal(0)) + Decimal(row["amount_at_risk"] or 0)
    with Engine(base.parents[1] / "db", read_only=True) as engine:
        observed = dict(engine.rows("select finding_id, coalesce(amount_at_risk, 0) from audit.observation"))
        by_check = dict(
            engine.rows(
                "select check_code, coalesce(sum(amount_at_risk), 0) from audit.observation group by check_code"
            )
        )
        covered = dict(
            engine.rows(
                "select check_code, sum(amount) from audit.coverage where verdict = 'finding' group by check_code"
            )
        )
    assert listed == observed
    assert by_check == covered


def test_csv_and_parquet_say_the_same(base: Path) -> None:
    for name in ("findings", "coverage"):
        table = pq.read_table(base / f"{name}.parquet")
        rows = [{key: "" if value is None else str(value) for key, value in row.items()} for row in table.to_pylist()]
        assert rows == [
            {key: value.removeprefix("'") for key, value in row.items()} for row in _rows(base / f"{name}.csv")
        ]


# The whole is the sum of its parts ------------------------------------------------------------------------------

_PART_OF = {"patient_id": ("patient_id",), "provider_npi": ("rendering_npi", "provider_npi", "npi")}


def _partition(engine: Engine, key: str) -> Iterator[None]:
    """Restrict the core tables to one half of the patients (or rendering providers) after the other.

    Tables without such a column are the same for every part: payers, and for patients what is known of each provider.
    """
    named = {
        name: [column.name for column in table.columns]
        for name, table in catalog.tables().items()
        if table.schema == "core"
    }
    split = {
        name: column
        for name, columns in named.items()
        if (column := next((c for c in _PART_OF[key] if c in columns), None))
    }
    present = {
        row[0] for row in engine.rows("select 'core.' || table_name from duckdb_tables() where schema_name = 'core'")
    }
    # what is a view in the run is written down like the tables, as it is for every partition
    views = engine.rows("select 'core.' || view_name from duckdb_views() where schema_name = 'core' and not internal")
    for (name,) in views:
        rows = engine.arrow(f"select * from {name}")
        engine.execute(f"drop view {name}")
        engine.register("_view", rows)
        engine.execute(f"create table {name} as from _view")
        engine.unregister("_view")
        present.add(name)
    split = {name: column for name, column in split.items() if name in present}
    engine.execute("create schema whole")
    for name in split:
        engine.execute(f"create table whole.{name.removeprefix('core.')} as from {name}")
    for half in (0, 1):
        for name, column in split.items():
            source = f"whole.{name.removeprefix('core.')}"
            engine.execute(
                f"create or replace table {name} as from {source} where ascii(right(md5({column}), 1)) % 2 = {half}"
            )
        yield
    for name in split:
        engine.execute(f"create or replace table {name} as from whole.{name.removeprefix('core.')}")
    engine.execute("drop schema whole cascade")


@pytest.mark.parametrize("key", ["patient_id", "provider_npi"])
def test_partitions_add_up_to_the_whole(built: Engine, key: str) -> None:
    """Each half judged alone, put together, is the whole, row by row. A check that names no key takes either."""
    checks = [check for check in CHECKS if check.partition_by in (key, "none")]
    together = {check.code: Counter(map(str, built.rows(check.sql))) for check in checks}
    apart: dict[str, list[Counter[str]]] = {check.code: [] for check in checks}
    for _ in _partition(built, key):
        for check in checks:
            apart[check.code].append(Counter(map(str, built.rows(check.sql))))
    assert any(all(halves) for halves in apart.values()), "both halves hold something"
    assert [code for code, halves in apart.items() if sum(halves, Counter()) != together[code]] == []


# A finding keeps its identity -----------------------------------------------------------------------------------


def _exported_anew(records: worlds.Records) -> worlds.Records:
    """The same services in another export: claims and lines numbered anew (in the same order)."""
    claims = sorted({row["claim_id"] for row in records["claim_lines"] if row["claim_id"]})
    number = {claim: f"2026/{10 * place:07d}" for place, claim in enumerate(claims, start=1)} | {"": ""}
    lines = [
        row
        | {"claim_id": number[row["claim_id"]], "line_number": str(100 + int(row["line_number"]))}
        | ({"original_claim_id": number[row["original_claim_id"]]} if "original_claim_id" in row else {})
        for row in records["claim_lines"]
    ]
    return records | {"claim_lines": lines}


def test_findings_survive_a_new_export(records: worlds.Records, base: Path, tmp_path: Path) -> None:
    """Other claim numbers, other order, other files: the same findings, and nothing is new in a second run."""
    settings = Settings(inputs=[], out=tmp_path / "out", db=tmp_path / "db", as_of=worlds.AS_OF)
    first = worlds.write(records, tmp_path / "first")
    second = worlds.write(_exported_anew(records), tmp_path / "second", shuffle=9, files=4)
    jobs.run(settings.model_copy(update={"inputs": [first], "run_key": "1"}))
    jobs.run(settings.model_copy(update={"inputs": [second], "run_key": "2"}))
    found = {row["finding_id"]: row for row in _rows(tmp_path / "out" / "2" / "findings.csv")}
    assert found.keys() == {row["finding_id"] for row in _rows(base / "findings.csv")}
    assert Counter(row["state"] for row in found.values()) == {"unchanged": len(found)}


def test_other_patients_change_nothing(records: worlds.Records, base: Path, tmp_path: Path) -> None:
    """What is found about a patient depends on what is known of the provider, not on who else is in the data."""
    chosen = set(
        random.Random(SEED).sample(sorted({row["patient_id"] for row in records["patients"]}), worlds.PATIENTS // 3)
    )
    fewer = {
        name: [row for row in rows if row.get("patient_id", "") in chosen or "patient_id" not in row]
        for name, rows in records.items()
    }
    run = audit(tmp_path, fewer)
    by_provider = {check.code for check in CHECKS if check.partition_by == "provider_npi"} | {"UNT105"}

    def of_chosen(path: Path) -> list[dict[str, str]]:
        return [
            row
            for row in _rows(path / "findings.csv")
            if row["patient_id"] in chosen and row["check_code"] not in by_provider
        ]

    assert of_chosen(run) == of_chosen(base)
