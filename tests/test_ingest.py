"""The ingest step: every format gives the same staged records, nothing gets lost, and broken input stops the run."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.errors import InputError, UsageError
from claimaudit.ingest import _LAYOUT_OF, IngestSummary, expand, ingest, raw_layouts
from claimaudit.readers import text

DATA = Path(__file__).parent / "data"
SHARED = Path(os.environ.get("CLAIMAUDIT_SHARED", Path(__file__).parents[2] / "shared"))
LAYOUTS = raw_layouts()

LINE = {
    "claim_id": "A1",
    "line_number": "1",
    "patient_id": "P1",
    "payer_id": "MEDB",
    "billing_npi": "1999400033",
    "rendering_npi": "1999501103",
    "service_date": "2025-02-03",
    "procedure_code": "97110",
    "units": "2",
    "charge_amount": "120.00",
}
# One good record of each layout, for the columns that it requires.
GOOD = {
    "claim_lines": LINE,
    "visits": {"patient_id": "P1", "service_date": "2025-02-03", "rendering_npi": "1999501103"},
    "visit_services": {
        "patient_id": "P1",
        "service_date": "2025-02-03",
        "rendering_npi": "1999501103",
        "procedure_code": "97110",
    },
    "plans_of_care": {"patient_id": "P1", "discipline": "PT", "evaluation_date": "2025-02-03"},
    "progress_reports": {"patient_id": "P1", "discipline": "PT", "report_date": "2025-02-03"},
    "providers": {"npi": "1999501103"},
    "payers": {"payer_id": "MEDB"},
    "patients": {"patient_id": "P1"},
    "provider_days": {"npi": "1999501103", "date": "2025-02-03"},
    "coverage_policies": {
        "payer_id": "MEDB",
        "policy_id": "L1",
        "code_low": "97110",
        "dx_low": "M00",
        "dos_from": "2025-01-01",
    },
    "exclusions": {"npi": "1999501103", "from_date": "2025-01-01"},
    "therapy_accumulators": {"patient_id": "P1", "year": "2025", "bucket": "PTSLP", "amount_used": "10.00"},
}


def csv_text(rows: list[dict[str, str]], columns: list[str] | None = None, end: str = "\n") -> str:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, names, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def staged(engine: Engine, record: str = "claim_lines") -> list[tuple]:
    return engine.rows(f"select * exclude (file_id) from stg.{_LAYOUT_OF[record]} order by record_number")


def rejects(engine: Engine) -> list[tuple]:
    return engine.rows(
        "select file_name, record_number, column_name, reason from audit.reject order by file_id, record_number, reason"
    )


def totals(engine: Engine, record: str = "claim_lines") -> dict[str, tuple]:
    rows = engine.rows("select * exclude (record_type) from audit.control_total where record_type = ?", [record])
    return {row[0]: row[1:] for row in rows}


def read(*inputs: Path) -> tuple[Engine, IngestSummary]:
    engine = Engine(threads=1)
    return engine, ingest(engine, list(inputs))


def refusal(*inputs: Path) -> str:
    with pytest.raises(InputError) as error:
        read(*inputs)
    return str(error.value)


def some_lines(count: int) -> list[dict[str, str]]:
    rng = random.Random(7)
    return [
        LINE
        | {
            "claim_id": f"A{number}",
            "units": str(rng.randint(1, 4)),
            "modifier_1": "GP",
            "modifier_3": rng.choice(["", "KX"]),
            "diagnosis_1": "M54.50",
            "diagnosis_3": rng.choice(["", "M25.561"]),
            "charge_amount": f"{rng.randint(1, 20000) / 100:.2f}",
            "carc_codes": rng.choice(["", "CO-45", "CO-97  PR-1"]),
            "clinic_id": rng.choice(["", 'North,"old" wing', "two\nlines"]),
        }
        for number in range(count)
    ]


def test_plain_gzip_zstd_and_parquet_give_the_same_records(tmp_path, monkeypatch):
    rows = some_lines(300)
    plain = csv_text(rows)
    buffer = pa.BufferOutputStream()
    with pa.CompressedOutputStream(buffer, "zstd") as stream:
        stream.write(plain.encode())
    files = [
        write(tmp_path, "a.csv", plain),
        write(tmp_path, "b", "\ufeff" + csv_text(rows, end="\r\n")),
        write(tmp_path, "c.txt", gzip.compress(plain.encode())),
        write(tmp_path, "d.zst", buffer.getvalue().to_pybytes()),
        write(tmp_path, "e", csv_text(rows, list(reversed(rows[0])))),
        write(tmp_path, "f [1]*.csv", plain.removesuffix("\n") + "\n\n\n"),
    ]
    names = list(rows[0])
    pq.write_table(pa.table({name: [row[name] or None for row in rows] for name in names}), tmp_path / "g.csv")
    # None of these needs the slow way, and a locked engine may read them all.
    monkeypatch.setattr(text, "records", lambda *_: pytest.fail("read slowly"))
    results = []
    for path in [*files, tmp_path / "g.csv"]:
        engine = Engine(threads=1, folders=[tmp_path])
        ingest(engine, [path])
        results.append(staged(engine))
    assert len(results[0]) == 300
    assert all(result == results[0] for result in results)


def test_parquet_columns_of_other_types_become_exact_text(tmp_path):
    table = pa.table(
        {
            **{name: [value] for name, value in LINE.items()},
            "line_number": pa.array([1.0], pa.float64()),
            "billing_npi": pa.array([1999400033], pa.int64()),
            "service_date": pa.array([1738540800000000], pa.timestamp("us")),
            "received_date": pa.array([20130], pa.date32()),
            "units": pa.array([2.5], pa.float64()),
            "charge_amount": pa.array([Decimal("120.10")], pa.decimal128(20, 4)),
            "paid_amount": pa.array([float("nan")], pa.float64()),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    engine, _ = read(tmp_path / "x.parquet")
    assert engine.rows(
        """select line_number, billing_npi, cast(service_date as varchar), cast(received_date as varchar), units,
          charge_amount, paid_amount, problem_mask from stg.claim_line"""
    ) == [(1, "1999400033", "2025-02-03", "2025-02-11", Decimal("2.500"), Decimal("120.10"), None, 0)]


def test_values_are_cast_and_defaults_applied(tmp_path):
    row = LINE | {
        "rendering_npi": " ",
        "units": " 2.0 ",
        "modifier_1": "",
        "modifier_2": "GP",
        "modifier_4": "KX",
        "diagnosis_1": "M5450",
        "diagnosis_4": "M25.561",
        "carc_codes": " CO-97   PR-1 ",
    }
    engine, _ = read(write(tmp_path, "a.csv", csv_text([row])))
    assert engine.rows(
        """select rendering_npi, claim_frequency, line_status, units, modifiers_of(modifier_text) as modifiers, diagnosis_text, carc_codes, rarc_codes,
          problem_mask from stg.claim_line"""
    ) == [
        ("1999400033", "1", "unknown", Decimal("2.000"), ["GP", "KX"])
        + ("\x1f".join(["M5450", "", "", "M25.561", *[""] * 8]), ["CO-97", "PR-1"], [], 0)
    ]


@pytest.mark.parametrize("record", GOOD)
def test_each_problem_bit_is_its_own_reject(tmp_path, record):
    sql = catalog.tables()["stg.problem"].sql
    problems = Engine(threads=1).rows(
        f"select bit, column_name, reason from ({sql}) where record_type = ? order by bit", [record]
    )
    assert [bit for bit, _, _ in problems] == list(range(len(problems)))
    bad = [GOOD[record] | {column: "" if reason == "required-blank" else "?"} for _, column, reason in problems]
    files = [write(tmp_path, "bad.csv", csv_text([GOOD[record], *bad], list(LAYOUTS[record].columns)))]
    if record != "claim_lines":
        files.append(write(tmp_path, "lines.csv", csv_text([LINE])))
    engine, summary = read(*files)
    assert rejects(engine) == [
        ("bad.csv", number, column, reason) for number, (_, column, reason) in enumerate(problems, start=2)
    ]
    masks = engine.rows(f"select problem_mask from stg.{_LAYOUT_OF[record]} order by record_number")
    assert masks == [(0,), *((1 << bit,) for bit, _, _ in problems)]
    kept = [json.loads(row[0]) for row in engine.rows("select record from audit.reject order by record_number")]
    assert kept == [{name: value for name, value in row.items() if value} for row in bad]
    assert summary.records[record] == len(bad) + 1


def test_dates_numbers_and_amounts_are_strict(tmp_path):
    dates = ("2025-2-3", "02/03/2025", "2025-02-30", "20250203", "infinity", "2025-02-03 10:00")
    bad = [{"service_date": value} for value in dates] + [
        {"units": "1e1"},
        {"units": "1,5"},
        {"charge_amount": "12.345"},
        {"charge_amount": "$5"},
        {"line_number": "1.5"},
    ]
    engine, summary = read(write(tmp_path, "a.csv", csv_text([LINE, *(LINE | change for change in bad)])))
    assert summary.lines_rejected == len(bad)
    assert engine.value("select count(*) from stg.claim_line where problem_mask = 0") == 1


def test_order_of_files_and_their_names_change_nothing(tmp_path):
    lines = some_lines(60)
    parts = [csv_text(lines[:20]), csv_text(lines[20:40]), csv_text(lines[40:]), csv_text([GOOD["payers"]])]
    results = []
    for order in ([0, 1, 2, 3], [3, 2, 0, 1]):
        folder = tmp_path / "".join(map(str, order))
        (folder / "deep").mkdir(parents=True)
        for position, part in enumerate(order):
            write(folder / "deep" if position % 2 else folder, f"{position}.csv", parts[part])
        engine, summary = read(folder)
        rows = engine.rows("select * from stg.claim_line order by file_id, record_number")
        results.append(
            (rows, summary.input_digest, engine.rows("select file_id, digest, records from raw.file order by 1"))
        )
    assert results[0] == results[1]
    assert len(results[0][0]) == 60


def test_a_folder_is_searched_and_what_is_not_input_is_listed(tmp_path):
    content = csv_text([LINE | {"my_note": "x"}])
    write(tmp_path, "lines.csv", content)
    write(tmp_path, "lines again.csv.gz", gzip.compress(content.encode()))
    write(tmp_path, "README.md", "# Notes, and a comma\n")
    write(tmp_path, ".hidden", "")
    engine, summary = read(tmp_path)
    assert engine.rows(
        "select file_name, format, record_type, records, units, charge, status, unknown_columns from raw.file"
    ) == [
        ("lines again.csv.gz", "canonical", "claim_lines", 1, Decimal("2.000"), Decimal("120.00"), "read", ["my_note"]),
        ("lines.csv", "canonical", "claim_lines", 1, None, None, "repeated", ["my_note"]),
        ("README.md", None, None, 0, None, None, "not-recognised", []),
    ]
    assert summary.lines_read == 1
    assert (
        engine.value("select digest from raw.file where status = 'read'")
        == hashlib.sha256(content.encode()).hexdigest()
    )
    assert (
        expand([tmp_path])
        == expand([str(tmp_path / "*")])
        == sorted(path.resolve() for path in tmp_path.iterdir() if path.name != ".hidden")
    )


def test_what_is_named_must_exist_and_be_known(tmp_path):
    notes = write(tmp_path, "notes.txt", "a,b\n1,2\n")
    assert refusal(notes) == (
        "notes.txt is not in a known format. "
        "Known are canonical, rif-carrier, tuva, cclf-part-b, synpuf, synthea, idr, fhir, x12-837p, x12-835, x12-other, export; "
        "the header must name the columns of the layout."
    )
    assert refusal(tmp_path / "none.csv") == (
        "none.csv does not exist. Name a file, a folder or a glob that matches something."
    )
    with pytest.raises(UsageError, match="There is no format x12"):
        ingest(Engine(threads=1), [notes], format="x12")


def test_input_without_claim_lines_is_refused(tmp_path):
    payers = write(tmp_path, "payers.csv", csv_text([GOOD["payers"]]))
    empty = write(tmp_path, "lines.csv", csv_text([], list(LINE)))
    assert refusal(payers, empty) == "The input holds no claim lines. Add a file in the claim_lines layout."


def test_a_truncated_gzip_is_refused_even_late(tmp_path):
    # Incompressible text, so that the cut lies far behind the part that recognition reads.
    rng = random.Random(3)
    rows = [LINE | {"claim_id": rng.randbytes(40).hex()} for _ in range(30_000)]
    path = write(tmp_path, "lines.csv.gz", gzip.compress(csv_text(rows).encode())[:-1000])
    assert refusal(path) == (
        "lines.csv.gz is cut off or damaged: its gzip data is incomplete. Export or copy the file again."
    )


def test_a_truncated_zstd_is_refused(tmp_path):
    buffer = pa.BufferOutputStream()
    with pa.CompressedOutputStream(buffer, "zstd") as stream:
        stream.write(csv_text(some_lines(3000)).encode())
    path = write(tmp_path, "lines.zst", buffer.getvalue().to_pybytes()[:-500])
    assert (
        refusal(path) == "lines.zst is cut off or damaged: its zstd data is incomplete. Export or copy the file again."
    )


def test_a_damaged_parquet_is_refused(tmp_path):
    rows = some_lines(2000)
    path = tmp_path / "lines.parquet"
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in rows[0]}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    message = "lines.parquet is cut off or damaged: it is not a readable Parquet file. Export or copy the file again."
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path) == message
    for position in range(200, 4000):
        content[position] ^= 0x5A
    path.write_bytes(content)
    assert refusal(path) == message


def test_an_unclosed_quote_is_refused(tmp_path):
    content = csv_text([LINE, LINE | {"claim_id": "A2"}, LINE]).replace("A2", '"A2')
    assert refusal(write(tmp_path, "lines.csv", content)) == (
        "lines.csv, record 2: a quotation mark is opened and not closed, so what follows cannot be told apart. "
        "Close it, or double a quotation mark inside a quoted value."
    )


def test_damaged_records_are_rejected_and_the_others_go_on(tmp_path):
    good, names = list(LINE.values()), list(LINE)
    lines = [
        names,
        good,
        [*good, "extra"],
        good[:-1],
        ["caf\xe9", *good[1:]],
        ['"A"5', *good[1:]],
        ["A\0", *good[1:]],
        ['A 5" tape', *good[1:]],
        ["A9", *good[1:-1], "12.3.4"],
    ]
    engine, summary = read(write(tmp_path, "lines.csv", "\n".join(map(",".join, lines)).encode("cp1252")))
    assert rejects(engine) == [
        ("lines.csv", 2, None, "wrong-number-of-columns"),
        ("lines.csv", 3, None, "wrong-number-of-columns"),
        ("lines.csv", 4, None, "not-utf8"),
        ("lines.csv", 5, None, "stray-quote"),
        ("lines.csv", 6, None, "control-character"),
        ("lines.csv", 8, "charge_amount", "not-an-amount"),
    ]
    assert engine.rows("select claim_id from stg.claim_line where problem_mask = 0 order by record_number") == [
        ("A1",),
        ('A 5" tape',),
    ]
    assert engine.value("select remedy from audit.reject where reason = 'not-utf8'") == "save the export as UTF-8"
    assert json.loads(engine.value("select record from audit.reject where record_number = 2")) == [*good, "extra"]
    assert (
        json.loads(engine.value("select record from audit.reject where record_number = 4"))["claim_id"] == "caf\ufffd"
    )
    assert (summary.lines_read, summary.lines_rejected) == (8, 6)
    assert totals(engine) == {
        "read": (8, Decimal("6.000"), Decimal("240.00")),
        "rejected": (6, Decimal("2.000"), Decimal("0.00")),
        "accepted": (2, Decimal("4.000"), Decimal("240.00")),
    }
    assert engine.rows("select records, rejected from raw.file") == [(8, 6)]


def test_more_than_a_line_can_hold_is_rejected(tmp_path):
    """The largest units, amounts and minutes are read, the next ones are rejects that name the limit."""
    most = {"units": "999999.999", "charge_amount": "-9999999.99", "allowed_amount": "9999999.99"}
    over = {"units": "1000000", "charge_amount": "-10000000.00", "allowed_amount": "10000000"}
    lines = [LINE | most | {"claim_id": "most"}]
    lines += [LINE | {name: value, "claim_id": name} for name, value in over.items()]
    write(tmp_path, "lines.csv", csv_text(lines))
    visit = {"patient_id": "P", "service_date": "2025-03-03", "rendering_npi": "1999999984"}
    minutes = [visit | {"total_minutes": "99999"}, visit | {"total_minutes": "100000"}]
    write(tmp_path, "visits.csv", csv_text(minutes))
    engine, _ = read(tmp_path)
    assert engine.rows(
        "select file_name, record_number, column_name, reason, remedy from audit.reject order by all"
    ) == [
        ("lines.csv", 2, "units", "not-a-number", "write it as 2 or 2.5, at most 999999.999"),
        ("lines.csv", 3, "charge_amount", "not-an-amount", "write it as 1234.56, at most 9999999.99"),
        ("lines.csv", 4, "allowed_amount", "not-an-amount", "write it as 1234.56, at most 9999999.99"),
        ("visits.csv", 2, "total_minutes", "not-a-whole-number", "write it as a whole number, at most 99999"),
    ]
    assert engine.rows("select units, charge_amount, allowed_amount from stg.claim_line where problem_mask = 0") == [
        (Decimal("999999.999"), Decimal("-9999999.99"), Decimal("9999999.99"))
    ]
    assert engine.rows("select total_minutes from stg.visit where problem_mask = 0") == [(99999,)]


def test_no_path_stays_in_the_database(tmp_path):
    engine, _ = read(write(tmp_path, "lines.csv", csv_text([LINE])))
    assert engine.rows("select view_name from duckdb_views() where schema_name = 'raw'") == []


CELL = st.text(st.sampled_from('aé",\n 5-'), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_and_the_slow_way_agree(tmp_path_factory, cells, end):
    rows = [LINE | {"claim_id": a, "patient_id": b, "clinic_id": c} for a, b, c in cells]
    path = write(tmp_path_factory.mktemp("both"), "lines.csv", csv_text(rows, end=end))
    fast, _ = read(path)
    with pytest.MonkeyPatch.context() as patch:
        whole = text.scan
        patch.setattr(text, "scan", lambda *a, **k: replace(whole(*a, **k), clean=False))
        slow, _ = read(path)
    assert staged(fast) == staged(slow)
    assert fast.rows("select * from audit.reject order by all") == slow.rows("select * from audit.reject order by all")
    assert len(staged(fast)) == len(rows)


def test_record_numbers_follow_the_file_when_read_in_parallel(tmp_path):
    rows = [LINE | {"claim_id": str(number)} for number in range(1, 60_001)]
    engine = Engine(threads=4)
    ingest(engine, [write(tmp_path, "lines.csv", csv_text(rows))])
    assert engine.rows(
        "select count(*), count(*) filter (claim_id = cast(record_number as varchar)) from stg.claim_line"
    ) == [(60_000, 60_000)]


def test_carrier_claims_become_canonical_records(tmp_path):
    engine, summary = read(DATA / "rif_carrier_small.csv")
    assert summary.records == {"claim_lines": 5, "providers": 2, "payers": 1}
    assert rejects(engine) == [
        ("rif_carrier_small.csv", 4, "HCPCS_CD", "required-blank"),
        ("rif_carrier_small.csv", 5, "LINE_1ST_EXPNS_DT", "not-a-date"),
    ]
    assert engine.rows(
        """select claim_id, line_number, claim_frequency, patient_id, billing_npi, rendering_npi,
          cast(service_date as varchar), cast(processed_date as varchar), procedure_code, modifiers_of(modifier_text) as modifiers, units, diagnosis_text,
          charge_amount, allowed_amount, paid_amount, line_status, ndc
        from stg.claim_line where problem_mask = 0 order by record_number"""
    ) == [
        ("-9001", 1, "1", "-501", "1999400033", "1999501103", "2025-02-03", "2025-02-14", "97110", ["GP", "KX"])
        + (Decimal(2), "M5450\x1fM25561\x1e2", Decimal("120.00"), Decimal("60.20"), Decimal("48.16"), "paid", None),
        ("-9001", 2, "1", "-501", "1999400033", "1999501103", "2025-02-03", "2025-02-14", "97140", ["GP"])
        + (Decimal(1), "M5450\x1fM25561\x1e1", Decimal("55.00"), Decimal(0), Decimal(0), "denied", None),
        ("-9002", 1, "1", "-502", "1999400041", "1999501111", "2025-02-10", "2025-02-21", "97530", ["GO"])
        + (Decimal(1), "M5450", Decimal("70.00"), Decimal(0), Decimal(0), "denied", None),
    ]
    assert engine.rows("select npi, specialty_code from stg.provider order by npi") == [
        ("1999501103", "65"),
        ("1999501111", "67"),
    ]
    assert engine.rows("select payer_id, payer_class from stg.payer") == [("MEDICARE-PART-B", "medicare_b")]


def test_stated_records_come_before_derived_ones(tmp_path):
    content = csv_text([{"npi": "1999501103", "provider_name": "Given", "discipline": "PT"}])
    engine, _ = read(DATA / "rif_carrier_small.csv", write(tmp_path, "providers.csv", content))
    order = "select provider_name from stg.provider where npi = '1999501103' order by file_id"
    assert engine.rows(order) == [("Given",), (None,)]


def test_mapping_selects_give_the_layout_of_their_record():
    for table in catalog.tables().values():
        if table.schema == "raw" and table.name.endswith("_left"):
            names = ["file_id", "record_number", "reason", "remedy"]
            assert [column.name for column in table.columns] == names, table.name
        elif table.schema == "raw" and table.sql and table.name != "raw.fhir_item":
            record = next(name for name in _LAYOUT_OF if table.name.endswith((f"_{name}", f".{name}")))
            names = [column.name for column in catalog.tables()[f"raw.{record}"].columns]
            assert [column.name for column in table.columns] == names, table.name


@pytest.mark.skipif(not (SHARED / "data/rif").is_dir(), reason="the public sample of CMS carrier claims is not here")
def test_the_public_carrier_sample_is_read_whole():
    engine, summary = read(SHARED / "data/rif/bfd-rif-synthea-carrier.csv")
    assert (summary.lines_read, summary.lines_rejected) == (221, 209)
    assert engine.rows("select column_name, reason, count(*) from audit.reject group by all") == [
        ("HCPCS_CD", "required-blank", 209)
    ]
    assert totals(engine)["read"][2] == Decimal("145554.31")
