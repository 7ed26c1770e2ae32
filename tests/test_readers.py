"""The bytes of input files: recognition by content, the counting pass and the exact slow reading."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import InputError
from claimaudit.ingest import raw_layouts
from claimaudit.readers import readers, text
from claimaudit.readers.canonical import RECORDS

LAYOUTS = raw_layouts()
CLAIM_COLUMNS = list(LAYOUTS["claim_lines"].required)


def recognise(path: Path) -> tuple[str, str] | None:
    head = text.examine(path)
    for reader in readers():
        source = reader.recognise(head, LAYOUTS)
        if source:
            return source.reader, source.record
    return None


def written(folder: Path, content: bytes, name: str = "export.dat") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("columns", ["all", "required"])
def test_every_record_is_recognised_by_its_header_in_any_order(tmp_path, record, columns):
    layout = LAYOUTS[record]
    names = layout.columns if columns == "all" else layout.required
    path = written(tmp_path, ",".join(reversed(names)).encode() + b"\n")
    assert recognise(path) == ("canonical", record)


def test_carrier_claims_are_recognised_by_their_columns(tmp_path):
    path = written(tmp_path, "|".join(LAYOUTS["rif_carrier"].columns).encode() + b"\n", "claims.csv")
    assert recognise(path) == ("rif-carrier", "claim_lines")


@pytest.mark.parametrize(
    "content",
    [
        b"# Notes\n\nSome text, with a comma.\n",
        b"check_code,severity,patient_id,service_date,payer_id,claim_id,line_number,amount_at_risk,why,state,fix,run\n",
        b"a,b,c\n1,2,3\n",
        b"\x89PNG\r\n\x1a\n\0\0\0",
    ],
)
def test_other_files_are_not_recognised(tmp_path, content):
    assert recognise(written(tmp_path, content)) is None


REFUSED = {
    "empty": (b"", "export.dat is empty. Export it again, or leave it out."),
    "only-blank-lines": (b"\n\r\n", "export.dat is empty. Export it again, or leave it out."),
    "missing-column": (
        ",".join(column for column in CLAIM_COLUMNS if column not in ("units", "payer_id")).encode() + b"\n",
        "export.dat was recognised as claim_lines, but lacks the required columns payer_id, units. "
        "Add the columns to the export; names are case-sensitive.",
    ),
    "column-twice": (
        ",".join([*CLAIM_COLUMNS, "units"]).encode() + b"\n",
        "export.dat has the column units more than once. Keep one of them.",
    ),
    "semicolons": (
        ";".join(CLAIM_COLUMNS).encode() + b"\n",
        "export.dat separates its columns with semicolons. Save the export with commas.",
    ),
    "utf-16": (
        (",".join(CLAIM_COLUMNS) + "\r\n").encode("utf-16"),
        "export.dat is encoded as UTF-16. Save the export as CSV in UTF-8.",
    ),
    "old-line-ends": (
        ",".join(CLAIM_COLUMNS).encode() + b"\r1,2,3\r",
        "export.dat ends its lines with carriage returns alone. Save the export as CSV in UTF-8.",
    ),
    "truncated-gzip-head": (
        gzip.compress(b"claim_id,line_number\n" * 100)[:-12],
        "export.dat is cut off or damaged: its gzip data is incomplete. Export or copy the file again.",
    ),
    "broken-parquet": (
        b"PAR1 and then nothing",
        "export.dat is cut off or damaged: it is not a readable Parquet file. Export or copy the file again.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_in_one_sentence_and_a_remedy(tmp_path, name):
    content, message = REFUSED[name]
    with pytest.raises(InputError) as error:
        recognise(written(tmp_path, content))
    assert str(error.value) == message
    assert error.value.exit_code == 3


CELLS = st.text(st.sampled_from("ab\",\n 'é"), max_size=5)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_both_ways_count_the_records_that_were_written(tmp_path_factory, rows, end, final_end, quote_all):
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(buffer, lineterminator=end, quoting=quoting).writerows([("first", "second"), *rows])
    content = buffer.getvalue() if final_end else buffer.getvalue().removesuffix(end)
    path = written(tmp_path_factory.mktemp("scan"), content.encode())
    assert text.scan(path, "none").records == len(rows)
    found = list(text.records(path, "none", ","))
    assert [record.number for record in found] == list(range(1, len(rows) + 1))
    assert [tuple(cell.lstrip(" ") for cell in record.values) for record in found] == [
        tuple(cell.lstrip(" ") for cell in row) for row in rows
    ]


@given(st.lists(st.sampled_from(["a,b", "", '"x\ny",b', '"p ""q""",c', '"\n\n",d']), max_size=40), st.integers(1, 9))
def test_the_count_does_not_depend_on_where_blocks_end(tmp_path_factory, rows, size):
    path = written(tmp_path_factory.mktemp("blocks"), "\n".join(["first,second", *rows]).encode() + b"\n")
    whole = text.scan(path, "none")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_BLOCK", size)
        assert text.scan(path, "none") == whole
    assert whole.records == sum(row != "" for row in rows)


def test_damaged_records_keep_their_numbers_and_say_why(tmp_path):
    lines = [b"a,b", b"1,2", b"1,2,3", b"1", b'"x"y,2', b"caf\xe9,2", b"n\0l,2", b'5" tape,2', b"o\rp,2", b"8,9"]
    found = list(text.records(written(tmp_path, b"\n".join(lines)), "none", ","))
    assert [(record.number, record.reason) for record in found] == [
        (1, None),
        (2, "wrong-number-of-columns"),
        (3, "wrong-number-of-columns"),
        (4, "stray-quote"),
        (5, "not-utf8"),
        (6, "control-character"),
        (7, None),
        (8, "stray-line-break"),
        (9, None),
    ]
    assert {record.reason for record in found if record.reason} <= set(text.REMEDIES)


@pytest.mark.parametrize("body", [b'1,2\n3,"4\n5,6\n', b'1,2\n3,"4\n5,"6"\n7,8\n', b'1,2\n3,"4\n5,6",7,8\n'])
def test_an_unclosed_quote_is_refused_with_its_record(tmp_path, body):
    with pytest.raises(InputError) as error:
        list(text.records(written(tmp_path, b"a,b\n" + body), "none", ","))
    assert str(error.value) == (
        "export.dat, record 2: a quotation mark is opened and not closed, so what follows cannot be told apart. "
        "Close it, or double a quotation mark inside a quoted value."
    )


@pytest.mark.parametrize("header", [b"a,b\rc\n", b'a,"b"c\n'])
def test_a_header_that_cannot_be_taken_apart_is_refused(tmp_path, header):
    with pytest.raises(InputError) as error:
        list(text.records(written(tmp_path, header + b"1,2\n"), "none", ","))
    assert str(error.value) == (
        "export.dat has a header with a quotation mark or a line break in the wrong place. Export it again."
    )


def test_a_line_without_end_is_rejected_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "LONGEST", 1 << 12)
    monkeypatch.setattr(text, "_BLOCK", 1 << 10)
    path = written(tmp_path, b"a,b\n1,2\n" + b"x" * (1 << 16) + b',"\n3,4\n')
    assert text.scan(path, "none", quoted=False).records == 3
    found = list(text.records(path, "none", ","))
    assert [(record.number, record.reason) for record in found] == [(1, None), (2, "field-too-long"), (3, None)]
    assert len(found[1].values[0]) == 200
