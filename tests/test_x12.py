"""X12 837P and 835: what is read of whole files, and that broken ones lose nothing and never end in a traceback."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import ingest, raw_layouts
from claimaudit.readers import Unusable, readers, text, x12

HERE = Path(__file__).parent / "data" / "x12"
OUTSIDE = Path(os.environ.get("CLAIMAUDIT_DATA", Path(__file__).parents[2] / "shared" / "data")) / "x12"
LAYOUTS = raw_layouts()
CLAIMS = (HERE / "claims.837").read_bytes()
REMITTANCE = (HERE / "remittance.835").read_bytes()
outside = pytest.mark.skipif(not OUTSIDE.is_dir(), reason="the public X12 samples are not here (CLAIMAUDIT_DATA)")


def decoded(path: Path) -> tuple[str, list[dict[str, Any]], list[Unusable], tuple[str, ...]] | None:
    """Reader, rows, unusable records and notes of a file; every record that the byte pass counted is in one of the two."""
    head = text.examine(path)
    source = next(filter(None, (reader.recognise(head, LAYOUTS) for reader in readers())), None)
    if source is None or source.decoder is None:
        return None
    rows: list[dict[str, Any]] = []
    unusable: list[Unusable] = []
    for batch in source.decoder.batches():
        unusable += batch.unusable
        if batch.rows is not None and batch.layout == source.layout.name:
            # a column of nothing but blanks comes as nulls
            rows += [
                {name: "" if value is None else value for name, value in row.items()} for row in batch.rows.to_pylist()
            ]
    numbers = sorted([row["record_number"] for row in rows] + [record.number for record in unusable])
    assert numbers == list(range(1, source.decoder.scan().records + 1))
    return source.reader, rows, unusable, source.decoder.notes()


def read(folder: Path, content: bytes, name: str = "file.edi") -> Any:
    path = folder / name
    path.write_bytes(content)
    return decoded(path)


def ingested(folder: Path, *contents: bytes | str) -> Engine:
    """The files (X12 as bytes, CSV of claim lines as text) ingested in the order given."""
    paths = []
    for number, content in enumerate(contents):
        paths.append(folder / f"f{number}-{abs(hash(content)) % 1000}{'.csv' if isinstance(content, str) else '.edi'}")
        paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    engine = Engine(threads=1)
    ingest(engine, paths)
    return engine


# Whole files ------------------------------------------------------------------------------------------------------


def test_claims_become_claim_lines(tmp_path):
    engine = ingested(tmp_path, CLAIMS)
    rows = engine.dicts("select * from stg.claim_line order by record_number")
    assert [row["problem_mask"] for row in rows] == [0, 0, 0, 0]
    first, last = rows[0], rows[3]
    wanted: dict[str, Any] = {
        "claim_id": "A1",
        "line_number": 1,
        "claim_frequency": "1",
        "patient_id": "M1",
        "payer_id": "04412",
        "billing_npi": "1999400033",
        "rendering_npi": "1999501103",
        "place_of_service": "11",
        "procedure_code": "97110",
        "modifier_text": "GP\x1fKX",
        "units": Decimal(2),
        "diagnosis_text": "M5451\x1fM25511\x1e1:2",
        "charge_amount": Decimal(120),
        "prior_authorization": "AUTH1",
        "state": "TX",
    }
    assert {name: first[name] for name in wanted} == wanted
    assert (str(first["service_date"]), first["service_date_to"], str(first["received_date"])) == (
        "2025-02-03",
        None,
        "2025-03-01",
    )
    wanted = {
        "claim_id": "A2",
        "claim_frequency": "7",
        "original_claim_id": "ICN77",
        "payer_id": "60054",
        "rendering_npi": "1999501202",
        "place_of_service": "22",
        "modifier_text": "RT\x1fJZ\x1fXU\x1f59",
        "diagnosis_text": "7242\x1f7245\x1e1:2",
        "prior_authorization": "AUTH2",
        "ndc": "00023114501",
        "ndc_quantity": Decimal(1),
        "ndc_unit": "UN",
        "state": "NM",
        "paid_amount": None,
        "line_status": "unknown",
    }
    assert {name: last[name] for name in wanted} == wanted
    assert (str(last["service_date"]), str(last["service_date_to"])) == ("2025-02-04", "2025-02-06")
    assert re.fullmatch("M2-[0-9a-f]{8}", last["patient_id"])
    assert rows[1]["charge_amount"] == Decimal("0.50")
    assert engine.rows("select payer_id, payer_name, payer_class from stg.payer order by payer_id") == [
        ("04412", "MEDICARE", "medicare_b"),
        ("60054", "PLAN B", "commercial"),
    ]
    assert engine.rows("select npi, provider_name, taxonomy_code from stg.provider order by npi") == [
        ("1999400033", "CLINIC", "261QR0400X"),
        ("1999501103", "THERA, PIST", "225100000X"),
        ("1999501202", "OTHER, THERAPIST", "225X00000X"),
    ]
    patients = engine.rows(
        "select patient_id, patient_name, birth_date::varchar, zip from stg.patient order by patient_id"
    )
    assert patients == [
        ("M1", "DOE, JANE", "1950-01-01", "78702"),
        (last["patient_id"], "ROE, ANN", "2012-03-04", "76701"),
    ]
    assert engine.rows("select notes from raw.file") == [([],)]


def test_notes_and_what_other_payers_decided_are_kept_beside_the_lines(tmp_path):
    engine = ingested(tmp_path, CLAIMS)
    assert engine.rows("select claim_id, line_record, kind, note from stg.claim_note order by record_number") == [
        ("A1", None, "ADD", "38 MINUTES OF EXERCISE"),
        ("A1", 1, "ADD", "23 MINUTES"),
    ]
    decided = """select claim_id, line_record, payer_id, paid_amount, procedure_code, units, decided_date::varchar, adjustments
        from stg.other_payer_decision order by record_number"""
    assert engine.rows(decided) == [
        ("A2", None, "99999", Decimal("39.15"), None, None, None, "PR-1=21.89"),
        ("A2", 4, "99999", Decimal("40.00"), "J0585", Decimal(100), "2025-02-15", "CO-45=3"),
    ]


def test_dependents_of_one_subscriber_are_told_apart(tmp_path):
    people = [
        ("ANN", "20120304", "M2"),
        ("Ann ", "20120304", "M2"),
        ("BEA", "20120304", "M2"),
        ("ANN", "20130304", "M2"),
        ("ANN", "20120304", "M3"),
    ]
    files = [
        CLAIMS.replace(b"ROE*ANN", f"ROE*{first}".encode())
        .replace(b"20120304", birth.encode())
        .replace(b"MI*M2", f"MI*{member}".encode())
        for first, birth, member in people
    ]
    engine = ingested(tmp_path, b"".join(files))
    patients = [
        row[0]
        for row in engine.rows("select patient_id from stg.claim_line where claim_id = 'A2' order by record_number")
    ]
    assert patients[0] == patients[1] and len(set(patients)) == 4


def as_rows(found: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "segment"} for row in found[1]]


LATIN = CLAIMS.replace(b"JANE", "JOS\u00c9".encode("latin-1"))
WRITTEN = {
    "one line": CLAIMS.replace(b"\n", b""),
    "windows lines": CLAIMS.replace(b"\n", b"\r\n"),
    "indented": CLAIMS.replace(b"\nSV1", b"\n\t   SV1").replace(b"\nCLM", b"\n  CLM"),
    "byte order mark": b"\xef\xbb\xbf\r\n" + CLAIMS,
    "newline as terminator": CLAIMS.replace(b"~", b""),
    "return and newline as terminator": CLAIMS.replace(b"~\n", b"\r\n"),
    "other separators": CLAIMS.translate(bytes.maketrans(b"*:~", b"|>'")),
    "control characters as separators": CLAIMS.translate(bytes.maketrans(b"*:~", b"\x1d\x1f\x1c")),
    "wrapped at 80": b"\n".join(
        CLAIMS.replace(b"\n", b"")[n : n + 80] for n in range(0, len(CLAIMS.replace(b"\n", b"")), 80)
    ),
    "component separator is not ISA16": CLAIMS.replace(b"*P*:~", b"*P*>~"),
    "short ISA": CLAIMS.replace(b"          ", b"").replace(b"SENDER         ", b"SENDER"),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_however_it_is_written_it_says_the_same(tmp_path, written):
    found, plain = read(tmp_path, WRITTEN[written]), read(tmp_path, CLAIMS, "plain.edi")
    assert found[0] == "x12-837p" and len(found[1]) == 4
    assert as_rows(found) == as_rows(plain)
    assert found[3] == ()


def test_compressed_files_are_read(tmp_path):
    assert as_rows(read(tmp_path, gzip.compress(CLAIMS))) == as_rows(read(tmp_path, CLAIMS))


def test_latin_1_and_utf_8_are_both_text(tmp_path):
    assert read(tmp_path, LATIN)[1][0]["first_name"] == "JOS\u00c9"
    assert read(tmp_path, CLAIMS.replace(b"JANE", "JOS\u00c9".encode()))[1][0]["first_name"] == "JOS\u00c9"


def test_several_interchanges_each_have_their_own_separators(tmp_path):
    other = WRITTEN["other separators"].replace(b"A1", b"B1").replace(b"A2", b"B2").replace(b"\n", b"")
    found = read(tmp_path, CLAIMS + b"\r\n" + other + CLAIMS.replace(b"A1|", b"C1"))
    assert [row["claim_id"] for row in found[1]] == [
        "A1",
        "A1",
        "A1",
        "A2",
        "B1",
        "B1",
        "B1",
        "B2",
        "A1",
        "A1",
        "A1",
        "A2",
    ]
    assert found[3] == ()


def test_a_file_of_many_claims_and_blocks(tmp_path, monkeypatch):
    """Wherever a block ends, and whenever a batch is handed over, the rows are the same."""
    begin, end = CLAIMS.index(b"HL*2*"), CLAIMS.index(b"SE*")
    many = CLAIMS[:begin] + CLAIMS[begin:end] * 820 + CLAIMS[end:]
    whole = read(tmp_path, many)
    assert len(whole[1]) == 820 * 4
    monkeypatch.setattr(x12, "_BLOCK", 4099)
    monkeypatch.setattr(x12, "_BATCH", 7)
    assert read(tmp_path, many)[1:] == whole[1:]


def test_versions_and_other_kinds(tmp_path):
    old = CLAIMS.replace(b"005010X222A1", b"004010X098A1")
    assert read(tmp_path, old)[3] == ("Read as far as version 5010 means the same: 1 transaction of version 4010.",)
    hospital = CLAIMS.replace(b"005010X222A1", b"005010X223A2")
    found = read(tmp_path, hospital)
    assert found[0] == "x12-other" and found[1] == [] and found[2] == []
    assert found[3] == ("Skipped: 1 transaction with 2 claims of institutional claims (837I); this is not audited.",)
    mixed = read(tmp_path, hospital + CLAIMS)
    assert mixed[0] == "x12-837p" and len(mixed[1]) == 4 and mixed[3] == found[3]
    both = read(tmp_path, REMITTANCE + CLAIMS)
    assert both[0] == "x12-837p" and len(both[1]) == 4
    assert both[3] == ("Skipped: 1 transaction with 1 claim of remittances (835); put them into a file of their own.",)
    unknown = read(tmp_path, CLAIMS.replace(b"005010X222A1", b"009999X999"))
    assert unknown[3] == (
        "Skipped: 1 transaction with 2 claims of claims of an unknown guide (837); this is not audited.",
    )


def test_nothing_but_skipped_transactions_is_said_so(tmp_path):
    with pytest.raises(InputError, match=r"holds no claim lines\. f0.*institutional claims"):
        ingested(tmp_path, CLAIMS.replace(b"005010X222A1", b"005010X223A2"))


def changed(old: bytes, new: bytes) -> bytes:
    assert old in CLAIMS
    return CLAIMS.replace(old, new)


ENVELOPES = {
    "SE01": (rb"SE\*(\d+)", b"SE*9", "Transaction 0001: SE01 says 9 segments, {} were read."),
    "SE02": (rb"(SE\*\d+)\*0001", rb"\1*0002", "Transaction 0001: SE02 says 0002, which is another one."),
    "GE01": (rb"GE\*1", b"GE*2", "Group 1: GE01 says 2 transactions, 1 were read."),
    "GE02": (rb"(GE\*1)\*1", rb"\1*7", "Group 1: GE02 says 7, which is another one."),
    "IEA01": (rb"IEA\*1", b"IEA*x", "Interchange 000000001: IEA01 says x groups, 1 were read."),
    "IEA02": (rb"IEA\*1\*000000001", b"IEA*1*5", "Interchange 000000001: IEA02 says 5, which is another one."),
    "GE": (rb"GE\*[^~]*~\n", b"", "Group 1 has no trailer (GE): the file is cut off or damaged."),
    "IEA": (rb"IEA\*[^~]*~\n", b"", "Interchange 000000001 has no trailer (IEA): the file is cut off or damaged."),
}


@pytest.mark.parametrize("broken", ENVELOPES)
def test_envelopes_that_do_not_tie_are_said(tmp_path, broken):
    pattern, instead, note = ENVELOPES[broken]
    found = read(tmp_path, re.sub(pattern, instead, CLAIMS))
    segments = CLAIMS[CLAIMS.index(b"ST*") : CLAIMS.index(b"GE*")].count(b"~")
    assert found[3] == (note.format(segments),)
    assert len(found[1]) == 4  # what was readable is read


def test_a_claim_that_is_cut_off_is_kept_and_not_used(tmp_path):
    found = read(tmp_path, CLAIMS[: CLAIMS.index(b"LIN*")])
    assert [row["claim_id"] for row in found[1]] == ["A1", "A1", "A1"]
    assert [(record.number, record.reason) for record in found[2]] == [(4, "claim-cut-off")]
    assert json.loads(found[2][0].record)["procedure_code"] == "J0585"
    assert [note.split(" has")[0] for note in found[3]] == ["Transaction 0001", "Group 1", "Interchange 000000001"]


def test_records_that_cannot_be_lines(tmp_path):
    reasons = {
        "units-are-minutes": changed(b"97110:GP:KX*120*UN", b"97110:GP:KX*120*MJ"),
        "not-hcpcs": changed(b"SV1*HC:97110", b"SV1*IV:97110"),
        "control-character": changed(b"97110", b"97\x0010"),
        "line-outside-claim": changed(b"CLM*A1", b"CLX*A1"),
    }
    for reason, content in reasons.items():
        found = read(tmp_path, content)
        wanted = {1, 2, 3} if reason == "line-outside-claim" else {1}
        assert {record.number for record in found[2]} == wanted and {record.reason for record in found[2]} == {reason}
        assert len(found[1]) == 4 - len(wanted)


def test_a_segment_without_end_stops_the_reading_and_is_said(tmp_path):
    end = CLAIMS.index(b"HL*3")
    found = read(tmp_path, CLAIMS[:end] + b"NTE*ADD*" + b"x" * (3 << 20) + CLAIMS[end:])
    assert len(found[1]) == 0 and {record.reason for record in found[2]} == {"claim-cut-off"}
    assert found[3][0].startswith("From segment 38 on nothing was read")


def test_a_claim_without_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(x12, "_BLOCK", 4096)
    monkeypatch.setattr(x12, "_LONGEST_CLAIM", 20_000)
    line = CLAIMS[CLAIMS.index(b"LX*1~") : CLAIMS.index(b"LX*2~")]
    found = read(tmp_path, CLAIMS.replace(b"LX*2~", line * 2000 + b"LX*2~"))
    assert {record.reason for record in found[2]} == {"claim-cut-off", "line-outside-claim"}
    assert [row["claim_id"] for row in found[1]] == ["A2"]
    assert found[3][0] == "The claim that begins with segment 21 does not end: its lines were not used."


@pytest.mark.parametrize(
    "content",
    [
        b"ISA",
        b"ISA*",
        b"ISA*00*",
        b"ISA" + b"*" * 200,
        b"ST*837",
        b"GS*HC",
        b"ISA~" * 50,
        CLAIMS[:60],
        b"ISA\x00" * 40,
        b"STATE,ST\nTX,1\n",
    ],
)
def test_what_only_begins_like_an_interchange_is_no_error(tmp_path, content):
    read(tmp_path, content)


# Files of others --------------------------------------------------------------------------------------------------

# Lines read, lines rejected, notes.
# (claim lines, rejected, notes); the ims- files have procedure codes of six digits
SAMPLES = {
    "837p/astro-sample_837.txt": (1, 1, 2),
    "837p/bad-X222-anesthesia.edi": (1, 1, 0),
    "837p/bad-X222-COB-claim-from-billing-provider-to-payer-b.edi": (3, 0, 0),
    "837p/don-sample_837p_minimal.txt": (1, 1, 1),
    "837p/ims-x12_complex.txt": (10, 6, 3),
    "837p/ims-x12_multiple_st.txt": (4, 2, 3),
    "837p/ims-x12_no_errors.txt": (2, 0, 1),
    "837p/ims-x12_valid.txt": (2, 1, 1),
    "837p/lfh-demo.example9.837": (1, 1, 0),
    "837p-4010/lfh-coordination-of-benefits.837": (3, 3, 1),
    "837p-4010/lfh-dependent-commercial-insurance-01.837": (6, 0, 1),
    "837p-4010/lfh-dependent-commercial-insurance-02.837": (4, 4, 1),
    "837p-4010/lfh-patient-is-dependent.837": (4, 4, 1),
    "837p-4010/lfh-patient-is-subscriber.837": (4, 4, 1),
    "837p-4010/lfh-dependent-commercial-insurance-03.837": (2, 0, 1),
    "837p-malformed/ims-x12_bad_valid_code.txt": (2, 2, 1),
    "837p-malformed/ims-x12_missing_elements.txt": (2, 1, 1),
    "837p-malformed/ims-x12_no_isa_line.txt": (2, 0, 3),
    "837p-malformed/ims-x12_segment_errors.txt": (1, 0, 1),
    "837p-malformed/ims-x12_segments_out_of_order.txt": (2, 1, 1),
}
NO_CLAIMS = ("837i", "837i-4010", "bad-error_validation", "bad-segment_terminator", "bad-unknown_segment_error")


@outside
def test_samples_of_professional_claims():
    files = {}
    for folder in ("837p", "837p-4010", "837p-malformed"):
        for path in sorted((OUTSIDE / folder).iterdir()):
            if path.stem not in (*NO_CLAIMS, "bad-bad_file"):
                files[path.name] = path
    with Engine(threads=1) as engine:
        summary = ingest(engine, list(files.values()))
    assert len(summary.files) == len(files)
    for file in summary.files:
        path = files[file.file_name]
        written = len(re.findall(rb"(?:~|\n)\s*SV1\*", path.read_bytes()))
        expected = SAMPLES.get(path.relative_to(OUTSIDE).as_posix(), (written, 0, 0))
        assert (file.records, file.rejected, len(file.notes)) == expected, file.file_name


@outside
def test_samples_of_other_kinds_are_skipped_with_a_count():
    for path in [*(OUTSIDE / "837i").iterdir(), *(OUTSIDE / "837i-4010").iterdir()]:
        found = decoded(path)
        assert found and found[0] == "x12-other" and "institutional claims (837I)" in found[3][-1], path.name
    found = decoded(OUTSIDE / "837p-malformed" / "bad-unknown_segment_error.edi")
    assert found and found[3][-1] == "Skipped: 1 transaction of type 270; this is not audited."


@outside
def test_samples_of_remittances_tie():
    """Every published example balances; the one that does not has a cut-off check date."""
    for path in sorted((OUTSIDE / "835").iterdir()):
        found = decoded(path)
        assert found and found[0] == "x12-835" and not found[2], path.name
        assert not any("Payment" in note for note in found[3]), (path.name, found[3])


@outside
@pytest.mark.parametrize("name", ["ks-blue_cross_nc_sample", "ks-emedny_sample", "ks-united_healthcare_legacy_sample"])
def test_samples_of_remittances_have_the_rows_that_another_parser_found(tmp_path, name):
    with Engine(threads=1) as engine:
        lines = tmp_path / "lines.csv"
        lines.write_text(csv_lines([LINE]))
        ingest(engine, [OUTSIDE / "835" / f"{name}.txt", lines])
        rows = engine.dicts("select * from stg.remittance_line where level = 'line' order by record_number")
    with (OUTSIDE / "835-expected" / f"{name}.csv").open(newline="") as stream:
        expected = list(csv.DictReader(stream))
    assert len(rows) == len(expected)
    for row, other in zip(rows, expected, strict=True):
        assert row["problem_mask"] == 0
        found = [f"{a['group_code']}-{a['reason']}={float(a['amount'])}" for a in row["adjustments"]]
        wanted = [
            f"{other[f'adj_{n}_group']}-{other[f'adj_{n}_code']}={float(other[f'adj_{n}_amount'])}"
            for n in range(2)
            if other.get(f"adj_{n}_code")
        ]
        assert set(wanted) <= set(found)  # of several reasons in one segment the other parser shows the first
        assert (row["claim_id"], row["procedure_code"]) == (other["marker"], other["code"])
        assert (row["modifiers"] or [""])[0] == other["modifier"]
        assert str(row["service_date"]) == other["start_date"] and str(row["payment_date"]) == other["transaction_date"]
        for ours, theirs in (
            ("charge_amount", "charge_amount"),
            ("paid_amount", "paid_amount"),
            ("stated_allowed_amount", "allowed_amount"),
        ):
            assert (None if row[ours] is None else float(row[ours])) == (
                float(other[theirs]) if other[theirs] else None
            )
        # the allowed amount that follows from the adjustments is the stated one
        if row["stated_allowed_amount"] is None and row["charge_amount"]:
            assert row["allowed_amount"] == row["charge_amount"] - sum(
                a["amount"] for a in row["adjustments"] if a["group_code"] == "CO"
            )
        if "ref_0_value" in other:
            assert (row["line_control"] or "") == other["ref_0_value"]
        if "rem_0_code" in other:
            assert (row["remarks"] or [""])[0] == other["rem_0_code"]


@outside
def test_segments_and_lines_are_those_that_pyx12_sees():
    """pyx12 as a second opinion on where segments begin and end."""
    pyx12 = pytest.importorskip("pyx12.x12file", reason="pyx12 is not installed (a second opinion, no requirement)")
    for path in sorted((OUTSIDE / "837p").glob("*")) + sorted((OUTSIDE / "835").glob("*")):
        if path.name in ("astro-sample_837.txt", "ks-blue_cross_nc_sample.txt"):  # no ISA of 106 characters
            continue
        with path.open(encoding="latin-1", newline="") as stream:
            theirs = [segment.get_seg_id() for segment in pyx12.X12Reader(stream)]
        found = decoded(path)
        assert found
        counted = sum(theirs.count(name) for name in ("SV1", "CLP", "SVC"))
        assert counted == len(found[1]) + len(found[2]), path.name
        source = next(filter(None, (reader.recognise(text.examine(path), LAYOUTS) for reader in readers())))
        assert isinstance(source.decoder, x12.Transactions)
        list(source.decoder.batches())
        assert source.decoder.segment == len(theirs), path.name


# Remittances ------------------------------------------------------------------------------------------------------

LINE = {
    "claim_id": "A1",
    "line_number": "1",
    "patient_id": "M1",
    "payer_id": "04412",
    "billing_npi": "1999400033",
    "rendering_npi": "1999501103",
    "service_date": "2025-02-03",
    "procedure_code": "97110",
    "modifier_1": "GP",
    "modifier_2": "KX",
    "units": "2",
    "charge_amount": "120.00",
}


def csv_lines(lines: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(name for line in lines for name in line))
    return "\n".join([",".join(names), *(",".join(line.get(name, "") for name in names) for line in lines)]) + "\n"


def remittance(
    *claims: str,
    date: str = "20250320",
    trace: str = "CHK1",
    paid: str = "0",
    payer: str = "MEDICARE*XV*04412",
    plb: str = "",
) -> bytes:
    """A file with one payment of these claims (segments parted by blanks)."""
    body = [
        f"BPR*I*{paid}*C*CHK************{date}",
        f"TRN*1*{trace}*1",
        f"N1*PR*{payer}",
        "N1*PE*CLINIC*XX*1999400033",
        "LX*1",
        *(segment for claim in claims for segment in claim.split()),
        *([plb] if plb else []),
    ]
    segments = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250301*1200*^*00501*000000001*0*P*:",
        "GS*HP*S*R*20250301*1200*1*X*005010X221A1",
        "ST*835*0001",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "~\n".join([*segments, ""]).encode()


PAID = "CLP*A1*1*120*70*20*MB*ICN1 SVC*HC:97110:GP:KX*120*70**2 DTM*472*20250203 CAS*PR*2*20 CAS*CO*45*30"
REVERSAL = "CLP*A1*22*-120*-70**MB*ICN1 SVC*HC:97110:GP:KX*-120*-70**2 DTM*472*20250203 CAS*PR*2*-20 CAS*CO*45*-30"
CORRECTION = "CLP*A1*1*120*50*14*MB*ICN2 SVC*HC:97110:GP:KX*120*50**2 DTM*472*20250203 CAS*PR*2*14 CAS*CO*45*56"
DENIAL = "CLP*A1*4*120*0**MB*ICN3 SVC*HC:97110:GP:KX*120*0**2 DTM*472*20250203 CAS*CO*97*120 LQ*HE*N130"
STATE = "select line_status, allowed_amount, paid_amount, carc_codes, rarc_codes, processed_date::varchar from stg.claim_line order by record_number"


def money(text_: str | None) -> Decimal | None:
    return None if text_ is None else Decimal(text_)


def state(engine: Engine, claim: str = "A1") -> tuple[Any, ...]:
    return engine.rows(STATE.replace(" order", f" where claim_id = '{claim}' order"))[0]


def outcomes(engine: Engine, claim: str = "A1") -> list[str]:
    return [
        row[0]
        for row in engine.rows(
            """select coalesce(state, why) from stg.remittance_match m
            join stg.remittance_line l on l.file_id = m.file_id and l.record_number = m.record_number
            left join stg.remittance_result r on r.remittance_file_id = m.file_id and r.claim_record = m.claim_record
              and r.file_id = m.line_file_id and r.record_number = m.line_record_number
            where l.claim_id = ? order by 1""",
            [claim],
        )
    ]


def test_a_remittance_says_what_became_of_the_lines(tmp_path):
    engine = ingested(tmp_path, CLAIMS, REMITTANCE)
    rows = engine.rows(STATE)
    assert rows == [
        ("paid", money("91.43"), money("70.00"), ["CO-253", "CO-45", "PR-2"], ["N1"], "2025-03-20"),
        ("denied", money("0.00"), money("0.00"), ["CO-97"], [], "2025-03-20"),
        ("denied", money("0.00"), money("0.00"), ["PR-119"], [], "2025-03-20"),
        ("unknown", None, None, [], [], None),
    ]
    assert engine.rows("select matched_by from stg.remittance_match order by record_number") == [
        ("control-number",),
        ("content",),
        ("content",),
    ]
    assert engine.rows("select amount, claims_paid, adjusted from stg.remittance_payment") == [
        (Decimal(70), Decimal(70), Decimal(0))
    ]
    assert engine.rows("select notes from raw.file order by file_id") == [([],), ([],)]


def test_the_canonical_layout_says_the_same_as_claims_with_their_remittance(tmp_path):
    engine = ingested(tmp_path, CLAIMS, REMITTANCE)
    diagnoses = ", ".join(
        f"split_part(split_part(diagnosis_text, chr(30), 1), chr(31), {n}) as diagnosis_{n}" for n in range(1, 13)
    )
    modifiers = ", ".join(f"modifiers_of(modifier_text)[{n}] as modifier_{n}" for n in range(1, 5))
    lines = engine.arrow(
        f"""select * exclude (file_id, record_number, problem_mask, modifier_text, diagnosis_text, carc_codes, rarc_codes), {modifiers},
          {diagnoses}, split_part(diagnosis_text, chr(30), 2) as diagnosis_pointers, array_to_string(carc_codes, ' ') as carc_codes,
          array_to_string(rarc_codes, ' ') as rarc_codes from stg.claim_line order by claim_id, line_number"""
    ).to_pylist()
    text_ = csv_lines([{name: "" if value is None else str(value) for name, value in line.items()} for line in lines])
    staged = "select * exclude (file_id, record_number) from stg.claim_line order by claim_id, line_number"
    assert ingested(tmp_path, text_).rows(staged) == engine.rows(staged)


def test_the_order_and_format_of_files_do_not_matter(tmp_path):
    wanted = ("paid", money("90.00"), money("70.00"), ["CO-45", "PR-2"], [], "2025-03-20")
    assert state(ingested(tmp_path, csv_lines([LINE]), remittance(PAID, paid="70"))) == wanted
    assert state(ingested(tmp_path, remittance(PAID, paid="70"), CLAIMS)) == wanted


# Claims of a payer one after the other, and what stands in the end.
HISTORIES: dict[str, tuple[list[str], tuple[Any, ...], list[str]]] = {
    "H1": ([PAID, REVERSAL, CORRECTION], ("paid", money("64.00"), money("50.00")), ["reversal", "reversed", "stands"]),
    "H2": ([PAID, REVERSAL, DENIAL], ("denied", money("0.00"), money("0.00")), ["reversal", "reversed", "stands"]),
    "H3": ([PAID, REVERSAL], ("pending", None, money("0.00")), ["reversal", "reversed"]),
    "H4": ([PAID, REVERSAL, PAID], ("paid", money("90.00"), money("70.00")), ["reversal", "reversed", "stands"]),
    "H5": ([DENIAL, PAID], ("paid", money("90.00"), money("70.00")), ["earlier", "stands"]),
    "H6": ([REVERSAL], ("pending", None, money("0.00")), ["reversal"]),
    "H7": (
        [PAID, REVERSAL, CORRECTION, PAID],
        ("paid", money("90.00"), money("70.00")),
        ["earlier", "reversal", "reversed", "stands"],
    ),
    "H8": ([PAID.replace("CLP*A1*1", "CLP*A1*25")], ("unknown", None, None), ["no-decision"]),
}


@pytest.mark.parametrize("one_file", [True, False])
def test_the_last_result_that_was_not_reversed_stands(tmp_path, one_file):
    lines = csv_lines([LINE | {"claim_id": claim} for claim in HISTORIES])
    steps: list[list[str]] = [[] for _ in range(4)]
    for claim, (events, _, _) in HISTORIES.items():
        for step, event in zip(steps, events, strict=False):
            step.append(event.replace("CLP*A1", f"CLP*{claim}"))
    if one_file:
        files = [remittance(*(event for step in steps for event in step))]
    else:
        files = [remittance(*step, date=f"202503{20 + n}", trace=f"CHK{n}") for n, step in enumerate(steps)][::-1]
    engine = ingested(tmp_path, *files, lines)
    for claim, (_, stands, became) in HISTORIES.items():
        assert (state(engine, claim)[:3], outcomes(engine, claim)) == (stands, became), claim
    assert state(engine, "H2")[3:5] == (["CO-97"], ["N130"])


def test_the_same_payment_in_two_files_is_one(tmp_path):
    again = remittance(PAID).replace(b"SENDER ", b"SENDER2")
    engine = ingested(
        tmp_path, csv_lines([LINE]), remittance(PAID), again, remittance(REVERSAL, date="20250401", trace="CHK2")
    )
    assert sorted(outcomes(engine)) == ["repeated", "reversal", "reversed"]
    assert state(engine)[0] == "pending"


def test_the_claim_file_stands_where_it_was_processed_later(tmp_path):
    stated = LINE | {"line_status": "denied", "paid_amount": "0.00", "allowed_amount": "0.00"}
    before, after = (
        stated | {"processed_date": "2025-03-01"},
        stated | {"processed_date": "2025-05-01", "claim_id": "A2"},
    )
    engine = ingested(tmp_path, csv_lines([before, after]), remittance(PAID, PAID.replace("A1", "A2")))
    assert state(engine)[:3] == ("paid", money("90.00"), money("70.00"))
    assert state(engine, "A2")[:3] == ("denied", money("0.00"), money("0.00"))
    assert outcomes(engine) == ["stands"] and outcomes(engine, "A2") == ["older-than-claim-file"]
    assert engine.rows("select distinct differs from stg.remittance_result") == [
        (["paid_amount", "allowed_amount", "line_status"],)
    ]


TWINS = [
    LINE,
    LINE | {"line_number": "2"},
    LINE | {"line_number": "3", "procedure_code": "97140", "modifier_2": "", "units": "1", "charge_amount": "40.00"},
]
# Services of a remittance for claims of these three lines, and what each line was paid.
FOUND: dict[str, tuple[str, list[int | None]]] = {
    "equal lines in order": (
        "SVC*HC:97110:GP:KX*120*50**2 DTM*472*20250203 CAS*CO*45*70 SVC*HC:97110:GP:KX*120*45**2 DTM*472*20250203 CAS*CO*45*75",
        [50, 45, None],
    ),
    "by control number": (
        "SVC*HC:97110:GP:KX*120*50**2 DTM*472*20250203 CAS*CO*45*70 REF*6R*2 "
        "SVC*HC:97110:GP:KX*120*45**2 DTM*472*20250203 CAS*CO*45*75 REF*6R*1",
        [45, 50, None],
    ),
    "another code was paid than billed": (
        "SVC*HC:97124*40*20**1*HC:97140:GP DTM*472*20250203 CAS*CO*45*20",
        [None, None, 20],
    ),
    "other modifiers and units": ("SVC*HC:97140*40*20**2 DTM*472*20250203 CAS*CO*45*20", [None, None, 20]),
    "another charge": ("SVC*HC:97140:GP*41*20**1 DTM*472*20250203 CAS*CO*45*21", [None, None, 20]),
    "split by the payer": (
        "SVC*HC:97110:GP*60*40**1 DTM*472*20250203 CAS*CO*45*20 REF*6R*1 SVC*HC:97110:GP*60*20**1 DTM*472*20250203 CAS*CO*45*40 REF*6R*1",
        [60, None, None],
    ),
    "a control number of another line": (
        "SVC*HC:97140:GP*40*20**1 DTM*472*20250203 CAS*CO*45*20 REF*6R*1",
        [None, None, 20],
    ),
    "another day": ("SVC*HC:97140:GP*40*20**1 DTM*472*20250204 CAS*CO*45*20", [None, None, None]),
}


def test_lines_are_found_by_control_number_then_content(tmp_path):
    claims = {name: f"L{number}" for number, name in enumerate(FOUND)}
    lines = [line | {"claim_id": claim} for claim in claims.values() for line in TWINS]
    payments = [f"CLP*{claims[name]}*1*0*0**MB*I{claims[name]} {services}" for name, (services, _) in FOUND.items()]
    engine = ingested(tmp_path, csv_lines(lines), remittance(*payments))
    for name, (_, paid) in FOUND.items():
        rows = engine.rows(
            "select paid_amount from stg.claim_line where claim_id = ? order by line_number", [claims[name]]
        )
        assert [row[0] for row in rows] == paid, name


def test_claims_are_found_by_the_payers_number_or_by_patient(tmp_path):
    lines = [
        LINE | {"claim_id": "ICN1"},
        LINE | {"claim_id": "A2", "patient_id": "M2"},
        LINE | {"claim_id": "A3", "patient_id": "M3"},
        LINE | {"claim_id": "A4", "patient_id": "M3"},
    ]
    payments = [PAID.replace("CLP*A1", "CLP*X1")]
    payments += [
        PAID.replace("CLP*A1", f"CLP*X{n}").replace("ICN1", f"ICN{n} NM1*QC*1*DOE*JANE****MI*M{n}") for n in (2, 3)
    ]
    engine = ingested(tmp_path, csv_lines(lines), remittance(*payments))
    assert [state(engine, claim)[2] for claim in ("ICN1", "A2", "A3", "A4")] == [Decimal(70), Decimal(70), None, None]
    assert engine.rows("select matched_by, why from stg.remittance_match order by record_number") == [
        ("content", None),
        ("patient-and-content", None),
        (None, "claim-not-loaded"),
    ]


def test_what_has_no_line_is_kept_and_counted(tmp_path):
    lost = remittance(PAID.replace("20250203", "20250204"), PAID.replace("A1", "A9").replace("ICN1", "ICN9"))
    engine = ingested(tmp_path, csv_lines([LINE]), lost)
    assert outcomes(engine) == ["line-not-found"] and outcomes(engine, "A9") == ["claim-not-loaded"]
    assert state(engine)[0] == "unknown"
    totals = "select step, records from audit.control_total where record_type = 'remittance_lines' order by step"
    assert engine.rows(totals) == [("accepted", 4), ("read", 4), ("rejected", 0)]
    engine.build(catalog.tables()["mart.remittances"])
    rows = engine.rows("select outcome, claim_id, paid_amount, adjustments from mart.remittances order by claim_id")
    assert rows == [
        ("line-not-found", "A1", Decimal(70), "PR-2=20.00 CO-45=30.00"),
        ("claim-not-loaded", "A9", Decimal(70), "PR-2=20.00 CO-45=30.00"),
    ]


def test_the_payer_that_the_claim_names_decides(tmp_path):
    second = (
        PAID.replace("CLP*A1*1*120*70*20*MB*ICN1", "CLP*A1*2*120*20**CI*X1")
        .replace("*120*70**2", "*120*20**2")
        .replace("CAS*PR*2*20", "CAS*OA*23*70")
    )
    payers = {"A1": ["04412"], "A2": ["60054"], "A3": ["OURS"], "A4": ["OURS", "THEIRS"]}
    lines = [LINE | {"claim_id": claim, "payer_id": payer} for claim, ids in payers.items() for payer in ids]
    files = [
        remittance(*(PAID.replace("A1", claim) for claim in payers)),
        remittance(
            *(second.replace("A1", claim) for claim in payers), payer="PLAN B*XV*60054", date="20250420", trace="CHK2"
        ),
    ]
    engine = ingested(tmp_path, csv_lines(lines), *files)
    assert [state(engine, claim)[2] for claim in payers] == [Decimal(70), Decimal(20), Decimal(70), None]
    assert [outcomes(engine, claim) for claim in ("A1", "A2", "A3")] == [["other-payer", "stands"]] * 3
    assert outcomes(engine, "A4") == ["several-payers", "several-payers"]


def test_a_claim_without_services_decides_its_lines_where_that_is_plain(tmp_path):
    lines = [
        LINE | {"claim_id": claim, "line_number": n}
        for claim, n in [("A1", "1"), ("A1", "2"), ("A2", "1"), ("A2", "2"), ("A3", "1")]
    ]
    payments = [
        "CLP*A1*4*240*0**MB*I1 CAS*CO*29*240 DTM*232*20250203",
        "CLP*A2*1*240*100**MB*I2 CAS*CO*45*140",
        "CLP*A3*1*120*100**MB*I3 CAS*CO*45*20",
    ]
    engine = ingested(tmp_path, csv_lines(lines), remittance(*payments))
    rows = [row[:4] for row in engine.rows(STATE)]
    assert rows[:2] == [("denied", None, Decimal(0), ["CO-29"])] * 2
    assert rows[2:4] == [("paid", None, None, ["CO-45"])] * 2
    assert rows[4] == ("paid", None, Decimal(100), ["CO-45"])


def allowed(adjustments: str, paid: str = "70", status: str = "1", extra: str = "") -> str:
    segments = " ".join(f"CAS*{adjustment}" for adjustment in adjustments.split())
    return f"CLP*A1*{status}*120*{paid}**MB*I SVC*HC:97110:GP:KX*120*{paid}**2 DTM*472*20250203 {segments} {extra}"


ALLOWED = {
    "stated": (allowed("CO*45*50", extra="AMT*B6*88.5"), "paid", "88.50"),
    "deductible, coinsurance, copayment": (allowed("PR*1*10**2*5**3*5 CO*45*30"), "paid", "90.00"),
    "all of it is the patient's": (allowed("PR*1*100 CO*45*20", paid="0"), "paid", "100.00"),
    "sequestration is no price": (allowed("CO*45*48.57**253*1.43"), "paid", "71.43"),
    "not covered": (allowed("PR*96*120", paid="0"), "denied", "0.00"),
    "bundled": (allowed("CO*97*120", paid="0"), "denied", "0.00"),
    "another payer paid": (allowed("OA*23*50"), "paid", None),
    "does not balance": (allowed("CO*45*49"), "paid", None),
    "does not balance, nothing paid": (allowed("CO*45*49", paid="0"), "unknown", None),
    "capitation": (allowed("CO*24*120", paid="0"), "unknown", None),
    "denied by status": (allowed("CO*24*120", paid="0", status="4"), "denied", None),
}


def test_the_allowed_amount_is_stated_or_follows(tmp_path):
    claims = {name: f"M{number}" for number, name in enumerate(ALLOWED)}
    payments = [claim.replace("CLP*A1", f"CLP*{claims[name]}") for name, (claim, _, _) in ALLOWED.items()]
    engine = ingested(
        tmp_path, csv_lines([LINE | {"claim_id": claim} for claim in claims.values()]), remittance(*payments)
    )
    for name, (_, status, amount) in ALLOWED.items():
        assert state(engine, claims[name])[:2] == (status, money(amount)), name


def test_sums_that_do_not_tie_are_said(tmp_path):
    assert read(tmp_path, remittance(PAID, paid="70"))[3] == ()
    found = read(tmp_path, remittance(PAID, paid="71.5"))
    assert found[3] == ("Payment CHK1: 71.5 was paid (BPR02), but its claims less provider adjustments come to 70.",)
    kept_back = remittance(PAID, paid="50", plb="PLB*1999400033*20251231*WO:A7*25*L6*-5")
    assert read(tmp_path, kept_back)[3] == ()
    engine = ingested(tmp_path, csv_lines([LINE]), kept_back)
    assert engine.rows("select reason, reference, amount from stg.provider_adjustment order by record_number") == [
        ("WO", "A7", Decimal(25)),
        ("L6", None, Decimal(-5)),
    ]
    found = read(tmp_path, remittance(PAID.replace("CO*45*30", "CO*45*31"), paid="70"))
    assert found[3] == ("Payment CHK1: on 1 claims charge less adjustments is not what was paid (CLP04).",)
    found = read(tmp_path, remittance(PAID.replace("CO*45*30", "CO*45*x"), paid="70"))
    assert found[3] == ("Payment CHK1: an amount cannot be read, so its sums are not known to tie.",)


def test_a_replacement_finds_its_original_by_the_payers_number(tmp_path):
    def replacing(claim: bytes, number: bytes) -> bytes:
        return CLAIMS.replace(b"CLM*A2", b"CLM*" + claim).replace(b"ICN77", number)

    def original(claim: bytes) -> bytes:
        first = CLAIMS.replace(b"12:B:7", b"12:B:1").replace(b"REF*F8*ICN77~\n", b"")
        return first.replace(b"CLM*A2", b"CLM*" + claim)

    claims = [
        replacing(b"A2", b"ICN1"),  # sent before under its own number
        original(b"A2"),
        replacing(b"B2", b"ICN2"),  # sent before under a number that a remittance tells
        original(b"B0"),
        replacing(b"C2", b"ICN3"),  # unknown
        replacing(b"D2", b"D0"),  # named by the provider's own number, against the guide
        original(b"D0"),
    ]
    service = "SVC*HC:J0585:RT:JZ:XU:59*90*90**100 DTM*472*20250204"
    told = remittance(f"CLP*B0*1*90*90**CI*ICN2 {service}", payer="PLAN B*XV*60054")
    engine = ingested(tmp_path, told, *claims)
    assert engine.rows(
        "select claim_id, original_claim_id from stg.claim_line where claim_frequency = '7' order by claim_id"
    ) == [("A2", "A2"), ("B2", "B0"), ("C2", "ICN3"), ("D2", "D0")]


# Broken files -----------------------------------------------------------------------------------------------------


def survives(folder: Path, content: bytes) -> Any:
    """The file is read, not recognised, or refused in a sentence; `decoded` checks that nothing is lost."""
    try:
        return read(folder, content)
    except InputError:
        return None


@pytest.mark.parametrize("whole", [CLAIMS, REMITTANCE, WRITTEN["one line"]], ids=["claims", "remittance", "one line"])
def test_truncated_at_every_97th_byte(tmp_path, whole):
    rows = {json.dumps(row) for row in read(tmp_path, whole)[1]}
    for end in range(97, len(whole.rstrip()), 97):
        found = survives(tmp_path, whole[:end])
        if found is not None and found[0] != "x12-other":
            assert {json.dumps(row) for row in found[1]} <= rows  # no half value is taken for a whole one
            assert found[3], end  # and it is never silent


def test_flipped_bytes(tmp_path):
    chance = random.Random(97)
    for whole in (CLAIMS, REMITTANCE):
        for _ in range(150):
            content = bytearray(whole)
            for _ in range(chance.choice((1, 1, 3, 20))):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            survives(tmp_path, bytes(content))


def test_flipped_bytes_through_all_of_ingest(tmp_path):
    chance = random.Random(835)
    for number in range(2):
        content = bytearray(CLAIMS if number % 2 else REMITTANCE)
        for _ in range(5):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            ingested(tmp_path, bytes(content), csv_lines([LINE]), REMITTANCE)
        except InputError as error:
            assert "M1" not in str(error) and "DOE" not in str(error)


def test_random_bytes(tmp_path):
    chance = random.Random(1)
    for size in (0, 1, 50, 5000):
        survives(tmp_path, chance.randbytes(size))
        survives(tmp_path, CLAIMS[:106] + chance.randbytes(size))
        survives(tmp_path, CLAIMS[:300] + chance.randbytes(size) + CLAIMS[300:])


_SEGMENTS = sorted(
    {segment.strip() for segment in (CLAIMS + REMITTANCE).split(b"~") if not segment.strip().startswith(b"ISA")}
)
_FUZZ = settings(
    max_examples=int(os.environ.get("CLAIMAUDIT_FUZZ", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_FUZZ
@given(
    st.lists(
        st.one_of(
            st.sampled_from(_SEGMENTS),
            st.lists(
                st.sampled_from(
                    [
                        b"SV1",
                        b"SVC",
                        b"CLM",
                        b"CLP",
                        b"HL",
                        b"HC:97110",
                        b"",
                        b"UN",
                        b"*",
                        b"20250203",
                        b"\x00",
                        b"\xc3\xa9",
                        b" ",
                        b"\n",
                    ]
                ),
                max_size=8,
            ).map(b"*".join),
            st.binary(max_size=12),
        ),
        max_size=40,
    ),
    st.sampled_from([b"HC", b"HP"]),
    st.sampled_from([b"~", b"~\n", b"~\r\n  ", b"\n"]),
)
@example([b"SV1", b"SV1*", b" SV1*HC:1", b"ST", b"ST*837", b"SV1**"], b"HC", b"~")
@example([b"CLM*1", b"SV1*HC", b"GS*HC", b"SV1*HC", b"SE", b"CLM", b"SV1"], b"HC", b"~\n")
@example([b"ISA", b"ISA*", b"CLP*A", b"SVC"], b"HP", b"~")
def test_any_sequence_of_segments(tmp_path, segments, group, end):
    guide = b"005010X222A1" if group == b"HC" else b"005010X221A1"
    isa = CLAIMS[:105] + end[:1]
    parts = [
        isa,
        b"GS*" + group + b"*S*R*20250301*1200*1*X*" + guide,
        b"ST*" + (b"837" if group == b"HC" else b"835") + b"*1",
    ]
    survives(tmp_path, parts[0] + end[1:] + end.join([*parts[1:], *segments]) + end)


@_FUZZ
@given(st.data())
def test_any_edit_of_a_file(tmp_path, data):
    content = data.draw(
        st.sampled_from([CLAIMS, REMITTANCE, CLAIMS + REMITTANCE, WRITTEN["control characters as separators"]])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 60))
        content = content[:begin] + data.draw(st.binary(max_size=20)) + content[begin + length :]
    survives(tmp_path, content)


_CHILD = """
import resource, sys
from pathlib import Path
from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import ingest
try:
    print(ingest(Engine(threads=1, memory_limit="500MB"), [Path(name) for name in sys.argv[1:]]).files)
except InputError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    "begin",
    [CLAIMS[: CLAIMS.index(b"SE*")] + b"NTE*ADD*", CLAIMS[:103], b""],
    ids=["in a segment", "in the header", "nothing"],
)
def test_a_gigabyte_on_one_line(tmp_path, begin):
    path = tmp_path / "long.837"
    with path.open("wb") as stream:
        stream.write(begin)
        for _ in range(1024):
            stream.write(b"x" * (1 << 20))
    done = subprocess.run([sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 700, done.stdout
